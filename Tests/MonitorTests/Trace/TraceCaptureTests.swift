import Monitor
import RTMP
import Telemetry
import TestSupport
import Testing

/// The trace as a file of packets: what reads the file reads the messages that were on the wire.
@Suite struct TraceCaptureTests {
    static let streams = [
        "abort", "adobe-audio", "adobe-video", "extended-absolute-start",
        "extended-absolute-wrap", "extended-delta-absolute", "extended-delta-repeated",
        "extended-needless", "extended-repeated", "extended-start-absent",
        "extended-type-3-start", "fmle", "long-delta", "message-stream-little-endian",
        "set-chunk-size-inside", "timestamp-wrap", "two-forms-of-64", "type-1-continues",
        "type-1-first", "type-2-continues", "type-3-after-zero", "types-mixed", "wrapped-delta",
    ]

    struct Read: Hashable, CustomStringConvertible {
        var type: UInt8
        var stream: UInt32
        var timestamp: UInt32
        var payload: [UInt8]

        var description: String { "type \(type) at \(timestamp), \(payload.count) B" }

        init(_ message: Message) {
            type = message.type.rawValue
            stream = message.messageStreamID
            timestamp = message.timestamp
            payload = message.payload.bytes
        }
    }

    private func read(_ bytes: [UInt8]) throws -> (messages: [Read], chunks: [ChunkRecord]) {
        var decoder = ChunkDecoder(limits: Limits(), startOffset: 3073)
        decoder.log = []
        var messages: [Read] = []
        try bytes.withUnsafeBytes { buffer in
            var cursor = ByteCursor(buffer)
            while let message = try decoder.next(&cursor) {
                messages.append(Read(message))
                switch ControlMessage.decode(message) {
                case .setChunkSize(let size)?: decoder.chunkSize = size
                case .abort(let id)?: decoder.abort(id)
                default: break
                }
            }
        }
        return (messages, decoder.log ?? [])
    }

    private func snapshot(
        _ chunks: [ChunkRecord], peer: String = "192.0.2.7:50000", direction: Direction = .inward
    ) -> Snapshot {
        var snapshot = Snapshot(
            takenAtNanoseconds: 5_000_000_000, wallClockMilliseconds: 1_700_000_000_000,
            server: ServerFigures())
        snapshot.sessions = [
            SessionRow(
                id: 1, facts: ConnectionFacts(), peer: peer, listener: "198.51.100.1:1935",
                acceptedAtNanoseconds: 0, upNanoseconds: 0, bytesIn: 0, bytesOut: 0)
        ]
        for chunk in chunks {
            var record = TraceRecord(chunk, session: 1, direction: direction)
            // The whole payload, as it is kept of commands.
            record.body = record.body ?? record.kept
            snapshot.trace.append(
                TraceEntry(wallClockMilliseconds: 1_700_000_000_000, record: record))
        }
        return snapshot
    }

    private func capture(_ snapshot: Snapshot, byteLimit: Int = .max) -> TraceCapture {
        TraceCapture(
            snapshot, sessions: [1], lines: snapshot.trace.firstNumber..<snapshot.trace.endNumber,
            byteLimit: byteLimit)
    }

    /// What the decoder makes of the inward half of a file.
    private func messages(in file: PacketFile) throws -> [Read] {
        let bytes = file.payload(fromPort: 50000)
        #expect(bytes.count >= 3073)
        return try read(Array(bytes.dropFirst(3073))).messages
    }

    @Test(arguments: streams)
    func `a trace from the beginning carries the messages that were sent`(name: String) throws {
        let sent = try read(Golden.bytes("chunk/\(name)"))
        let file = try PacketFile(capture(snapshot(sent.chunks)).bytes)
        let got = try messages(in: file)
        #expect(got.map(\.timestamp) == sent.messages.map(\.timestamp))
        #expect(got.map(\.type) == sent.messages.map(\.type))
        #expect(got.map(\.stream) == sent.messages.map(\.stream))
        #expect(got.map(\.payload.count) == sent.messages.map(\.payload.count))
        for (got, sent) in zip(got, sent.messages) {
            #expect(got.payload.prefix(32) == sent.payload.prefix(32))
        }
    }

    /// Every place a trace can begin at, and every chunk that the lane may have let go.
    @Test(arguments: streams)
    func `what a trace lacks does not spoil what it has`(name: String) throws {
        let sent = try read(Golden.bytes("chunk/\(name)"))
        for missing in sent.chunks.indices {
            for range in [0..<missing, missing..<missing + 1] where !range.isEmpty {
                var chunks = sent.chunks
                chunks.removeSubrange(range)
                guard !chunks.isEmpty else { continue }
                let got = try messages(in: PacketFile(capture(snapshot(chunks)).bytes))
                // Messages of which all chunks are there, in their order.
                let whole = Dictionary(grouping: chunks, by: \.messageNumber).filter { _, chunks in
                    chunks.count == Int(chunks[0].chunkCount)
                }
                var rest = got[...]
                for (index, message) in sent.messages.enumerated() {
                    guard whole[number(of: index, in: sent.chunks)] != nil else { continue }
                    let place = try #require(
                        rest.firstIndex {
                            $0.timestamp == message.timestamp && $0.type == message.type
                                && $0.payload.count == message.payload.count
                        }, "\(name) without \(range): \(message)")
                    rest = rest[(place + 1)...]
                }
            }
        }
    }

    /// Of the message that the decoder gave as its so-and-so-manieth.
    private func number(of index: Int, in chunks: [ChunkRecord]) -> UInt64 {
        let ends = chunks.filter { $0.chunkIndex == $0.chunkCount }
        return ends.indices.contains(index) ? ends[index].messageNumber : 0
    }

    @Test func `media stands there as far as it was kept, then zeros`() throws {
        let payload = [0x27, 1, 0, 0, 33] + (0..<95).map { UInt8($0) }
        let chunks = ChunkRecord.records(
            of: Message(type: .video, messageStreamID: 1, timestamp: 40, payload: Payload(payload)),
            on: 6, chunkSize: 4096, number: 1, at: 3073)
        var snapshot = snapshot([])
        snapshot.trace.append(
            TraceEntry(
                wallClockMilliseconds: 0,
                record: TraceRecord(chunks[0], session: 1, direction: .inward)))
        let got = try messages(in: PacketFile(capture(snapshot).bytes))
        #expect(got.map(\.payload) == [payload.prefix(32) + Array(repeating: 0, count: 68)])
    }

    /// Wireshark refuses chunk sizes above 32 KiB, and ffmpeg's is 60000.
    @Test func `a chunk that readers would refuse is written in equal parts`() throws {
        let payload = [0x17, 1, 0, 0, 0] + (0..<65_000).map { UInt8(truncatingIfNeeded: $0) }
        func chunks(_ message: Message, _ id: ChunkStreamID, _ number: UInt64) -> [ChunkRecord] {
            ChunkRecord.records(
                of: message, on: id, chunkSize: 60_000, number: number, at: 3073)
        }
        var snapshot = snapshot(
            chunks(ControlMessage.setChunkSize(60_000).message(), 2, 1)
                + chunks(
                    Message(
                        type: .video, messageStreamID: 1, timestamp: 40, payload: Payload(payload)),
                    6, 2))
        // One behind the other.
        var offset: UInt64 = 3073
        var trace = LogTail<TraceEntry>()
        for number in 0..<snapshot.trace.endNumber {
            guard var entry = snapshot.trace[number] else { continue }
            entry.record.offset = offset
            offset += UInt64(entry.record.headerBytes) + UInt64(entry.record.payloadBytes)
            trace.append(entry)
        }
        snapshot.trace = trace
        let got = try messages(in: PacketFile(capture(snapshot).bytes))
        #expect(got.map(\.payload.count) == [4, payload.count])
        #expect(got.first?.payload == [0, 0, 0x75, 0x30])
        #expect(got.last?.payload.prefix(5) == payload.prefix(5))
    }

    @Test(arguments: ["192.0.2.7:50000", "[2001:db8::7]:50000"])
    func `a connection begins as TCP does, and is numbered without gaps`(peer: String) throws {
        let sent = try read(Golden.bytes("chunk/fmle"))
        let file = try PacketFile(capture(snapshot(sent.chunks, peer: peer)).bytes)
        #expect(file.packets.prefix(3).map(\.flags) == [0x02, 0x12, 0x10])
        #expect(file.packets.map(\.isLong).allSatisfy { $0 == (peer.first == "[") })
        var next: [UInt16: UInt32] = [:]
        for packet in file.packets {
            let length = UInt32(packet.payload.count) + (packet.flags & 0x02 == 0 ? 0 : 1)
            if let next = next[packet.source] { #expect(packet.sequence == next) }
            next[packet.source] = packet.sequence &+ length
        }
        #expect(file.packets.allSatisfy { $0.at / 1_000_000_000 == 1_700_000_000 })
    }

    @Test func `both ways begin with the handshake, what is known of it and zeros`() throws {
        let file = try PacketFile(
            capture(snapshot(try read(Golden.bytes("chunk/fmle")).chunks)).bytes)
        #expect(file.payload(fromPort: 50000).first == 3)
        let answer = file.payload(fromPort: 1935)
        #expect(answer == [3] + Array(repeating: 0, count: 3072))
    }

    @Test func `a file that would be too long keeps the newest`() throws {
        let sent = try read(Golden.bytes("chunk/fmle"))
        let all = capture(snapshot(sent.chunks))
        let some = capture(snapshot(sent.chunks), byteLimit: 500)
        #expect(all.chunkCount == sent.chunks.count)
        #expect(all.omitted == 0)
        #expect(some.chunkCount > 0)
        #expect(some.chunkCount + some.omitted == all.chunkCount)
        #expect(
            try messages(in: PacketFile(some.bytes)).last
                == messages(in: PacketFile(all.bytes)).last)
    }

    /// SEC-13
    @Test func `no secret is in a file, and the rest of its message is`() throws {
        let message = Command(
            name: "publish", transaction: 5, object: .null,
            arguments: [.text("cam1?token=hush-hush"), .text("live")], messageStreamID: 1
        ).message()
        let chunks = ChunkRecord.records(of: message, on: 8, chunkSize: 128, number: 1, at: 3073)
        let snapshot = snapshot(chunks)
        let bytes = capture(snapshot).bytes
        let hex = TraceHexDump.text([0], of: snapshot.trace, utcOffsetSeconds: 0)
        for form in [String(decoding: bytes, as: UTF8.self), hex] {
            #expect(!form.contains("hush"))
            #expect(form.contains("publish"))
        }
        #expect(!hex.contains("68 75 73 68"))
    }

    @Test func `a hex dump has each chunk with its direction, time and bytes`() throws {
        let snapshot = snapshot(
            ChunkRecord.records(
                of: Message(
                    type: .audio, messageStreamID: 1, timestamp: 40,
                    payload: Payload([0xAF, 1, 0x41])),
                on: 4, chunkSize: 128, number: 1, at: 3073), direction: .outward)
        let text = TraceHexDump.text([0], of: snapshot.trace, utcOffsetSeconds: 3600)
        #expect(
            text.split(separator: "\n").dropFirst().map(String.init) == [
                "# #1 chunk stream 4 type 0 AUDIO chunk 1 of 1 ts 40  audio, 15 of 15 bytes kept",
                "O 23:13:20.000",
                "000000  04 00 00 28 00 00 03 08 01 00 00 00 af 01 41     |...(..........A|",
            ])
    }
}

/// Reads what the file format and TCP/IP say, and nothing else.
private struct PacketFile {
    struct Packet {
        var at: UInt64
        var isLong: Bool
        var source: UInt16
        var sequence: UInt32
        var flags: UInt8
        var payload: [UInt8]
    }

    private(set) var packets: [Packet] = []

    init(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        func little(_ bytes: ArraySlice<UInt8>) -> Int {
            bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        func big(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
        while !rest.isEmpty {
            let length = little(rest.dropFirst(4).prefix(4))
            try #require(length >= 12 && length % 4 == 0 && length <= rest.count)
            let block = Array(rest.prefix(length))
            rest = rest.dropFirst(length)
            #expect(little(block.suffix(4)) == length)
            guard little(block[..<4]) == 6 else { continue }
            let time = UInt64(little(block[12..<16])) << 32 | UInt64(little(block[16..<20]))
            let count = little(block[20..<24])
            let ip = Array(block[28..<28 + count])
            let isLong = ip[0] >> 4 == 6
            let tcp = Array(ip.dropFirst(isLong ? 40 : 20))
            #expect(big(isLong ? ip[4..<6] : ip[2..<4]) == (isLong ? count - 40 : count))
            packets.append(
                Packet(
                    at: time, isLong: isLong, source: UInt16(big(tcp[..<2])),
                    sequence: UInt32(big(tcp[4..<8])), flags: tcp[13],
                    payload: Array(tcp.dropFirst(20))))
        }
    }

    func payload(fromPort port: UInt16) -> [UInt8] {
        packets.filter { $0.source == port }.flatMap(\.payload)
    }
}
