import Security
import TestSupport
import Testing

@testable import RTMP

/// The client's handshake, fed in every cut (HS-8, HS-11, T-HS-14 … T-HS-16).
@Suite struct ClientHandshakeTests {
    /// Outputs in values that compare, and what was left in the cursors.
    private struct Outcome: Equatable {
        var opening: [UInt8] = []
        var c2: [UInt8] = []
        /// Bytes that had come in when C2 was written.
        var c2After: Int?
        var kind: HandshakeKind?
        var refused: UInt8?
        var echoesC1: Bool?
        var s1Version: UInt32?
        var left: [UInt8] = []
    }

    private static let random: [UInt8] = (0..<1528).map { UInt8(truncatingIfNeeded: $0 * 11) }

    private static let crypto = HandshakeCrypto(
        hmacSHA256: { HMAC.sha256(key: $0, message: $1) },
        randomBytes: { Array(random.prefix($0)) })

    private func feed(_ cut: Cut, signs: Bool = false) -> Outcome {
        var handshake = ClientHandshake(time: 0x0102_0304, signs: signs, crypto: Self.crypto)
        var outcome = Outcome()
        outcome.opening = handshake.opening
        for piece in cut.pieces {
            piece.withUnsafeBytes { bytes in
                var cursor = ByteCursor(bytes)
                while let output = handshake.next(&cursor) {
                    switch output {
                    case .write(let c2):
                        outcome.c2 += c2
                        outcome.c2After = handshake.receivedBytes
                    case .done(let kind): outcome.kind = kind
                    case .refuse(let version): outcome.refused = version
                    }
                }
                outcome.left += Array(cursor.remaining)
            }
        }
        outcome.echoesC1 = handshake.echoesC1
        outcome.s1Version = handshake.s1Version
        return outcome
    }

    private let simpleS1: [UInt8] =
        [0, 0, 0, 9, 0, 0, 0, 0] + (0..<1528).map { UInt8(truncatingIfNeeded: $0 * 7) }
    private let garbage = [UInt8](repeating: 0xEE, count: 1536)

    @Test func `C0 and C1 are one write, the version of C1 zero (HS-8)`() {
        let opening = feed(Cut.all(of: [])[0]).opening
        #expect(opening == [3, 1, 2, 3, 4, 0, 0, 0, 0] + Self.random)
    }

    @Test func `S2 may come later and hold anything; C2 is S1 (T-HS-14)`() throws {
        let outcome = try anyCut([3] + simpleS1 + garbage) { feed($0) }
        #expect(outcome.c2 == simpleS1)
        #expect(outcome.c2After == 1537)
        #expect(outcome.kind == .simple)
        #expect(outcome.echoesC1 == false)
        #expect(outcome.s1Version == 0)
        #expect(outcome.left == [])
    }

    @Test func `chunks that follow S2 at once stay in the cursor (T-HS-14)`() throws {
        let chunks = try Golden.bytes("control/messages")
        let s2 = [0, 0, 0, 0, 9, 9, 9, 9] + Self.random
        let outcome = try anyCut([3] + simpleS1 + s2 + chunks) { feed($0) }
        #expect(outcome.kind == .simple)
        #expect(outcome.echoesC1 == true)
        #expect(outcome.left == chunks)
    }

    @Test(arguments: [6, 0, 2, 0x48, 0xFF] as [UInt8])
    func `a server that answers another version is refused (T-HS-15)`(version: UInt8) throws {
        let outcome = try anyCut([version] + simpleS1) { feed($0) }
        #expect(outcome.refused == version)
        #expect(outcome.c2 == [])
        #expect(outcome.left == simpleS1)
    }

    @Test(arguments: [("s1-base-772", 772), ("s1-base-8", 8)])
    func `a signed S1 is answered with a signature (T-HS-16)`(file: String, base: Int) throws {
        let s1 = try Golden.bytes("handshake/\(file)")
        let outcome = try anyCut([3] + s1 + garbage) { feed($0, signs: true) }
        #expect(outcome.kind == .complex(digestBase: base))
        #expect(outcome.s1Version == 0x0405_0001)

        let digest = HandshakeDigest(hmacSHA256: Self.crypto.hmacSHA256)
        let found = try #require(
            digest.find(in: HandshakePacket(s1), key: HandshakeDigest.serverKey))
        let expected = digest.answer(
            to: found.digest, key: HandshakeDigest.playerKey,
            random: Array(Self.random.prefix(1504)))
        #expect(outcome.c2 == expected.bytes)
        // These random bytes are those of the vector, whose packet is written down.
        if base == 8 { #expect(try outcome.c2 == Golden.bytes("handshake/c2-for-s1-base-8")) }
    }

    @Test func `a signed C1 says 80000702 and is signed on base 8 (HS-11)`() throws {
        let opening = feed(Cut.all(of: [])[0], signs: true).opening
        #expect(Array(opening[5..<9]) == [0x80, 0, 7, 2])
        let digest = HandshakeDigest(hmacSHA256: Self.crypto.hmacSHA256)
        let c1 = HandshakePacket(Array(opening.dropFirst()))
        let offset = HandshakeDigest.offset(in: c1, base: .at8)
        #expect(
            digest.digest(of: c1, base: .at8, key: HandshakeDigest.playerKey)
                == Array(c1.bytes[offset..<offset + 32]))
    }

    @Test func `a client that signs takes an unsigned S1 too (T-HS-16)`() throws {
        let outcome = try anyCut([3] + simpleS1 + garbage) { feed($0, signs: true) }
        #expect(outcome.kind == .simple)
        #expect(outcome.c2 == simpleS1)
    }

    @Test func `a client that does not sign answers a signed S1 with its copy`() throws {
        let s1 = try Golden.bytes("handshake/s1-base-8")
        #expect(try anyCut([3] + s1 + garbage) { feed($0) }.c2 == s1)
    }

    @Test func `client and server agree, signed and not`() throws {
        for signs in [false, true] {
            var client = ClientHandshake(time: 1, signs: signs, crypto: Self.crypto)
            var server = ServerHandshake(time: 2, crypto: Self.crypto)
            var kinds: [HandshakeKind] = []
            func serve(_ bytes: [UInt8]) -> [UInt8] {
                bytes.withUnsafeBytes { bytes in
                    var cursor = ByteCursor(bytes)
                    var answer: [UInt8] = []
                    while let output = server.next(&cursor) {
                        if case .write(let bytes) = output { answer += bytes }
                        if case .done(let kind) = output { kinds.append(kind) }
                    }
                    return answer
                }
            }
            let answer = serve(client.opening)
            let c2 = answer.withUnsafeBytes { bytes in
                var cursor = ByteCursor(bytes)
                var c2: [UInt8] = []
                while let output = client.next(&cursor) {
                    if case .write(let bytes) = output { c2 += bytes }
                    if case .done(let kind) = output { kinds.append(kind) }
                }
                return c2
            }
            _ = serve(c2)
            #expect(kinds == Array(repeating: signs ? .complex(digestBase: 8) : .simple, count: 2))
            #expect(server.echoesS1 == !signs)
            #expect(client.echoesC1 == !signs)
        }
    }
}
