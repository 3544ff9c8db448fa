import RTMP
import TestSupport
import Testing

/// The chunk cases of contracts/chunking.md: bytes in `Tests/Golden/chunk`, fed in every cut (CH-2).
@Suite struct ChunkDecoderTests {
    private func golden(
        _ name: String, limits: Limits = Limits(), chunkSize: UInt32 = 128
    ) throws -> ChunkOutcome {
        let outcome = try anyCut(Golden.bytes("chunk/\(name)")) {
            decode($0, limits: limits, chunkSize: chunkSize)
        }
        #expect(outcome.error == nil)
        return outcome
    }

    private func bytes(_ value: UInt8, _ count: Int) -> [UInt8] {
        Array(repeating: value, count: count)
    }

    @Test func `chunk stream 64 is one, in two bytes or in three (T-CH-02)`() throws {
        let outcome = try golden("two-forms-of-64")
        #expect(outcome.timestamps == [10, 15, 20])
        #expect(outcome.payloads == [[0xAF, 1], [0xAF, 1], [0xAF, 2]])
        #expect(outcome.figures.map(\.id) == [64])
    }

    @Test func `the audio example of Adobe gives four messages 20 ms apart (T-CH-03)`() throws {
        let outcome = try golden("adobe-audio")
        #expect(outcome.timestamps == [1000, 1020, 1040, 1060])
        #expect(
            outcome.payloads == [
                bytes(0x11, 32), bytes(0x22, 32), bytes(0x33, 32), bytes(0x44, 32),
            ])
        #expect(outcome.messages.allSatisfy { $0.type == 8 && $0.messageStreamID == 12345 })
        #expect(
            outcome.records.map { UInt32($0.headerBytes) + $0.payloadBytes } == [44, 36, 33, 33])
        #expect(outcome.bytesRead == 3073 + 146)
    }

    @Test func `the video example of Adobe is one message in three chunks (T-CH-04)`() throws {
        let outcome = try golden("adobe-video")
        #expect(outcome.payloads == [bytes(0x11, 128) + bytes(0x22, 128) + bytes(0x33, 51)])
        #expect(outcome.records.map { UInt32($0.headerBytes) + $0.payloadBytes } == [140, 129, 52])
    }

    @Test(arguments: [
        // Type 3 right after type 0 adds the timestamp itself (T-CH-05, T-CH-06).
        ("fmle", [26, 52]),
        ("type-3-after-zero", [0, 0]),
        // A delta that wraps is a step back; the state is the sum (T-CH-31).
        ("wrapped-delta", [1000, 984, 1016]),
        ("timestamp-wrap", [4_294_967_280, 16]),  // T-CH-13
        ("long-delta", [11000, 16_788_216]),  // T-CH-12
        ("extended-needless", [40]),
        ("extended-type-3-start", [1000, 16_778_216, 16_778_256]),  // T-CH-29
        ("extended-absolute-start", [0x100_0000, 0x100_0017, 0x100_0017]),
        ("extended-absolute-wrap", [4_294_967_290, 4]),
        ("extended-start-absent", [0x100_0000, 0x100_0000]),
    ])
    func `the time of a message follows from the header before it (CH-6, CH-12, CH-14)`(
        name: String, timestamps: [UInt32]
    ) throws {
        let outcome = try golden(name)
        #expect(outcome.timestamps == timestamps)
        #expect(outcome.payloads.allSatisfy { $0.first == 0xAF || $0.count <= 4 })
        #expect(outcome.payloads.allSatisfy { $0.first != 0 && $0.first != 0xFF })
    }

    @Test func `a type 1 header may open a chunk stream (T-CH-07)`() throws {
        let outcome = try golden("type-1-first")
        #expect(
            outcome.messages == [
                .init(
                    timestamp: 0, type: 4, messageStreamID: 0,
                    payload: [0, 7, 0, 0, 0x0D, 0x0F])
            ])
    }

    @Test(arguments: ["extended-repeated", "extended-absent"])
    func `a continuation may repeat the extended timestamp or not (T-CH-10, T-CH-11)`(
        name: String
    ) throws {
        let outcome = try golden(name)
        #expect(outcome.timestamps == [0x100_0000])
        #expect(outcome.payloads == [bytes(0x11, 128) + bytes(0x22, 72)])
    }

    @Test(arguments: ["extended-delta-repeated", "extended-delta-absolute"])
    func `a continuation may repeat the delta or the time it led to (CH-13)`(name: String) throws {
        let outcome = try golden(name)
        #expect(outcome.timestamps == [1000, 16_778_216])
        #expect(outcome.payloads == [[0x17], bytes(0x11, 128) + [0x22, 0x33]])
    }

    @Test func `payload that begins like an extended timestamp stays payload (CH-13)`() throws {
        let outcome = try golden("extended-look-alike")
        #expect(outcome.payloads == [bytes(0x11, 128) + [1], [0xAF, 1]])
        #expect(outcome.timestamps == [0x100_0000, 16])
    }

    @Test func `a new chunk size holds for messages under way (T-CH-15)`() throws {
        let outcome = try golden("set-chunk-size-inside")
        #expect(outcome.types == [8, 1, 9])
        #expect(outcome.payloads.last == bytes(0x11, 128) + bytes(0x22, 172))
    }

    @Test func `an aborted message is gone and its time counts (T-CH-16)`() throws {
        let outcome = try golden("abort")
        #expect(outcome.types == [2, 9])
        #expect(outcome.messages.last?.timestamp == 1040)
        #expect(outcome.payloads.last == [0x27, 1])
    }

    @Test func `aborting an unknown chunk stream changes nothing (T-CH-17)`() throws {
        #expect(try golden("abort-unknown").types == [2, 8])
    }

    @Test(arguments: ["type-1-continues", "type-2-continues"])
    func `a header that agrees with the message continues it (T-CH-19)`(name: String) throws {
        let outcome = try golden(name)
        #expect(outcome.timestamps == [1000])
        #expect(outcome.payloads == [bytes(0x11, 128) + [0x22, 0x33]])
    }

    @Test func `a message of length 0 is complete after its header (T-CH-21)`() throws {
        #expect(try golden("empty").payloads == [[], []])
    }

    @Test func `the message type may change on a chunk stream (T-CH-22)`() throws {
        let outcome = try golden("types-mixed")
        #expect(outcome.types == [18, 8, 18])
        #expect(outcome.figures.first?.messageTypes == [.dataAMF0, .audio])
    }

    @Test func `the message stream id is little-endian (T-CH-23)`() throws {
        let outcome = try golden("message-stream-little-endian")
        #expect(outcome.messages.map(\.messageStreamID) == [1, 16_777_216])
    }

    @Test(arguments: try Golden.parts("control/messages"))
    func `control messages come through whole`(part: Golden.Part) throws {
        let outcome = try anyCut(part.bytes) { decode($0) }
        #expect(outcome.error == nil)
        #expect(outcome.payloads == [Array(part.bytes.dropFirst(12))])
        #expect(outcome.types == [part.bytes[7]])
    }

    @Test(arguments: [
        "connect", "connect-player", "connect-result", "release-stream", "fcpublish",
        "create-stream", "create-stream-result", "publish", "publish-start", "play", "play-reset",
        "play-start", "delete-stream", "set-data-frame",
    ])
    func `commands come through whole and their AMF comes back the same`(name: String) throws {
        let bytes = try Golden.bytes("commands/\(name)")
        let outcome = try anyCut(bytes) { decode($0, chunkSize: 4096) }
        #expect(outcome.error == nil)
        let payload = try #require(outcome.payloads.first)
        #expect(payload == Array(bytes.dropFirst(12)))
        let values = try payload.withUnsafeBytes {
            try AMF0Decoder.values(of: $0, limits: Limits())
        }
        #expect(AMF0Encoder.bytes(values) == payload)
    }

    @Test(arguments: [
        ("type-2-first", ProtocolError.chunkWithoutPreviousHeader(2, form: 2)),  // T-CH-08
        ("type-3-first", .chunkWithoutPreviousHeader(3, form: 3)),  // T-CH-09
        // T-CH-18, T-CH-20
        ("type-0-interrupts", .messageInterrupted(6, form: 0, received: 128, length: 200)),
        ("type-1-other-length", .messageInterrupted(6, form: 1, received: 128, length: 200)),
        ("type-1-other-type", .messageInterrupted(6, form: 1, received: 128, length: 200)),
        // T-CH-25: before any of the body.
        ("media-too-long", .messageTooLong(.video, length: 10_485_761, limit: 10_485_760)),
        ("command-too-long", .messageTooLong(.commandAMF0, length: 262_145, limit: 262_144)),
        ("control-too-long", .messageTooLong(.userControl, length: 65, limit: 64)),
    ])
    func `a broken rule ends the connection with its reason (CH-20)`(
        part: String, error: ProtocolError
    ) throws {
        let outcome = try anyCut(Golden.bytes("chunk/refused", part: part)) { decode($0) }
        #expect(outcome.error == error)
        #expect(outcome.messages.isEmpty)
    }
}
