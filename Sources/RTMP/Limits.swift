/// What a peer may make us hold or do, in one place.
///
/// The defaults leave room for every publisher known to work (10 MiB is a 4K keyframe) and are the
/// sum of what one connection can cost in memory.
package struct Limits: Sendable {
    // Message length by type (CH-19), checked on the header, before anything is reserved.

    /// Types 1 to 6.
    package var controlMessageBytes = 64
    /// Types 17 and 20.
    package var commandMessageBytes = 256 << 10
    /// Types 15 and 18, shared objects, and types nobody knows.
    package var dataMessageBytes = 1 << 20
    /// Types 8, 9 and 22.
    package var mediaMessageBytes = 10 << 20
    /// Any type, until publish or play was accepted.
    package var unauthorisedMessageBytes = 64 << 10

    // Memory of messages that are not complete yet (SEC-1), over all chunk streams.

    package var partialBytes = 20 << 20
    package var unauthorisedPartialBytes = 128 << 10

    // Chunk streams.

    /// Distinct chunk stream ids of one connection, whatever their numbers (SEC-5).
    package var chunkStreams = 64
    /// A larger Set Chunk Size counts as this one (PC-2): no message is longer.
    package var chunkSizeMaximum: UInt32 = 16_777_215
    /// Enforced over each MiB of input while the peer's chunk size is below 128 (SEC-2).
    package var chunksPerKibibyte = 64
    /// For the owner of the clock, against `ChunkDecoder.chunksRead` (SEC-2).
    package var chunksPerSecond = 200_000

    // AMF (AMF-5, SEC-6).

    package var amfDepth = 32
    /// Values of one message; a value that is referred to counts again.
    package var amfNodes = 4096
    /// In data, so many bytes allow one more value: the keyframe index of a recorded file has two
    /// numbers a keyframe, nine bytes each. A bomb made of single bytes stays small.
    package var amfBytesPerNode = 8
    /// String, key and byte-array bytes of one message with every reference written out: more than
    /// any message holds without references, so that only their multiplication is caught.
    package var amfStringBytes = 1 << 20

    // Commands.

    /// Message streams open on one connection.
    package var messageStreams = 16
    /// Commands before `connect` that are ignored; one more closes (CMD-4).
    package var earlyCommands = 16
    /// For the owner of the clock (SEC-8).
    package var commandsPerSecond = 100
    package var pingsPerSecond = 20

    package init() {}

    /// The longest message of this type that is accepted.
    package func messageBytes(_ type: MessageType, isAuthorised: Bool) -> Int {
        let limit =
            switch type {
            case .setChunkSize, .abort, .acknowledgement, .userControl,
                .windowAcknowledgementSize, .setPeerBandwidth:
                controlMessageBytes
            case .commandAMF0, .commandAMF3: commandMessageBytes
            case .audio, .video, .aggregate: mediaMessageBytes
            default: dataMessageBytes
            }
        return isAuthorised ? limit : min(limit, unauthorisedMessageBytes)
    }

    /// For a data message of so many bytes.
    package func amfNodes(ofDataBytes count: Int) -> Int {
        amfNodes + count / max(amfBytesPerNode, 1)
    }

    /// The most memory that incomplete messages may take together.
    package func partialBytes(isAuthorised: Bool) -> Int {
        isAuthorised ? partialBytes : min(partialBytes, unauthorisedPartialBytes)
    }
}
