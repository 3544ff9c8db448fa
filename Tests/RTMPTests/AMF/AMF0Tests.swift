import RTMP
import TestSupport
import Testing

func amf0(_ bytes: [UInt8], limits: Limits = Limits()) throws -> [AMFValue] {
    try bytes.withUnsafeBytes { try AMF0Decoder.values(of: $0, limits: limits) }
}

/// Contract: specs/001-rtmp-server/contracts/amf0.md; bytes in `Tests/Golden/amf0`.
@Suite struct AMF0Tests {
    private static let values: [String: AMFValue] = [
        "number": 1,
        "boolean-true": true,
        "boolean-false": false,
        "string": "live",
        "string-not-utf8": .string([0x61, 0xFF, 0x62]),
        "object": ["app": "live", "fpad": false],
        "object-empty": [:],
        "object-empty-key": ["": .null],
        "null": .null,
        "undefined": .undefined,
        "ecma-array": .ecmaArray([AMFProperty("width", 1920), AMFProperty("height", 1080)]),
        "strict-array": .strictArray([1, true]),
        "date": .date(milliseconds: 1_700_000_000_000),
        "unsupported": .unsupported,
        "xml-document": .xmlDocument(Array("<a/>".utf8)),
        "typed-object": .typedObject(className: Array("User".utf8), [AMFProperty("id", 7)]),
        "avm-plus-byte-array": .byteArray([1, 2, 3]),
    ]

    @Test(arguments: try Golden.parts("amf0/values"))
    func `every marker reads and writes the same bytes (T-AMF-01, T-AMF-08, T-AMF-12)`(
        part: Golden.Part
    ) throws {
        let value = try #require(Self.values[part.name])
        #expect(try amf0(part.bytes) == [value])
        #expect(AMF0Encoder.bytes([value]) == part.bytes)
    }

    private static let tolerated: [String: [AMFValue]] = [
        "ecma-count-zero": [
            .ecmaArray([AMFProperty("width", 1920), AMFProperty("height", 1080)])
        ],
        "ecma-count-huge": [
            .ecmaArray([AMFProperty("width", 1920), AMFProperty("height", 1080)])
        ],
        "object-without-end": [["width": 1920]],
        "boolean-two": [true],
        "reference": [["a": 1], ["a": 1]],
        "reference-to-itself": [["a": .undefined]],
        "long-string-short": ["live"],
        "duplicate-key": [["a": 1, "a": 2]],
        "amf3-object-then-null": [["a": 5], .null],
    ]

    @Test(arguments: try Golden.parts("amf0/tolerated"))
    func `what encoders get wrong is read all the same (T-AMF-02, T-AMF-04, T-AMF-07, T-AMF-10)`(
        part: Golden.Part
    ) throws {
        #expect(try amf0(part.bytes) == #require(Self.tolerated[part.name]))
    }

    private static let refused: [String: AMFError] = [
        "movie-clip": .unknownMarker(4),
        "record-set": .unknownMarker(14),
        "marker-18": .unknownMarker(18),
        "lone-object-end": .misplacedObjectEnd,
        "number-cut": .truncated,
        "string-beyond-end": .truncated,
        "long-string-beyond-end": .truncated,
        "strict-array-beyond-end": .countBeyondEnd(0x7FFF_FFFF),
        "inner-object-without-end": .truncated,
        "reference-nowhere": .referenceOutOfRange(1),
    ]

    @Test(arguments: try Golden.parts("amf0/refused"))
    func `what is no AMF0 says why (T-AMF-03, T-AMF-04, T-AMF-06, T-AMF-07)`(
        part: Golden.Part
    ) throws {
        let error = try #require(Self.refused[part.name])
        #expect(throws: error) { try amf0(part.bytes) }
    }

    @Test(arguments: try Golden.parts("amf0/values"))
    func `a value cut off anywhere is an error, not a value (AMF-4)`(part: Golden.Part) throws {
        for length in 1..<part.bytes.count {
            let cut = Array(part.bytes.prefix(length))
            guard let values = try? amf0(cut) else { continue }
            // Only the outermost object may lack its end (AMF-3).
            #expect(values.count == 1 && values[0].properties != nil)
        }
    }

    /// `depth` objects, one inside the other, each the value of "a".
    private func nested(_ depth: Int) -> [UInt8] {
        let opening: [UInt8] = [3, 0, 1, 0x61]
        return (0..<depth).flatMap { _ in opening } + [5] + (0..<depth).flatMap { _ in [0, 0, 9] }
    }

    @Test func `32 objects deep is read, 33 is refused (T-AMF-05)`() throws {
        #expect(try amf0(nested(32)).count == 1)
        #expect(throws: AMFError.tooDeep(limit: 32)) { try amf0(nested(33)) }
        #expect(throws: AMFError.tooDeep(limit: 32)) { try amf0(nested(100_000)) }
    }

    @Test func `4096 values are read, 4097 are refused (AMF-5)`() throws {
        #expect(try amf0(Array(repeating: 5, count: 4096)).count == 4096)
        #expect(throws: AMFError.tooManyValues(limit: 4096)) {
            try amf0(Array(repeating: 5, count: 4097))
        }
    }

    /// The keyframe index of a recorded file: times and positions, a number each a keyframe.
    @Test func `data of real files has as many values as it needs, a bomb of bytes does not`()
        throws
    {
        let indexed = AMF0Encoder.bytes([
            "onMetaData",
            .ecmaArray([
                AMFProperty("duration", 86_400),
                AMFProperty(
                    "keyframes",
                    [
                        "times": .strictArray(Array(repeating: 1, count: 43_200)),
                        "filepositions": .strictArray(Array(repeating: 2, count: 43_200)),
                    ]),
            ]),
        ])
        let bomb = [0x0A, 0, 0x0F, 0, 0] + [UInt8](repeating: 5, count: 0xF_0000)
        func decode(_ bytes: [UInt8]) throws -> [AMFValue] {
            var limits = Limits()
            limits.amfNodes = limits.amfNodes(ofDataBytes: bytes.count)
            return try bytes.withUnsafeBytes { try AMF0Decoder.values(of: $0, limits: limits) }
        }
        #expect(indexed.count < Limits().dataMessageBytes)
        #expect(try decode(indexed)[1]["keyframes"]?["times"] != nil)
        #expect(throws: AMFError.tooManyValues(limit: 126_976)) { try decode(bomb) }
    }

    @Test func `references weigh what they refer to (AMF-5)`() {
        // Each array refers twice to the one before it: the values would double 40 times.
        var bytes: [UInt8] = [0x0A, 0, 0, 0, 1, 5]
        for index in 0..<40 as Range<UInt8> {
            bytes += [0x0A, 0, 0, 0, 2, 7, 0, index, 7, 0, index]
        }
        #expect(throws: AMFError.tooManyValues(limit: 4096)) { try amf0(bytes) }
    }

    @Test func `references cannot build a tree deeper than the limit (AMF-5)`() {
        var bytes: [UInt8] = [0x0A, 0, 0, 0, 0]
        for index in 0..<40 as Range<UInt8> {
            bytes += [0x0A, 0, 0, 0, 1, 7, 0, index]
        }
        #expect(throws: AMFError.tooDeep(limit: 32)) { try amf0(bytes) }
    }

    @Test func `references cannot multiply a string (AMF-5)`() {
        let text = Array(repeating: UInt8(ascii: "x"), count: 60_000)
        var bytes = AMF0Encoder.bytes([.strictArray([.string(text)])])
        for _ in 0..<20 { bytes += [7, 0, 0] }
        #expect(throws: AMFError.tooManyStringBytes(limit: 1 << 20)) { try amf0(bytes) }
    }

    @Test func `of two properties with one name the last counts (T-AMF-09)`() {
        let value: AMFValue = ["a": 1, "b": 2, "a": 3]
        #expect(value["a"]?.number == 3)
        #expect(value.properties?.map(\.key) == [[0x61], [0x62], [0x61]])
        #expect(value["c"] == nil)
        #expect(AMFValue.ecmaArray([AMFProperty("a", 1)])["a"] == 1)
        #expect(AMFValue.null["a"] == nil)
    }

    @Test func `a string of 70,000 bytes travels as a long string (T-AMF-15)`() throws {
        let text = AMFValue.string(Array(repeating: 0x78, count: 70_000))
        let bytes = AMF0Encoder.bytes([text])
        #expect(bytes.prefix(5) == [0x0C, 0, 1, 0x11, 0x70])
        #expect(try amf0(bytes) == [text])
        let longest = AMFValue.string(Array(repeating: 0x78, count: 65_535))
        #expect(AMF0Encoder.bytes([longest]).prefix(3) == [2, 0xFF, 0xFF])
    }

    @Test func `the time zone of a date is skipped (T-AMF-01)`() throws {
        var bytes = AMF0Encoder.bytes([.date(milliseconds: 5), .null])
        bytes[9] = 0xFF
        bytes[10] = 0x88
        #expect(try amf0(bytes) == [.date(milliseconds: 5), .null])
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, -0.0, .greatestFiniteMagnitude])
    func `numbers keep every bit (CMD-1, T-AMF-14)`(number: Double) throws {
        let values = try amf0(AMF0Encoder.bytes([.number(number)]))
        #expect(values.first?.number?.bitPattern == number.bitPattern)
        #expect(values == [.number(number)])
    }

    @Test func `text that is not UTF-8 shows replacement characters (AMF-6)`() {
        #expect(AMFValue.string([0x61, 0xFF]).string == "a\u{FFFD}")
    }

    @Test(arguments: [
        ([0, 2, 0, 1, 0x61] as [UInt8], MessageType.commandAMF3, 1),
        ([2, 0, 1, 0x61], .commandAMF3, 0),
        ([0, 2, 0, 1, 0x61], .dataAMF3, 1),
        ([0, 0x3F, 0xF0], .commandAMF0, 0),
    ])
    func `the format selector of types 15 and 17 is skipped if it is there (T-AMF-11)`(
        bytes: [UInt8], type: MessageType, skipped: Int
    ) {
        bytes.withUnsafeBytes { buffer in
            var cursor = ByteCursor(buffer)
            AMF0Decoder.skipFormatSelector(of: type, &cursor)
            #expect(cursor.offset == skipped)
        }
    }
}
