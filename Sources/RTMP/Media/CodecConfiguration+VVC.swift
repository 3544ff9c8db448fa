extension CodecConfiguration {
    /// VvcDecoderConfigurationRecord (ISO/IEC 14496-15, 11.2.4.2.2). It says the size itself, so no
    /// parameter set is looked into.
    init(vvc record: UnsafeRawBufferPointer) {
        self.init(.video, codec: "VVC")
        _ = readVVC(Self.withoutBoxVersion(record))
    }

    private mutating func readVVC(_ record: UnsafeRawBufferPointer) -> Void? {
        // The constraints may be 63 bytes long, the sub-profiles 255 times four.
        var bits = BitCursor(Array(record.prefix(2048)))
        guard bits.skip(5 + 2) != nil, bits.readFlag() == true,
            // Output layer set; layers; frame rate.
            bits.skip(9) != nil, let subLayers = bits.read(3), bits.skip(2) != nil,
            let chroma = bits.read(2), let depth = bits.read(3), bits.skip(5) != nil,
            bits.skip(2) != nil, let constraintBytes = bits.read(6), constraintBytes > 0,
            let profile = bits.read(7), let isHighTier = bits.readFlag(), let level = bits.read(8),
            // Two flags come out of the constraints' first byte.
            bits.skip(constraintBytes * 8) != nil
        else { return nil }
        self.profile = Self.vvcProfile(profile) + (isHighTier ? " High tier" : "")
        // Sixteen a level, three a step between.
        self.level = "\(level / 16)" + (level % 16 == 0 ? "" : ".\(level % 16 / 3)")
        self.chroma = Self.chromaName(chroma)
        bitDepth = depth + 8
        if subLayers > 1 {
            var present = 0
            for _ in 0..<subLayers - 1 {
                guard let hasLevel = bits.read(1) else { return nil }
                present += hasLevel
            }
            guard bits.skip(9 - subLayers + 8 * present) != nil else { return nil }
        }
        guard let subProfiles = bits.read(8), bits.skip(32 * subProfiles) != nil,
            let width = bits.read(16), let height = bits.read(16)
        else { return nil }
        setSize(width: width, height: height)
        return ()
    }

    private static func vvcProfile(_ profile: Int) -> String {
        switch profile {
        case 1: "Main 10"
        case 2: "Main 12"
        case 10: "Main 12 Intra"
        case 17: "Multilayer Main 10"
        case 33: "Main 10 4:4:4"
        case 34: "Main 12 4:4:4"
        case 35: "Main 16 4:4:4"
        case 49: "Multilayer Main 10 4:4:4"
        case 65: "Main 10 Still Picture"
        case 97: "Main 10 4:4:4 Still Picture"
        default: "profile \(profile)"
        }
    }

    /// A record without the box's version and flags, which some write in front.
    static func withoutBoxVersion(_ record: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard record.count >= 4, record.prefix(4).allSatisfy({ $0 == 0 }) else { return record }
        return UnsafeRawBufferPointer(rebasing: record[4...])
    }
}
