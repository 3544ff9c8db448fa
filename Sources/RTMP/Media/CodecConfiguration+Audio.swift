extension CodecConfiguration {
    /// AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1), spectral band replication (SBR) and parametric
    /// stereo (PS) in both ways of saying them.
    init(aac configuration: UnsafeRawBufferPointer) {
        self.init(.audio, codec: "AAC")
        var bits = BitCursor(Array(configuration.prefix(64)))
        guard var object = Self.readAudioObject(&bits), let rate = Self.readSampleRate(&bits),
            let channelConfiguration = bits.read(4)
        else { return }
        var hasSBR = object == Self.sbr || object == Self.ps
        var hasPS = object == Self.ps
        var outputRate: Int? = rate
        if hasSBR {
            // Said outright: the object in front, the codec behind.
            guard let extended = Self.readSampleRate(&bits),
                let core = Self.readAudioObject(&bits)
            else { return }
            outputRate = extended
            object = core
        } else if let extended = Self.readHiddenSBR(&bits, object: object) {
            hasSBR = true
            hasPS = extended.hasPS
            outputRate = extended.rate
        }
        codec = Self.aacName(object, hasSBR: hasSBR, hasPS: hasPS)
        sampleRate = outputRate
        channels = [nil, 1, 2, 3, 4, 5, 6, 8][safely: channelConfiguration] ?? nil
        if hasPS, channels == 1 { channels = 2 }
    }

    private static let sbr = 5
    private static let ps = 29

    /// Said so that old decoders do not see it: after the configuration of the core, 1.6.5.
    private static func readHiddenSBR(
        _ bits: inout BitCursor, object: Int
    ) -> (rate: Int, hasPS: Bool)? {
        // GASpecificConfig of a plain AAC object: frame length, core coder, extension.
        guard [1, 2, 3, 4].contains(object), bits.skip(1) != nil,
            let dependsOnCore = bits.readFlag(), bits.skip(dependsOnCore ? 14 : 0) != nil,
            bits.skip(1) != nil, bits.read(11) == 0x2B7, readAudioObject(&bits) == sbr,
            bits.readFlag() == true, let rate = readSampleRate(&bits)
        else { return nil }
        let hasPS = bits.read(11) == 0x548 && bits.readFlag() == true
        return (rate, hasPS)
    }

    private static func readAudioObject(_ bits: inout BitCursor) -> Int? {
        guard let short = bits.read(5) else { return nil }
        return short == 31 ? bits.read(6).map { 32 + $0 } : short
    }

    private static func readSampleRate(_ bits: inout BitCursor) -> Int? {
        guard let index = bits.read(4) else { return nil }
        return index == 15 ? bits.read(24) : aacSampleRates[safely: index]
    }

    private static let aacSampleRates = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
        8_000, 7_350,
    ]

    private static func aacName(_ object: Int, hasSBR: Bool, hasPS: Bool) -> String {
        switch object {
        case 2 where hasPS: "HE-AACv2"
        case 2 where hasSBR: "HE-AAC"
        case 1: "AAC Main"
        case 2: "AAC-LC"
        case 3: "AAC SSR"
        case 4: "AAC LTP"
        case 23: "AAC-LD"
        case 34: "MP3"
        case 39: "AAC-ELD"
        case 42: "xHE-AAC"
        default: "AAC object \(object)"
        }
    }

    /// OpusHead (RFC 7845, 5.1); may be absent altogether. Opus always decodes at 48 kHz.
    init(opus head: UnsafeRawBufferPointer) {
        self.init(.audio, codec: "Opus")
        sampleRate = 48_000
        guard head.count >= 19, head.prefix(8).elementsEqual("OpusHead".utf8) else { return }
        channels = Int(head[9])
    }

    /// `fLaC` and STREAMINFO (RFC 9639, 8.2). ffmpeg sends STREAMINFO alone, without its header.
    init(flac blocks: UnsafeRawBufferPointer) {
        self.init(.audio, codec: "FLAC")
        var cursor = ByteCursor(blocks)
        let streamInfoLength = 34
        if blocks.count >= 4, blocks.prefix(4).elementsEqual("fLaC".utf8) {
            _ = cursor.skip(4 + 4)
        } else if blocks.count != streamInfoLength {
            return
        }
        // The block and frame sizes, then 20, 3 and 5 bits.
        guard cursor.skip(10), let packed = cursor.read(4) else { return }
        var bits = BitCursor(Array(packed))
        sampleRate = bits.read(20).flatMap { $0 > 0 ? $0 : nil }
        channels = bits.read(3).map { $0 + 1 }
        bitDepth = bits.read(5).map { $0 + 1 }
    }

    /// The MPEG audio frame header where there is one; else what the RTMP header claims, which has
    /// no 32 and 48 kHz.
    init(mp3 frame: UnsafeRawBufferPointer, legacyHeader: UInt8?) {
        self.init(soundFormat: legacyHeader.map { $0 >> 4 } ?? 2, legacyHeader: legacyHeader)
        codec = "MP3"
        var bits = BitCursor(Array(frame.prefix(4)))
        let sync = 0x7FF
        let reservedVersion = 1
        guard bits.read(11) == sync, let version = bits.read(2), version != reservedVersion,
            bits.skip(2 + 1 + 4) != nil, let rateIndex = bits.read(2),
            let rate = [44_100, 48_000, 32_000][safely: rateIndex],
            bits.skip(2) != nil, let mode = bits.read(2)
        else { return }
        // Version 3 is MPEG-1, 2 is MPEG-2 at half its rates, 0 is MPEG-2.5 at a quarter.
        sampleRate = version == 3 ? rate : version == 2 ? rate / 2 : rate / 4
        channels = mode == 3 ? 1 : 2
    }

    /// A codec without a record, by its number in the legacy header.
    init(soundFormat: UInt8, legacyHeader: UInt8?) {
        let name =
            switch soundFormat {
            case 0, 3: "PCM"
            case 1: "ADPCM"
            case 2, 14: "MP3"
            case 4, 5, 6: "Nellymoser"
            case 7: "A-law"
            case 8: "µ-law"
            case 11: "Speex"
            default: "sound format \(soundFormat)"
            }
        self.init(.audio, codec: name)
        guard let legacyHeader else { return }
        let rate = [5_512, 11_025, 22_050, 44_100][Int(legacyHeader >> 2 & 3)]
        let fixedRates: [UInt8: Int] = [
            4: 16_000, 5: 8_000, 7: 8_000, 8: 8_000, 11: 16_000, 14: 8_000,
        ]
        sampleRate = fixedRates[soundFormat] ?? rate
        channels = legacyHeader & 1 == 1 ? 2 : 1
        if soundFormat == 0 || soundFormat == 3 { bitDepth = legacyHeader & 2 != 0 ? 16 : 8 }
    }
}
