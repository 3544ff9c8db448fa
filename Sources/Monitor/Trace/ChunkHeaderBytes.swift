import RTMP
import Telemetry

/// The header of a traced chunk as it stood on the wire (RTMP 1.0, 5.3.1), from what was read of it.
///
/// Its length says which form the basic header had and whether an extended timestamp followed. Only
/// the extended timestamp of a chunk that continues a message is not known: peers repeat the time
/// there or the delta (CH-13).
struct ChunkHeaderBytes {
    private let basic: [UInt8]
    private let message: [UInt8]
    private let hasExtended: Bool
    /// nil: its bytes are not known.
    private let extended: UInt32?

    var count: Int { basic.count + message.count + (hasExtended ? 4 : 0) }

    init(_ record: TraceRecord) {
        self.init(
            record, basicCount: Self.basicCount(of: record),
            hasExtendedTime: Self.spare(record) > 3)
    }

    /// Of a record that says another form than it came in.
    init(_ record: TraceRecord, basicCount: Int, hasExtendedTime: Bool) {
        let form = record.form
        basic = Self.basic(record, count: basicCount)
        hasExtended = hasExtendedTime
        let time = form == 0 ? record.timestamp : record.timestampDelta
        extended = record.chunkIndex <= 1 ? time : nil
        var bytes: [UInt8] = []
        if form <= 2 { bytes += Self.bigEndian(hasExtended ? 0xFF_FFFF : time).dropFirst() }
        if form <= 1 {
            bytes += Self.bigEndian(record.messageLength).dropFirst() + [record.messageType]
        }
        if form == 0 { bytes += Self.bigEndian(record.messageStreamID).reversed() }
        message = bytes
    }

    static func basicCount(of record: TraceRecord) -> Int {
        let spare = spare(record)
        return max(spare > 3 ? spare - 4 : spare, 1)
    }

    /// Header bytes besides the message header.
    private static func spare(_ record: TraceRecord) -> Int {
        Int(record.headerBytes) - [11, 7, 3, 0][Int(record.form & 3)]
    }

    private static func basic(_ record: TraceRecord, count: Int) -> [UInt8] {
        let form = record.form << 6
        let id = record.chunkStreamID &- 64
        let low = UInt8(truncatingIfNeeded: id)
        switch count {
        case 1: return [form | UInt8(truncatingIfNeeded: record.chunkStreamID) & 0x3F]
        case 2: return [form, low]
        default: return [form | 1, low, UInt8(truncatingIfNeeded: id >> 8)]
        }
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
    }

    var kept: [(start: Int, bytes: [UInt8])] {
        guard hasExtended else { return [(0, basic + message)] }
        return [(0, basic + message + (extended.map(Self.bigEndian) ?? []))]
    }

    /// All of it; where an extended timestamp is repeated, zeros stand for it.
    var whole: [UInt8] {
        let time = hasExtended ? extended.map(Self.bigEndian) ?? [0, 0, 0, 0] : []
        return basic + message + time
    }

    func fields(_ record: TraceRecord) -> [TraceDecode.Field] {
        var fields: [TraceDecode.Field] = []
        var at = 0
        func add(_ depth: Int, _ name: SafeText, _ value: SafeText, _ bytes: Int) {
            fields.append(TraceDecode.Field(depth, name, value, at..<at + bytes))
            if depth > 0 { at += bytes }
        }
        fields.append(
            TraceDecode.Field(0, "basic header", Self.bytes(basic.count), 0..<basic.count))
        fields.append(
            TraceDecode.Field(1, "type", "\(record.form)  \(Self.words(record.form))", 0..<1))
        fields.append(
            TraceDecode.Field(1, "chunk stream", "\(record.chunkStreamID)", 0..<basic.count))
        at = basic.count
        if !message.isEmpty {
            add(0, "message header", Self.bytes(message.count), message.count)
            add(1, record.form == 0 ? "timestamp" : "delta", time(record), 3)
            if record.form <= 1 {
                add(1, "length", "\(record.messageLength) B", 3)
                add(
                    1, "message type",
                    "\(record.messageType)  \(MessageType(rawValue: record.messageType).longWord)",
                    1)
            }
            if record.form == 0 {
                add(1, "message stream", "\(record.messageStreamID)  little-endian", 4)
            }
        }
        if hasExtended {
            fields.append(
                TraceDecode.Field(
                    0, "extended time", extended.map { "\($0) ms" } ?? "repeated", at..<at + 4))
        }
        fields += inherited(record)
        return fields
    }

    private func time(_ record: TraceRecord) -> SafeText {
        if hasExtended { return "ffffff  see the extended time" }
        return record.form == 0 ? "\(record.timestamp) ms" : "\(record.timestampDelta) ms"
    }

    /// What the header leaves out and the chunk stream remembers.
    private func inherited(_ record: TraceRecord) -> [TraceDecode.Field] {
        guard record.form > 0 else { return [] }
        var values: [(SafeText, SafeText)] = [("time", "\(record.timestamp) ms")]
        if record.form == 3, record.chunkIndex <= 1 {
            values.append(("delta", "\(record.timestampDelta) ms"))
        }
        if record.form >= 2 {
            values.append(("length", "\(record.messageLength) B"))
            values.append(
                (
                    "message type",
                    "\(record.messageType)  \(MessageType(rawValue: record.messageType).longWord)"
                ))
        }
        values.append(("message stream", "\(record.messageStreamID)"))
        return [TraceDecode.Field(0, "from before", "", nil)]
            + values.map { TraceDecode.Field(1, $0.0, $0.1, nil) }
    }

    private static func words(_ form: UInt8) -> SafeText {
        switch form {
        case 0: "all given"
        case 1: "same stream"
        case 2: "same but for time"
        default: "all as before"
        }
    }

    private static func bytes(_ count: Int) -> SafeText {
        count == 1 ? "1 byte" : "\(count) bytes"
    }
}

extension MessageType {
    /// As the specification calls it.
    var longWord: SafeText {
        switch self {
        case .setChunkSize: "Set Chunk Size"
        case .abort: "Abort"
        case .acknowledgement: "Acknowledgement"
        case .userControl: "User Control"
        case .windowAcknowledgementSize: "Window Acknowledgement Size"
        case .setPeerBandwidth: "Set Peer Bandwidth"
        case .audio: "audio"
        case .video: "video"
        case .dataAMF0: "data, AMF0"
        case .dataAMF3: "data, AMF3"
        case .commandAMF0: "command, AMF0"
        case .commandAMF3: "command, AMF3"
        case .sharedObjectAMF0: "shared object, AMF0"
        case .sharedObjectAMF3: "shared object, AMF3"
        case .aggregate: "aggregate"
        default: "not defined"
        }
    }
}
