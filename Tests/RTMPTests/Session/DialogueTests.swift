import RTMP
import TestSupport
import Testing

@Suite struct DialogueTests {
    @Test(arguments: Dialogue.all)
    func `the server says what each client needs to hear`(_ dialogue: Dialogue) {
        let peer = ScriptedPeer()
        dialogue.play(peer)
        #expect(peer.thrown == nil)
    }

    /// Architecture, invariant 2; CH-2. Whole, this is a client that waits for no answer (HS-5).
    @Test(arguments: Dialogue.all)
    func `the same bytes give the same steps, however they are cut`(
        _ dialogue: Dialogue
    ) throws {
        let first = ScriptedPeer()
        dialogue.play(first)
        let outcome = try anyCut(first.sent) { cut in
            let peer = ScriptedPeer()
            for piece in cut.pieces { peer.sends(bytes: piece) }
            return Outcome(steps: peer.steps, outgoing: peer.outgoing)
        }
        #expect(outcome == Outcome(steps: first.steps, outgoing: first.outgoing))
    }

    private struct Outcome: Equatable {
        var steps: [String]
        var outgoing: [UInt8]
    }
}
