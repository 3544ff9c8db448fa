import RTMP
import TestSupport
import Testing

/// Configuration records as x264, x265, libaom, SVT-AV1, libvpx, FFmpeg's AAC, libopus, FLAC and
/// LAME wrote them, and what is known of the streams they come from.
@Suite struct CodecConfigurationTests {
    static let h264High =
        "01640029ffe1001b67640029acd940780227e5c044000003000400000300283c60c65801000668ebe3cb22c0fdf8f8"
        + "00"
    static let h264High10 =
        "016e001fffe1001a676e001fa6cd9405005bb0110000030001000003000a0f18319601000668ebe3cb22c0fdfafa00"
    static let h264High444 =
        "01f40016ffe1001967f40016919b281687bdf808800000030080000005078b16cb01000668ebe3c44844fff8f800"
    static let h264Interlaced =
        "014d401effe10018674d401eeca05a126c0440000003004000000c87c50a658001000568fba3cb20"
    static let h264Baseline =
        "0142c00bffe100186742c00bd90141fb0110000003001000000300a0f142a48001000568cb83cb20"
    static let hevcMain10 =
        "01022000000090000000000078f000fcfdfafa00000f03200001001840010c01ffff0220000003009000"
        + "00030000030078959809210001002d420101022000000300900000030000030078a003c08010e754d965"
        + "66924caf016808000003000800000300284022000100074401c172b46240"
    static let av1Main10 = "81014c000a0b0000000cc5036936be5010"
    static let av1Main = "81010c000a0b0000000cc4ff6700be0010"
    static let vp9 = "010000000115870202000000"
    static let flac =
        "664c6143000000221200120000025800051b0bb802f00000bb80a316b305f13b13fe767b3d0d068f95bc"
    static let opus = "4f707573486561640102380180bb0000000000"

    @Test(arguments: [
        (h264High, "High", "4.1", 1920, 1080, 8, "4:2:0"),
        (h264High10, "High 10", "3.1", 1280, 720, 10, "4:2:0"),
        (h264High444, "High 4:4:4 Predictive", "2.2", 718, 480, 8, "4:4:4"),
        (h264Interlaced, "Main", "3", 720, 576, 8, "4:2:0"),
        (h264Baseline, "Constrained Baseline", "1.1", 320, 240, 8, "4:2:0"),
    ])
    func `H.264 tells profile, level, size, depth and chroma`(
        record: String, profile: String, level: String, width: Int, height: Int, depth: Int,
        chroma: String
    ) throws {
        for header in ["17 00 000000", "90 61766331", "96 00 61766331 00"] {
            let found = try #require(CodecConfiguration(.video, header + record))
            #expect(found.kind == .video && found.codec == "H.264")
            #expect(found.profile == profile && found.level == level)
            #expect(found.width == width && found.height == height)
            #expect(found.bitDepth == depth && found.chroma == chroma)
        }
    }

    @Test func `level 1b is written in two ways`() throws {
        let old = try #require(CodecConfiguration(.video, "17 00 000000 01 42 10 0b ff e0"))
        let high = try #require(CodecConfiguration(.video, "17 00 000000 01 64 00 09 ff e0"))
        #expect(old.level == "1b" && high.level == "1b")
    }

    @Test(arguments: ["1c 00 000000", "90 68766331"])
    func `HEVC tells profile, level, size, depth and chroma`(header: String) throws {
        let found = try #require(CodecConfiguration(.video, header + Self.hevcMain10))
        #expect(found.codec == "HEVC" && found.profile == "Main 10" && found.level == "4")
        #expect(found.width == 1918 && found.height == 1078)
        #expect(found.bitDepth == 10 && found.chroma == "4:2:0")
    }

    @Test(arguments: [(av1Main10, 642, 362, 10), (av1Main, 640, 360, 8)])
    func `AV1 tells profile, level, size and depth`(
        record: String, width: Int, height: Int, depth: Int
    ) throws {
        let found = try #require(CodecConfiguration(.video, "90 61763031" + record))
        #expect(found.codec == "AV1" && found.profile == "Main" && found.level == "2.1")
        #expect(found.width == width && found.height == height)
        #expect(found.bitDepth == depth && found.chroma == "4:2:0")
    }

    /// AV1 specification, 5.5.1: what stands before the size where a stream tells its timing.
    @Test func `AV1 tells its size behind timing, decoder model and operating points`() throws {
        let bits = [
            "000 0 0",  // profile, still picture, reduced header
            "1", zeros(32), zeros(32), "1 1",  // timing: tick, time scale, equal interval, uvlc 0
            "1 00111", zeros(32), "00000 00000",  // decoder model: delays have eight bits
            "1 00001",  // display delay; two operating points
            zeros(12), "01000 0", "1", zeros(8 + 8 + 1), "1 0000",
            zeros(12), "00001", "0", "0",
            "1010 1001", "10011111111 1011001111",  // 1280 x 720
        ].joined().filter { $0 != " " }
        let header = stride(from: 0, to: bits.count, by: 8).map { start in
            let byte = bits.dropFirst(start).prefix(8)
            let value = (UInt8(byte, radix: 2) ?? 0) << UInt8(8 - byte.count)
            return (value < 16 ? "0" : "") + String(value, radix: 16)
        }.joined()
        let record = "81050c00 0a 20" + header
        let found = try #require(CodecConfiguration(.video, "90 61763031" + record))
        #expect(found.width == 1280 && found.height == 720)
    }

    private func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }

    @Test(arguments: [vp9, String(vp9.dropFirst(8))])
    func `VP9 tells profile, level, depth and chroma, with the box's version or without`(
        record: String
    ) throws {
        let found = try #require(CodecConfiguration(.video, "90 76703039" + record))
        #expect(found.codec == "VP9" && found.profile == "Profile 1" && found.level == "2.1")
        #expect(found.bitDepth == 8 && found.chroma == "4:4:4" && found.width == nil)
    }

    @Test(arguments: [
        ("1190", "AAC-LC", 48_000, 2), ("1190 56e500", "AAC-LC", 48_000, 2),
        ("1230 56e500", "AAC-LC", 44_100, 6), ("1210", "AAC-LC", 44_100, 2),
        // SBR said outright (24 to 48 kHz), with PS, and hidden behind the core's configuration.
        ("2b118800", "HE-AAC", 48_000, 2), ("eb098800", "HE-AACv2", 48_000, 2),
        ("131056e598", "HE-AAC", 48_000, 2), ("130856e59d4880", "HE-AACv2", 48_000, 2),
        // A rate written out, channel configuration 7, xHE-AAC.
        ("17 80 5d c0 20 00", "AAC-LC", 48_000, 4), ("11b8", "AAC-LC", 48_000, 8),
        ("f94640", "xHE-AAC", 48_000, 2),
    ])
    func `AAC tells its object, rate and channels`(
        configuration: String, codec: String, rate: Int, channels: Int
    ) throws {
        for header in ["af 00", "90 6d703461"] {
            let found = try #require(CodecConfiguration(.audio, header + configuration))
            #expect(found.kind == .audio && found.codec == codec)
            #expect(found.sampleRate == rate && found.channels == channels)
        }
    }

    @Test func `Opus and FLAC tell rate and channels`() throws {
        let opus = try #require(CodecConfiguration(.audio, "90 4f707573" + Self.opus))
        #expect(opus.codec == "Opus" && opus.sampleRate == 48_000 && opus.channels == 2)
        let bare = try #require(CodecConfiguration(.audio, "90 4f707573"))
        #expect(bare.codec == "Opus" && bare.channels == nil)
        // With its headers, and bare as ffmpeg 9.0 sends it.
        for record in [Self.flac, String(Self.flac.dropFirst(2 * (4 + 4)))] {
            let flac = try #require(CodecConfiguration(.audio, "90 664c6143" + record))
            #expect(flac.codec == "FLAC" && flac.sampleRate == 48_000)
            #expect(flac.channels == 2 && flac.bitDepth == 16)
        }
    }

    @Test(arguments: [
        // The frame header says 48 kHz, which the RTMP header cannot; then no frame header at all.
        ("2f fffb94c0", 48_000, 1), ("2f fffb9000", 44_100, 2), ("2e 0000", 44_100, 1),
        ("2b 0000", 22_050, 2), ("ef fff390 40", 22_050, 2), ("e2 0000", 8_000, 1),
        ("91 2e6d7033 fffb9000", 44_100, 2),
    ])
    func `MP3 tells rate and channels by its frame`(message: String, rate: Int, channels: Int)
        throws
    {
        let found = try #require(CodecConfiguration(.audio, message))
        #expect(found.codec == "MP3" && found.sampleRate == rate && found.channels == channels)
    }

    /// The first bytes of frames by FFmpeg's encoders: 48 and 44.1 kHz, mono, stereo, 5.1 and 5.0 at
    /// half of 32 kHz.
    @Test(arguments: [
        ("61632d33 0b77480d0c402f842bc1c77a", "AC-3", 48_000, 1),
        ("61632d33 0b77fe95144043e106f46370", "AC-3", 48_000, 2),
        ("61632d33 0b77b50b1e40ebf8403eff99", "AC-3", 48_000, 6),
        ("61632d33 0b771ef84c402f842be1877b", "AC-3", 44_100, 1),
        // Version 10 has a quarter of the rate.
        ("61632d33 0b77480d0c502f842bc1c77a", "AC-3", 12_000, 1),
        ("65632d33 0b77017f3487c00020842108", "E-AC-3", 48_000, 2),
        ("65632d33 0b77037f3f87c00020f82000", "E-AC-3", 48_000, 6),
        ("65632d33 0b77053fbe87c00000040000", "E-AC-3", 32_000, 5),
        ("65632d33 0b77053fee87c00000040000", "E-AC-3", 16_000, 5),
    ])
    func `AC-3 and E-AC-3 tell rate and channels by their frames`(
        frame: String, codec: String, rate: Int, channels: Int
    ) throws {
        let found = try #require(CodecConfiguration(.audio, "91" + frame))
        #expect(found.codec == codec && found.sampleRate == rate && found.channels == channels)
        for count in 9..<28 {
            let cut = try #require(
                CodecConfiguration(.audio, "91" + frame.prefix(count / 2 * 2 + 1)))
            #expect(cut.codec == codec && (cut.channels ?? channels) == channels)
        }
    }

    /// By libvvenc, 322 by 182: the record has the size before it is cropped. Without the box's version
    /// as in FLV, and with it.
    @Test(arguments: ["", "00000000"])
    func `VVC tells profile, level, size, depth and chroma`(version: String) throws {
        let record = "ff00655f010220800000014800b80000028f00010096007900ab0220800000802920"
        let found = try #require(CodecConfiguration(.video, "90 76766331" + version + record))
        #expect(found.codec == "VVC" && found.profile == "Main 10" && found.level == "2")
        #expect(found.width == 328 && found.height == 184)
        #expect(found.bitDepth == 10 && found.chroma == "4:2:0")
        // Level 4.1, high tier, sub-layers with levels of their own.
        let high = "ff00655f010343 80 f8 1122334455 01 deadbeef 0780 0438 0000 00"
        let other = try #require(CodecConfiguration(.video, "90 76766331" + version + high))
        #expect(other.profile == "Main 10 High tier" && other.level == "4.1")
        #expect(other.width == 1920 && other.height == 1080)
        // Without profile, tier and level there is nothing but the name.
        let bare = try #require(CodecConfiguration(.video, "90 76766331 fe 00"))
        #expect(bare.codec == "VVC" && bare.profile == nil && bare.width == nil)
    }

    /// The first bytes of keyframes by libvpx, 322 by 182.
    @Test(arguments: [
        ("76703039 824983420014100b560438241c184a00", "VP9", "Profile 0", 8, "4:2:0"),
        ("76703039 a2498342080282016ac0870483830940", "VP9", "Profile 1", 8, "4:2:2"),
        ("76703039 a2498342040282016ac0870483830940", "VP9", "Profile 1", 8, "4:4:0"),
        ("76703039 a2498342000282016ac0870483830940", "VP9", "Profile 1", 8, "4:4:4"),
        ("76703039 92498342000a0805ab011c120e0c2c00", "VP9", "Profile 2", 10, "4:2:0"),
        ("76703039 b124c1a14000a0805ab011c120e0c2e0", "VP9", "Profile 3", 12, "4:4:4"),
        ("76703039 a2498342e014100b560438241c184a00", "VP9", "Profile 1", 8, "4:4:4"),
        ("76703038 f067009d012a4201b600000708858588", "VP8", "Profile 0", 8, "4:2:0"),
    ])
    func `VP8 and VP9 tell their size by keyframes`(
        frame: String, codec: String, profile: String, depth: Int, chroma: String
    ) throws {
        let found = try #require(CodecConfiguration(.video, "91" + frame))
        #expect(found.codec == codec && found.profile == profile)
        #expect(found.width == 322 && found.height == 182)
        #expect(found.bitDepth == depth && found.chroma == chroma)
        // Inter frames say nothing, nor does half a header.
        #expect(CodecConfiguration(.video, "a1" + frame) == nil)
        #expect(CodecConfiguration(.video, "91" + frame.prefix(9 + 10)) == nil)
    }

    @Test func `every track of a multitrack message is told`() throws {
        let message = try #require(
            MediaMessage(
                .audio,
                "95 20 6d703461 00 000002 1190 664c6143 02 000022"
                    + Self.flac.dropFirst(2 * (4 + 4))))
        let found = CodecConfiguration.all(in: message)
        #expect(found.map(\.track) == [0, 2])
        #expect(found.map(\.1.codec) == ["AAC-LC", "FLAC"])
        #expect(found.map(\.1.sampleRate) == [48_000, 48_000])
    }

    @Test(arguments: [
        ("b2 00", "Speex"), ("72 00", "A-law"), ("82 00", "µ-law"), ("52 00", "Nellymoser"),
        ("3f 00", "PCM"), ("91 61632d33 0b77", "AC-3"), ("91 65632d33 0b77", "E-AC-3"),
        // As ffmpeg 9.0 begins.
        ("90 61632d33", "AC-3"), ("90 65632d33", "E-AC-3"),
    ])
    func `audio without a record has its name`(message: String, codec: String) throws {
        #expect(try #require(CodecConfiguration(.audio, message)).codec == codec)
    }

    @Test(arguments: [
        ("12 00 00", "H.263"), ("14 00 00", "VP6"), ("90 76766331 00", "VVC"),
        ("90 76703038 00", "VP8"), ("90 78780a78 00", "xx?x"),
    ])
    func `video has its name`(message: String, codec: String) throws {
        #expect(try #require(CodecConfiguration(.video, message)).codec == codec)
    }

    @Test func `frames of codecs with a record say nothing`() {
        #expect(CodecConfiguration(.video, "17 01 000000 65") == nil)
        #expect(CodecConfiguration(.video, "91 61763031 12 00") == nil)
        #expect(CodecConfiguration(.audio, "af 01 21") == nil)
        #expect(CodecConfiguration(.audio, "91 6d703461 21") == nil)
    }

    @Test func `a record cut anywhere still has its codec and no nonsense`() throws {
        let records = [
            ("90 61766331", Self.h264High444), ("90 68766331", Self.hevcMain10),
            ("90 61763031", Self.av1Main10), ("90 76703039", Self.vp9),
        ]
        for (header, record) in records {
            let whole = try #require(CodecConfiguration(.video, header + record))
            let digits = record.filter { !$0.isWhitespace }
            for count in 1..<digits.count / 2 {
                let cut = try #require(
                    CodecConfiguration(.video, header + String(digits.prefix(count * 2))))
                #expect(cut.codec == whole.codec)
                #expect(cut.width == nil || cut.width == whole.width)
                #expect(cut.height == nil || cut.height == whole.height)
            }
        }
    }

    @Test func `mutated records and payloads never trap`() {
        var random = SeededGenerator(seed: 1935)
        let video = [
            "17 00 000000" + Self.h264High, "17 00 000000" + Self.h264High444,
            "90 68766331" + Self.hevcMain10, "90 61763031" + Self.av1Main10,
            "96 20 61763031 00 000011" + Self.av1Main,
            "90 76766331 ff00655f010343 80 f8 1122334455 01 deadbeef 0780 0438 0000 00",
            "91 76703039 b124c1a14000a0805ab011c120e0c2e0",
            "91 76703038 f067009d012a4201b600000708858588",
        ].map(bytes)
        let audio = [
            "af 00 2b118800", "90 664c6143" + Self.flac, "2f fffb9000",
            "91 61632d33 0b77b50b1e40ebf8403eff99", "91 65632d33 0b77037f3f87c00020f82000",
        ].map(bytes)
        for round in 0..<20_000 {
            let isVideo = round % 2 == 0
            var mutated = (isVideo ? video : audio).randomElement(using: &random)!
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = mutated.indices.randomElement(using: &random)!
                mutated[index] = UInt8.random(in: 0...255, using: &random)
            }
            let message = Message(
                type: isVideo ? .video : .audio, messageStreamID: 1, timestamp: 0,
                payload: Payload(mutated))
            guard let media = MediaMessage.classify(message),
                !CodecConfiguration.all(in: media).isEmpty
            else { continue }
            for (_, found) in CodecConfiguration.all(in: media) {
                #expect(found.width.map { 1...65_536 ~= $0 } != false)
                #expect(found.height.map { 1...65_536 ~= $0 } != false)
            }
        }
    }
}

extension CodecConfiguration {
    init?(_ type: MessageType, _ text: String) {
        guard let message = MediaMessage(type, text),
            let first = CodecConfiguration.all(in: message).first
        else { return nil }
        self = first.1
    }
}
