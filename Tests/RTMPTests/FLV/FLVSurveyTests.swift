import RTMP
import TestSupport
import Testing

/// What a crash leaves, and what can be made of it (FLV-3, FLV-4).
@Suite struct FLVSurveyTests {
    /// A process that is killed has written some prefix of its file.
    @Test func `a file cut anywhere is repaired to its last whole tag (T-FLV-02)`() throws {
        let (file, _) = FLVSamples.file(FLVSamples.stream(seconds: 1), keyframesMaximum: 4)
        let tags = FLVReading([file]).tags
        for length in 0...file.count {
            let cut = Array(file.prefix(length))
            guard let repair = cut.asFLV.repair() else {
                #expect(length < 9)
                continue
            }
            let repaired = cut.repaired(repair)
            let reading = FLVReading([repaired])
            #expect(
                reading.error == nil && reading.tail == .whole && reading.wrongBackPointers == 0)
            // Nothing that was whole is lost, the back pointer of the last one included.
            let whole = tags.filter { Int($0.offset) + 11 + $0.payload.count <= length }
            #expect(reading.tags.dropFirst() == whole.dropFirst(), "\(length)")
            let after = repaired.asFLV
            #expect(after.isWhole)
            #expect(after.figures.fileBytes == (whole.isEmpty ? 0 : UInt64(repaired.count)))
            #expect(after.repair().map { repaired.repaired($0) } == repaired)
        }
    }

    @Test func `a repaired file says how long it is (T-FLV-02)`() throws {
        let (file, finished) = FLVSamples.file(FLVSamples.stream(seconds: 5), keyframesMaximum: 8)
        let repair = try #require(file.asFLV.repair())
        #expect(file.repaired(repair) == finished)
        let cut = Array(file.dropLast(100))
        let repaired = cut.repaired(try #require(cut.asFLV.repair()))
        let values = try FLVReading([repaired]).tags[0].payload.withUnsafeBytes {
            try AMF0Decoder.values(of: $0, limits: Limits())
        }
        let duration = try #require(values[1]["duration"]?.number)
        #expect((4.7...5.003).contains(duration))
        #expect(values[1]["filesize"]?.number == Double(repaired.count))
        #expect(values[1]["keyframes"]?["times"] == .strictArray([0, 1, 2, 3, 4]))
    }

    @Test func `damage is cut off with what follows it`() throws {
        let (file, _) = FLVSamples.file(FLVSamples.stream(seconds: 1))
        let bytes = file + [UInt8](repeating: 0, count: 4096)
        let found = bytes.asFLV
        #expect(found.damage == .notATag(type: 0, at: UInt64(file.count)))
        let repair = try #require(found.repair())
        #expect(repair.length == UInt64(file.count) && repair.missing == [])
    }

    /// Found by fuzzing: its back pointer was written behind the tag before it.
    @Test(arguments: [1, 11, 15, 19, 22])
    func `a tag of a type that is not ours is cut off, unless it is whole`(received: Int) throws {
        let (file, _) = FLVSamples.file(FLVSamples.stream(seconds: 1))
        var unknown: [UInt8] = [7, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0]
        unknown += [UInt8](repeating: 0, count: 8) + [0, 0, 0, 19]
        let cut = file + unknown.prefix(received)
        let repair = try #require(cut.asFLV.repair())
        #expect(repair.length == UInt64(file.count) && repair.missing == [])
        #expect(cut.repaired(repair).asFLV.isWhole)
        let whole = file + unknown
        #expect(whole.asFLV.isWhole && whole.asFLV.repair()?.length == UInt64(whole.count))
    }

    @Test func `a header alone becomes a file without tags`() throws {
        let header: [UInt8] = [0x46, 0x4C, 0x56, 1, 5, 0, 0, 0, 9]
        for extra in [[], [0], [0, 0, 0], [0, 0, 0, 0]] as [[UInt8]] {
            let repair = try #require((header + extra).asFLV.repair())
            let repaired = (header + extra).repaired(repair)
            #expect(repaired == [0x46, 0x4C, 0x56, 1, 0, 0, 0, 0, 9, 0, 0, 0, 0])
        }
    }

    @Test func `of a longer header that is cut off the usual one is kept`() throws {
        let cut: [UInt8] = [0x46, 0x4C, 0x56, 1, 5, 0, 0, 0, 16, 0xAA, 0xBB]
        let repaired = cut.repaired(try #require(cut.asFLV.repair()))
        #expect(repaired == [0x46, 0x4C, 0x56, 1, 0, 0, 0, 0, 9, 0, 0, 0, 0])
        #expect(repaired.asFLV.isWhole)
    }

    @Test func `another's metadata is patched where that keeps its length`() throws {
        func file(_ values: [AMFValue]) -> [UInt8] {
            var bytes = ByteWriter()
            bytes.write([0x46, 0x4C, 0x56, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0])
            FLVTag(type: .dataAMF0, timestamp: 0, payload: Payload(AMF0Encoder.bytes(values)))
                .encode(into: &bytes)
            FLVTag(type: .video, timestamp: 70, payload: Payload(keyframe)).encode(into: &bytes)
            return bytes.bytes
        }
        func repaired(_ values: [AMFValue]) throws -> AMFValue {
            let bytes = file(values)
            let repaired = bytes.repaired(try #require(bytes.asFLV.repair()))
            #expect(repaired.count == bytes.count)
            let body = FLVReading([repaired]).tags[0].payload
            return try body.withUnsafeBytes {
                try AMF0Decoder.values(of: $0, limits: Limits())[1]
            }
        }
        // As ffmpeg writes it: duration and filesize, and no room for more.
        let mine = try repaired([
            "onMetaData",
            .ecmaArray([
                AMFProperty("duration", 0), AMFProperty("width", 320), AMFProperty("filesize", 0),
            ]),
        ])
        #expect(mine.properties?.map(\.value) == [0.07, 320, 128])
        // As an object, and without our figures.
        #expect(try repaired(["onMetaData", ["width": 1]]) == ["width": 1])
        // A value behind it: written over, the body would be shorter.
        #expect(
            try repaired(["onMetaData", ["duration": 0], "more"]) == ["duration": 0])
    }
}
