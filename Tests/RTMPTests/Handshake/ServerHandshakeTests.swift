import Security
import TestSupport
import Testing

@testable import RTMP

/// The server's handshake, fed in every cut (T-HS-01 … T-HS-11).
@Suite struct ServerHandshakeTests {
    /// Outputs in values that compare, and what was left in the cursors.
    private struct Outcome: Equatable {
        var written: [UInt8] = []
        var writes = 0
        /// Bytes that had come in when the reply was written.
        var writtenAfter: Int?
        var kind: HandshakeKind?
        var end: SessionEnd?
        var left: [UInt8] = []
        var echoesS1: Bool?
        var version: UInt8?
        var c1Time: UInt32?
        var c1Version: UInt32?
        var receivedBytes = 0
    }

    private static let random: [UInt8] = (0..<1528).map { UInt8(truncatingIfNeeded: $0 * 13) }

    private static let crypto = HandshakeCrypto(
        hmacSHA256: { HMAC.sha256(key: $0, message: $1) },
        randomBytes: { Array(random.prefix($0)) })

    private func feed(_ cut: Cut) -> Outcome {
        var handshake = ServerHandshake(time: 0x0102_0304, crypto: Self.crypto)
        var outcome = Outcome()
        for piece in cut.pieces {
            piece.withUnsafeBytes { bytes in
                var cursor = ByteCursor(bytes)
                while let output = handshake.next(&cursor) {
                    switch output {
                    case .write(let bytes):
                        outcome.written += bytes
                        outcome.writes += 1
                        outcome.writtenAfter = handshake.receivedBytes
                    case .done(let kind):
                        outcome.kind = kind
                    case .refuse(let end, let reply):
                        outcome.end = end
                        outcome.written += reply
                    }
                }
                outcome.left += Array(cursor.remaining)
            }
        }
        outcome.echoesS1 = handshake.echoesS1
        outcome.version = handshake.version
        outcome.c1Time = handshake.c1Time
        outcome.c1Version = handshake.c1Version
        outcome.receivedBytes = handshake.receivedBytes
        return outcome
    }

    private let simpleC1: [UInt8] =
        [0, 0, 0, 5, 0, 0, 0, 0] + (0..<1528).map { UInt8(truncatingIfNeeded: $0 * 7) }
    private let zeros = [UInt8](repeating: 0, count: 1536)

    @Test func `a simple C1 is answered whole and in one write (T-HS-01, T-HS-02)`() throws {
        let outcome = try anyCut([3] + simpleC1, feed: feed)
        #expect(outcome.writes == 1)
        #expect(outcome.writtenAfter == 1537)
        #expect(outcome.written.count == 3073)
        #expect(outcome.written[0] == 3)
        #expect(Array(outcome.written[1..<9]) == [1, 2, 3, 4, 0, 0, 0, 0])
        #expect(Array(outcome.written[9..<1537]) == Self.random)
        #expect(Array(outcome.written[1537...]) == simpleC1)
        #expect(outcome.c1Time == 5)
        #expect(outcome.c1Version == 0)
        #expect(outcome.kind == nil)
    }

    @Test func `C2 may hold anything (T-HS-03)`() throws {
        let outcome = try anyCut([3] + simpleC1 + zeros, feed: feed)
        #expect(outcome.kind == .simple)
        #expect(outcome.echoesS1 == false)
        #expect(outcome.receivedBytes == 3073)
    }

    @Test func `a true echo in C2 is noted, whatever its times (HS-4)`() throws {
        let c2 = [9, 9, 9, 9, 8, 8, 8, 8] + Self.random
        #expect(try anyCut([3] + simpleC1 + c2, feed: feed).echoesS1 == true)
        let wrong = c2.dropLast() + [Self.random[1527] ^ 1]
        #expect(try anyCut([3] + simpleC1 + wrong, feed: feed).echoesS1 == false)
    }

    @Test func `chunks that follow C2 at once stay in the cursor (T-HS-04)`() throws {
        let chunks = try Golden.bytes("control/messages")
        let outcome = try anyCut([3] + simpleC1 + zeros + chunks, feed: feed)
        #expect(outcome.kind == .simple)
        #expect(outcome.left == chunks)
        #expect(outcome.receivedBytes == 3073)
    }

    @Test(arguments: [("c1-base-8", 8), ("c1-base-772", 772)])
    func `a signed C1 is answered signed on the same base (T-HS-05, T-HS-06)`(
        file: String, base: Int
    ) throws {
        let c1 = try Golden.bytes("handshake/\(file)")
        let outcome = try anyCut([3] + c1 + zeros, feed: feed)
        #expect(outcome.kind == .complex(digestBase: base))
        #expect(Array(outcome.written[5..<9]) == [4, 5, 0, 1])

        let digest = HandshakeDigest(hmacSHA256: Self.crypto.hmacSHA256)
        let s1 = HandshakePacket(Array(outcome.written[1..<1537]))
        #expect(digest.find(in: s1, key: HandshakeDigest.serverKey)?.base.rawValue == base)
        let signature = try #require(
            digest.find(in: HandshakePacket(c1), key: HandshakeDigest.playerKey))
        let s2 = digest.answer(
            to: signature.digest, key: HandshakeDigest.serverKey,
            random: Array(Self.random.prefix(1504)))
        #expect(Array(outcome.written[1537...]) == s2.bytes)
    }

    @Test func `a C1 whose digest is wrong is answered simply (T-HS-07)`() throws {
        var c1 = try Golden.bytes("handshake/c1-base-8")
        c1[290] ^= 1
        let outcome = try anyCut([3] + c1 + zeros, feed: feed)
        #expect(outcome.kind == .simple)
        #expect(Array(outcome.written[5..<9]) == [0, 0, 0, 0])
        #expect(Array(outcome.written[1537...]) == c1)
    }

    @Test(arguments: [0, 1, 2, 4, 5, 7, 0x0A, 0x0C, 0x0E, 0x15, 0x17, 0x1F] as [UInt8])
    func `an unknown version is answered with 3 (T-HS-09)`(version: UInt8) throws {
        let outcome = try anyCut([version] + simpleC1 + zeros, feed: feed)
        #expect(outcome.kind == .simple)
        #expect(outcome.written.first == 3)
        #expect(outcome.version == version)
    }

    private static let others: [([UInt8], SessionEnd, answers: Bool)] = [
        ([0x06], .rtmpeVersion(6), false),  // T-HS-08
        ([0x08], .rtmpeVersion(8), false),
        ([0x09], .rtmpeVersion(9), false),
        ([0x16, 3, 1], .tlsHello, false),  // T-HS-11
        (Array("GET / HTTP/1.1\r\n\r\n".utf8), .httpRequest, true),  // T-HS-10
        (Array("POST /open/1 HTTP/1.1\r\n".utf8), .httpRequest, true),
        (Array("HEAD / HTTP/1.1\r\n".utf8), .httpRequest, true),
        (Array("OPTIONS * HTTP/1.1\r\n".utf8), .httpRequest, true),
        (Array("DELETE / HTTP/1.1\r\n".utf8), .httpRequest, true),
        (Array("PROXY TCP4 1.2.3.4".utf8), .notRTMP(0x50), false),
        ([0x0D, 0x0A, 0x0D, 0x0A], .notRTMP(0x0D), false),
        ([0x20], .notRTMP(0x20), false),
        (Array("SSH-2.0".utf8), .notRTMP(0x53), false),
        ([0xFF], .notRTMP(0xFF), false),
    ]

    @Test(arguments: others)
    func `another protocol is told from RTMP by its first bytes (RTMP.md §1.2)`(
        bytes: [UInt8], end: SessionEnd, answers: Bool
    ) {
        for cut in Cut.all(of: bytes) {
            let outcome = feed(cut)
            #expect(outcome.end == end)
            let text = String(decoding: outcome.written, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 400 ") == answers)
            #expect(text.isEmpty != answers)
        }
    }

    @Test func `the phases say what is awaited`() {
        var handshake = ServerHandshake(time: 0, crypto: Self.crypto)
        func give(_ bytes: [UInt8]) -> ServerHandshake.Phase {
            bytes.withUnsafeBytes { buffer in
                var cursor = ByteCursor(buffer)
                while handshake.next(&cursor) != nil {}
            }
            return handshake.phase
        }
        #expect(give([]) == .c0)
        #expect(give([3]) == .c1)
        #expect(give(simpleC1) == .c2)
        #expect(give(Array(zeros.dropLast())) == .c2)
        #expect(give([0]) == .done)
    }
}
