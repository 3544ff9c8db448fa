import RTMP
import Testing

/// The recognisers of RTMP.md §6.1 and §6.2: T-MED-01 to T-MED-06 and T-MED-15.
@Suite struct MediaClassificationTests {
    // MARK: Legacy tags

    @Test func `an AAC sequence header is one from four bytes on (T-MED-01)`() throws {
        let header = try #require(MediaMessage(.audio, "af 00 12 10"))
        #expect(header.landmark == .sequenceHeader && !header.isFrame && header.isHeader)
        let short = try #require(MediaMessage(.audio, "af 00 12"))
        #expect(short.landmark == .none && !short.isFrame)
    }

    @Test(arguments: ["17", "1c"])
    func `a sequence header of AVC or HEVC is one from eleven bytes on (T-MED-01)`(
        first: String
    ) throws {
        let header = try #require(MediaMessage(.video, first + "00 000000 01 64 00 1f ff e1"))
        #expect(header.landmark == .sequenceHeader && !header.isFrame)
        let short = try #require(MediaMessage(.video, first + "00 000000 01 64 00 1f ff"))
        #expect(short.landmark == .none && !short.isFrame)
    }

    @Test(arguments: ["17 01 000000", "1c 01 000000", "1d 01 000000"])
    func `a keyframe needs its whole header (T-MED-01)`(bytes: String) throws {
        let keyframe = try #require(MediaMessage(.video, bytes))
        #expect(keyframe.isKeyframe && keyframe.isFrame && !keyframe.isHeader)
        let short = try #require(MediaMessage(.video, String(bytes.dropLast(2))))
        #expect(!short.isKeyframe && !short.isFrame)
    }

    @Test(arguments: [
        ("27 01 000000 41", false, true),
        ("37 01 000000 01", true, true),
        // End of sequence, and a command to the player.
        ("17 02 000000", false, false),
        ("57 01 000000 00", false, false),
        // Codecs without a packet type: Sorenson H.263, VP6.
        ("22 00 00", false, true),
        ("34 00 00", true, true),
        ("52 00", false, false),
    ])
    func `video that is no keyframe says whether it is a picture and whether anybody needs it`(
        bytes: String, isDisposable: Bool, isFrame: Bool
    ) throws {
        let message = try #require(MediaMessage(.video, bytes))
        #expect(message.landmark == .none)
        #expect(message.isDisposable == isDisposable && message.isFrame == isFrame)
    }

    @Test func `a keyframe of a codec without packet types is one by its frame type`() throws {
        #expect(try #require(MediaMessage(.video, "12 00 00")).isKeyframe)
        #expect(try #require(MediaMessage(.video, "14 00 00")).isKeyframe)
    }

    @Test func `empty audio is silence and passes, empty video is dropped (MED-2)`() throws {
        let silence = try #require(MediaMessage(.audio, ""))
        #expect(silence.kind == .audio && !silence.isFrame && silence.landmark == .none)
        #expect(MediaMessage(.video, "") == nil)
    }

    @Test(arguments: [("2f ff fb 90", true), ("2f", false), ("af 01 21", true), ("af", false)])
    func `audio that carries samples counts as a frame`(bytes: String, isFrame: Bool) throws {
        let message = try #require(MediaMessage(.audio, bytes))
        #expect(message.isFrame == isFrame && message.landmark == .none)
    }

    @Test func `the composition time is signed (T-MED-02)`() throws {
        let tag = try #require(VideoTag("27 01 ff ff d8 41"))
        #expect(tag.content == .frame(compositionTime: -40))
        let enhanced = try #require(VideoTag("a1 68 76 63 31 ff ff d8 41"))
        #expect(enhanced.content == .frame(compositionTime: -40))
        #expect(enhanced.body == 8..<9)
    }

    // MARK: Enhanced RTMP

    @Test(arguments: [
        // The examples of RTMP.md §6.2.
        EnhancedCase("90 68 76 63 31 01", .hvc1, .sequenceHeader),
        EnhancedCase("a1 68 76 63 31 ff ff d8 41", .hvc1, .none),
        EnhancedCase("93 68 76 63 31 00 00 00 01 26", .hvc1, .keyframe),
        EnhancedCase("91 61 76 30 31 12 00", .av01, .keyframe),
        EnhancedCase("97 02 07 a1 20 01 61 76 30 31 12 00", .av01, .keyframe),
        EnhancedCase("96 01 61 76 63 31 01 00 00 00 65", .avc1, .keyframe, track: 1),
        // ManyTracks with tracks 0 and 1.
        EnhancedCase("96 10 68 76 63 31 00 00 00 02 aa bb 01 00 00 01 cc", .hvc1, .sequenceHeader),
        // Colour metadata, whatever the frame type; the AV1 header of a transport stream.
        EnhancedCase("d4 68 76 63 31 02 00 00", .hvc1, .trackMetadata),
        EnhancedCase("95 61 76 30 31 80", .av01, .sequenceHeader),
        // End of sequence; a start without a record says nothing.
        EnhancedCase("92 61 76 63 31", .avc1, .none, isFrame: false),
        EnhancedCase("90 61 76 63 31", .avc1, .none, isFrame: false),
        // A composition time cut short; VP9 has none.
        EnhancedCase("91 61 76 63 31 00 00", .avc1, .none, isFrame: false),
        EnhancedCase("91 76 70 30 39", .vp09, .keyframe),
        // Command: no FourCC. Unknown: FourCC, packet type, multitrack layout (MED-5).
        EnhancedCase("d1 00", nil, .none, isFrame: false),
        EnhancedCase("91 78 78 78 78 00", FourCC(rawValue: 0x7878_7878), .keyframe),
        EnhancedCase("98", nil, .none, isFrame: false),
        EnhancedCase("96 31 00", nil, .none, isFrame: false),
    ])
    func `Enhanced RTMP video says track, codec and kind (T-MED-03)`(
        _ expected: EnhancedCase
    ) throws {
        let tag = try #require(VideoTag(expected.bytes))
        let message = try #require(MediaMessage(.video, expected.bytes))
        #expect(tag.codec == .enhanced(expected.fourCC))
        #expect(message.landmark == expected.landmark)
        #expect(message.track == expected.track)
        #expect(message.isFrame == expected.isFrame)
    }

    @Test(arguments: [
        EnhancedCase("90 6d 70 34 61 12 10", .mp4a, .sequenceHeader),
        EnhancedCase("90 4f 70 75 73", .opus, .sequenceHeader),
        EnhancedCase("91 4f 70 75 73 fc", .opus, .none, isFrame: true),
        EnhancedCase("94 4f 70 75 73 01 02", .opus, .trackMetadata),
        EnhancedCase("92 4f 70 75 73", .opus, .none, isFrame: false),
        // Many codecs: AAC on track 0, Opus on track 1.
        EnhancedCase(
            "95 21 6d 70 34 61 00 00 00 02 21 10 4f 70 75 73 01 00 00 01 fc", .mp4a, .none,
            isFrame: true),
        EnhancedCase("95 01 6d 70 34 61 02 21", .mp4a, .none, track: 2, isFrame: true),
        EnhancedCase("96", nil, .none, isFrame: false),
        EnhancedCase("93", nil, .none, isFrame: false),
    ])
    func `Enhanced RTMP audio says track, codec and kind (T-MED-03)`(
        _ expected: EnhancedCase
    ) throws {
        let tag = try #require(AudioTag(expected.bytes))
        let message = try #require(MediaMessage(.audio, expected.bytes))
        #expect(tag.codec == .enhanced(expected.fourCC))
        #expect(message.landmark == expected.landmark)
        #expect(message.track == expected.track)
        #expect(message.isFrame == expected.isFrame)
    }

    @Test func `a ModEx size of 256 is followed by a longer one (T-MED-04)`() throws {
        let data = String(repeating: "00", count: 0x0101)
        let message = try #require(MediaMessage(.video, "97 ff 0100 \(data) 01 61763031 12 00"))
        #expect(message.isKeyframe)
        #expect(MediaMessage(.video, "97 ff 0100 \(data)") == nil)
    }

    @Test(arguments: [
        // FourCC, ModEx size and data, the byte after it, a command's byte.
        "91 61 76 30", "97", "97 02 07 a1", "97 02 07 a1 20", "97 ff 01", "d1",
        // Multitrack: type, FourCC, track, size, and a size beyond the end (T-MED-05).
        "96", "96 01 61 76 63", "96 01 61 76 63 31", "96 10 68 76 63 31 00 00 00",
        "96 10 68 76 63 31 00 00 00 02 aa", "96 21 61 76 63 31 00 00 00 00 68 76",
        // Many tracks, but none; multitrack and ModEx within multitrack.
        "96 10 68 76 63 31", "96 20", "96 06 61 76 63 31 00", "96 07 61 76 63 31 00",
    ])
    func `a broken Enhanced RTMP header drops the message (MED-6, T-MED-05)`(bytes: String) {
        #expect(MediaMessage(.video, bytes) == nil)
    }

    @Test func `nested multitrack audio is dropped`() {
        #expect(MediaMessage(.audio, "95 05 6d 70 34 61 00") == nil)
        #expect(MediaMessage(.audio, "91 6d 70") == nil)
    }

    @Test(arguments: [
        // One track, in its own words and in those of many; then of several tracks, in any order.
        ("96 01 61766331 00 000000 65", "91 61766331 000000 65"),
        ("96 11 76703039 00 000002 aabb", "91 76703039 aabb"),
        ("a6 11 68766331 01 000001 aa 00 000004 000028bb", "a1 68766331 000028bb"),
        ("96 20 61766331 00 000002 0142 76703039 01 000001 bb", "90 61766331 0142"),
        // ModEx stays in front of it.
        (
            "97 02 07a120 06 11 61763031 01 000001 aa 00 000002 1200",
            "97 02 07a120 01 61763031 1200"
        ),
        ("96 11 68766331 00 000000 01 000001 aa", "91 68766331"),
    ])
    func `players of one track get track 0 of a multitrack message as a plain one (MED-7)`(
        whole: String, cut: String
    ) throws {
        let message = try #require(MediaMessage(.video, whole))
        #expect(message.audience == .multitrack && message.track == 0)
        let first = try #require(message.firstTrackAlone())
        #expect(first.payload.bytes == bytes(cut))
        #expect(first.audience == .firstTrack && first.track == 0 && !first.hasSeveralTracks)
        // What was cut out is what a message of its own would have been.
        let plain = try #require(MediaMessage(.video, cut))
        #expect(plain.landmark == first.landmark && plain.isFrame == first.isFrame)
        #expect(plain.audience == .everybody && plain.firstTrackAlone() == nil)
    }

    @Test func `the same with audio (MED-7)`() throws {
        let whole = "95 21 4f707573 01 000001 fc 6d703461 00 000002 2110"
        let message = try #require(MediaMessage(.audio, whole))
        #expect(try #require(message.firstTrackAlone()).payload.bytes == bytes("91 6d703461 2110"))
        #expect(message.tracks == [0, 1] && message.hasSeveralTracks)
    }

    @Test(
        arguments: [
            ("96 01 61766331 01 000000 65", [1]),
            ("96 11 68766331 03 000001 aa 02 000001 bb", [2, 3]),
            ("96 21 68766331 ff 000001 aa 61766331 01 000004 00000000", [1, 255]),
        ] as [(String, Set<UInt8>)])
    func `a message without track 0 is nothing for players of one track (MED-7, T-MED-06)`(
        bytes: String, tracks: Set<UInt8>
    ) throws {
        let message = try #require(MediaMessage(.video, bytes))
        #expect(message.audience == .multitrack && message.firstTrackAlone() == nil)
        #expect(message.tracks == tracks && message.track == tracks.min())
    }

    @Test(arguments: ["17 01 000000 65", "91 61763031 12", "96 31 00"])
    func `everything else is for everybody`(bytes: String) throws {
        let message = try #require(MediaMessage(.video, bytes))
        #expect(message.audience == .everybody && message.firstTrackAlone() == nil)
        #expect(message.tracks == [0] && !message.hasSeveralTracks)
    }

    @Test func `parts of no length end (SEC-18)`() throws {
        let parts = String(repeating: "01 000000", count: 1000)
        let message = try #require(MediaMessage(.video, "96 11 68766331 \(parts)"))
        #expect(message.track == 1)
    }

    // MARK: Data

    /// Strict array, date, a codec id as a string.
    static let values =
        "08 00000000 0001 61 0a 00000001 05 0001 62 0b 0000000000000000 0000 0001 63 "
        + "02 0004 61766331 000009"

    @Test(arguments: [
        (MessageType.dataAMF0, ""), (.dataAMF0, "02 000d 40736574446174614672616d65"),
        (.dataAMF3, "00"), (.dataAMF3, ""), (.dataAMF3, "00 02 000d 40736574446174614672616d65"),
    ])
    func `metadata leaves as the name and the bytes that followed it (T-MED-15, T-CMD-20)`(
        type: MessageType, front: String
    ) throws {
        let metadata = "02 000a 6f6e4d65746144617461" + Self.values
        let message = try #require(MediaMessage(type, front + metadata))
        #expect(message.kind == .metadata && message.isHeader && !message.isFrame)
        #expect(message.type == .dataAMF0)
        #expect(message.payload.bytes == bytes(metadata))
    }

    /// onMetaData, then AMF3 behind the switch: an object with an integer, a double, a reference to the
    /// text "b" and an array.
    @Test(arguments: [
        ("00 02 000a 6f6e4d65746144617461", "02"), ("02 000a 6f6e4d65746144617461", "02"),
        // The name in AMF3 too: the first text there is.
        ("00 11 06 15 6f6e4d65746144617461", "04"),
        ("00 02 000d 40736574446174614672616d65 02 000a 6f6e4d65746144617461", "02"),
    ])
    func `data of type 15 that changes to AMF3 leaves as AMF0 (AMF-10)`(
        front: String, reference: String
    ) throws {
        let object =
            "11 0a 0b 01 03 61 04 8a40 03 62 05 4008000000000000 03 63 06 \(reference) "
            + "03 64 09 03 01 03 01"
        let message = try #require(MediaMessage(.dataAMF3, front + object))
        #expect(message.kind == .metadata && message.type == .dataAMF0)
        let expected: AMFValue = [
            "a": 1344, "b": 3, "c": "b", "d": .strictArray([.boolean(true)]),
        ]
        #expect(message.payload.bytes == AMF0Encoder.bytes(["onMetaData", expected]))
    }

    @Test func `an 11 that is no switch changes nothing (AMF-10)`() throws {
        // In a text, and in a text behind which the message breaks off.
        for values in ["02 0001 11", "02 0001 11 08 00"] {
            let text = "02 000a 6f6e5465787444617461" + values
            let message = try #require(MediaMessage(.dataAMF3, "00" + text))
            #expect(message.payload.bytes == bytes(text))
        }
    }

    /// A vector, a reference to nothing, a text that is cut off.
    @Test(arguments: ["11 0d 03 00", "11 0a 08", "11 06 15 6f"])
    func `AMF3 that cannot be read is dropped (AMF-7, AMF-10)`(value: String) {
        #expect(MediaMessage(.dataAMF3, "00 02 000a 6f6e5465787444617461" + value) == nil)
    }

    @Test func `a message that needs no change keeps its payload`() throws {
        let payload = Payload(bytes("02 000a 6f6e4d65746144617461 05"))
        let message = try #require(
            MediaMessage.classify(
                Message(type: .dataAMF0, messageStreamID: 1, timestamp: 7, payload: payload)))
        #expect(message.payload === payload && message.timestamp == 7)
    }

    @Test func `other data is data and loses @setDataFrame as well (MED-15)`() throws {
        let text = "02 000a 6f6e5465787444617461 05"
        #expect(try #require(MediaMessage(.dataAMF0, text)).kind == .data)
        let set = try #require(MediaMessage(.dataAMF0, "02 000d 40736574446174614672616d65" + text))
        #expect(set.kind == .data && set.payload.bytes == bytes(text))
    }

    @Test(arguments: [
        "", "00", "00 01 02 03", "02", "02 00", "02 000a 6f6e", "05", "08 00000000 000009",
        // @setDataFrame without a name.
        "02 000d 40736574446174614672616d65", "02 000d 40736574446174614672616d65 05",
    ])
    func `data that does not begin with a name is dropped (AMF-9)`(bytes: String) {
        #expect(MediaMessage(.dataAMF0, bytes) == nil)
    }

    @Test func `@clearDataFrame of onMetaData clears the metadata, of another name nothing`() throws
    {
        let clear = "02 000f 40636c656172446174614672616d65"
        let metadata = try #require(
            MediaMessage(.dataAMF0, clear + "02 000a 6f6e4d65746144617461"))
        #expect(metadata.kind == .data && metadata.clearsMetadata)
        let other = try #require(MediaMessage(.dataAMF0, clear + "02 0001 61"))
        #expect(!other.clearsMetadata)
    }

    @Test func `messages of other types carry no media`() {
        #expect(MediaMessage(.commandAMF0, "02 0001 61") == nil)
        #expect(MediaMessage(.aggregate, "af 01 21") == nil)
    }
}

struct EnhancedCase: Sendable, CustomTestStringConvertible {
    var bytes: String
    var fourCC: FourCC?
    var landmark: MediaMessage.Landmark
    var track: UInt8
    var isFrame: Bool

    init(
        _ bytes: String, _ fourCC: FourCC?, _ landmark: MediaMessage.Landmark, track: UInt8 = 0,
        isFrame: Bool? = nil
    ) {
        self.bytes = bytes
        self.fourCC = fourCC
        self.landmark = landmark
        self.track = track
        self.isFrame = isFrame ?? (landmark == .keyframe || landmark == .none)
    }

    var testDescription: String { bytes }
}

/// Bytes written as hexadecimal digits, spaces left out.
func bytes(_ text: String) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }.map { UInt8($0.hexDigitValue!) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

extension MediaMessage {
    init?(_ type: MessageType, _ text: String) {
        let message = Message(
            type: type, messageStreamID: 1, timestamp: 0, payload: Payload(bytes(text)))
        guard let media = MediaMessage.classify(message) else { return nil }
        self = media
    }
}

extension VideoTag {
    init?(_ text: String) {
        guard let tag = bytes(text).withUnsafeBytes(VideoTag.parse) else { return nil }
        self = tag
    }
}

extension AudioTag {
    init?(_ text: String) {
        guard let tag = bytes(text).withUnsafeBytes(AudioTag.parse) else { return nil }
        self = tag
    }
}
