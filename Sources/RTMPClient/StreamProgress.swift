/// How far a stream has come, published or played.
public struct StreamProgress: Hashable, Sendable {
    /// Since its first packet.
    public var elapsed = Duration.zero
    /// What its own time says.
    public var mediaTime = Duration.zero
    /// Of packets' bodies.
    public var bytes: UInt64 = 0
    public var packets: UInt64 = 0
    /// Not sent or not written: what made no sense, and what came before the first keyframe.
    public var dropped: UInt64 = 0

    public init() {}
}
