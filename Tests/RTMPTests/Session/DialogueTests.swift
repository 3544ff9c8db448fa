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

    /// Architecture, invariant 2; CH-2. `whole` is the client that waits for nothing.
    @Test(arguments: Dialogue.all, ScriptedPeer.Cut.all)
    func `the same bytes give the same steps, however they are cut`(
        _ dialogue: Dialogue, _ cut: ScriptedPeer.Cut
    ) {
        let first = ScriptedPeer()
        dialogue.play(first)
        let again = ScriptedPeer(cut)
        again.sends(bytes: first.sent)
        #expect(again.steps == first.steps)
        #expect(again.outgoing == first.outgoing)
    }
}
