import Telemetry

/// Connections of which something is still awaited, in the order they came.
struct WaitingLine {
    struct Place {
        let session: SessionID
        let worker: Int
        /// Its address, as `SocketAddress.site` counts it.
        let site: UInt64
        let sinceNanoseconds: UInt64
    }

    /// From `head` on in order; those that left meanwhile are passed over when they come up.
    private(set) var places: [Place] = []
    private var head = 0
    private var waiting: Set<SessionID> = []

    var count: Int { waiting.count }

    mutating func append(_ place: Place) {
        // At most half of the storage belongs to those who left.
        if places.count >= 2 * waiting.count + 64 {
            places = places[head...].filter { waiting.contains($0.session) }
            head = 0
        }
        places.append(place)
        waiting.insert(place.session)
    }

    /// - Returns: false if it did not wait here.
    @discardableResult
    mutating func remove(_ session: SessionID) -> Bool {
        waiting.remove(session) != nil
    }

    /// Who waits longest; nil: nobody.
    mutating func first() -> Place? {
        while head < places.count {
            if waiting.contains(places[head].session) { return places[head] }
            head += 1
        }
        places.removeAll(keepingCapacity: true)
        head = 0
        return nil
    }
}
