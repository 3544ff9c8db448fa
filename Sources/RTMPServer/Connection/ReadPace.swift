/// When a publisher is read: as soon as bytes come, or a few times a second.
///
/// To be woken for a message costs more than to take it in. So a publisher rests that nobody plays and
/// nobody watches: what it sends is kept in the socket for a moment, and several messages are read at
/// once. Whoever sends more than is read in one turn does not rest.
struct ReadPace {
    private enum State {
        case prompt
        case resting
    }

    /// Between two looks at a resting publisher.
    static let restNanoseconds: UInt64 = 50_000_000
    /// What may come between two looks.
    static let restBytesMaximum = UInt64(
        ReadQuantum.readsPerTurn * ReadQuantum.bytesMaximum)
    /// How long the bytes are counted that decide.
    static let spanNanoseconds: UInt64 = 1_000_000_000

    private var state = State.prompt
    /// When the bytes began to be counted that decide next; 0: nobody has counted.
    private var sinceNanoseconds: UInt64 = 0
    private var sinceBytes: UInt64 = 0

    var isResting: Bool { state == .resting }

    /// How long what the publisher sent may have waited for us: so much later than it should have come
    /// is not late.
    var delayNanoseconds: UInt64 { isResting ? Self.restNanoseconds : 0 }

    /// - Parameters:
    ///   - bytesIn: of the connection, since it was accepted.
    ///   - isAwaited: somebody is to have what it publishes at once, or to know when it came.
    mutating func choose(nowNanoseconds now: UInt64, bytesIn: UInt64, isAwaited: Bool) {
        guard !isAwaited else {
            self = ReadPace()
            return
        }
        if sinceNanoseconds == 0 {
            sinceNanoseconds = now
            sinceBytes = bytesIn
        }
        let span = now - sinceNanoseconds
        guard span >= Self.spanNanoseconds else { return }
        let bytes = bytesIn - sinceBytes
        state = bytes / (span / Self.restNanoseconds) > Self.restBytesMaximum ? .prompt : .resting
        sinceNanoseconds = now
        sinceBytes = bytesIn
    }
}
