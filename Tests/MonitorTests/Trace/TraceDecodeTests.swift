import Monitor
import RTMP
import Telemetry
import TestSupport
import Testing

/// A message taken apart: every field, and the bytes it stands in.
@Suite struct TraceDecodeTests {
    /// Bytes through the real decoder of chunks, as a trace.
    private func trace(
        _ bytes: [UInt8], direction: Direction = .inward
    ) throws -> LogTail<TraceEntry> {
        var decoder = ChunkDecoder(limits: Limits(), startOffset: 0)
        decoder.log = []
        try bytes.withUnsafeBytes { buffer in
            var cursor = ByteCursor(buffer)
            while let message = try decoder.next(&cursor) {
                if case .setChunkSize(let size)? = ControlMessage.decode(message) {
                    decoder.chunkSize = size
                }
            }
        }
        return trace(decoder.log ?? [], direction)
    }

    private func trace(
        _ message: Message, on id: ChunkStreamID = 3, chunkSize: Int = 128
    ) -> LogTail<TraceEntry> {
        trace(
            ChunkRecord.records(of: message, on: id, chunkSize: chunkSize, number: 1, at: 0),
            .outward)
    }

    private func trace(_ chunks: [ChunkRecord], _ direction: Direction) -> LogTail<TraceEntry> {
        var tail = LogTail<TraceEntry>()
        for chunk in chunks {
            tail.append(
                TraceEntry(
                    wallClockMilliseconds: 0,
                    record: TraceRecord(chunk, session: 1, direction: direction)))
        }
        return tail
    }

    private func media(_ type: MessageType, _ bytes: [UInt8]) -> Message {
        Message(type: type, messageStreamID: 1, timestamp: 40, payload: Payload(bytes))
    }

    /// `name value @start+count`, indented.
    private func words(_ decode: TraceDecode?, below name: String? = nil) -> [String] {
        guard let decode else { return [] }
        var indices = decode.fields.indices
        if let name {
            guard let index = decode.fields.firstIndex(where: { $0.name.description == name })
            else { return [] }
            indices = index..<decode.children(of: index).upperBound
        }
        let base = decode.fields[indices.lowerBound].depth
        return decode.fields[indices].map { field in
            let indent = String(repeating: "  ", count: field.depth - base)
            let place = field.range.map { " @\($0.lowerBound)+\($0.count)" } ?? ""
            return "\(indent)\(field.name): \(field.value)\(place)"
        }
    }

    // MARK: Headers

    @Test(
        arguments: [
            "adobe-audio", "adobe-video", "extended-absent",
            "extended-absolute-start", "extended-absolute-wrap", "extended-delta-absolute",
            "extended-delta-repeated", "extended-look-alike", "extended-needless",
            "extended-repeated", "extended-start-absent", "extended-type-3-start", "fmle",
            "long-delta", "message-stream-little-endian", "set-chunk-size-inside",
            "timestamp-wrap", "two-forms-of-64", "type-1-continues", "type-1-first",
            "type-2-continues", "type-3-after-zero", "types-mixed", "wrapped-delta",
        ])
    func `header bytes are those that stood on the wire`(name: String) throws {
        let bytes = try Golden.bytes("chunk/\(name)")
        let tail = try trace(bytes)
        #expect(!tail.isEmpty)
        var offset = 0
        for number in tail.firstNumber..<tail.endNumber {
            let decode = try #require(TraceDecode(line: number, of: tail))
            let record = try #require(tail[number]?.record)
            for at in 0..<decode.headerCount {
                guard let byte = decode.byte(at: at) else { continue }
                #expect(byte == bytes[offset + at], "\(name): chunk \(number), byte \(at)")
            }
            for (index, address) in decode.chunk.enumerated() {
                guard let byte = decode.byte(at: address) else { continue }
                #expect(byte == bytes[offset + decode.headerCount + index])
            }
            offset += Int(record.headerBytes) + Int(record.payloadBytes)
        }
    }

    @Test func `a header of type 0 says all of it`() {
        let decode = TraceDecode(line: 0, of: trace(media(.video, [0x27, 1, 0, 0, 33]), on: 6))
        #expect(
            words(decode, below: "basic header") == [
                "basic header: 1 byte @0+1", "  type: 0  all given @0+1",
                "  chunk stream: 6 @0+1",
            ])
        #expect(
            words(decode, below: "message header") == [
                "message header: 11 bytes @1+11", "  timestamp: 40 ms @1+3",
                "  length: 5 B @4+3", "  message type: 9  video @7+1",
                "  message stream: 1  little-endian @8+4",
            ])
    }

    @Test func `an extended time is where the header says it is`() {
        let late = Message(
            type: .audio, messageStreamID: 1, timestamp: 0x100_0000, payload: Payload([0xAF, 1]))
        let decode = TraceDecode(line: 0, of: trace(late, on: 4))
        #expect(words(decode).contains("extended time: 16777216 ms @12+4"))
        #expect(decode?.byte(at: 12) == 1)
        #expect(decode?.headerCount == 16)
    }

    @Test func `a message in many chunks is one, seen from any of them`() throws {
        let tail = trace(
            Command(
                name: "connect", transaction: 1,
                object: .object([AMFProperty("app", .text(String(repeating: "a", count: 300)))]),
                arguments: [], messageStreamID: 0
            ).message())
        #expect(tail.count == 3)
        for number in 0..<3 {
            let decode = try #require(TraceDecode(line: number, of: tail))
            #expect(decode.isWhole)
            #expect(decode.title == "command, AMF0  connect")
            #expect(decode.headerCount == (number == 0 ? 12 : 1))
            #expect(decode.keptCount(in: 0..<decode.length) == decode.length)
            #expect(words(decode, below: "object").count == 3)
        }
    }

    @Test func `without its beginning a message is not guessed`() throws {
        var tail = LogTail<TraceEntry>(capacity: 2, segmentCapacity: 1)
        let whole = trace(media(.video, Array(repeating: 0x27, count: 400)))
        for number in 0..<4 { tail.append(try #require(whole[number])) }
        let decode = try #require(TraceDecode(line: 3, of: tail))
        #expect(!decode.isWhole)
        #expect(words(decode).contains { $0.hasPrefix("message: its beginning is no longer kept") })
    }

    // MARK: Control

    @Test(
        arguments: [
            (
                ControlMessage.setPeerBandwidth(2_500_000, .dynamic).message(),
                [
                    "Set Peer Bandwidth:  @12+5", "  window: 2500000 B @12+4",
                    "  limit: 2  dynamic @16+1",
                ]
            ),
            (
                ControlMessage.setChunkSize(4096).message(),
                ["Set Chunk Size:  @12+4", "  chunk size: 4096 B @12+4"]
            ),
            (
                UserControlEvent.setBufferLength(1, milliseconds: 3000).message(),
                [
                    "User Control:  @12+10", "  event: 3  Set Buffer Length @12+2",
                    "  message stream: 1 @14+4", "  buffer: 3000 ms @18+4",
                ]
            ),
        ])
    func `control messages in fields`(message: Message, expected: [String]) {
        let decode = TraceDecode(line: 0, of: trace(message, on: 2))
        let title = String(expected[0].prefix { $0 != ":" })
        #expect(words(decode, below: title) == expected)
    }

    // MARK: AMF

    @Test func `every value of a command has its own bytes`() {
        let message = Command(
            name: "connect", transaction: 1,
            object: .object([
                AMFProperty("app", "live"), AMFProperty("fpad", false),
                AMFProperty("list", .strictArray([1, .null])),
            ]), arguments: [], messageStreamID: 0
        ).message()
        let decode = TraceDecode(line: 0, of: trace(message, chunkSize: 4096))
        #expect(words(decode).contains("command: string \"connect\" @12+10"))
        #expect(words(decode).contains("transaction: number 1 @22+9"))
        #expect(
            words(decode, below: "object")
                == [
                    "object: object @31+45", "  app: string \"live\" @32+12",
                    "  fpad: boolean false @44+8", "  list: strict-array @52+21",
                    "    count: 2 @59+4", "    [0]: number 1 @63+9", "    [1]: null @72+1",
                    "  end: object end @73+3",
                ])
    }

    @Test func `the deepest field of a byte is found, and back`() throws {
        let message = Command(
            name: "a", transaction: 1, object: .object([AMFProperty("app", "live")]),
            arguments: [], messageStreamID: 0
        ).message()
        let decode = try #require(TraceDecode(line: 0, of: trace(message, chunkSize: 4096)))
        for (index, field) in decode.fields.enumerated() {
            guard let range = field.range, !range.isEmpty, decode.children(of: index).isEmpty
            else { continue }
            let found = try #require(decode.field(at: range.lowerBound))
            #expect(decode.fields[found].range?.contains(range.lowerBound) == true)
            #expect(decode.fields[found].depth >= field.depth)
        }
        #expect(decode.field(at: decode.length) == nil)
    }

    @Test(
        arguments: [
            ("tcUrl", "rtmp://a/live?token=hidden", true), ("token", "hidden", true),
            ("app", "live", false),
        ])
    func `secrets are hidden where their bytes are`(
        key: String, value: String, isSecret: Bool
    ) throws {
        let message = Command(
            name: "connect", transaction: 1,
            object: .object([AMFProperty(key, .text(value))]), arguments: [], messageStreamID: 0
        ).message()
        let decode = try #require(TraceDecode(line: 0, of: trace(message, chunkSize: 4096)))
        let field = try #require(decode.fields.first { $0.name.description == key })
        let last = try #require(field.range).upperBound - 1
        #expect(decode.isSecret(at: last) == isSecret)
        #expect(!field.value.description.contains("hidden"))
    }

    @Test func `a key in bytes that cannot be decoded stays hidden`() throws {
        let bytes: [UInt8] = [0x2, 0, 1, 0x61, 0x2F] + Array("rtmp://a/b?token=hidden".utf8)
        let message = Message(
            type: .commandAMF0, messageStreamID: 0, timestamp: 0, payload: Payload(bytes))
        let decode = try #require(TraceDecode(line: 0, of: trace(message, chunkSize: 4096)))
        #expect(words(decode).contains { $0.hasPrefix("broken off") })
        #expect(decode.isSecret(at: decode.length - 1))
    }

    // MARK: Media

    @Test func `a key frame, unit by unit`() {
        let bytes: [UInt8] =
            [0x17, 1, 0xFF, 0xFF, 0xDF] + [0, 0, 0, 2, 9, 0x10] + [0, 0, 0, 90, 0x65]
            + Array(repeating: 0, count: 89)
        let decode = TraceDecode(line: 0, of: trace(media(.video, bytes), on: 6))
        #expect(
            words(decode, below: "FLV video tag") == [
                "FLV video tag:  @12+5", "  frame type: 1  key @12+1", "  codec: 7  AVC @12+1",
                "  packet type: 1  NAL units @13+1", "  composition time: -33 ms @14+3",
            ])
        #expect(
            words(decode, below: "NAL units").dropFirst() == [
                "  access unit delimiter: 2 B @17+6", "  IDR slice: 90 B @23+94",
            ])
        #expect(words(decode).contains("shown at: 7 ms"))
    }

    @Test func `a unit that passes the end is said to`() {
        let decode = TraceDecode(
            line: 0, of: trace(media(.video, [0x17, 1, 0, 0, 0, 0, 0, 1, 0, 0x65, 1, 2])))
        #expect(words(decode, below: "NAL units").contains { $0.contains("passes the end") })
    }

    @Test func `an AVC configuration, kept whole whatever the chunk size`() {
        let sps: [UInt8] = [0x67, 0x64, 0, 0x2A] + Array(repeating: 7, count: 150)
        let bytes: [UInt8] =
            [0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x2A, 0xFF, 0xE1, 0, UInt8(sps.count)] + sps
            + [1, 0, 4, 0x68, 0xEF, 0xBC, 0xB0]
        let decode = TraceDecode(line: 0, of: trace(media(.video, bytes)))
        let fields = words(decode, below: "AVC configuration")
        #expect(fields.contains("  profile: 100  High @18+1"))
        #expect(fields.contains("  level: 42  4.2 @20+1"))
        #expect(fields.contains("  SPS:  @23+156"))
        #expect(fields.contains("  PPS:  @180+6"))
        #expect(!words(decode).contains { $0.contains("media data") })
    }

    @Test func `the tag of Enhanced RTMP, field by field`() {
        let hevc = TraceDecode(
            line: 0,
            of: trace(
                media(.video, [0x91] + Array("hvc1".utf8) + [0, 0, 33, 0, 0, 0, 2, 0x26, 1]), on: 6)
        )
        #expect(
            words(hevc, below: "extended video header") == [
                "extended video header:  @12+5", "  frame type: 1  key, extended @12+1",
                "  packet type: 1  coded frames @12+1", "  codec: hvc1 @13+4",
            ])
        #expect(words(hevc).contains("composition time: 33 ms @17+3"))
        #expect(words(hevc).contains("  IDR slice: 2 B @20+6"))
        let multi = TraceDecode(
            line: 0,
            of: trace(
                media(
                    .audio,
                    [0x95, 0x11] + Array("Opus".utf8) + [0, 0, 0, 2, 1, 2] + [1, 0, 0, 1, 3]),
                on: 4))
        #expect(
            words(multi, below: "extended audio header") == [
                "extended audio header:  @12+17", "  format: 9  extended @12+1",
                "  packet type: 5  multitrack @12+1", "  tracks: 1  many tracks @13+1",
                "  packet type: 1  coded frames @13+1", "  codec: Opus @14+4",
                "  track:  @18+6", "    number: 0 @18+1", "    size: 2 B @19+3",
                "    track data: 2 B @22+2", "  track:  @24+5", "    number: 1 @24+1",
                "    size: 1 B @25+3", "    track data: 1 B @28+1",
            ])
        let modified = TraceDecode(
            line: 0,
            of: trace(
                media(.video, [0x97, 2, 0, 0, 9, 0x01] + Array("av01".utf8) + [1, 2]), on: 6))
        #expect(
            words(modified, below: "modifier") == [
                "modifier:  @13+5", "  size: 3 B @13+1", "  value: 9 @14+3",
                "  modifier type: 0  timestamp offset, ns @17+1",
                "  packet type: 1  coded frames @17+1",
            ])
    }

    @Test func `an AAC configuration, bit by bit`() {
        let decode = TraceDecode(line: 0, of: trace(media(.audio, [0xAF, 0, 0x11, 0x90]), on: 4))
        #expect(
            words(decode, below: "AAC configuration") == [
                "AAC configuration:  @14+2", "  object type: 2  AAC-LC @14+1",
                "  sample rate: 3  48000 Hz @14+2", "  channels: 2 @15+1",
            ])
    }

    // MARK: Anything at all

    @Test func `no bytes, however cut or made up, are a trap`() throws {
        var random = SeededGenerator(seed: 20)
        let types: [UInt8] = [1, 2, 3, 4, 5, 6, 8, 9, 15, 17, 18, 20, 22, 99]
        for round in 0..<4000 {
            let count = Int(random.next() % 200)
            var bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if !bytes.isEmpty, round % 2 == 0 {
                bytes[0] = [0x17, 0x90, 0x97, 0x96, 0xAF, 0x95, 2, 3, 8][round % 9]
            }
            let type = MessageType(rawValue: types[round % types.count])
            let tail = trace(
                Message(
                    type: type, messageStreamID: 1, timestamp: UInt32(truncatingIfNeeded: round),
                    payload: Payload(bytes)), chunkSize: 1 + round % 130)
            guard tail.count > 0 else { continue }
            let decode = try #require(TraceDecode(line: round % tail.count, of: tail))
            for field in decode.fields {
                guard let range = field.range else { continue }
                #expect(range.lowerBound >= 0)
            }
            for address in -1...decode.length { _ = decode.byte(at: address) }
        }
    }

    // MARK: Handshake

    @Test func `a handshake that was over is told from what is known of it`() throws {
        let server = ObservedServer()
        let probe = server.accept(3)
        var facts = server.facts(.publisher, "live/a")
        facts.handshake.c1AtNanoseconds = server.now
        facts.handshake.s2AtNanoseconds = server.now
        facts.handshake.version = 3
        facts.handshake.c1Time = 4_211_034
        facts.handshake.c1Version = 0x5000_0702
        facts.handshake.digestBase = 772
        probe.facts.post(Shared(facts))
        _ = server.tick()
        let records = ChunkRecord.records(
            of: media(.audio, [0xAF, 1, 2]), on: 4, chunkSize: 128, number: 1, at: 3073)
        for record in records {
            server.lanes.trace.put(TraceRecord(record, session: 3, direction: .inward))
        }
        let snapshot = server.tick()
        let parts = snapshot.trace.all.map(\.record.handshakePart)
        #expect(parts == [.c0c1, .s0s1s2, nil])
        let decode = try #require(TraceDecode(line: 0, of: snapshot.trace))
        #expect(
            words(decode) == [
                "C0:  @0+1", "  version: 3 @0+1", "C1: 1536 bytes @1+1536",
                "  time: 4211034 ms @1+4", "  version: 80.0.7.2 @5+4",
                "  form: complex: its bytes hold a digest", "  digest block: at 772 @773+764",
            ])
        #expect(decode.byte(at: 5) == 0x50 && decode.byte(at: 9) == nil)
        server.lanes.trace.put(TraceRecord(records[0], session: 3, direction: .inward))
        #expect(server.tick().trace.count == 4)
    }
}

extension TraceRecord {
    /// As the engine records it.
    init(_ chunk: ChunkRecord, session: SessionID, direction: Direction) {
        self.init(
            session: session, direction: direction, atNanoseconds: 1_000_000,
            offset: chunk.offset, chunkStreamID: chunk.chunkStreamID, form: chunk.form,
            headerBytes: chunk.headerBytes, payloadBytes: chunk.payloadBytes,
            messageLength: chunk.messageLength, messageType: chunk.messageType.rawValue,
            messageStreamID: chunk.messageStreamID, timestamp: chunk.timestamp,
            timestampDelta: chunk.timestampDelta, messageNumber: chunk.messageNumber,
            chunkIndex: chunk.chunkIndex, chunkCount: chunk.chunkCount,
            head: (chunk.head[0], chunk.head[1], chunk.head[2], chunk.head[3]),
            headCount: chunk.headCount, body: chunk.body)
    }
}
