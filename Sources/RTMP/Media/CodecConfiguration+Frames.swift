// Facts that stand in the frames themselves, of codecs whose record does not say them.
extension CodecConfiguration {
    /// The uncompressed header of a VP9 keyframe (VP9 bitstream specification, 6.2): its record has no
    /// size.
    init?(vp9 frame: UnsafeRawBufferPointer) {
        self.init(.video, codec: "VP9")
        var bits = BitCursor(Array(frame.prefix(16)))
        let marker = 2
        let keyFrame = 0
        let syncCode = 0x49_8342
        guard bits.read(2) == marker, let low = bits.read(1), let high = bits.read(1) else {
            return nil
        }
        let profile = high << 1 | low
        guard bits.skip(profile == 3 ? 1 : 0) != nil,
            // An existing frame is shown again: there is no header then.
            bits.readFlag() == false, bits.read(1) == keyFrame, bits.skip(2) != nil,
            bits.read(24) == syncCode
        else { return nil }
        var depth = 8
        if profile >= 2 {
            guard let isTwelve = bits.readFlag() else { return nil }
            depth = isTwelve ? 12 : 10
        }
        guard let chroma = Self.readVP9Chroma(&bits, profile: profile),
            let width = bits.read(16), let height = bits.read(16)
        else { return nil }
        self.profile = "Profile \(profile)"
        bitDepth = depth
        self.chroma = chroma
        setSize(width: width + 1, height: height + 1)
    }

    /// The rest of color_config. The odd profiles say how they sample, the even ones are 4:2:0.
    private static func readVP9Chroma(_ bits: inout BitCursor, profile: Int) -> String? {
        let rgb = 7
        let isOdd = profile & 1 == 1
        guard let space = bits.read(3) else { return nil }
        if space == rgb {
            return isOdd && bits.skip(1) != nil ? "4:4:4" : nil
        }
        guard bits.skip(1) != nil else { return nil }
        guard isOdd else { return "4:2:0" }
        guard let horizontal = bits.read(1), let vertical = bits.read(1), bits.skip(1) != nil else {
            return nil
        }
        switch (horizontal, vertical) {
        case (1, 1): return "4:2:0"
        case (1, 0): return "4:2:2"
        case (0, 1): return "4:4:0"
        default: return "4:4:4"
        }
    }

    /// The frame header of a VP8 keyframe (RFC 6386, 9.1).
    init?(vp8 frame: UnsafeRawBufferPointer) {
        self.init(.video, codec: "VP8")
        let startCode: [UInt8] = [0x9D, 0x01, 0x2A]
        guard frame.count >= 10, frame[0] & 1 == 0, frame[3..<6].elementsEqual(startCode) else {
            return nil
        }
        profile = "Profile \(frame[0] >> 1 & 7)"
        bitDepth = 8
        chroma = "4:2:0"
        // Two bits of scaling above fourteen of size, the low byte first.
        let width = Int(frame[7] & 0x3F) << 8 | Int(frame[6])
        let height = Int(frame[9] & 0x3F) << 8 | Int(frame[8])
        setSize(width: width, height: height)
    }

    /// The syncframe of AC-3 (ATSC A/52, 5.3 and 5.4) or E-AC-3 (annex E, 2.2), which have no record.
    ///
    /// Nothing but the name where the frame does not begin with its sync word.
    init(ac3 frame: UnsafeRawBufferPointer, codec: String) {
        self.init(.audio, codec: codec)
        var bits = BitCursor(Array(frame.prefix(16)))
        let syncWord = 0x0B77
        guard bits.read(16) == syncWord else { return }
        // Where the version stands is the same in both, and the two forms differ before it.
        let version = frame.count > 5 ? Int(frame[5] >> 3) : 0
        _ = version > 10 ? readEnhancedAC3(&bits) : readAC3(&bits, version: version)
    }

    private mutating func readAC3(_ bits: inout BitCursor, version: Int) -> Void? {
        // Checksum; then frame size; version and service.
        guard bits.skip(16) != nil, let rateIndex = bits.read(2), bits.skip(6 + 5 + 3) != nil,
            let mode = bits.read(3)
        else { return nil }
        // Mix levels: of a centre, of surrounds, of Dolby Surround in stereo.
        let hasCentre = mode & 1 == 1 && mode != 1
        let hasSurround = mode & 4 != 0
        guard
            bits.skip((hasCentre ? 2 : 0) + (hasSurround ? 2 : 0) + (mode == 2 ? 2 : 0)) != nil,
            let hasLowFrequency = bits.read(1)
        else { return nil }
        // Versions 9 and 10 run at a half and a quarter of the rate.
        sampleRate = Self.ac3Rates[safely: rateIndex].map { $0 >> max(version - 8, 0) }
        channels = Self.ac3Channels[mode] + hasLowFrequency
        return ()
    }

    private mutating func readEnhancedAC3(_ bits: inout BitCursor) -> Void? {
        // Kind, substream and size of the frame.
        guard bits.skip(2 + 3 + 11) != nil, let rateIndex = bits.read(2),
            let halfRateIndex = bits.read(2), let mode = bits.read(3),
            let hasLowFrequency = bits.read(1)
        else { return nil }
        let isHalf = rateIndex == 3
        sampleRate =
            isHalf
            ? Self.ac3Rates[safely: halfRateIndex].map { $0 / 2 } : Self.ac3Rates[safely: rateIndex]
        channels = Self.ac3Channels[mode] + hasLowFrequency
        return ()
    }

    private static let ac3Rates = [48_000, 44_100, 32_000]
    /// By audio coding mode: dual mono, mono, stereo, then with centre and surrounds.
    private static let ac3Channels = [2, 1, 2, 3, 3, 4, 4, 5]
}
