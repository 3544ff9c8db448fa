import RTMP
import TestSupport
import Testing

/// The session from the first byte to the last.
@Suite struct SessionPhaseTests {
    @Test func `the state has a word at every point of the way`() {
        let peer = ScriptedPeer()
        var words = [peer.session.stateDescription]
        func note() {
            let word = peer.session.stateDescription
            if words.last != word { words.append(word) }
        }
        let packet = [UInt8](repeating: 0, count: 1536)
        for part in [[3], packet, packet] {
            peer.sends(bytes: part)
            note()
        }
        peer.sends("connect", 1, object: ["app": "live"])
        note()
        peer.sends("createStream", 2)
        peer.sends("play", 0, "camera", on: 1)
        note()
        peer.sends("pause", 0, true, on: 1)
        note()
        peer.sends("createStream", 3)
        peer.sends("publish", 0, "other", on: 2)
        note()
        peer.sends("deleteStream", 0, 2)
        note()
        peer.sends("deleteStream", 0, 1)
        note()
        peer.sends(.setChunkSize(0))
        note()
        #expect(
            words == [
                "hs:C0", "hs:C1", "hs:C2", "connect", "ready", "play", "paused", "publish",
                "paused", "ready", "closed",
            ])
    }

    /// T-HS-08, T-HS-10, T-HS-11
    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", "close \(SessionEnd.httpRequest)", true),
        ("\u{16}\u{3}\u{1}", "close \(SessionEnd.tlsHello)", false),
        ("\u{6}", "close \(SessionEnd.rtmpeVersion(6))", false),
        ("SSH-2.0", "close \(SessionEnd.notRTMP(0x53))", false),
    ])
    func `who speaks another protocol is closed with the reason`(
        _ text: String, _ step: String, _ isAnswered: Bool
    ) {
        let peer = ScriptedPeer()
        peer.sends(bytes: Array(text.utf8))
        peer.expectsSteps(step)
        #expect(peer.outgoing.isEmpty != isAnswered)
        peer.sends(bytes: Array(text.utf8))
        peer.expectsSteps()
    }

    /// HS-5, T-HS-04: chunks in the same read as C2.
    @Test func `no byte is lost where the handshake ends`() {
        let first = ScriptedPeer()
        first.becomesReady()
        let again = ScriptedPeer()
        again.sends(bytes: first.sent)
        again.expects(connectAnswers(1) + ["_result 2 null 1"])
        #expect(again.session.handshake.receivedBytes == 3073)
        #expect(again.session.handshake.echoesS1 == false)
    }

    @Test func `the trace shows the chunks of both directions where they stand`() {
        let peer = ScriptedPeer()
        #expect(peer.session.chunkLogIn == nil && peer.session.chunkLogOut == nil)
        peer.session.chunkLogIn = []
        peer.session.chunkLogOut = []
        peer.shakesHands()
        let start = peer.sent.count
        peer.sends("connect", 1, object: ["app": "live"])
        let inward = peer.session.chunkLogIn ?? []
        let outward = peer.session.chunkLogOut ?? []
        #expect(inward.map(\.messageType.rawValue) == [20])
        #expect(outward.map(\.messageType.rawValue) == [5, 6, 1, 4, 20])
        #expect(inward[0].offset == UInt64(start))
        #expect(outward[0].offset == UInt64(ScriptedPeer.handshakeBytes))
        #expect(outward[1].offset == outward[0].offset + 16)
        peer.session.chunkLogIn = nil
        peer.session.chunkLogOut = nil
        peer.sends("createStream", 2)
        #expect(peer.session.chunkLogIn == nil && peer.session.chunkLogOut == nil)
        #expect(peer.session.messagesIn == 2)
    }
}
