import RTMP
import TestSupport
import Testing

/// What is written, before and after the end of a file (FLV-1, FLV-2).
@Suite struct FLVWriterTests {
    /// The value of `onMetaData` in the first tag.
    private func metadata(_ file: [UInt8]) throws -> AMFValue {
        let first = try #require(FLVReading([file]).tags.first)
        let values = try first.payload.withUnsafeBytes {
            try AMF0Decoder.values(of: $0, limits: Limits())
        }
        #expect(values.count == 2 && values[0] == "onMetaData")
        return values[1]
    }

    @Test func `a tag is written as the example has it (T-FLV-01, T-FLV-03)`() throws {
        var bytes = ByteWriter()
        FLVTag(
            type: .video, timestamp: 0x0101_2345, payload: Payload([0x17, 2, 0, 0, 0])
        ).encode(into: &bytes)
        #expect(try bytes.bytes == Golden.bytes("flv/example", part: "video"))
    }

    @Test func `a file begins with header and metadata, even if none came (FLV-1, T-FLV-01)`()
        throws
    {
        let (file, _) = FLVSamples.file([FLVSamples.audioHeader(), FLVSamples.audio(7)])
        #expect(try Array(file.prefix(13)) == Golden.bytes("flv/example", part: "header"))
        let reading = try FLVReading.inAnyCut(file)
        #expect(reading.tags.map(\.type) == [18, 8, 8])
        #expect(
            try metadata(file)
                == .ecmaArray([
                    AMFProperty("duration", 0), AMFProperty("filesize", 0),
                    AMFProperty("lasttimestamp", 0), AMFProperty("lastkeyframetimestamp", 0),
                ]))
    }

    @Test func `the publisher's values stay, those of a file are replaced (FLV-1)`() throws {
        let (file, _) = FLVSamples.file([
            FLVSamples.metadata([
                "width": 1920, "duration": 99, "encoder": "us", "keyframes": ["times": 1],
                "filesize": 5,
            ])
        ])
        let value = try metadata(file)
        #expect(value["width"] == 1920)
        #expect(value["encoder"] == "us")
        #expect(value["duration"] == 0)
        #expect(value["keyframes"] == nil)
        #expect(value.properties?.count == 6)
    }

    @Test func `metadata that comes later is a tag of its own, the first one stands (MED-3)`()
        throws
    {
        let (file, _) = FLVSamples.file([
            FLVSamples.audio(100), FLVSamples.metadata(["width": 1], at: 140),
        ])
        let reading = try FLVReading.inAnyCut(file)
        #expect(reading.tags.map(\.type) == [18, 8, 18])
        #expect(reading.tags.map(\.timestamp) == [0, 0, 40])
    }

    /// FLV-2, T-FLV-05
    @Test func `the end patches duration, size, times and flags (T-FLV-05)`() throws {
        let (unfinished, file) = FLVSamples.file(FLVSamples.stream(seconds: 3, from: 5000))
        #expect(try metadata(unfinished)["duration"] == 0)
        #expect(file.count == unfinished.count)
        let value = try metadata(file)
        // 74 frames later, and 40 ms long; the last audio begins 3 ms after it.
        #expect(value["duration"] == 3.003)
        #expect(value["filesize"] == .number(Double(file.count)))
        #expect(value["lasttimestamp"] == 2.963)
        #expect(value["lastkeyframetimestamp"] == 2)
        #expect(value["width"] == 1920)
        #expect(file[4] == 5)
        #expect(FLVReading([file]).tags.dropFirst() == FLVReading([unfinished]).tags.dropFirst())
    }

    @Test(
        arguments: [
            ([FLVSamples.audio(0)], 4), ([FLVSamples.video(0, isKeyframe: true)], 1), ([], 0),
        ] as [([MediaMessage], UInt8)])
    func `the flags say what was seen (FLV-2)`(media: [MediaMessage], flags: UInt8) {
        let (_, file) = FLVSamples.file([FLVSamples.metadata(["x": 1])] + media)
        #expect(file[4] == flags)
    }

    @Test func `the composition time of a frame counts for the duration`() throws {
        let late = MediaMessage.classify(
            Message(
                type: .video, messageStreamID: 1, timestamp: 40,
                payload: Payload([0x27, 1, 0, 0, 80, 1, 2, 3])))
        let (_, file) = FLVSamples.file([
            FLVSamples.video(0, isKeyframe: true), try #require(late),
        ])
        #expect(try metadata(file)["duration"] == 0.16)
    }

    // MARK: The index of keyframes

    @Test func `an index fills the room that was reserved (FLV-2)`() throws {
        let (unfinished, file) = FLVSamples.file(
            FLVSamples.stream(seconds: 4), keyframesMaximum: 10)
        #expect(file.count == unfinished.count)
        #expect(try metadata(unfinished)["keyframes"] == nil)
        let keyframes = try #require(try metadata(file)["keyframes"])
        #expect(keyframes["times"] == .strictArray([0, 1, 2, 3]))
        let tags = FLVReading([file]).tags.filter { $0.payload.first == 0x17 && $0.payload[1] == 1 }
        #expect(
            keyframes["filepositions"] == .strictArray(tags.map { .number(Double($0.offset)) }))
    }

    @Test(arguments: [2, 3, 7, 60, 500])
    func `any room is filled to the byte, with strings that ffmpeg takes`(room: Int) throws {
        for seconds in [1, 2, 5, 9] as [UInt32] {
            let (unfinished, file) = FLVSamples.file(
                FLVSamples.stream(seconds: seconds), keyframesMaximum: room)
            #expect(file.count == unfinished.count)
            let reading = try #require(FLVReading([file]).tags.first)
            #expect(reading.payload.count == FLVReading([unfinished]).tags[0].payload.count)
            guard case .strictArray(let filling) = try metadata(file)["reserved"] else {
                Issue.record("no filling")
                return
            }
            #expect(filling.allSatisfy { ($0.string?.utf8.count ?? 0) < 1024 })
            let times = try metadata(file)["keyframes"]?["times"]
            #expect((times != nil) == (seconds > 1))
        }
    }

    @Test func `an index too small keeps every other keyframe (FLV-2)`() throws {
        let (_, file) = FLVSamples.file(FLVSamples.stream(seconds: 21), keyframesMaximum: 5)
        let times = try metadata(file)["keyframes"]?["times"]
        #expect(times == .strictArray([0, 8, 16]))
    }

    // MARK: Goes on

    /// FLV-3, T-FLV-06
    @Test func `a file that goes on continues its time (T-FLV-06)`() throws {
        var (_, file) = FLVSamples.file(FLVSamples.stream(seconds: 2), keyframesMaximum: 8)
        #expect(file.asFLV.isWhole)
        var writer = try #require(FLVWriter(continuing: file.asFLV))
        var bytes = ByteWriter()
        let more = FLVSamples.stream(seconds: 2, from: 900_000).dropFirst()
        for message in more { writer.write(message, into: &bytes) }
        file = (file + bytes.bytes).patched(writer.patches())

        let reading = try FLVReading.inAnyCut(file)
        #expect(reading.error == nil && reading.wrongBackPointers == 0)
        let audio = reading.tags.filter { $0.type == 8 }.map(\.timestamp)
        let video = reading.tags.filter { $0.type == 9 }.map(\.timestamp)
        #expect(audio == audio.sorted() && video == video.sorted())
        // The first part's last tag is at 1963.
        #expect(reading.tags.filter { $0.timestamp >= 1964 }.count == more.count)
        let value = try metadata(file)
        #expect(value["duration"] == 3.967)
        #expect(value["filesize"] == .number(Double(file.count)))
        #expect(value["keyframes"]?["times"] == .strictArray([0, 1, 1.964, 2.964]))
    }

    @Test func `a file that is cut, damaged or wrongly linked is not continued (FLV-3)`() {
        let (_, file) = FLVSamples.file(FLVSamples.stream(seconds: 1))
        var wrong = file
        wrong[file.count - 1] ^= 1
        let broken = [
            Array(file.dropLast()), wrong, file + [0], file + [UInt8](repeating: 0, count: 20), [],
            Array(file.prefix(9)),
        ]
        for bytes in broken {
            #expect(!bytes.asFLV.isWhole)
            #expect(FLVWriter(continuing: bytes.asFLV) == nil)
        }
    }
}
