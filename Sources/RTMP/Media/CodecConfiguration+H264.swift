extension CodecConfiguration {
    /// AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1) and its first sequence parameter set.
    init(avc record: UnsafeRawBufferPointer) {
        self.init(.video, codec: "H.264")
        var cursor = ByteCursor(record)
        guard cursor.skip(1), let profile = cursor.readUInt8(),
            let constraints = cursor.readUInt8(), let level = cursor.readUInt8()
        else { return }
        self.profile = Self.h264Profile(profile, constraints: constraints)
        self.level = Self.h264Level(level, profile: profile, constraints: constraints)
        guard cursor.skip(1), let sets = cursor.readUInt8(), sets & 0x1F > 0,
            let length = cursor.readUInt16(), let unit = cursor.read(Int(length)), unit.count > 4
        else { return }
        var bits = BitCursor(unescaping: UnsafeRawBufferPointer(rebasing: unit[1...]))
        _ = readH264SequenceParameterSet(&bits)
    }

    /// H.264, 7.3.2.1.1, up to the cropping; nil where it stops early.
    private mutating func readH264SequenceParameterSet(_ bits: inout BitCursor) -> Void? {
        guard let profile = bits.read(8), bits.skip(16) != nil, bits.readExpGolomb() != nil else {
            return nil
        }
        var chroma = 1
        var separatePlanes = false
        bitDepth = 8
        if Self.h264HighProfiles.contains(profile) {
            guard let format = bits.readExpGolomb(), format <= 3 else { return nil }
            chroma = format
            if format == 3 {
                guard let flag = bits.readFlag() else { return nil }
                separatePlanes = flag
            }
            guard let luma = bits.readExpGolomb(), luma <= 6, bits.readExpGolomb() != nil,
                bits.skip(1) != nil, let hasScaling = bits.readFlag()
            else { return nil }
            bitDepth = 8 + luma
            if hasScaling {
                for index in 0..<(format == 3 ? 12 : 8) {
                    guard let isPresent = bits.readFlag() else { return nil }
                    if isPresent {
                        guard Self.skipScalingList(&bits, size: index < 6 ? 16 : 64) != nil else {
                            return nil
                        }
                    }
                }
            }
        }
        self.chroma = Self.chromaName(chroma)
        guard bits.readExpGolomb() != nil, Self.skipPictureOrder(&bits) != nil,
            bits.readExpGolomb() != nil, bits.skip(1) != nil,
            let widthInBlocks = bits.readExpGolomb(), let heightInUnits = bits.readExpGolomb(),
            let framesOnly = bits.read(1)
        else { return nil }
        if framesOnly == 0, bits.skip(1) == nil { return nil }
        guard bits.skip(1) != nil, let isCropped = bits.readFlag() else { return nil }
        // Field pictures have half the height in map units.
        let fields = 2 - framesOnly
        var size = (
            width: (widthInBlocks + 1) * 16, height: (heightInUnits + 1) * 16 * fields
        )
        if isCropped {
            guard let left = bits.readExpGolomb(), let right = bits.readExpGolomb(),
                let top = bits.readExpGolomb(), let bottom = bits.readExpGolomb()
            else { return nil }
            let isSubsampled = !separatePlanes && chroma != 0
            size.width -= (left + right) * (isSubsampled && chroma < 3 ? 2 : 1)
            size.height -= (top + bottom) * (isSubsampled && chroma == 1 ? 2 : 1) * fields
        }
        setSize(width: size.width, height: size.height)
        return ()
    }

    private static func skipScalingList(_ bits: inout BitCursor, size: Int) -> Void? {
        var last = 8
        for _ in 0..<size {
            guard let delta = bits.readSignedExpGolomb() else { return nil }
            last = (last + delta) & 0xFF
            // The rest repeats what was last.
            if last == 0 { return () }
        }
        return ()
    }

    private static func skipPictureOrder(_ bits: inout BitCursor) -> Void? {
        switch bits.readExpGolomb() {
        case 0:
            return bits.readExpGolomb().map { _ in () }
        case 1:
            guard bits.skip(1) != nil, bits.readExpGolomb() != nil, bits.readExpGolomb() != nil,
                let count = bits.readExpGolomb(), count <= 255
            else { return nil }
            for _ in 0..<count {
                guard bits.readExpGolomb() != nil else { return nil }
            }
            return ()
        case 2:
            return ()
        default:
            return nil
        }
    }

    /// Profiles whose parameter sets say chroma and bit depth.
    private static let h264HighProfiles: Set<Int> = [
        100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
    ]

    private static func h264Profile(_ profile: UInt8, constraints: UInt8) -> String {
        switch profile {
        case 66: constraints & 0x40 != 0 ? "Constrained Baseline" : "Baseline"
        case 77: "Main"
        case 88: "Extended"
        case 100: "High"
        case 110: "High 10"
        case 122: "High 4:2:2"
        case 244: "High 4:4:4 Predictive"
        case 44: "CAVLC 4:4:4 Intra"
        default: "profile \(profile)"
        }
    }

    private static func h264Level(_ level: UInt8, profile: UInt8, constraints: UInt8) -> String {
        // Level 1b is 11 with a flag in the old profiles, 9 in the high ones.
        let isOld = profile == 66 || profile == 77 || profile == 88
        if level == 9 || isOld && level == 11 && constraints & 0x10 != 0 { return "1b" }
        return decimalLevel(Int(level), per: 10)
    }

    /// 41 per 10 is `4.1`.
    static func decimalLevel(_ level: Int, per unit: Int) -> String {
        let tenths = level * 10 / unit
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    static func chromaName(_ format: Int) -> String? {
        ["4:0:0", "4:2:0", "4:2:2", "4:4:4"][safely: format]
    }

    /// Keeps a size that can be one.
    mutating func setSize(width: Int, height: Int) {
        guard 1...65_536 ~= width, 1...65_536 ~= height else { return }
        self.width = width
        self.height = height
    }
}
