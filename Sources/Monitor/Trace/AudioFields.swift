import RTMP
import Telemetry

/// An audio message field by field: the FLV tag, or the header of Enhanced RTMP.
enum AudioFields {
    static func read(
        _ reader: inout FieldReader, _ payload: UnsafeRawBufferPointer, _ record: TraceRecord
    ) {
        guard let first = reader.peek() else {
            reader.note("audio", "no bytes: silence")
            return
        }
        guard first >> 4 == 9 else {
            legacy(&reader, first)
            return
        }
        guard let tag = EnhancedFields.read(&reader, isVideo: false), !tag.isMultitrack else {
            return
        }
        switch tag.packetType {
        case 0: ConfigurationFields.audio(&reader, tag.codec, payload)
        case 4:
            reader.group("channel configuration") { reader in
                let order = reader.uint8("order") { order in
                    switch order {
                    case 0: "0  unspecified"
                    case 1: "1  native"
                    case 2: "2  custom"
                    default: "\(order)  not defined"
                    }
                }
                let count = reader.uint8("channels") ?? 0
                if order == 1 { reader.uint32("flags") { hex($0) } }
                if order == 2 { reader.bytes("mapping", Int(count), "\(count) B") }
            }
        default: break
        }
    }

    private static func legacy(_ reader: inout FieldReader, _ first: UInt8) {
        var packet: UInt8?
        reader.group("FLV audio tag") { reader in
            reader.uint8("format") { "\($0 >> 4)  \(formatWord($0 >> 4))" }
            reader.again("rate", "\(first >> 2 & 3)  \(rateWord(first >> 2 & 3))")
            reader.again("sample size", "\(first >> 1 & 1)  \(first & 2 == 0 ? 8 : 16) bit")
            reader.again("channels", "\(first & 1)  \(first & 1 == 0 ? "mono" : "stereo")")
            guard first >> 4 == 10 else { return }
            packet = reader.uint8("packet type") { type in
                switch type {
                case 0: "0  sequence header"
                case 1: "1  raw frame"
                default: "\(type)  not defined"
                }
            }
        }
        if packet == 0 { ConfigurationFields.audio(&reader, .mp4a, reader.remaining) }
    }

    static func hex(_ value: UInt32) -> SafeText {
        let digits = String(value, radix: 16)
        return "0x\(String(repeating: "0", count: max(8 - digits.utf8.count, 0)) + digits)"
    }

    private static func formatWord(_ format: UInt8) -> SafeText {
        switch format {
        case 0, 3: "PCM"
        case 1: "ADPCM"
        case 2, 14: "MP3"
        case 4...6: "Nellymoser"
        case 7: "G.711 A-law"
        case 8: "G.711 mu-law"
        case 10: "AAC"
        case 11: "Speex"
        default: "not defined"
        }
    }

    private static func rateWord(_ rate: UInt8) -> SafeText {
        switch rate {
        case 0: "5.5 kHz"
        case 1: "11 kHz"
        case 2: "22 kHz"
        default: "44 kHz"
        }
    }
}
