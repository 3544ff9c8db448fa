/// When the peer is owed an Acknowledgement, and what number it carries (PC-3, PC-4).
///
/// One is due each time half a window came in, so a peer that waits for a full window never stalls.
/// The caller asks `due` once per socket read, which bounds the answers to a tiny window (SEC-9).
package struct AcknowledgementWindow: Sendable {
    /// Announced by the peer, or assumed until it announces one.
    package private(set) var size: UInt32
    /// Bytes received, handshake included.
    package private(set) var received: UInt64 = 0
    /// Bytes received when the last Acknowledgement was made.
    package private(set) var acknowledged: UInt64 = 0
    /// Count as Flash does: where the sum would pass 0xF0000000 it restarts from the increment
    /// (measured, srs #730). Plain modulo 2³² otherwise.
    package var restartsSum = false
    /// What Flash would have counted, kept in either case: connect, which decides, comes late.
    private var sum: UInt64 = 0

    private static let restartThreshold: UInt64 = 0xF000_0000

    package init(assumed size: UInt32) {
        self.size = size
    }

    /// The peer's Window Acknowledgement Size; 0 is ignored.
    package mutating func announce(_ size: UInt32) {
        if size > 0 { self.size = size }
    }

    package mutating func receive(_ byteCount: Int) {
        received &+= UInt64(byteCount)
    }

    /// The sequence number to acknowledge now, or nil while less than half a window came in.
    package mutating func due() -> UInt32? {
        let increment = received &- acknowledged
        guard increment >= UInt64(max(1, size / 2)) else { return nil }
        acknowledged = received
        sum &+= increment
        if sum > Self.restartThreshold { sum = increment }
        return UInt32(truncatingIfNeeded: restartsSum ? sum : received)
    }
}

/// What the peer says it received of us, unwrapped to 64 bits; a figure to look at, never acted upon.
///
/// Peers count modulo 2³¹ or 2³², restart, or send increments (PC-5): a value that does not lie ahead
/// of the last one, or says more than was sent, changes nothing.
package struct PeerAcknowledgement: Sendable {
    package private(set) var total: UInt64 = 0

    package init() {}

    /// `sent`: bytes that have gone out, handshake included.
    package mutating func receive(_ value: UInt32, sent: UInt64) {
        let advance = value &- UInt32(truncatingIfNeeded: total)
        guard advance < 1 << 31, total + UInt64(advance) <= sent else { return }
        total += UInt64(advance)
    }
}
