import RTMP
import Telemetry

/// The decoder configuration in a sequence header, field by field.
enum ConfigurationFields {
    static func video(
        _ reader: inout FieldReader, _ codec: FourCC?, _ payload: UnsafeRawBufferPointer
    ) {
        switch codec {
        case .avc1?: avc(&reader)
        case .hvc1?: hevc(&reader)
        case .av01?: av1(&reader)
        case .vp08?, .vp09?: vp(&reader)
        default: break
        }
    }

    static func audio(
        _ reader: inout FieldReader, _ codec: FourCC?, _ payload: UnsafeRawBufferPointer
    ) {
        switch codec {
        case .mp4a?: aac(&reader)
        case .opus?: opus(&reader)
        default: break
        }
    }

    // MARK: Video

    /// AVCDecoderConfigurationRecord, ISO/IEC 14496-15, 5.3.3.1.
    private static func avc(_ reader: inout FieldReader) {
        reader.group("AVC configuration") { reader in
            reader.uint8("version")
            reader.uint8("profile") { "\($0)  \(h264Profile($0))" }
            reader.uint8("compatibility") { "\($0)" }
            reader.uint8("level") { "\($0)  \($0 / 10).\($0 % 10)" }
            reader.uint8("length size") { "\(($0 & 3) + 1) bytes" }
            sets(&reader, "SPS", mask: 0x1F)
            sets(&reader, "PPS", mask: 0xFF)
            guard reader.remaining.count >= 4 else { return }
            reader.uint8("chroma") { chroma($0 & 3) }
            reader.uint8("luma depth") { "\(($0 & 7) + 8) bit" }
            reader.uint8("chroma depth") { "\(($0 & 7) + 8) bit" }
            sets(&reader, "SPS extension", mask: 0xFF)
        }
    }

    private static func sets(_ reader: inout FieldReader, _ name: SafeText, mask: UInt8) {
        guard let count = reader.uint8("\(name) count", { "\($0 & mask)" }) else { return }
        for _ in 0..<(count & mask) {
            guard unit(&reader, name) else { return }
        }
    }

    private static func unit(_ reader: inout FieldReader, _ name: SafeText) -> Bool {
        reader.group(name) { reader in
            guard let length = reader.uint16("length", { "\($0) B" }) else { return false }
            return reader.bytes("bytes", Int(length), "\(length) B")
        }
    }

    /// HEVCDecoderConfigurationRecord, ISO/IEC 14496-15, 8.3.3.1.
    private static func hevc(_ reader: inout FieldReader) {
        reader.group("HEVC configuration") { reader in
            reader.uint8("version")
            reader.uint8("profile") { "\($0 & 0x1F)\($0 & 0x20 != 0 ? "  high tier" : "")" }
            reader.uint32("compatibility") { AudioFields.hex($0) }
            reader.bytes("constraints", 6, "6 B")
            reader.uint8("level") { "\($0)  \($0 / 30).\($0 % 30 / 3)" }
            reader.uint16("segmentation") { "\($0 & 0xFFF)" }
            reader.uint8("parallelism") { "\($0 & 3)" }
            reader.uint8("chroma") { chroma($0 & 3) }
            reader.uint8("luma depth") { "\(($0 & 7) + 8) bit" }
            reader.uint8("chroma depth") { "\(($0 & 7) + 8) bit" }
            reader.uint16("frame rate") { $0 == 0 ? "0  not given" : "\($0)" }
            reader.uint8("length size") { "\(($0 & 3) + 1) bytes" }
            guard let arrays = reader.uint8("arrays") else { return }
            for _ in 0..<arrays {
                guard
                    let type = reader.uint8("array", { "\(VideoFields.hevcUnit($0 & 0x3F))" }),
                    let count = reader.uint16("count")
                else { return }
                for _ in 0..<count {
                    guard unit(&reader, VideoFields.hevcUnit(type & 0x3F)) else { return }
                }
            }
        }
    }

    /// AV1CodecConfigurationRecord, AV1 in ISO base media, 2.3.
    private static func av1(_ reader: inout FieldReader) {
        reader.group("AV1 configuration") { reader in
            reader.uint8("version") { "\($0 & 0x7F)" }
            guard let profile = reader.uint8("profile", { "\($0 >> 5)" }) else { return }
            reader.again("level", "\(profile & 0x1F)")
            guard let flags = reader.uint8("tier", { "\($0 >> 7)" }) else { return }
            reader.again(
                "depth", flags & 0x20 != 0 ? "12 bit" : flags & 0x40 != 0 ? "10 bit" : "8 bit")
            reader.again(
                "chroma",
                flags & 0x10 != 0
                    ? "4:0:0" : flags & 8 == 0 ? "4:4:4" : flags & 4 == 0 ? "4:2:2" : "4:2:0")
            reader.uint8("delay") { $0 & 0x10 != 0 ? "\(($0 & 0x0F) + 1)" : "not given" }
        }
    }

    /// VPCodecConfigurationRecord, VP codec in ISO base media.
    private static func vp(_ reader: inout FieldReader) {
        reader.group("VP configuration") { reader in
            reader.uint32("version, flags") { AudioFields.hex($0) }
            reader.uint8("profile")
            reader.uint8("level") { "\($0)  \($0 / 10).\($0 % 10)" }
            guard let depth = reader.uint8("depth", { "\($0 >> 4) bit" }) else { return }
            reader.again("chroma", "\(depth >> 1 & 7)")
        }
    }

    private static func h264Profile(_ profile: UInt8) -> SafeText {
        switch profile {
        case 66: "Baseline"
        case 77: "Main"
        case 88: "Extended"
        case 100: "High"
        case 110: "High 10"
        case 122: "High 4:2:2"
        case 244: "High 4:4:4"
        default: "other"
        }
    }

    private static func chroma(_ format: UInt8) -> SafeText {
        switch format {
        case 0: "0  monochrome"
        case 1: "1  4:2:0"
        case 2: "2  4:2:2"
        default: "3  4:4:4"
        }
    }

    // MARK: Audio

    private static let sampleRates = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
        8000, 7350,
    ]

    /// AudioSpecificConfig, ISO/IEC 14496-3, 1.6.2.1: 5 bits, 4 bits, 4 bits.
    private static func aac(_ reader: inout FieldReader) {
        guard let first = reader.peek(), let second = reader.peek(1) else { return }
        reader.group("AAC configuration") { reader in
            let object = first >> 3
            let rate = Int(first & 7) << 1 | Int(second >> 7)
            reader.uint8("object type") { _ in "\(object)  \(aacObject(object))" }
            guard object != 31 else { return }
            _ = reader.skip(1)
            reader.again(
                "sample rate",
                sampleRates.indices.contains(rate)
                    ? "\(rate)  \(sampleRates[rate]) Hz" : "\(rate)", last: 2)
            guard rate != 15 else { return }
            reader.again("channels", "\(second >> 3 & 0x0F)")
            if !reader.isEmpty {
                reader.bytes("more", reader.remaining.count, "\(reader.remaining.count) B")
            }
        }
    }

    private static func aacObject(_ type: UInt8) -> SafeText {
        switch type {
        case 1: "AAC Main"
        case 2: "AAC-LC"
        case 5: "SBR, HE-AAC"
        case 29: "PS, HE-AAC v2"
        case 31: "escaped"
        default: "other"
        }
    }

    /// OpusHead, RFC 7845, 5.1.
    private static func opus(_ reader: inout FieldReader) {
        reader.group("Opus configuration") { reader in
            guard reader.remaining.count >= 10 else { return }
            reader.bytes("signature", 8, "OpusHead")
            reader.uint8("version")
            reader.uint8("channels")
        }
    }
}
