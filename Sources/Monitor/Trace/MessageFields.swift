import RTMP
import Telemetry

/// The payload of a message in fields.
enum MessageFields {
    /// - Parameter prefix: what was kept of the payload from its first byte on.
    static func fields(
        of record: TraceRecord, prefix: [UInt8], base: Int
    ) -> [TraceDecode.Field] {
        prefix.withUnsafeBytes { bytes in
            var reader = FieldReader(bytes, base: base)
            let type = MessageType(rawValue: record.messageType)
            switch type {
            case .setChunkSize, .abort, .acknowledgement, .windowAcknowledgementSize,
                .setPeerBandwidth, .userControl:
                control(type, &reader)
            case .commandAMF0, .commandAMF3, .dataAMF0, .dataAMF3:
                var amf = AMFFields(type)
                amf.read(&reader, length: Int(record.messageLength))
            case .video:
                VideoFields.read(&reader, bytes, record)
            case .audio:
                AudioFields.read(&reader, bytes, record)
            case .aggregate: aggregate(&reader)
            default: break
            }
            rest(&reader, record, type)
            return reader.fields
        }
    }

    /// Bytes that no field says anything about.
    private static func rest(
        _ reader: inout FieldReader, _ record: TraceRecord, _ type: MessageType
    ) {
        let left = Int(record.messageLength) - reader.offset
        guard left > 0 else { return }
        let isMedia = type == .audio || type == .video || type == .aggregate
        let index = reader.nextIndex
        reader.bytes(isMedia ? "media data" : "not decoded", left, "\(left) B")
        // What could not be read might still hold a key, or the rest of one (SEC-13).
        switch type {
        case .commandAMF0, .commandAMF3, .dataAMF0, .dataAMF3, .sharedObjectAMF0,
            .sharedObjectAMF3:
            reader.hide(index)
        default:
            break
        }
    }

    // MARK: Control

    private static func control(_ type: MessageType, _ reader: inout FieldReader) {
        reader.group(type.longWord) { reader in
            switch type {
            case .setChunkSize: reader.uint32("chunk size") { "\($0 & 0x7FFF_FFFF) B" }
            case .abort: reader.uint32("chunk stream")
            case .acknowledgement: reader.uint32("bytes received")
            case .windowAcknowledgementSize: reader.uint32("window") { "\($0) B" }
            case .setPeerBandwidth:
                reader.uint32("window") { "\($0) B" }
                reader.uint8("limit") { limit in
                    switch limit {
                    case 0: "0  hard"
                    case 1: "1  soft"
                    case 2: "2  dynamic"
                    default: "\(limit)  not defined"
                    }
                }
            default: userControl(&reader)
            }
        }
    }

    private static func userControl(_ reader: inout FieldReader) {
        let event = reader.uint16("event") { "\($0)  \(eventWord($0))" }
        switch event {
        case 0?, 1?, 2?, 4?: reader.uint32("message stream")
        case 3?:
            reader.uint32("message stream")
            reader.uint32("buffer") { "\($0) ms" }
        case 6?, 7?: reader.uint32("time") { "\($0) ms" }
        default: break
        }
    }

    private static func eventWord(_ event: UInt16) -> SafeText {
        switch event {
        case 0: "Stream Begin"
        case 1: "Stream EOF"
        case 2: "Stream Dry"
        case 3: "Set Buffer Length"
        case 4: "Stream Is Recorded"
        case 6: "Ping Request"
        case 7: "Ping Response"
        case 31: "Buffer Empty"
        case 32: "Buffer Ready"
        default: "not defined"
        }
    }

    // MARK: Aggregate

    private static func aggregate(_ reader: inout FieldReader) {
        // A tag header and what was kept behind it.
        while reader.remaining.count >= 11 {
            reader.group("message in it") { reader in
                reader.uint8("message type") {
                    "\($0)  \(MessageType(rawValue: $0).longWord)"
                }
                let length = reader.uint24("length") { "\($0) B" } ?? 0
                reader.uint24("timestamp") { "\($0) ms" }
                reader.uint8("timestamp, high")
                reader.uint24("message stream")
                reader.bytes("payload", Int(length), "\(length) B")
                reader.uint32("back pointer")
            }
        }
    }
}
