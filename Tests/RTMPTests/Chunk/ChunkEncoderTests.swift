import TestSupport
import Testing

@testable import RTMP

/// What we send: type 0, then type 3 (CH-10, CH-15), and that it comes back the same.
@Suite struct ChunkEncoderTests {
    private func encode(
        _ message: Message, on id: ChunkStreamID, chunkSize: UInt32 = 128
    ) -> [UInt8] {
        var encoder = ChunkEncoder()
        encoder.chunkSize = chunkSize
        var writer = ByteWriter()
        encoder.encode(message, on: id, number: 1, at: 0, into: &writer)
        return writer.bytes
    }

    private func message(
        _ length: Int, type: MessageType = .video, at timestamp: UInt32 = 1000
    ) -> Message {
        Message(
            type: type, messageStreamID: 12346, timestamp: timestamp,
            payload: Payload((0..<length).map { UInt8(truncatingIfNeeded: $0) }))
    }

    @Test(arguments: try Golden.parts("chunk/basic-headers"))
    func `every basic header is written and read in its shortest form (T-CH-01)`(
        part: Golden.Part
    ) throws {
        let id = try #require(ChunkStreamID(part.name))
        var writer = ByteWriter()
        for form in 0..<4 as Range<UInt8> {
            ChunkBasicHeader(form: form, chunkStreamID: id).encode(into: &writer)
        }
        #expect(writer.bytes == part.bytes)
        let read = part.bytes.withUnsafeBytes { buffer in
            var cursor = ByteCursor(buffer)
            return (0..<4).map { _ in ChunkBasicHeader(&cursor) }
        }
        #expect(read == (0..<4).map { ChunkBasicHeader(form: $0, chunkStreamID: id) })
    }

    @Test func `the video example of Adobe is 140, 129 and 52 bytes (T-CH-04)`() throws {
        let bytes = encode(message(307), on: 4)
        let golden = try Golden.bytes("chunk/adobe-video")
        #expect(bytes.count == golden.count)
        #expect(bytes.prefix(12) == golden.prefix(12))
        #expect(bytes[140] == 0xC4 && bytes[269] == 0xC4)
    }

    @Test(arguments: [0, 1, 127, 128, 129, 256, 60_000, 60_001], [2, 63, 64, 319, 320, 65_599])
    func `what is encoded decodes to the same`(length: Int, id: ChunkStreamID) throws {
        for timestamp in [0, 0xFF_FFFE, 0xFF_FFFF, 0xFFFF_FFFF] as [UInt32] {
            let message = message(length, at: timestamp)
            let outcome = decode(encode(message, on: id))
            #expect(outcome.error == nil)
            #expect(
                outcome.messages == [
                    .init(
                        timestamp: timestamp, type: 9, messageStreamID: 12346,
                        payload: message.payload.bytes)
                ])
            #expect(outcome.figures.first?.id == id)
        }
    }

    @Test func `FFFFFF needs the extended timestamp, FFFFFE does not (T-CH-14)`() {
        #expect(encode(message(1, at: 0xFF_FFFE), on: 6).count == 13)
        #expect(encode(message(1, at: 0xFF_FFFF), on: 6).count == 17)
    }

    @Test func `continuations repeat the extended timestamp (CH-15)`() throws {
        let message = Message(
            type: .video, messageStreamID: 1, timestamp: 0x100_0000,
            payload: Payload(
                Array(repeating: 0x11, count: 128) + Array(repeating: 0x22, count: 72)))
        #expect(try encode(message, on: 6) == Golden.bytes("chunk/extended-repeated"))
    }

    @Test func `a new chunk size cuts the next message (T-CH-26)`() {
        let bytes = encode(message(70_000), on: 6, chunkSize: 60_000)
        #expect(bytes.count == 12 + 60_000 + 1 + 10_000)
        #expect(bytes[12 + 60_000] == 0xC6)
    }

    /// Times that stay, rise evenly, fall, and wrap: what other writers compress to types 1, 2 and 3.
    @Test(
        arguments: [
            [1000, 1000, 1000], [0, 40, 80, 120], [0xFFFF_FFF0, 16, 48],
            [1000, 960, 1000],  // T-CH-27
        ] as [[UInt32]])
    func `every message starts with type 0, whatever came before it (T-CH-27, T-CH-28)`(
        times: [UInt32]
    ) {
        var encoder = ChunkEncoder()
        var writer = ByteWriter()
        for timestamp in times {
            let start = writer.count
            encoder.encode(message(200, at: timestamp), on: 6, number: 1, at: 0, into: &writer)
            #expect(writer.bytes[start] == 0x06, "at \(timestamp)")
        }
        #expect(decode(writer.bytes).messages.map(\.timestamp) == times)
    }

    @Test(arguments: [0, 40, 0xFF_FFFE, 0xFF_FFFF, 0xFFFF_FFF0] as [UInt32], [1, 128, 129, 500])
    func `headers written into scratch memory are those of whole messages`(
        timestamp: UInt32, length: Int
    ) {
        let message = message(length, at: timestamp)
        let scratch = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 1)
        defer { scratch.deallocate() }
        func written(_ count: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(start: scratch, count: count)
        }
        var bytes = Array(
            written(
                ChunkEncoder.writeFirstHeader(
                    to: scratch, chunkStreamID: 6, timestamp: timestamp, length: length,
                    type: .video, messageStreamID: 12346)))
        let payload = message.payload.bytes
        bytes += payload.prefix(128)
        for start in stride(from: 128, to: length, by: 128) {
            bytes += Array(
                written(
                    ChunkEncoder.writeContinuationHeader(
                        to: scratch, chunkStreamID: 6, timestamp: timestamp)))
            bytes += payload[start..<min(start + 128, length)]
        }
        #expect(bytes == encode(message, on: 6))
    }

    @Test func `types go out on their chunk streams (CH-11)`() {
        #expect(MessageType.setChunkSize.chunkStreamID(on: 0) == 2)
        #expect(MessageType.userControl.chunkStreamID(on: 0) == 2)
        #expect(MessageType.commandAMF0.chunkStreamID(on: 0) == 3)
        #expect(MessageType.commandAMF0.chunkStreamID(on: 1) == 5)
        #expect(MessageType.dataAMF0.chunkStreamID(on: 1) == 5)
        #expect(MessageType.audio.chunkStreamID(on: 1) == 4)
        #expect(MessageType.video.chunkStreamID(on: 1) == 6)
    }
}
