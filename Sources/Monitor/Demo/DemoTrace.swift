import RTMP
import Telemetry

extension DemoStory {
    /// The chunks of the mock-up, how #18 connected, then a picture a tick.
    static func trace(at time: DemoTime) -> LogTail<TraceEntry> {
        var wire = DemoWire(time: time)
        wire.video(6899, timestamp: 7_831_966, delta: 16, bytes: 8411, head: p)
        wire.video(6882, timestamp: 7_831_983, delta: 17, bytes: 6120, head: b)
        wire.acknowledgement(6869, 1_578_016_220)
        wire.video(6865, timestamp: 7_832_000, delta: 17, bytes: 94_233, head: key)
        wire.video(6849, timestamp: 7_832_016, delta: 16, bytes: 5911, head: b)
        wire.video(6832, timestamp: 7_832_033, delta: 17, bytes: 8320, head: p)
        wire.append(arrival)
        for tick in 0..<min(UInt64(time.elapsedNanoseconds / Demo.tickNanoseconds), 2000) {
            let isKey = tick % 8 == 0
            wire.video(
                tick * 250, afterMoment: true, timestamp: 7_838_899 + UInt32(tick) * 250,
                delta: 17, bytes: isKey ? 94_000 : 8000, head: isKey ? key : p)
        }
        return wire.tail
    }

    private static let p: [UInt8] =
        [0x27, 1, 0, 0, 33, 0, 0, 0x20, 0xD6, 0x41, 0x9A, 0x24, 0x6C, 0x41, 0x0F, 0xFE, 0xD6]
        + [
            0xA5, 0x9A, 0x01, 0x1F, 0x6E, 0xB0, 0x22, 0xC8, 0x51, 0x0E, 0x94, 0x07, 0x3D, 0x48,
            0x90,
        ]
    private static let b: [UInt8] =
        [0x37, 1, 0, 0, 0, 0, 0, 0x17, 0xDF, 0x01, 0x9E, 0x43, 0x78, 0x82, 0x5F, 0x00, 0x02]
        + [
            0x1E, 0x58, 0x7A, 0x93, 0x44, 0xD0, 0x6B, 0x11, 0xF3, 0x29, 0x8C, 0x70, 0x05, 0xE2,
            0xA1,
        ]
    private static let key: [UInt8] =
        [0x17, 1, 0, 0, 33, 0, 0, 0, 2, 0x09, 0x10, 0, 1, 0x70, 0x0A, 0x65, 0x88, 0x84, 0x00]
        + [0x3F, 0xFF, 0xFE, 0x12, 0x9C, 0x41, 0x5B, 0xE0, 0x37, 0x6A, 0xD8, 0x08, 0xB1]

    /// How #18 connected, from its handshake on.
    private static let arrival: [TraceRecord] = {
        let accepted = DemoTime.before(milliseconds: 3_000)
        var facts = HandshakeFacts()
        facts.c1AtNanoseconds = accepted + 1_200_000
        facts.s2AtNanoseconds = accepted + 1_400_000
        facts.c2AtNanoseconds = accepted + 6_700_000
        facts.version = 3
        facts.c1Time = 0
        facts.c1Version = 0
        var records = TraceRecord.handshake(of: 18, facts)
        var offsets: [Direction: UInt64] = [.inward: 3073, .outward: 3073]
        var numbers: [Direction: UInt64] = [:]
        func add(_ milliseconds: UInt64, _ direction: Direction, _ message: Message, on id: UInt32)
        {
            numbers[direction, default: 0] += 1
            for chunk in ChunkRecord.records(
                of: message, on: id, chunkSize: 128, number: numbers[direction] ?? 1,
                at: offsets[direction] ?? 0)
            {
                records.append(
                    TraceRecord(
                        chunk, session: 18, direction, at: accepted + milliseconds * 1_000_000))
                offsets[direction]? += UInt64(chunk.headerBytes) + UInt64(chunk.payloadBytes)
            }
        }
        add(47, .inward, librtmpConnect, on: 3)
        add(48, .outward, ControlMessage.windowAcknowledgementSize(2_500_000).message(), on: 2)
        add(48, .outward, ControlMessage.setPeerBandwidth(2_500_000, .dynamic).message(), on: 2)
        add(48, .outward, ControlMessage.setChunkSize(4096).message(), on: 2)
        add(49, .outward, connectResult, on: 3)
        return records
    }()

    private static let librtmpConnect = Command(
        name: "connect", transaction: 1,
        object: .object([
            AMFProperty("app", "live"),
            AMFProperty("flashVer", "WIN 11,5\u{1b}[2J"),
            AMFProperty("tcUrl", "rtmp://203.0.113.5/live?token=hidden"),
            AMFProperty("fpad", false),
            AMFProperty("capabilities", 15),
            AMFProperty("audioCodecs", 4071),
            AMFProperty("videoCodecs", 252),
            AMFProperty("videoFunction", 1),
        ]), arguments: [], messageStreamID: 0
    ).message()
}

/// Chunks as they would stand in a trace; video is of #3.
private struct DemoWire {
    private(set) var tail = LogTail<TraceEntry>(capacity: 60_000, segmentCapacity: 2048)
    private let time: DemoTime
    private var offset: UInt64 = 5_869_000_000
    private var messagesIn: UInt64 = 828_400

    init(time: DemoTime) {
        self.time = time
    }

    mutating func video(
        _ milliseconds: UInt64, afterMoment: Bool = false, timestamp: UInt32, delta: UInt32,
        bytes: UInt32, head: [UInt8]
    ) {
        messagesIn += 1
        let count = (bytes + 4095) / 4096
        for index in 1...count {
            let payload = min(4096, bytes - (index - 1) * 4096)
            let form: UInt8 = index == 1 ? 1 : 3
            let at =
                afterMoment
                ? DemoTime.before(milliseconds: 0) + milliseconds * 1_000_000
                : DemoTime.before(milliseconds: milliseconds)
            append(
                TraceRecord(
                    session: 3, direction: .inward, atNanoseconds: at + UInt64(index) * 120_000,
                    offset: offset, chunkStreamID: 4, form: form, headerBytes: form == 1 ? 8 : 1,
                    payloadBytes: payload, messageLength: bytes, messageType: 9,
                    messageStreamID: 1, timestamp: timestamp, timestampDelta: delta,
                    messageNumber: messagesIn, chunkIndex: index, chunkCount: count,
                    head: Self.head(index == 1 ? head : noise(index)),
                    headCount: 32))
            offset += UInt64(payload) + (form == 1 ? 8 : 1)
        }
    }

    /// Coded pictures look like this.
    private func noise(_ chunk: UInt32) -> [UInt8] {
        (0..<32).map {
            UInt8(truncatingIfNeeded: (UInt32($0) &+ chunk &* 31) &* 2_654_435_761 >> 13)
        }
    }

    mutating func acknowledgement(_ milliseconds: UInt64, _ count: UInt32) {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) }
        append(
            TraceRecord(
                session: 3, direction: .outward,
                atNanoseconds: DemoTime.before(milliseconds: milliseconds), offset: 40_984,
                chunkStreamID: 2, form: 0, headerBytes: 12, payloadBytes: 4, messageLength: 4,
                messageType: 3, messageStreamID: 0, timestamp: 0, timestampDelta: 0,
                messageNumber: 2390, chunkIndex: 1, chunkCount: 1, head: Self.head(bytes),
                headCount: 4))
    }

    mutating func append(_ records: [TraceRecord]) {
        for record in records { append(record) }
    }

    private mutating func append(_ record: TraceRecord) {
        let age = Int64(time.nowNanoseconds) - Int64(record.atNanoseconds)
        tail.append(
            TraceEntry(
                wallClockMilliseconds: time.wallClockMilliseconds - age / 1_000_000,
                record: record))
    }

    private static func head(_ bytes: [UInt8]) -> TraceRecord.Head {
        var head: TraceRecord.Head = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &head) { $0.copyBytes(from: bytes.prefix(32)) }
        return head
    }
}

extension TraceRecord {
    /// A chunk that the encoder would write.
    fileprivate init(
        _ chunk: ChunkRecord, session: SessionID, _ direction: Direction, at: UInt64
    ) {
        self.init(
            session: session, direction: direction, atNanoseconds: at, offset: chunk.offset,
            chunkStreamID: chunk.chunkStreamID, form: chunk.form, headerBytes: chunk.headerBytes,
            payloadBytes: chunk.payloadBytes, messageLength: chunk.messageLength,
            messageType: chunk.messageType.rawValue, messageStreamID: chunk.messageStreamID,
            timestamp: chunk.timestamp, timestampDelta: chunk.timestampDelta,
            messageNumber: chunk.messageNumber, chunkIndex: chunk.chunkIndex,
            chunkCount: chunk.chunkCount,
            head: (chunk.head[0], chunk.head[1], chunk.head[2], chunk.head[3]),
            headCount: chunk.headCount, body: chunk.body)
    }
}
