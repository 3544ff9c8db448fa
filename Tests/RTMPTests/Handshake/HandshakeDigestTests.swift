import Security
import TestSupport
import Testing

@testable import RTMP

/// The seven vectors of the digest handshake (T-HS-13); packets in `Tests/Golden/handshake`.
@Suite struct HandshakeDigestTests {
    private let digest = HandshakeDigest(hmacSHA256: { HMAC.sha256(key: $0, message: $1) })

    struct Signed: Sendable {
        var file: String
        var base: HandshakeDigest.Base
        var offset: Int
        var key: [UInt8]
    }

    static let signed = [
        Signed(file: "c1-base-8", base: .at8, offset: 290, key: HandshakeDigest.playerKey),
        Signed(file: "c1-base-772", base: .at772, offset: 942, key: HandshakeDigest.playerKey),
        Signed(file: "s1-base-8", base: .at8, offset: 206, key: HandshakeDigest.serverKey),
        Signed(file: "s1-base-772", base: .at772, offset: 890, key: HandshakeDigest.serverKey),
    ]

    @Test(arguments: signed)
    func `signing gives the vector back, and its digest is found`(vector: Signed) throws {
        let packet = HandshakePacket(try Golden.bytes("handshake/\(vector.file)"))
        #expect(HandshakeDigest.offset(in: packet, base: vector.base) == vector.offset)

        var unsigned = packet
        for index in vector.offset..<vector.offset + 32 { unsigned.bytes[index] = 0 }
        digest.sign(&unsigned, base: vector.base, key: vector.key)
        #expect(unsigned == packet)

        let found = try #require(digest.find(in: packet, key: vector.key))
        #expect(found.base == vector.base)
        #expect(found.digest == Array(packet.bytes[vector.offset..<vector.offset + 32]))
    }

    @Test(arguments: [
        ("s2-for-c1-base-8", signed[0], 3, HandshakeDigest.serverKey),
        ("s2-for-c1-base-772", signed[1], 3, HandshakeDigest.serverKey),
        ("c2-for-s1-base-8", signed[2], 11, HandshakeDigest.playerKey),
    ])
    func `the answer to a digest gives the vector back`(
        file: String, vector: Signed, factor: Int, key: [UInt8]
    ) throws {
        let packet = try Golden.bytes("handshake/\(vector.file)")
        let random = (0..<1504).map { UInt8(truncatingIfNeeded: $0 * factor) }
        let answer = digest.answer(
            to: Array(packet[vector.offset..<vector.offset + 32]), key: key, random: random)
        #expect(try answer.bytes == Golden.bytes("handshake/\(file)"))
    }

    @Test(arguments: signed)
    func `one wrong bit and nothing is found`(vector: Signed) throws {
        var packet = HandshakePacket(try Golden.bytes("handshake/\(vector.file)"))
        packet.bytes[1535] ^= 1
        #expect(digest.find(in: packet, key: vector.key) == nil)
    }
}
