/// A player's own time (MED-9).
///
/// The first audio or video message that is delivered goes out at 0, or right behind what the player's
/// message stream had before; what the stream's time was then is subtracted from everything after it.
/// Kept in 64 bits, so that it passes 2³² as the stream does.
struct PlayerTime: Sendable {
    private(set) var hasStarted = false
    /// The stream's time that is 0 for this player.
    private(set) var origin: UInt32 = 0
    /// Of the message before, and of the first one until there was any.
    private var milliseconds: Int64 = 0
    /// From what was played before on the message stream, as after a publisher's restart (MED-11).
    private static let continuation: Int64 = 10

    init() {}

    init(continuing previous: PlayerTime) {
        milliseconds = previous.milliseconds + (previous.hasStarted ? Self.continuation : 0)
    }

    /// The player's time of a message; with the first audio or video message it begins.
    mutating func stamp(_ timestamp: UInt32, starts: Bool) -> UInt32 {
        if hasStarted {
            advance(to: timestamp)
        } else {
            hasStarted = starts
            origin = timestamp &- UInt32(truncatingIfNeeded: milliseconds)
        }
        return UInt32(truncatingIfNeeded: milliseconds)
    }

    /// That of a header that goes ahead of a message of this time.
    func stamp(ahead following: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: hasStarted ? time(of: following) : milliseconds)
    }

    /// The player got what there is up to there.
    mutating func advance(to timestamp: UInt32) {
        milliseconds = time(of: timestamp)
    }

    /// Whether what went out at `time` stands as far from `origin` as in the stream.
    func isInStep(_ time: UInt32, at timestamp: UInt32) -> Bool {
        hasStarted && time == timestamp &- origin
    }

    private func time(of timestamp: UInt32) -> Int64 {
        let step = timestamp &- origin &- UInt32(truncatingIfNeeded: milliseconds)
        return max(milliseconds + Int64(Int32(bitPattern: step)), 0)
    }
}
