/// The signature inside C1 and S1, and the answer to it in S2 and C2: the complex handshake that
/// Flash Player and its servers speak (RTMP.md §1.3; Adobe never published it).
///
/// 32 bytes of a packet are an HMAC-SHA256 over all its other bytes. Where they stand follows from
/// four bytes of the packet, which are in one of two places.
struct HandshakeDigest {
    /// Where the four bytes stand.
    enum Base: Int, CaseIterable {
        case at8 = 8
        case at772 = 772
    }

    static let length = 32

    /// "Genuine Adobe Flash Player 001" signs C1.
    static let playerKey = Array("Genuine Adobe Flash Player 001".utf8)
    /// "Genuine Adobe Flash Media Server 001" signs S1.
    static let serverKey = Array("Genuine Adobe Flash Media Server 001".utf8)
    /// Completes both keys for C2 and S2.
    static let keyTail: [UInt8] = [
        0xF0, 0xEE, 0xC2, 0x4A, 0x80, 0x68, 0xBE, 0xE8, 0x2E, 0x00, 0xD0, 0xD1, 0x02, 0x9E, 0x7E,
        0x57, 0x6E, 0xEC, 0x5D, 0x2D, 0x29, 0x80, 0x6F, 0xAB, 0x93, 0xB8, 0xE6, 0x36, 0xCF, 0xEB,
        0x31, 0xAE,
    ]

    let hmacSHA256: @Sendable (_ key: [UInt8], _ message: [UInt8]) -> [UInt8]

    static func offset(in packet: HandshakePacket, base: Base) -> Int {
        let sum = packet.bytes[base.rawValue..<base.rawValue + 4].reduce(0) { $0 + Int($1) }
        return sum % 728 + base.rawValue + 4
    }

    func digest(of packet: HandshakePacket, base: Base, key: [UInt8]) -> [UInt8] {
        let offset = Self.offset(in: packet, base: base)
        return hmacSHA256(
            key, Array(packet.bytes[..<offset] + packet.bytes[(offset + Self.length)...]))
    }

    func sign(_ packet: inout HandshakePacket, base: Base, key: [UInt8]) {
        let offset = Self.offset(in: packet, base: base)
        let digest = digest(of: packet, base: base, key: key)
        packet.bytes.replaceSubrange(offset..<offset + Self.length, with: digest)
    }

    /// The digest of a signed packet and its base; 772 is tried first (HS-9).
    func find(in packet: HandshakePacket, key: [UInt8]) -> (base: Base, digest: [UInt8])? {
        for base in [Base.at772, .at8] {
            let offset = Self.offset(in: packet, base: base)
            let found = Array(packet.bytes[offset..<offset + Self.length])
            if found == digest(of: packet, base: base, key: key) { return (base, found) }
        }
        return nil
    }

    /// S2 or C2: random bytes, then their HMAC under a key made from the digest answered to.
    ///
    /// `key` is the short key of the side that answers, `random` has 1504 bytes.
    func answer(to digest: [UInt8], key: [UInt8], random: [UInt8]) -> HandshakePacket {
        let inner = hmacSHA256(key + Self.keyTail, digest)
        return HandshakePacket(random + hmacSHA256(inner, random))
    }
}
