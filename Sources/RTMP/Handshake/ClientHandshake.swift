/// The client's side of the handshake (RTMP 1.0, 5.2; RTMP.md HS-8, HS-11).
///
///     s0 ──▶ s1 ──▶ s2 ──▶ done
///      └ refused: the server speaks another version, or no RTMP
///
/// C2 goes out as soon as S1 is complete; chunks wait for S2. Takes exactly the handshake's bytes from
/// the cursor. Whatever S1 and S2 hold is accepted. The deadline is the owner's.
package struct ClientHandshake: Sendable {
    /// What is awaited.
    package enum Phase: Sendable {
        case s0
        case s1
        case s2
        case done
    }

    package enum Output: Sendable {
        /// C2, for one write.
        case write([UInt8])
        /// S2 is complete: chunks may go both ways.
        case done(HandshakeKind)
        /// S0 is not 3.
        case refuse(version: UInt8)
    }

    private enum State: Sendable {
        case awaitingS0
        case collectingS1([UInt8])
        /// `mismatch`: a random byte of S2 was not C1's.
        case countingS2(HandshakeKind, received: Int, mismatch: Bool)
        case done
        case refused
    }

    /// What a client that signs calls itself: FMS answers no other (HS-11).
    static let signingVersion: UInt32 = 0x8000_0702

    private var state = State.awaitingS0
    private let crypto: HandshakeCrypto
    private let signs: Bool
    private let c1: HandshakePacket

    package private(set) var receivedBytes = 0
    package private(set) var s1Time: UInt32?
    package private(set) var s1Version: UInt32?
    /// S2 repeats C1's random bytes. Noted, never required.
    package private(set) var echoesC1: Bool?

    /// `time`: for C1, milliseconds from any epoch. `signs`: the digest handshake, on base 8, where
    /// FMS looks for it; otherwise the simple one.
    package init(time: UInt32, signs: Bool, crypto: HandshakeCrypto) {
        self.crypto = crypto
        self.signs = signs
        var c1 = HandshakePacket(
            time: time, version: signs ? Self.signingVersion : 0,
            random: crypto.randomBytes(HandshakePacket.randomLength))
        if signs {
            HandshakeDigest(hmacSHA256: crypto.hmacSHA256)
                .sign(&c1, base: .at8, key: HandshakeDigest.playerKey)
        }
        self.c1 = c1
    }

    /// C0 and C1, for one write; nothing comes before them.
    package var opening: [UInt8] { [3] + c1.bytes }

    package var phase: Phase {
        switch state {
        case .awaitingS0, .refused: .s0
        case .collectingS1: .s1
        case .countingS2: .s2
        case .done: .done
        }
    }

    /// What follows from the next bytes; nil when they are used up, and always once done or refused.
    package mutating func next(_ input: inout ByteCursor) -> Output? {
        while true {
            switch state {
            case .awaitingS0:
                guard let version = input.readUInt8() else { return nil }
                receivedBytes += 1
                guard version == 3 else {
                    state = .refused
                    return .refuse(version: version)
                }
                state = .collectingS1([])
            case .collectingS1(var s1):
                state = .refused  // leaves `s1` the only owner of its bytes, to append in place
                s1 += take(HandshakePacket.length - s1.count, from: &input)
                guard s1.count == HandshakePacket.length else {
                    state = .collectingS1(s1)
                    return nil
                }
                return answer(HandshakePacket(s1))
            case .countingS2(let kind, let received, let mismatch):
                let part = take(HandshakePacket.length - received, from: &input)
                let total = received + part.count
                let differs = mismatch || !c1.isRepeated(by: part, at: received)
                guard total == HandshakePacket.length else {
                    state = .countingS2(kind, received: total, mismatch: differs)
                    return nil
                }
                echoesC1 = !differs
                state = .done
                return .done(kind)
            case .done, .refused:
                return nil
            }
        }
    }

    /// C2: the signed answer to a signature in S1, otherwise S1 itself, byte for byte (HS-8, srs #418).
    private mutating func answer(_ s1: HandshakePacket) -> Output {
        s1Time = s1.time
        s1Version = s1.version
        let digest = HandshakeDigest(hmacSHA256: crypto.hmacSHA256)
        guard signs, let signature = digest.find(in: s1, key: HandshakeDigest.serverKey) else {
            state = .countingS2(.simple, received: 0, mismatch: false)
            return .write(s1.bytes)
        }
        let c2 = digest.answer(
            to: signature.digest, key: HandshakeDigest.playerKey,
            random: crypto.randomBytes(HandshakePacket.length - HandshakeDigest.length))
        state = .countingS2(
            .complex(digestBase: signature.base.rawValue), received: 0, mismatch: false)
        return .write(c2.bytes)
    }

    private mutating func take(
        _ wanted: Int, from input: inout ByteCursor
    ) -> UnsafeRawBufferPointer {
        let part = input.read(upTo: wanted)
        receivedBytes += part.count
        return part
    }
}
