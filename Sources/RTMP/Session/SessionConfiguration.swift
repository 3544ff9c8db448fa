/// What a server session announces and allows (RTMP.md §0).
package struct SessionConfiguration: Sendable {
    /// Announced before the answer to connect. Not above 65 536: GStreamer ignores more and loses step.
    package var outChunkSize: UInt32 = 60_000
    /// Announced with connect, and assumed of a peer that announces none.
    package var windowAcknowledgementSize: UInt32 = 2_500_000
    package var limits = Limits()

    package init() {}
}
