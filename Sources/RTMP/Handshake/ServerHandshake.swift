/// The server's side of the handshake (RTMP 1.0, 5.2; RTMP.md §1).
///
///     c0 ──▶ c1 ──▶ c2 ──▶ done
///      └ refused: not RTMP at all
///
/// Takes exactly the handshake's bytes from the cursor, so that chunks that came in the same read
/// stay there (HS-5). Keeps at most C0 and C1, and nothing once done. The deadline is the owner's.
package struct ServerHandshake: Sendable {
    /// What is awaited.
    package enum Phase: Sendable {
        case c0
        case c1
        case c2
        case done
    }

    package enum Output: Sendable {
        /// S0, S1 and S2, for one write (HS-1).
        case write([UInt8])
        /// C2 is complete: chunks may go both ways (HS-6).
        case done(HandshakeKind)
        /// Another protocol: send the reply, if there is one, and close.
        case refuse(SessionEnd, reply: [UInt8])
    }

    private enum State: Sendable {
        /// C0, or the first byte where it takes a second one to tell RTMP from others.
        case dispatching(first: UInt8?)
        case collectingC1([UInt8])
        /// `mismatch`: a random byte of C2 was not S1's.
        case countingC2(HandshakeKind, s1: HandshakePacket, received: Int, mismatch: Bool)
        case done
        case refused
    }

    private var state = State.dispatching(first: nil)
    private let time: UInt32
    private let crypto: HandshakeCrypto

    package private(set) var receivedBytes = 0
    /// C0.
    package private(set) var version: UInt8?
    package private(set) var c1Time: UInt32?
    package private(set) var c1Version: UInt32?
    /// C2 repeats S1's random bytes. Noted, never required (HS-4).
    package private(set) var echoesS1: Bool?

    /// `time`: for S1, milliseconds from any epoch.
    package init(time: UInt32, crypto: HandshakeCrypto) {
        self.time = time
        self.crypto = crypto
    }

    package var phase: Phase {
        switch state {
        case .dispatching, .refused: .c0
        case .collectingC1: .c1
        case .countingC2: .c2
        case .done: .done
        }
    }

    /// What follows from the next bytes; nil when they are used up, and always once done or refused.
    package mutating func next(_ input: inout ByteCursor) -> Output? {
        while true {
            switch state {
            case .dispatching(let first):
                guard let byte = input.readUInt8() else { return nil }
                receivedBytes += 1
                let output =
                    if let first { dispatch(first, second: byte) } else { dispatch(byte) }
                if let output { return output }
            case .collectingC1(var c1):
                state = .refused  // leaves `c1` the only owner of its bytes, to append in place
                c1 += take(HandshakePacket.length - c1.count, from: &input)
                guard c1.count == HandshakePacket.length else {
                    state = .collectingC1(c1)
                    return nil
                }
                return answer(HandshakePacket(c1))
            case .countingC2(let kind, let s1, let received, let mismatch):
                let part = take(HandshakePacket.length - received, from: &input)
                let total = received + part.count
                let differs = mismatch || !s1.isRepeated(by: part, at: received)
                guard total == HandshakePacket.length else {
                    state = .countingC2(kind, s1: s1, received: total, mismatch: differs)
                    return nil
                }
                echoesS1 = !differs
                state = .done
                return .done(kind)
            case .done, .refused:
                return nil
            }
        }
    }

    /// First bytes: RTMP, or whom we have here instead (RTMP.md §1.2).
    private mutating func dispatch(_ first: UInt8, second: UInt8? = nil) -> Output? {
        switch first {
        case 0x06, 0x08, 0x09:
            return refuse(.rtmpeVersion(first))
        case 0x16:
            return refuse(.tlsHello)
        case UInt8(ascii: "G"), UInt8(ascii: "H"), UInt8(ascii: "O"), UInt8(ascii: "D"):
            return refuse(.httpRequest, reply: Self.badRequest)
        case UInt8(ascii: "P"):
            // POST, PUT and PATCH are HTTP; `PROXY` is the PROXY protocol and gets no answer.
            guard let second else {
                state = .dispatching(first: first)
                return nil
            }
            return second == UInt8(ascii: "R")
                ? refuse(.notRTMP(first)) : refuse(.httpRequest, reply: Self.badRequest)
        case 0x0D, 0x20...:
            // 0D begins version 2 of the PROXY protocol.
            return refuse(.notRTMP(first))
        default:
            // Every other version is answered with 3 (RTMP 1.0, 5.2.2).
            version = first
            state = .collectingC1([])
            return nil
        }
    }

    private mutating func refuse(_ end: SessionEnd, reply: [UInt8] = []) -> Output {
        state = .refused
        return .refuse(end, reply: reply)
    }

    /// S0, S1 and S2: signed on the base of C1's signature, or simple (HS-1, HS-2, HS-3, HS-10).
    private mutating func answer(_ c1: HandshakePacket) -> Output {
        c1Time = c1.time
        c1Version = c1.version
        let digest = HandshakeDigest(hmacSHA256: crypto.hmacSHA256)
        let signature =
            c1.version == 0 ? nil : digest.find(in: c1, key: HandshakeDigest.playerKey)
        var s1 = HandshakePacket(
            time: time, version: signature == nil ? 0 : HandshakePacket.serverVersion,
            random: crypto.randomBytes(HandshakePacket.randomLength))
        let s2: HandshakePacket
        let kind: HandshakeKind
        if let signature {
            digest.sign(&s1, base: signature.base, key: HandshakeDigest.serverKey)
            s2 = digest.answer(
                to: signature.digest, key: HandshakeDigest.serverKey,
                random: crypto.randomBytes(HandshakePacket.length - HandshakeDigest.length))
            kind = .complex(digestBase: signature.base.rawValue)
        } else {
            s2 = c1
            kind = .simple
        }
        state = .countingC2(kind, s1: s1, received: 0, mismatch: false)
        var answer = ByteWriter(reserving: 1 + 2 * HandshakePacket.length)
        answer.write(3)
        answer.write(s1.bytes)
        answer.write(s2.bytes)
        return .write(answer.bytes)
    }

    private mutating func take(
        _ wanted: Int, from input: inout ByteCursor
    ) -> UnsafeRawBufferPointer {
        let part = input.read(upTo: wanted)
        receivedBytes += part.count
        return part
    }

    private static let badRequest = Array(
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".utf8)
}
