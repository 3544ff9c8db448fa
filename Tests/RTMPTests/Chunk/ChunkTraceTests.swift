import RTMP
import TestSupport
import Testing

/// Figures and records: what the inspector and the trace say about chunks.
@Suite struct ChunkTraceTests {
    private func encoded(_ messages: [(Message, ChunkStreamID)]) -> ([UInt8], [ChunkRecord]) {
        var encoder = ChunkEncoder()
        encoder.log = []
        var writer = ByteWriter()
        for (index, (message, id)) in messages.enumerated() {
            encoder.encode(
                message, on: id, number: UInt64(index + 1), at: 3073 + UInt64(writer.count),
                into: &writer)
        }
        return (writer.bytes, encoder.log ?? [])
    }

    private func message(_ length: Int, _ type: MessageType, at timestamp: UInt32) -> Message {
        Message(
            type: type, messageStreamID: 1, timestamp: timestamp,
            payload: Payload((0..<length).map { UInt8(truncatingIfNeeded: $0) }))
    }

    @Test func `both sides of a connection record the same chunks`() throws {
        let (bytes, sent) = encoded([
            (message(300, .video, at: 0), 6), (message(0, .audio, at: 10), 4),
            (message(129, .audio, at: 0x100_0000), 400), (message(5, .dataAMF0, at: 20), 100),
        ])
        let outcome = try anyCut(bytes) { decode($0) }
        #expect(outcome.records == sent)
        #expect(sent.map(\.form) == [0, 3, 3, 0, 0, 3, 0])
        #expect(sent.map(\.chunkIndex) == [1, 2, 3, 1, 1, 2, 1])
        #expect(sent.map(\.chunkCount) == [3, 3, 3, 1, 2, 2, 1])
        #expect(sent.map(\.messageNumber) == [1, 1, 1, 2, 3, 3, 4])
        #expect(sent.map(\.headerBytes) == [12, 1, 1, 12, 18, 7, 13])
        #expect(sent[1].offset == 3073 + 140)
        #expect(sent[1].headBytes == (128..<160).map { UInt8($0) })
        #expect(sent[2].headBytes.count == 32 && sent[6].headBytes == [0, 1, 2, 3, 4])
        #expect(sent[3].headBytes.isEmpty)
    }

    @Test func `a record names the delta that a header said or repeated`() throws {
        let outcome = try anyCut(Golden.bytes("chunk/adobe-audio")) { decode($0) }
        #expect(outcome.records.map(\.timestampDelta) == [0, 20, 20, 20])
        #expect(outcome.records.map(\.timestamp) == [1000, 1020, 1040, 1060])
        #expect(outcome.records.map(\.messageLength) == [32, 32, 32, 32])
    }

    @Test func `the chunk count follows a chunk size that changes under way`() throws {
        let outcome = try anyCut(Golden.bytes("chunk/set-chunk-size-inside")) { decode($0) }
        let video = outcome.records.filter { $0.chunkStreamID == 6 }
        // Three were expected at 128, two it is at 256.
        #expect(video.map(\.chunkIndex) == [1, 2])
        #expect(video.map(\.chunkCount) == [3, 2])
        #expect(outcome.records.map(\.messageNumber) == [1, 2, 3, 1])
    }

    @Test func `figures of a chunk stream add up to the bytes read`() throws {
        let bytes = try Golden.bytes("chunk/set-chunk-size-inside")
        let outcome = try anyCut(bytes) { decode($0) }
        #expect(outcome.figures.map(\.id) == [6, 4, 2])
        #expect(outcome.figures.map(\.messages) == [1, 1, 1])
        #expect(outcome.figures.map(\.chunks) == [2, 1, 1])
        #expect(outcome.figures[0].forms == [1, 0, 0, 1])
        #expect(outcome.figures.map(\.messageTypes) == [[.video], [.audio], [.setChunkSize]])
        #expect(outcome.figures.map(\.bytes).reduce(0, +) == UInt64(bytes.count))
        #expect(outcome.bytesRead == 3073 + UInt64(bytes.count))
    }

    @Test func `an unarmed encoder records nothing`() throws {
        var encoder = ChunkEncoder()
        var writer = ByteWriter()
        encoder.encode(message(10, .video, at: 0), on: 6, number: 1, at: 0, into: &writer)
        #expect(encoder.log == nil)
        encoder.log = []
        encoder.encode(message(10, .video, at: 0), on: 6, number: 2, at: 22, into: &writer)
        #expect(encoder.log?.map(\.messageNumber) == [2])
        #expect(encoder.log?.map(\.offset) == [22])
    }
}
