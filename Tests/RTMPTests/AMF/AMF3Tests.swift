import RTMP
import Testing

/// AMF3 as RTMP meets it, behind the switch 0x11 (AMF-10).
@Suite struct AMF3Tests {
    private func amf3(_ bytes: [UInt8]) throws -> AMFValue {
        try #require(try amf0([0x11] + bytes).first)
    }

    private static let values: [([UInt8], AMFValue)] = [
        ([0x00], AMFValue.undefined),
        ([0x01], .null),
        ([0x02], false),
        ([0x03], true),
        ([0x05, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0], 1.5),
        ([0x06, 0x09, 0x6C, 0x69, 0x76, 0x65], "live"),
        ([0x06, 0x01], ""),
        ([0x07, 0x05, 0x3C, 0x3E], .xmlDocument([0x3C, 0x3E])),
        ([0x0B, 0x05, 0x3C, 0x3E], .xmlDocument([0x3C, 0x3E])),
        ([0x08, 0x01, 0, 0, 0, 0, 0, 0, 0, 0], .date(milliseconds: 0)),
        ([0x0C, 0x05, 1, 2], .byteArray([1, 2])),
        // Two values in order, no names.
        ([0x09, 0x05, 0x01, 0x04, 1, 0x04, 2], .strictArray([1, 2])),
        // A name, then one value in order.
        (
            [0x09, 0x03, 0x03, 0x61, 0x03, 0x01, 0x04, 2],
            .ecmaArray([AMFProperty("a", true), AMFProperty("0", 2)])
        ),
        // Class "U", sealed member "a", then a dynamic member "b".
        (
            [0x0A, 0x1B, 0x03, 0x55, 0x03, 0x61, 0x04, 1, 0x03, 0x62, 0x02, 0x01],
            .typedObject(
                className: [0x55], [AMFProperty("a", 1), AMFProperty("b", false)])
        ),
    ]

    @Test(arguments: values)
    func `every marker is read`(bytes: [UInt8], value: AMFValue) throws {
        #expect(try amf3(bytes) == value)
    }

    private static let integers: [([UInt8], Double)] = [
        ([0x00], 0),
        ([0x7F], 127),
        ([0x81, 0x00], 128),
        ([0xFF, 0x7F], 16_383),
        ([0x81, 0x80, 0x00], 16_384),
        ([0xFF, 0xFF, 0x7F], 2_097_151),
        ([0x80, 0xC0, 0x80, 0x00], 2_097_152),
        ([0xBF, 0xFF, 0xFF, 0xFF], 268_435_455),
        // 29 bits in two's complement.
        ([0xC0, 0x80, 0x80, 0x00], -268_435_456),
        ([0xFF, 0xFF, 0xFF, 0xFF], -1),
    ]

    @Test(arguments: integers)
    func `integers have 29 bits and a sign (T-AMF-13)`(bytes: [UInt8], value: Double) throws {
        #expect(try amf3([0x04] + bytes) == .number(value))
    }

    @Test(arguments: [0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])
    func `a byte array of any length is read as it was written (T-AMF-13)`(length: Int) throws {
        let value = AMFValue.byteArray([UInt8](repeating: 0xA5, count: length))
        var limits = Limits()
        limits.amfStringBytes = length
        let bytes = AMF0Encoder.bytes([value])
        #expect(try amf0(bytes, limits: limits) == [value])
    }

    @Test func `strings are written once and then named by number (T-AMF-13)`() throws {
        let bytes: [UInt8] = [
            0x09, 0x07, 0x01, 0x06, 0x03, 0x61, 0x06, 0x03, 0x62, 0x06, 0x02,
        ]
        #expect(try amf3(bytes) == .strictArray(["a", "b", "b"]))
    }

    @Test func `traits and objects are named by number (T-AMF-13)`() throws {
        let bytes: [UInt8] = [
            0x09, 0x07, 0x01,
            0x0A, 0x13, 0x01, 0x03, 0x61, 0x04, 1,  // one sealed member "a"
            0x0A, 0x01, 0x04, 2,  // the same traits
            0x0A, 0x02,  // object 1: the first one, after the array itself
        ]
        #expect(try amf3(bytes) == .strictArray([["a": 1], ["a": 2], ["a": 1]]))
    }

    @Test func `tables last for the message`() throws {
        let values = try amf0([0x11, 0x06, 0x03, 0x61, 0x05, 0x11, 0x06, 0x00])
        #expect(values == ["a", .null, "a"])
    }

    private static let refused: [([UInt8], AMFError)] = [
        ([0x0D], AMFError.unknownAMF3Marker(0x0D)),
        ([0x04, 0xFF], .truncated),
        ([0x06, 0x09, 0x6C], .truncated),
        ([0x06, 0x02], .referenceOutOfRange(1)),
        ([0x0A, 0x00], .referenceOutOfRange(0)),
        ([0x0A, 0x05], .referenceOutOfRange(1)),
        ([0x0A, 0x07, 0x03, 0x61], .externalizable),
        ([0x09, 0xFF, 0xFF, 0xFF, 0xFF], .countBeyondEnd(0x0FFF_FFFF)),
        ([0x0A, 0xFF, 0xFF, 0xFF, 0xF3], .countBeyondEnd(0x01FF_FFFF)),
    ]

    @Test(arguments: refused)
    func `what is no AMF3 says why`(bytes: [UInt8], error: AMFError) {
        #expect(throws: error) { try amf3(bytes) }
    }

    @Test func `an array inside itself is no loop`() throws {
        #expect(try amf3([0x09, 0x03, 0x01, 0x09, 0x00]) == .strictArray([.undefined]))
    }

    @Test func `depth counts through the switch (AMF-5)`() {
        let opening: [UInt8] = [0x09, 0x03, 0x01]
        let deep = Array(repeating: opening, count: 100).joined() + [0x01]
        #expect(throws: AMFError.tooDeep(limit: 32)) { try amf3(Array(deep)) }
    }

    @Test func `a named string cannot be multiplied without end (AMF-5)`() {
        var bytes: [UInt8] = [0x09, 0x83, 0x01, 0x01]  // 193 values
        bytes += [0x06, 0x83, 0xFF, 0x7F]  // 32,767 bytes
        bytes += Array(repeating: 0x78, count: 32_767)
        for _ in 0..<192 { bytes += [0x06, 0x00] }
        #expect(throws: AMFError.tooManyStringBytes(limit: 1 << 20)) { try amf3(bytes) }
    }

    @Test func `named traits cannot multiply their names without end (AMF-5)`() {
        var bytes: [UInt8] = [0x09, 0x83, 0x01, 0x01]  // 193 values
        bytes += [0x0A, 0x13, 0x01, 0x83, 0xFF, 0x7F]  // one sealed member of 32,767 bytes
        bytes += Array(repeating: 0x78, count: 32_767) + [0x01]
        for _ in 0..<192 { bytes += [0x0A, 0x01, 0x01] }
        #expect(throws: AMFError.tooManyStringBytes(limit: 1 << 20)) { try amf3(bytes) }
    }

    @Test(arguments: [0, 127, 128, 16_383, 16_384, 70_000])
    func `a byte array of any length goes out and comes back`(length: Int) throws {
        let value = AMFValue.byteArray(Array(repeating: 7, count: length))
        #expect(try amf0(AMF0Encoder.bytes([value])) == [value])
    }
}
