import RTMP
import TestSupport
import Testing

/// Architecture, invariant 3: whatever comes, it ends in steps or in a `ProtocolError`.
@Suite struct SessionFuzzTests {
    @Test(arguments: Dialogue.all)
    func `a dialogue with wrong bytes in it never traps`(_ dialogue: Dialogue) {
        let first = ScriptedPeer()
        dialogue.play(first)
        var generator = SeededGenerator(seed: 23)
        for _ in 0..<150 {
            var bytes = first.sent
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(
                    in: ScriptedPeer.handshakeBytes..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &generator)
                case 2: bytes.remove(at: index)
                default: bytes.insert(0xFF, at: index)
                }
            }
            let peer = ScriptedPeer()
            peer.sends(bytes: bytes)
            #expect(!peer.hears().contains { $0.hasPrefix("unreadable") })
            if peer.thrown != nil { #expect(peer.session.stateDescription == "closed") }
        }
    }

    /// SEC-8: what one message can make us queue is bounded by its answer, not by its length.
    @Test func `no command is answered by more than it costs a few times over`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        for name in [
            "createStream", "FCPublish", "FCUnpublish", "FCSubscribe", "publish", "x", "connect",
        ] {
            let sent = peer.sent.count
            let outgoing = peer.outgoing.count
            peer.sends(name, 3, "camera", on: 1)
            #expect(peer.outgoing.count - outgoing <= 16 * (peer.sent.count - sent))
        }
    }
}
