import RTMP

/// AMF0 and AMF3 values that follow the form; their counts, lengths and references may lie.
///
/// Used up, the input chooses numbers, so every container ends.
struct AMFScript {
    static let texts = [
        "", "live", "camera", "a/b", "camera?key=1", "mp4:clip", "..", "/", "_definst_", "live/",
        "append", "record", "rtmp://host/live/camera", "\0", "onMetaData", "@setDataFrame",
        "@clearDataFrame", "|RtmpSampleAccess", "code", "description", "app", "tcUrl", "capsEx",
        "fourCcList", "videoFourCcInfoMap", "streamName", "refused",
    ]
    private static let depthMaximum = 48

    private(set) var writer = ByteWriter()

    static func values(_ count: Int, _ input: inout FuzzInput) -> [UInt8] {
        var script = AMFScript()
        for _ in 0..<count { script.value(&input) }
        return script.writer.bytes
    }

    // MARK: AMF0

    mutating func value(_ input: inout FuzzInput, depth: Int = 0) {
        let marker = input.byte() % 0x16
        guard depth < Self.depthMaximum || ![3, 8, 0x0A, 0x10, 0x11].contains(marker) else {
            return writer.write(5)
        }
        switch marker {
        case 0x01:
            writer.write([1, input.byte() & 1])
        case 0x02, 0x12, 0x13:
            writer.write(2)
            shortString(&input)
        case 0x03, 0x14:
            writer.write(3)
            properties(&input, depth)
        case 0x05, 0x06, 0x09, 0x0D:
            writer.write(marker)
        case 0x07:
            writer.write(7)
            writer.writeUInt16(UInt16(input.byte() % 8))
        case 0x08:
            writer.write(8)
            writer.writeUInt32(input.edge([0, 1, 2, .max]))
            properties(&input, depth)
        case 0x0A:
            let count = UInt32(input.byte() % 5)
            writer.write(0x0A)
            writer.writeUInt32(input.isTrue(oneIn: 16) ? input.edge([5, 4096, .max]) : count)
            for _ in 0..<count { value(&input, depth: depth + 1) }
        case 0x0B:
            writer.write(0x0B)
            number(&input)
            writer.writeUInt16(UInt16(input.byte()))
        case 0x0C, 0x0F:
            writer.write(marker)
            let bytes = input.bytes()
            writer.writeUInt32(input.isTrue(oneIn: 16) ? input.number() : UInt32(bytes.count))
            writer.write(bytes)
        case 0x10:
            writer.write(0x10)
            shortString(&input)
            properties(&input, depth)
        case 0x11, 0x15:
            writer.write(0x11)
            value3(&input, depth: depth)
        default:
            writer.write(0)
            number(&input)
        }
    }

    private mutating func properties(_ input: inout FuzzInput, _ depth: Int) {
        for _ in 0..<input.byte() % 5 {
            shortString(&input)
            value(&input, depth: depth + 1)
        }
        writer.write(input.isTrue(oneIn: 16) ? [] : [0, 0, 9])
    }

    private mutating func shortString(_ input: inout FuzzInput) {
        let text = text(&input)
        writer.writeUInt16(input.isTrue(oneIn: 32) ? 0xFFFF : UInt16(text.count))
        writer.write(text)
    }

    private mutating func number(_ input: inout FuzzInput) {
        let choice = input.byte()
        switch choice {
        case ..<200: writer.writeFloat64(Double(choice % 8))
        case ..<240:
            let edges = [-1, -2, -1000, 0.5, .nan, .infinity, -0.0, 9e15, 4_294_967_296, 1e300]
            writer.writeFloat64(edges[Int(choice) % edges.count])
        default: writer.writeFloat64(Double(bitPattern: UInt64(input.number()) << 32))
        }
    }

    private func text(_ input: inout FuzzInput) -> [UInt8] {
        let choice = Int(input.byte())
        return choice < 192 ? Array(Self.texts[choice % Self.texts.count].utf8) : input.bytes()
    }

    // MARK: AMF3

    mutating func value3(_ input: inout FuzzInput, depth: Int) {
        var marker = input.byte() % 0x0F
        if depth >= Self.depthMaximum, marker > 8 { marker = 1 }
        writer.write(marker == 0x0D ? 0x06 : marker == 0x0E ? 0x0A : marker)
        switch marker {
        case 0x04:
            u29(input.edge([0, 0x7F, 0x80, 0x3FFF, 0x4000, 0x1F_FFFF, 0x20_0000, 0x1FFF_FFFF]))
        case 0x05: number(&input)
        case 0x06, 0x0D: string3(&input)
        case 0x07, 0x0B, 0x0C:
            guard !reference(&input) else { return }
            bytes3(input.bytes(), &input)
        case 0x08:
            guard !reference(&input) else { return }
            u29(1)
            number(&input)
        case 0x09: array3(&input, depth)
        case 0x0A, 0x0E: object3(&input, depth)
        default: break
        }
    }

    private mutating func array3(_ input: inout FuzzInput, _ depth: Int) {
        guard !reference(&input) else { return }
        let count = UInt32(input.byte() % 5)
        u29((input.isTrue(oneIn: 16) ? input.number() & 0xFFF_FFFF : count) << 1 | 1)
        dynamicMembers(&input, depth)
        for _ in 0..<count { value3(&input, depth: depth + 1) }
    }

    private mutating func object3(_ input: inout FuzzInput, _ depth: Int) {
        guard !reference(&input) else { return }
        let choice = input.byte()
        switch choice % 8 {
        case 0: u29(UInt32(input.byte() % 4) << 2 | 1)  // traits by number
        case 1: u29(7)  // externalizable
        default:
            let count = UInt32(choice >> 4 & 3)
            u29(count << 4 | UInt32(choice & 8) | 3)
            for _ in 0...count { string3(&input) }
        }
        for _ in 0..<choice >> 4 & 3 { value3(&input, depth: depth + 1) }
        if choice & 8 != 0 { dynamicMembers(&input, depth) }
    }

    private mutating func dynamicMembers(_ input: inout FuzzInput, _ depth: Int) {
        for _ in 0..<input.byte() % 4 {
            string3(&input)
            value3(&input, depth: depth + 1)
        }
        u29(1)
    }

    private mutating func string3(_ input: inout FuzzInput) {
        guard !reference(&input) else { return }
        bytes3(text(&input), &input)
    }

    private mutating func bytes3(_ bytes: [UInt8], _ input: inout FuzzInput) {
        u29((input.isTrue(oneIn: 32) ? 0xFFF_FFFF : UInt32(bytes.count)) << 1 | 1)
        writer.write(bytes)
    }

    private mutating func reference(_ input: inout FuzzInput) -> Bool {
        let choice = input.byte()
        guard choice >= 200 else { return false }
        u29(UInt32(choice & 7) << 1)
        return true
    }

    private mutating func u29(_ value: UInt32) {
        if value < 0x80 {
            writer.write(UInt8(value))
        } else if value < 0x4000 {
            writer.write([UInt8(value >> 7 | 0x80), UInt8(value & 0x7F)])
        } else if value < 0x20_0000 {
            writer.write([
                UInt8(value >> 14 | 0x80), UInt8(value >> 7 & 0x7F | 0x80), UInt8(value & 0x7F),
            ])
        } else {
            writer.write([
                UInt8(value >> 22 & 0x7F | 0x80), UInt8(value >> 15 & 0x7F | 0x80),
                UInt8(value >> 8 & 0x7F | 0x80), UInt8(value & 0xFF),
            ])
        }
    }
}
