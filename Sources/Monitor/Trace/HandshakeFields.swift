package import Telemetry

extension TraceRecord {
    /// In `form`, of a line that stands for a part of the handshake and not for a chunk.
    package static let handshakeForm: UInt8 = 0xFF

    package var isHandshake: Bool { form == Self.handshakeForm }

    /// The parts of the handshake, in `messageType`.
    package enum HandshakePart: UInt8, CaseIterable, Sendable {
        case c0c1 = 1
        case s0s1s2
        case c2

        package var word: String {
            switch self {
            case .c0c1: "C0 C1"
            case .s0s1s2: "S0 S1 S2"
            case .c2: "C2"
            }
        }
    }

    package var handshakePart: HandshakePart? {
        isHandshake ? HandshakePart(rawValue: messageType) : nil
    }

    /// Lines for what was over when the recording of a session began, as far as it is known.
    static func handshake(of session: SessionID, _ facts: HandshakeFacts) -> [TraceRecord] {
        var records: [TraceRecord] = []
        func add(
            _ part: HandshakePart, _ at: UInt64?, _ direction: Direction, _ offset: UInt64,
            _ length: UInt32, _ body: [UInt8]
        ) {
            guard let at else { return }
            records.append(
                TraceRecord(
                    session: session, direction: direction, atNanoseconds: at, offset: offset,
                    chunkStreamID: 0, form: handshakeForm, headerBytes: 0, payloadBytes: length,
                    messageLength: length, messageType: part.rawValue, messageStreamID: 0,
                    timestamp: facts.c1Time ?? 0, timestampDelta: UInt32(facts.digestBase ?? 0),
                    messageNumber: 0, chunkIndex: 1, chunkCount: 1, head: (0, 0, 0, 0),
                    headCount: 0, body: body))
        }
        func bytes(_ value: UInt32?) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: (value ?? 0) >> UInt32(24 - 8 * $0)) }
        }
        let known =
            (facts.version.map { [$0] } ?? []) + bytes(facts.c1Time) + bytes(facts.c1Version)
        add(.c0c1, facts.c1AtNanoseconds, .inward, 0, 1537, facts.version == nil ? [] : known)
        add(.s0s1s2, facts.s2AtNanoseconds, .outward, 0, 3073, [3])
        add(.c2, facts.c2AtNanoseconds, .inward, 1537, 1536, [])
        return records
    }
}

/// What is known of a handshake, in fields (RTMP 1.0, 5.2). Its random bytes are never kept.
enum HandshakeFields {
    static func decode(_ record: TraceRecord) -> TraceDecode {
        let kept = record.kept
        let length = Int(record.messageLength)
        var decode = TraceDecode(
            title: "handshake  \(record.handshakePart?.word ?? "")", headerCount: 0,
            length: length, chunk: 0..<length, kept: kept.isEmpty ? [] : [(0, kept)])
        func add(_ depth: Int, _ name: SafeText, _ value: SafeText, _ range: Range<Int>?) {
            decode.fields.append(TraceDecode.Field(depth, name, value, range))
        }
        let digest = Int(record.timestampDelta)
        switch record.handshakePart {
        case .c0c1?:
            add(0, "C0", "", 0..<1)
            add(1, "version", "\(kept.first.map { "\($0)" } ?? "-")", 0..<1)
            add(0, "C1", "1536 bytes", 1..<1537)
            add(1, "time", "\(record.timestamp) ms", 1..<5)
            add(1, "version", version(kept), 5..<9)
            if digest > 0 {
                add(1, "form", "complex: its bytes hold a digest", nil)
                add(1, "digest block", "at \(digest)", 1 + digest..<1537)
            } else {
                add(1, "form", "simple", nil)
                add(1, "random", "1528 bytes, not kept", 9..<1537)
            }
        case .s0s1s2?:
            add(0, "S0", "", 0..<1)
            add(1, "version", "3", 0..<1)
            add(0, "S1", "1536 bytes, not kept", 1..<1537)
            add(0, "S2", "1536 bytes, answers C1", 1537..<3073)
        case .c2?:
            add(0, "C2", "1536 bytes, answers S1; not kept", 0..<1536)
        case nil: break
        }
        return decode
    }

    private static func version(_ kept: [UInt8]) -> SafeText {
        guard kept.count >= 9 else { return "-" }
        return "\(kept[5]).\(kept[6]).\(kept[7]).\(kept[8])"
    }
}
