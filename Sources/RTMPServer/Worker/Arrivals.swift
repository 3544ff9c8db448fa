import Telemetry

/// Connections that were accepted for a worker and wait to be adopted.
struct Arrivals {
    private var waiting: [AcceptedConnection] = []
    /// Those before it were taken.
    private var head = 0
    /// Ends that were asked for of sessions that are not here: not adopted yet, gone, or another
    /// worker's.
    private var ends: [SessionID: CloseReason] = [:]
    static let endsMaximum = 256

    var isEmpty: Bool { head == waiting.count }

    mutating func append(_ accepted: AcceptedConnection) {
        waiting.append(accepted)
    }

    /// The session ends as soon as it is adopted, if it is yet to be: what another worker accepted may
    /// come after the word that it is to go.
    mutating func end(_ id: SessionID, _ reason: CloseReason) {
        ends[id] = reason
        // Of the oldest it is long decided.
        guard ends.count > Self.endsMaximum, let oldest = ends.keys.min() else { return }
        ends[oldest] = nil
    }

    mutating func next() -> (AcceptedConnection, CloseReason?)? {
        guard !isEmpty else { return nil }
        let accepted = waiting[head]
        head += 1
        let end = ends.removeValue(forKey: accepted.probe.id)
        if isEmpty {
            waiting.removeAll(keepingCapacity: true)
            head = 0
        }
        return (accepted, end)
    }
}
