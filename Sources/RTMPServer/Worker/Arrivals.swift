import Telemetry

/// Connections that were accepted for a worker and wait to be adopted, in the order of their sessions.
struct Arrivals {
    private var waiting: [AcceptedConnection] = []
    /// Those before it were taken.
    private var head = 0
    /// Ends that were asked for before their connection was adopted.
    private var ends: [SessionID: CloseReason] = [:]

    var isEmpty: Bool { head == waiting.count }

    mutating func append(_ accepted: AcceptedConnection) {
        waiting.append(accepted)
    }

    /// The session ends as soon as it is adopted, if it is yet to be.
    mutating func end(_ id: SessionID, _ reason: CloseReason) {
        guard !isEmpty, id >= waiting[head].probe.id else { return }
        ends[id] = reason
    }

    mutating func next() -> (AcceptedConnection, CloseReason?)? {
        guard !isEmpty else { return nil }
        let accepted = waiting[head]
        head += 1
        let end = ends.removeValue(forKey: accepted.probe.id)
        if isEmpty {
            waiting.removeAll(keepingCapacity: true)
            head = 0
            ends.removeAll()
        }
        return (accepted, end)
    }
}
