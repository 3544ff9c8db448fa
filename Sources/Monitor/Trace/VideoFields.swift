import RTMP
import Telemetry

/// A video message field by field: the FLV tag, or the header of Enhanced RTMP, then what it holds.
enum VideoFields {
    static func read(
        _ reader: inout FieldReader, _ payload: UnsafeRawBufferPointer, _ record: TraceRecord
    ) {
        guard let first = reader.peek() else { return }
        guard first & 0x80 != 0 else {
            legacy(&reader, first, record)
            return
        }
        let tag = EnhancedFields.read(&reader, isVideo: true)
        guard let tag, !tag.isMultitrack else { return }
        switch tag.packetType {
        case 0: ConfigurationFields.video(&reader, tag.codec, payload)
        case 1 where tag.codec == .avc1 || tag.codec == .hvc1 || tag.codec == .vvc1:
            let time = compositionTime(&reader)
            units(&reader, isHEVC: tag.codec == .hvc1, record)
            timing(&reader, record, time)
        case 1, 3:
            if tag.codec == .avc1 || tag.codec == .hvc1 {
                units(&reader, isHEVC: tag.codec == .hvc1, record)
            }
            timing(&reader, record, 0)
        case 4:
            var amf = AMFFields(.dataAMF0)
            amf.read(&reader, length: Int(record.messageLength))
        default: break
        }
    }

    private static func legacy(
        _ reader: inout FieldReader, _ first: UInt8, _ record: TraceRecord
    ) {
        let codec = first & 0x0F
        let hasPackets = codec == 7 || codec == 12 || codec == 13
        var packet: UInt8?
        var time: Int32?
        reader.group("FLV video tag") { reader in
            reader.uint8("frame type") { "\($0 >> 4)  \(frameWord($0 >> 4))" }
            reader.again("codec", "\(codec)  \(codecWord(codec))")
            guard hasPackets else { return }
            packet = reader.uint8("packet type") { "\($0)  \(packetWord($0, codec))" }
            time = compositionTime(&reader)
        }
        switch packet {
        case 0?:
            let fourCC: FourCC = codec == 7 ? .avc1 : codec == 12 ? .hvc1 : .av01
            ConfigurationFields.video(&reader, fourCC, reader.remaining)
        case 1?:
            if codec != 13 { units(&reader, isHEVC: codec == 12, record) }
            timing(&reader, record, time)
        default: break
        }
    }

    private static func compositionTime(_ reader: inout FieldReader) -> Int32? {
        reader.uint24("composition time") { "\(signed($0)) ms" }.map(signed)
    }

    private static func signed(_ value: UInt32) -> Int32 { Int32(bitPattern: value << 8) >> 8 }

    /// NAL units with their lengths in four bytes, as all encoders write them.
    private static func units(
        _ reader: inout FieldReader, isHEVC: Bool, _ record: TraceRecord
    ) {
        guard reader.remaining.count >= 5 else { return }
        reader.group("NAL units") { reader in
            while reader.remaining.count >= 5 {
                let left = Int(record.messageLength) - reader.offset - 4
                guard let peeked = reader.peek(4) else { return }
                let name = isHEVC ? hevcUnit(peeked >> 1 & 0x3F) : h264Unit(peeked & 0x1F)
                let start = reader.offset
                guard let length = reader.readUInt32(), Int(length) <= left else {
                    reader.add("length", "passes the end of the message", from: start)
                    return
                }
                let index = reader.nextIndex
                let isWhole = reader.bytes(name, Int(length), "\(length) B")
                reader.reach(index, from: start)
                guard isWhole else { return }
            }
        }
    }

    private static func timing(
        _ reader: inout FieldReader, _ record: TraceRecord, _ composition: Int32?
    ) {
        reader.note("decoded at", "\(record.timestamp) ms")
        guard let composition else { return }
        let shown = record.timestamp &+ UInt32(bitPattern: composition)
        reader.note("shown at", "\(shown) ms")
    }

    static func frameWord(_ type: UInt8) -> SafeText {
        switch type {
        case 1: "key"
        case 2: "inter"
        case 3: "disposable inter"
        case 4: "generated key"
        case 5: "command"
        default: "not defined"
        }
    }

    private static func codecWord(_ codec: UInt8) -> SafeText {
        switch codec {
        case 2: "Sorenson H.263"
        case 3: "Screen"
        case 4: "VP6"
        case 5: "VP6 with alpha"
        case 6: "Screen 2"
        case 7: "AVC"
        case 12: "HEVC, not official"
        case 13: "AV1, not official"
        default: "not defined"
        }
    }

    private static func packetWord(_ packet: UInt8, _ codec: UInt8) -> SafeText {
        switch packet {
        case 0: "sequence header"
        case 1: codec == 13 ? "OBUs" : "NAL units"
        case 2: "end of sequence"
        default: "not defined"
        }
    }

    static func h264Unit(_ type: UInt8) -> SafeText {
        switch type {
        case 1: "slice"
        case 2...4: "slice partition"
        case 5: "IDR slice"
        case 6: "SEI"
        case 7: "SPS"
        case 8: "PPS"
        case 9: "access unit delimiter"
        case 10: "end of sequence"
        case 12: "filler"
        default: "NAL unit \(type)"
        }
    }

    static func hevcUnit(_ type: UInt8) -> SafeText {
        switch type {
        case 0, 1: "slice"
        case 2...9: "slice, leading or skipped"
        case 16...18: "BLA slice"
        case 19, 20: "IDR slice"
        case 21: "CRA slice"
        case 32: "VPS"
        case 33: "SPS"
        case 34: "PPS"
        case 35: "access unit delimiter"
        case 39, 40: "SEI"
        default: "NAL unit \(type)"
        }
    }
}
