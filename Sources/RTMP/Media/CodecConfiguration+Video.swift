extension CodecConfiguration {
    /// HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, 8.3.3.1) and its first sequence parameter set.
    init(hevc record: UnsafeRawBufferPointer) {
        self.init(.video, codec: "HEVC")
        var cursor = ByteCursor(record)
        guard cursor.skip(1), let profile = cursor.readUInt8(), cursor.skip(10),
            let level = cursor.readUInt8()
        else { return }
        let tier = profile & 0x20 != 0 ? " High tier" : ""
        self.profile = Self.hevcProfile(profile & 0x1F) + tier
        self.level = Self.decimalLevel(Int(level), per: 30)
        guard cursor.skip(3), let chroma = cursor.readUInt8(), let depth = cursor.readUInt8() else {
            return
        }
        self.chroma = Self.chromaName(Int(chroma & 3))
        bitDepth = Int(depth & 7) + 8
        // Chroma depth, frame rate, layers and NAL length; then arrays of units by their type.
        guard cursor.skip(4), let arrays = cursor.readUInt8() else { return }
        let sequenceParameterSet: UInt8 = 33
        for _ in 0..<arrays {
            guard let type = cursor.readUInt8(), let count = cursor.readUInt16() else { return }
            for _ in 0..<count {
                guard let length = cursor.readUInt16(), let unit = cursor.read(Int(length)) else {
                    return
                }
                if type & 0x3F == sequenceParameterSet, unit.count > 2 {
                    var bits = BitCursor(
                        unescaping: UnsafeRawBufferPointer(rebasing: unit[2...]))
                    _ = readHEVCSize(&bits)
                    return
                }
            }
        }
    }

    /// H.265, 7.3.2.2.1, up to the conformance window.
    private mutating func readHEVCSize(_ bits: inout BitCursor) -> Void? {
        guard bits.skip(4) != nil, let subLayers = bits.read(3), bits.skip(1) != nil,
            // profile_tier_level: general profile and level, then flags and values per sub-layer.
            bits.skip(88 + 8) != nil
        else { return nil }
        var subLayerBits = 0
        for _ in 0..<subLayers {
            guard let flags = bits.read(2) else { return nil }
            subLayerBits += (flags & 2 != 0 ? 88 : 0) + (flags & 1 != 0 ? 8 : 0)
        }
        if subLayers > 0 { subLayerBits += 2 * (8 - subLayers) }
        guard bits.skip(subLayerBits) != nil, bits.readExpGolomb() != nil,
            let chroma = bits.readExpGolomb(), chroma <= 3
        else { return nil }
        if chroma == 3, bits.skip(1) == nil { return nil }
        guard var width = bits.readExpGolomb(), var height = bits.readExpGolomb(),
            let isCropped = bits.readFlag()
        else { return nil }
        if isCropped {
            guard let left = bits.readExpGolomb(), let right = bits.readExpGolomb(),
                let top = bits.readExpGolomb(), let bottom = bits.readExpGolomb()
            else { return nil }
            width -= (left + right) * (chroma == 1 || chroma == 2 ? 2 : 1)
            height -= (top + bottom) * (chroma == 1 ? 2 : 1)
        }
        setSize(width: width, height: height)
        return ()
    }

    private static func hevcProfile(_ profile: UInt8) -> String {
        switch profile {
        case 1: "Main"
        case 2: "Main 10"
        case 3: "Main Still Picture"
        case 4: "Range Extensions"
        default: "profile \(profile)"
        }
    }

    /// AV1CodecConfigurationRecord (AV1 in ISO base media, 2.3.3) and its sequence header OBU.
    init(av1 record: UnsafeRawBufferPointer) {
        self.init(.video, codec: "AV1")
        let markerAndVersion: UInt8 = 0x81
        guard record.count >= 4, record[0] == markerAndVersion else { return }
        profile = ["Main", "High", "Professional"][safely: Int(record[1] >> 5)]
        let levelIndex = Int(record[1] & 0x1F)
        level = levelIndex < 24 ? "\(2 + levelIndex >> 2).\(levelIndex & 3)" : nil
        let flags = record[2]
        bitDepth = flags & 0x40 == 0 ? 8 : flags & 0x20 == 0 ? 10 : 12
        chroma =
            switch flags >> 2 & 7 {
            case 0b100...0b111: "4:0:0"
            case 0b011: "4:2:0"
            case 0b010: "4:2:2"
            case 0b000: "4:4:4"
            default: nil
            }
        var bits = BitCursor(Array(record[4...]))
        _ = readAV1Size(&bits)
    }

    /// AV1 specification, 5.3.2 and 5.5.1, up to the frame size.
    private mutating func readAV1Size(_ bits: inout BitCursor) -> Void? {
        let sequenceHeader = 1
        guard bits.skip(1) != nil, bits.read(4) == sequenceHeader,
            let hasExtension = bits.read(1), let hasSize = bits.readFlag(),
            bits.skip(1 + 8 * hasExtension) != nil
        else { return nil }
        if hasSize {
            // leb128: the last byte has no top bit.
            var length = 0
            repeat {
                guard length < 8, let more = bits.readFlag(), bits.skip(7) != nil else {
                    return nil
                }
                length = more ? length + 1 : 8
            } while length < 8
        }
        guard bits.skip(3 + 1) != nil, let isReduced = bits.readFlag() else { return nil }
        let operatingPoints: Void? =
            isReduced ? bits.skip(5) : Self.skipAV1OperatingPoints(&bits)
        guard operatingPoints != nil, let widthBits = bits.read(4), let heightBits = bits.read(4),
            let width = bits.read(widthBits + 1), let height = bits.read(heightBits + 1)
        else { return nil }
        setSize(width: width + 1, height: height + 1)
        return ()
    }

    private static func skipAV1OperatingPoints(_ bits: inout BitCursor) -> Void? {
        guard let hasTiming = bits.readFlag() else { return nil }
        var delayBits: Int?
        if hasTiming {
            guard bits.skip(64) != nil, let isEqual = bits.readFlag() else { return nil }
            if isEqual, bits.readExpGolomb() == nil { return nil }
            guard let hasDecoderModel = bits.readFlag() else { return nil }
            if hasDecoderModel {
                guard let width = bits.read(5), bits.skip(32 + 5 + 5) != nil else { return nil }
                delayBits = width + 1
            }
        }
        guard let hasDisplayDelay = bits.readFlag(), let points = bits.read(5) else { return nil }
        for _ in 0...points {
            guard bits.skip(12) != nil, let level = bits.read(5),
                bits.skip(level > 7 ? 1 : 0) != nil
            else { return nil }
            if let delayBits {
                guard let isPresent = bits.readFlag(),
                    bits.skip(isPresent ? 2 * delayBits + 1 : 0) != nil
                else { return nil }
            }
            if hasDisplayDelay {
                guard let isPresent = bits.readFlag(), bits.skip(isPresent ? 4 : 0) != nil else {
                    return nil
                }
            }
        }
        return ()
    }

    /// VPCodecConfigurationRecord (VP codec in ISO base media, 2.2).
    init(vp record: UnsafeRawBufferPointer, codec: String) {
        self.init(.video, codec: codec)
        var cursor = ByteCursor(record)
        // Some write the box's version and flags in front.
        if record.count >= 12, record[0] == 1, record[1...3].allSatisfy({ $0 == 0 }) {
            _ = cursor.skip(4)
        }
        guard let profile = cursor.readUInt8(), let level = cursor.readUInt8(),
            let format = cursor.readUInt8()
        else { return }
        self.profile = "Profile \(profile)"
        if level > 0 { self.level = Self.decimalLevel(Int(level), per: 10) }
        bitDepth = Int(format >> 4)
        chroma = ["4:2:0", "4:2:0", "4:2:2", "4:4:4"][safely: Int(format >> 1 & 7)]
    }
}
