/// How much of a stream stands in its window, at most.
package struct WindowLimits: Hashable, Sendable {
    /// Payload bytes.
    package var bytes: UInt64
    /// Media time.
    package var milliseconds: UInt64
    /// Messages, so that empty ones are bounded too.
    package var messages: Int
    /// Whether the newest GOP is kept for those who join late.
    package var keepsGOP: Bool

    package init(
        bytes: UInt64 = 16 << 20, milliseconds: UInt64 = 20_000, messages: Int = 8192,
        keepsGOP: Bool = true
    ) {
        self.bytes = bytes
        self.milliseconds = milliseconds
        precondition(messages > 0, "the window holds a message at least")
        self.messages = messages
        self.keepsGOP = keepsGOP
    }
}

/// A player's greatest distance from live (MED-12).
package struct SlowLimits: Hashable, Sendable {
    package var bytes: UInt64
    /// Media time.
    package var milliseconds: UInt64

    package init(bytes: UInt64 = 8 << 20, milliseconds: UInt64 = 10_000) {
        self.bytes = bytes
        self.milliseconds = milliseconds
    }

    /// Who starts at the keyframe of a long GOP is not slow for that.
    func extended(by distance: StreamTotals) -> SlowLimits {
        SlowLimits(
            bytes: max(bytes, distance.bytes &+ bytes / 2),
            milliseconds: max(milliseconds, distance.milliseconds &+ milliseconds / 2))
    }
}
