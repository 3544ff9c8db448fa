import RTMP
import TestSupport
import Testing

/// From a file to a server: what is said, and when (FLV-6); and what files are called (FLV-7).
@Suite struct FLVPublishingTests {
    private func tag(_ timestamp: UInt32, _ type: MessageType = .video) -> FLVTag {
        FLVTag(type: type, timestamp: timestamp, payload: .empty)
    }

    /// Milliseconds at which tags of these times are sent.
    private func due(_ times: [UInt32], _ pacing: inout FLVPacing) -> [UInt64] {
        times.map { pacing.due(tag($0)).milliseconds }
    }

    @Test func `tags are due by their time since the first frame (FLV-6)`() {
        var pacing = FLVPacing()
        #expect(pacing.due(tag(0, .dataAMF0)).milliseconds == 0)
        #expect(due([5000, 5040, 5030, 5120, 4990], &pacing) == [0, 40, 30, 120, 0])
    }

    @Test func `a loop goes on a step behind the last tag (FLV-6)`() {
        var pacing = FLVPacing()
        #expect(due([0, 40, 80], &pacing) == [0, 40, 80])
        pacing.restart()
        #expect(pacing.due(tag(0, .dataAMF0)).milliseconds == 120)
        #expect(due([0, 40, 80], &pacing) == [120, 160, 200])
        pacing.restart()
        #expect(due([0], &pacing) == [240])
    }

    @Test func `a loop over days wraps the timestamp and not the clock (CH-6)`() {
        var pacing = FLVPacing()
        let round: UInt32 = 2_000_000_000
        var last = FLVPacing.Due(milliseconds: 0, timestamp: 0)
        for _ in 0..<3 {
            _ = pacing.due(tag(0))
            last = pacing.due(tag(round))
            pacing.restart()
        }
        // A gap in the file is no gap between two rounds.
        let expected: UInt64 = 3 * 2_000_000_000 + 2 * 1000
        #expect(last.milliseconds == expected)
        #expect(last.timestamp == UInt32(truncatingIfNeeded: last.milliseconds))
    }

    @Test func `a file over 2³² goes on (CH-6)`() {
        var pacing = FLVPacing()
        #expect(due([.max - 39, 0, 40], &pacing) == [0, 40, 80])
    }

    @Test func `metadata goes out by @setDataFrame, without what is true of the file only (FLV-6)`()
        throws
    {
        let (_, file) = FLVSamples.file(FLVSamples.stream(seconds: 3), keyframesMaximum: 5)
        let first = FLVReading([file]).tags[0]
        let payload = FLVMetadata.published(
            FLVTag(type: .dataAMF0, timestamp: 0, payload: Payload(first.payload)), limits: Limits()
        )
        let values = try payload.withUnsafeBytes {
            try AMF0Decoder.values(of: $0, limits: Limits())
        }
        #expect(
            values == [
                "@setDataFrame", "onMetaData",
                .ecmaArray([AMFProperty("width", 1920), AMFProperty("encoder", "us")]),
            ])
    }

    @Test func `an index of thousands of keyframes is no obstacle`() throws {
        let index = AMFValue.strictArray((0..<20_000).map { .number(Double($0)) })
        let body = AMF0Encoder.bytes([
            "onMetaData", ["keyframes": ["times": index, "filepositions": index], "width": 5],
        ])
        let payload = FLVMetadata.published(
            FLVTag(type: .dataAMF0, timestamp: 0, payload: Payload(body)), limits: Limits())
        #expect(
            payload.bytes
                == AMF0Encoder.bytes([
                    "@setDataFrame", "onMetaData", .ecmaArray([AMFProperty("width", 5)]),
                ]))
    }

    @Test(arguments: [
        AMF0Encoder.bytes(["onCuePoint", ["name": "x"]]), AMF0Encoder.bytes(["onMetaData"]),
        [2, 0, 10, 0x6F], [], AMF0Encoder.bytes(["onMetaData", "text"]),
    ])
    func `other data goes out as it is (MED-15)`(body: [UInt8]) {
        let tag = FLVTag(type: .dataAMF0, timestamp: 0, payload: Payload(body))
        #expect(FLVMetadata.published(tag, limits: Limits()).bytes == body)
    }

    // MARK: Names

    @Test(arguments: [
        ("live", "camera", "live_2Fcamera"), ("", "camera", "camera"),
        ("a-b.c_d", "E9", "a-b.c_d_2FE9"), ("", ".hidden", "_2Ehidden"),
        ("live", "so und ü", "live_2Fso_20und_20_C3_BC"),
        ("", "a:b\\c*?\"<>|", "a_3Ab_5Cc_2A_3F_22_3C_3E_7C"),
        ("", "..", "_2E."), ("", "\u{1B}[2J", "_1B_5B2J"),
    ])
    func `a name holds letters, digits and three signs (FLV-7)`(
        app: String, name: String, file: String
    ) {
        #expect(FLVFileName.stem(for: StreamKey(app: app, name: name)) == file)
    }

    @Test func `a long name is cut, and stays its own (FLV-7)`() {
        let long = String(repeating: "/", count: 500)
        let a = FLVFileName.stem(for: StreamKey(app: "", name: long + "a"))
        let b = FLVFileName.stem(for: StreamKey(app: "", name: long + "b"))
        #expect(a != b)
        #expect(a.utf8.count == 197 && b.utf8.count == 197)
        #expect(a.prefix(180) == b.prefix(180))
    }
}
