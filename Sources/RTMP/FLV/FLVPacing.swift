/// When a publisher sends the tags of a file, and with what time: by their timestamps, from the first
/// tag on, again and again if wanted (FLV-6).
package struct FLVPacing: Sendable {
    /// Milliseconds since the first tag of the first round, and what the message says.
    package struct Due: Hashable, Sendable {
        package var milliseconds: UInt64
        package var timestamp: UInt32

        package init(milliseconds: UInt64, timestamp: UInt32) {
            self.milliseconds = milliseconds
            self.timestamp = timestamp
        }
    }

    /// The file's time of the first frame of this round, and when the round began.
    private var first: UInt32?
    private var begin: UInt64 = 0
    /// The furthest of all rounds so far, and the last step ahead.
    private var furthest: UInt64 = 0
    private var step: UInt64 = Self.usualStep

    /// Between two rounds of a file with one tag only.
    private static let usualStep: UInt64 = 40
    /// A gap in a file is waited for, but not between its rounds.
    private static let stepMaximum: UInt64 = 1000

    package init() {}

    /// Takes the tags in order.
    package mutating func due(_ tag: FLVTag) -> Due {
        if first == nil, tag.type == .audio || tag.type == .video { first = tag.timestamp }
        // Metadata before the first frame has a time of its own, and an encoder's disorder may put a
        // frame before the first one: both are due at once.
        let elapsed = first.map { Int64(Int32(bitPattern: tag.timestamp &- $0)) } ?? 0
        let time = begin &+ UInt64(max(0, elapsed))
        if time > furthest {
            step = min(time - furthest, Self.stepMaximum)
            furthest = time
        }
        return Due(milliseconds: time, timestamp: UInt32(truncatingIfNeeded: time))
    }

    /// The file begins again: its time goes on a step behind the last tag.
    package mutating func restart() {
        begin = furthest &+ step
        first = nil
    }
}
