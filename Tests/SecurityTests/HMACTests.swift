import Testing

@testable import Security

@Suite struct HMACTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let key: [UInt8]
        let message: [UInt8]
        let digest: String

        init(_ name: String, key: [UInt8], message: [UInt8], digest: String) {
            testDescription = name
            self.key = key
            self.message = message
            self.digest = digest
        }
    }

    /// RFC 4231, 4.2 to 4.8; the last is an empty key and message, as any other tool computes it.
    static let vectors = [
        Vector(
            "test case 1", key: .init(repeating: 0x0B, count: 20), message: Array("Hi There".utf8),
            digest: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Vector(
            "test case 2, a short key", key: Array("Jefe".utf8),
            message: Array("what do ya want for nothing?".utf8),
            digest: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Vector(
            "test case 3, more than a block", key: .init(repeating: 0xAA, count: 20),
            message: .init(repeating: 0xDD, count: 50),
            digest: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            "test case 4", key: Array(1...25), message: .init(repeating: 0xCD, count: 50),
            digest: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Vector(
            "test case 6, a key longer than a block", key: .init(repeating: 0xAA, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            digest: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Vector(
            "test case 7, key and message longer than a block",
            key: .init(repeating: 0xAA, count: 131),
            message: Array(
                """
                This is a test using a larger than block-size key and a larger than block-size \
                data. The key needs to be hashed before being used by the HMAC algorithm.
                """.utf8),
            digest: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
        Vector(
            "empty key and message", key: [], message: [],
            digest: "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ]

    @Test(arguments: vectors)
    func `the digest is the one of RFC 4231`(vector: Vector) {
        let digest = HMAC.sha256(key: vector.key, message: vector.message)
        #expect(digest.map(hexadecimal).joined() == vector.digest)
    }

    /// RFC 4231, 4.6, where only the first 16 bytes are given.
    @Test func `a truncated digest begins the same`() {
        let digest = HMAC.sha256(
            key: .init(repeating: 0x0C, count: 20), message: Array("Test With Truncation".utf8))
        #expect(digest.count == 32)
        #expect(
            digest.prefix(16).map(hexadecimal).joined() == "a3b6167473100ee06e0c796c2955552b")
    }

    private func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}

@Suite struct ConstantTimeEqualsTests {
    @Test(
        arguments: [
            ([], [], true),
            ([1, 2, 3], [1, 2, 3], true),
            ([1, 2, 3], [1, 2, 4], false),
            ([1, 2, 3], [0, 2, 3], false),
            ([1, 2, 3], [1, 2], false),
            ([], [0], false),
        ] as [([UInt8], [UInt8], Bool)])
    func `bytes are equal when all of them are`(left: [UInt8], right: [UInt8], isEqual: Bool) {
        #expect(constantTimeEquals(left, right) == isEqual)
    }
}

@Suite struct RandomBytesTests {
    @Test(arguments: [0, 1, 1528, 1 << 20])
    func `as many bytes as were asked for`(count: Int) {
        #expect(RandomBytes.make(count: count).count == count)
    }

    @Test func `no two draws are the same`() {
        let draws = (0..<100).map { _ in RandomBytes.make(count: 16) }
        #expect(Set(draws).count == 100)
    }

    @Test func `every byte value comes up`() {
        #expect(Set(RandomBytes.make(count: 1 << 16)).count == 256)
    }
}
