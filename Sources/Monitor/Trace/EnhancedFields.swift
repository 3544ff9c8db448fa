import RTMP
import Telemetry

/// The header of an Enhanced RTMP audio or video message, field by field (RTMP.md §6.2).
struct EnhancedFields {
    var packetType: UInt8
    var codec: FourCC?
    var isMultitrack = false

    /// nil: the header ends early.
    static func read(_ reader: inout FieldReader, isVideo: Bool) -> EnhancedFields? {
        reader.group(isVideo ? "extended video header" : "extended audio header") { reader in
            content(&reader, isVideo)
        }
    }

    private static func content(_ reader: inout FieldReader, _ isVideo: Bool) -> EnhancedFields? {
        guard let first = reader.peek() else { return nil }
        var type = first & 0x0F
        if isVideo {
            reader.uint8("frame type") {
                "\($0 >> 4 & 7)  \(VideoFields.frameWord($0 >> 4 & 7)), extended"
            }
        } else {
            reader.uint8("format") { "\($0 >> 4)  extended" }
        }
        reader.again("packet type", "\(type)  \(word(type, isVideo))")
        while type == 7 {
            guard let next = modifier(&reader, isVideo) else { return nil }
            type = next
        }
        if isVideo, first >> 4 & 7 == 5, type != 4 {
            reader.uint8("command") { $0 == 0 ? "0  seek starts" : "\($0)  seek ends" }
            return nil
        }
        if type == (isVideo ? 6 : 5) { return multitrack(&reader, isVideo) }
        guard let codec = fourCC(&reader) else { return nil }
        return EnhancedFields(packetType: type, codec: codec)
    }

    private static func modifier(_ reader: inout FieldReader, _ isVideo: Bool) -> UInt8? {
        reader.group("modifier") { reader in
            guard let short = reader.uint8("size", { "\(Int($0) + 1) B" }) else { return nil }
            var size = Int(short) + 1
            if size == 256 {
                guard let long = reader.uint16("long size", { "\(Int($0) + 1) B" }) else {
                    return nil
                }
                size = Int(long) + 1
            }
            let bytes = reader.remaining.prefix(size)
            let value = size == 3 ? bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } : nil
            guard reader.bytes("value", size, value.map { "\($0)" } ?? "\(size) B"),
                let last = reader.uint8(
                    "modifier type",
                    {
                        $0 >> 4 == 0
                            ? "0  timestamp offset, ns" : "\($0 >> 4)  not defined"
                    })
            else { return nil }
            reader.again("packet type", "\(last & 0x0F)  \(word(last & 0x0F, isVideo))")
            return last & 0x0F
        }
    }

    private static func multitrack(_ reader: inout FieldReader, _ isVideo: Bool) -> EnhancedFields?
    {
        guard let byte = reader.uint8("tracks", { "\($0 >> 4)  \(layout($0 >> 4))" }) else {
            return nil
        }
        let type = byte & 0x0F
        reader.again("packet type", "\(type)  \(word(type, isVideo))")
        var tag = EnhancedFields(packetType: type, isMultitrack: true)
        if byte >> 4 != 2 { tag.codec = fourCC(&reader) }
        if byte >> 4 == 0 {
            reader.uint8("track")
            return tag
        }
        while reader.remaining.count >= 4 {
            let isWhole = reader.group("track") { reader in
                if byte >> 4 == 2 { _ = fourCC(&reader) }
                reader.uint8("number")
                guard let size = reader.uint24("size", { "\($0) B" }) else { return false }
                return reader.bytes("track data", Int(size), "\(size) B")
            }
            guard isWhole else { break }
        }
        return tag
    }

    private static func fourCC(_ reader: inout FieldReader) -> FourCC? {
        reader.uint32("codec") { "\(FourCC(rawValue: $0).description)" }.map(FourCC.init)
    }

    private static func layout(_ number: UInt8) -> SafeText {
        switch number {
        case 0: "one track"
        case 1: "many tracks"
        case 2: "many tracks, many codecs"
        default: "not defined"
        }
    }

    private static func word(_ type: UInt8, _ isVideo: Bool) -> SafeText {
        switch (type, isVideo) {
        case (0, _): "sequence header"
        case (1, _): "coded frames"
        case (2, _): "end of sequence"
        case (3, true): "coded frames, no composition time"
        case (4, true): "metadata"
        case (4, false): "channel configuration"
        case (5, true): "MPEG-2 TS sequence header"
        case (5, false), (6, true): "multitrack"
        case (7, _): "modifier"
        default: "not defined"
        }
    }
}
