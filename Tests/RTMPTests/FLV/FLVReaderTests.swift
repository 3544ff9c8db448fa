import RTMP
import TestSupport
import Testing

/// Files in every cut (FLV-4, FLV-5).
@Suite struct FLVReaderTests {
    private static let header: [UInt8] = [0x46, 0x4C, 0x56, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0]

    private static func tag(
        _ type: UInt8, _ body: [UInt8], at timestamp: UInt32 = 0, backPointer: UInt32? = nil
    ) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(type)
        writer.writeUInt24(UInt32(body.count))
        writer.writeUInt24(timestamp)
        writer.write(UInt8(timestamp >> 24))
        writer.writeUInt24(0)
        writer.write(body)
        writer.writeUInt32(backPointer ?? UInt32(11 + body.count))
        return writer.bytes
    }

    @Test func `the example reads as it is written down (T-FLV-01, T-FLV-03)`() throws {
        let bytes = try Golden.bytes("flv/example")
        let reading = try FLVReading.inAnyCut(bytes)
        #expect(
            reading.items == [
                "header audio video", "tag 9 5 bytes at 16851781", "tag 8 4 bytes at 40",
            ])
        #expect(reading.tags[0].timestamp == 0x0101_2345)
        #expect(reading.tags.map(\.offset) == [13, 33])
        #expect(reading.tail == .whole)
        #expect(reading.wholeBytes == UInt64(bytes.count))
    }

    /// FLV-4, T-FLV-04
    @Test func `a wrong back pointer does not matter (T-FLV-04)`() throws {
        let bytes =
            Self.header + Self.tag(8, [1], backPointer: 0) + Self.tag(9, [2], backPointer: 99)
        let reading = try FLVReading.inAnyCut(bytes)
        #expect(reading.tags.map(\.payload) == [[1], [2]])
        #expect(reading.wrongBackPointers == 2)
        #expect(reading.error == nil && reading.tail == .whole)
    }

    /// FLV-4, T-FLV-04: each place where a file may have been cut.
    @Test func `a tag that runs past the end is left out (T-FLV-04)`() throws {
        let first = Self.header + Self.tag(8, [1, 2, 3])
        let whole = first + Self.tag(9, [4, 5, 6, 7], at: 40)
        for length in 0..<whole.count {
            let reading = try FLVReading.inAnyCut(Array(whole.prefix(length)))
            #expect(reading.error == nil)
            let expected: (tags: Int, whole: Int, FLVReader.Tail) =
                switch length {
                case 0..<9: (0, 0, .header(received: length))
                case 9..<13: (0, 9, .whole)
                case 13: (0, 13, .whole)
                case 14..<24: (0, 13, .tag(length: nil, received: length - 13))
                case 24..<27: (0, 13, .tag(length: 14, received: length - 13))
                case 27..<31: (1, 27, .backPointer(length: 14, received: length - 27))
                case 31: (1, 31, .whole)
                case 32..<42: (1, 31, .tag(length: nil, received: length - 31))
                case 42..<46: (1, 31, .tag(length: 15, received: length - 31))
                default: (2, 46, .backPointer(length: 15, received: length - 46))
                }
            #expect(reading.tags.count == expected.tags, "\(length)")
            #expect(reading.wholeBytes == UInt64(expected.whole), "\(length)")
            #expect(reading.tail == expected.2, "\(length)")
        }
    }

    @Test func `more header than we know is passed over (FLV-4)`() throws {
        var bytes = Self.header
        bytes[8] = 12
        bytes.insert(contentsOf: [9, 9, 9], at: 9)
        let reading = try FLVReading.inAnyCut(bytes + Self.tag(8, [1]))
        #expect(reading.tags.map(\.offset) == [16])
    }

    @Test func `types of others and encrypted tags are passed over (FLV-4)`() throws {
        let bytes =
            Self.header + Self.tag(10, [1, 2]) + Self.tag(0x29, [3])
            + Self.tag(0x28, [], backPointer: 0)
            + Self.tag(8, [4])
        let reading = try FLVReading.inAnyCut(bytes)
        #expect(
            reading.items.dropFirst() == [
                "skipped 10 2 bytes at 13", "skipped 41 1 bytes at 30", "skipped 40 0 bytes at 46",
                "tag 8 1 bytes at 0",
            ])
        #expect(reading.wholeBytes == UInt64(bytes.count))
    }

    /// A file system may leave zeros at the end of a file that was open when the power went.
    @Test func `where type and back pointer are both wrong the file is damaged`() throws {
        let good = Self.header + Self.tag(8, [1])
        let reading = try FLVReading.inAnyCut(good + [UInt8](repeating: 0, count: 64))
        #expect(reading.error == .notATag(type: 0, at: 29))
        #expect(reading.tags.count == 1)
        #expect(reading.wholeBytes == UInt64(good.count))
        #expect("\(FLVError.notATag(type: 0, at: 29))" == "at byte 29 no tag begins (type 0)")
    }

    @Test(
        arguments: [
            (Array("RIFF....AVI ".utf8), FLVError.notFLV),
            (Array("<html>   ".utf8), .notFLV),
            ([0x46, 0x4C, 0x56, 1, 5, 0, 0, 0, 8], .headerTooShort(dataOffset: 8)),
        ] as [([UInt8], FLVError)])
    func `what is no FLV is said to be none`(bytes: [UInt8], error: FLVError) throws {
        let reading = try FLVReading.inAnyCut(bytes)
        #expect(reading.error == error)
        #expect(!"\(error)".isEmpty)
    }

    /// FLV-5
    @Test func `a bound on tags is a bound (FLV-5)`() {
        let bytes = Self.header + Self.tag(9, [UInt8](repeating: 1, count: 101))
        #expect(FLVReading([bytes], tagBytesMaximum: 101).tags.count == 1)
        let reading = FLVReading([bytes], tagBytesMaximum: 100)
        #expect(reading.error == .tagTooLong(length: 101, limit: 100, at: 13))
        #expect(reading.wholeBytes == 13)
        #expect(FLVReading([bytes, bytes], tagBytesMaximum: 100).items == ["header audio video"])
    }

    /// FLV-5: a length is 24 bits, and memory follows what came.
    @Test func `a tag of the greatest length is read, a declared one costs nothing (FLV-5)`() {
        let body = [UInt8](repeating: 7, count: 0xFF_FFFF)
        let bytes = Self.header + Self.tag(9, body)
        let half = bytes.count / 2
        let reading = FLVReading([Array(bytes[..<half]), Array(bytes[half...])])
        #expect(reading.tags.map(\.payload.count) == [0xFF_FFFF])
        let cut = FLVReading([Array(bytes.prefix(30))])
        #expect(cut.tail == .tag(length: 11 + 0xFF_FFFF, received: 17))
    }

    @Test func `empty tags are tags`() throws {
        let reading = try FLVReading.inAnyCut(Self.header + Self.tag(8, []) + Self.tag(18, []))
        #expect(reading.items.dropFirst() == ["tag 8 0 bytes at 0", "tag 18 0 bytes at 0"])
    }
}
