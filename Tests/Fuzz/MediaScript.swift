import RTMP

/// Audio, video and data payloads whose headers follow the form: ModEx, multitrack, configuration
/// records. What stands behind a header is any bytes.
struct MediaScript {
    private var writer = ByteWriter()

    private static let videoCodecs = ["avc1", "hvc1", "vvc1", "av01", "vp08", "vp09", "xxxx"]
    private static let audioCodecs = ["mp4a", "Opus", "fLaC", "ac-3", "ec-3", ".mp3", "xxxx"]

    static func video(_ input: inout FuzzInput) -> [UInt8] {
        var script = MediaScript()
        let frame = (input.byte() % 6) << 4
        if input.isTrue(oneIn: 2) {
            let codec = input.pick([7, 12, 13, 2, 4, 3, 0] as [UInt8])
            script.writer.write([frame | codec, input.byte() % 4, 0, 0, input.byte()])
            script.record(codec == 12 ? "hvc1" : codec == 13 ? "av01" : "avc1", &input)
        } else {
            script.enhanced(0x80 | frame, codecs: videoCodecs, multitrack: 6, &input)
        }
        return script.writer.bytes
    }

    static func audio(_ input: inout FuzzInput) -> [UInt8] {
        var script = MediaScript()
        if input.isTrue(oneIn: 2) {
            script.writer.write([input.byte() & 0xEF, input.byte() % 3])
            script.record("mp4a", &input)
        } else {
            script.enhanced(0x90, codecs: audioCodecs, multitrack: 5, &input)
        }
        return script.writer.bytes
    }

    static func data(_ input: inout FuzzInput) -> [UInt8] {
        var names = [input.pick(["onMetaData", "onTextData", "onCuePoint", ""])]
        if input.isTrue(oneIn: 2) {
            names.insert(input.pick(["@setDataFrame", "@clearDataFrame"]), at: 0)
        }
        return AMF0Encoder.bytes(names.map { .text($0) })
            + AMFScript.values(Int(input.byte() % 3), &input)
    }

    /// The parts say sizes and back pointers that are right, but for one in sixteen.
    static func aggregate(_ input: inout FuzzInput) -> [UInt8] {
        var script = MediaScript()
        for _ in 0..<input.byte() % 8 {
            let type = input.pick([8, 9, 18, 22, 1] as [UInt8])
            let body =
                type == 8 ? audio(&input) : type == 9 ? video(&input) : data(&input)
            let size = input.isTrue(oneIn: 16) ? input.number() : UInt32(body.count)
            script.writer.write(type)
            script.writer.writeUInt24(size)
            let time = input.edge([0, 40, 0xFF_FFFF, 0x100_0000, .max])
            script.writer.writeUInt24(time)
            script.writer.write(UInt8(time >> 24))
            script.writer.writeUInt24(0)
            script.writer.write(body)
            script.writer.writeUInt32(size &+ 11)
        }
        return script.writer.bytes
    }

    private mutating func enhanced(
        _ first: UInt8, codecs: [String], multitrack: UInt8, _ input: inout FuzzInput
    ) {
        var modifiers = input.byte() % 8
        modifiers = modifiers > 4 ? 0 : modifiers
        let kind = input.byte() % 12
        let type = kind > 8 ? multitrack : kind
        writer.write(first | (modifiers > 0 ? 7 : type))
        for left in stride(from: modifiers, to: 0, by: -1) { modEx(left > 1 ? 7 : type, &input) }
        guard type == multitrack else {
            let codec = input.pick(codecs)
            writer.write(codec.utf8)
            return record(codec, &input)
        }
        let layout = input.byte() % 4
        writer.write(layout << 4 | input.byte() % 8)
        let codec = input.pick(codecs)
        if layout < 2 { writer.write(codec.utf8) }
        if layout == 0 {
            writer.write(input.byte() % 4)
            return record(codec, &input)
        }
        for _ in 0...input.byte() % 4 {
            if layout == 2 { writer.write(input.pick(codecs).utf8) }
            var track = MediaScript()
            track.record(codec, &input)
            writer.write(input.byte() % 4)
            writer.writeUInt24(
                input.isTrue(oneIn: 16) ? input.number() : UInt32(track.writer.count))
            writer.write(track.writer.bytes)
        }
    }

    /// Size, data, then type and what follows; the nanosecond offset has three bytes.
    private mutating func modEx(_ next: UInt8, _ input: inout FuzzInput) {
        let choice = input.byte()
        if choice < 240 {
            let size = choice < 128 ? 2 : choice & 15
            writer.write(size)
            writer.write(repeatElement(choice, count: Int(size) + 1))
        } else {
            let size = UInt16(choice & 15) + 256
            writer.write(0xFF)
            writer.writeUInt16(size - 1)
            writer.write(repeatElement(choice, count: Int(size)))
        }
        writer.write((choice < 200 ? 0 : choice & 0xF0) | next)
    }

    /// A configuration record up to its parameter sets, which are bytes, or bytes at all.
    private mutating func record(_ codec: String, _ input: inout FuzzInput) {
        guard input.isTrue(oneIn: 2) else { return writer.write(input.bytes()) }
        switch codec {
        case "avc1":
            let profile = input.pick([66, 77, 88, 100, 110, 122, 244, 44] as [UInt8])
            let body = input.bytes()
            writer.write([1, profile, input.byte(), input.byte(), 0xFF, 0xE1])
            writer.writeUInt16(UInt16(body.count + 2))
            writer.write([0x67, profile] + body)
        case "hvc1":
            let body = input.bytes()
            writer.write([1, input.byte()])
            writer.write(repeatElement(0, count: 10))
            writer.write([
                input.byte(), 0xF0, 0, 0xFC, 0xFC | input.byte() & 3, 0xF8, 0xF8, 0, 0, 0,
            ])
            writer.write([1, 33, 0, 1])
            writer.writeUInt16(UInt16(body.count + 2))
            writer.write([0x42, 1] + body)
        case "av01":
            writer.write([0x81, input.byte(), input.byte(), 0, 0x0A, 11])
            writer.write(input.bytes())
        case "Opus":
            writer.write("OpusHead".utf8)
            writer.write([1, input.byte(), 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0])
        case "fLaC":
            writer.write("fLaC".utf8)
            writer.write([0, 0, 0, 34] + input.bytes())
        default:
            writer.write(input.bytes())
        }
    }
}
