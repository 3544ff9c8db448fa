import RTMP
import TestSupport
import Testing

/// What the server says unasked.
@Suite struct NoticeTests {
    /// T-CMD-15, CMD-17: ffmpeg and librtmp end on any of these codes, in this order nothing is lost.
    @Test func `players hear of the end as StreamEOF, UnpublishNotify, Stop`() {
        let peer = ScriptedPeer()
        #expect(
            peer.session.endOfStream(on: 3).map { Line.text($0) } == [
                "streamEOF 3",
                status("NetStream.Play.UnpublishNotify", "The publisher is gone.", on: 3),
                status("NetStream.Play.Stop", "The stream stopped.", on: 3),
            ])
    }

    @Test func `a publisher that comes back is announced`() {
        let peer = ScriptedPeer()
        #expect(
            peer.session.publishNotify(on: 1).map { Line.text($0) } == [
                "streamBegin 1",
                status("NetStream.Play.PublishNotify", "A publisher is there.", on: 1),
            ])
    }

    /// MED-13
    @Test func `who can connect anew is asked to, with an address or without`() {
        let peer = ScriptedPeer()
        peer.shakesHands()
        #expect(peer.session.reconnectRequest(tcURL: nil, description: "x") == nil)
        peer.sends("connect", 1, object: ["app": "live", "capsEx": 3])
        let words =
            "level: status, code: NetConnection.Connect.ReconnectRequest, description: Move."
        let plain = peer.session.reconnectRequest(tcURL: nil, description: "Move.")
        #expect(plain.map { Line.text($0) } == "onStatus 0 null {\(words)}")
        let target = peer.session.reconnectRequest(tcURL: "//b/live", description: "Move.")
        #expect(target.map { Line.text($0) } == "onStatus 0 null {\(words), tcUrl: //b/live}")
    }

    /// MED-13
    @Test(arguments: [nil, 14])
    func `who did not say that it can connect anew is never asked`(_ capabilities: Double?) {
        let peer = ScriptedPeer()
        peer.shakesHands()
        let object = capabilities.map { ["capsEx": AMFValue.number($0)] as AMFValue } ?? [:]
        peer.sends("connect", 1, object: object)
        #expect(peer.session.reconnectRequest(tcURL: nil, description: "Move.") == nil)
    }

    /// CMD-16
    @Test func `who waited in vain hears StreamNotFound`() {
        let peer = ScriptedPeer()
        #expect(
            peer.session.streamNotFound(1).map { Line.text($0) } == [
                status("NetStream.Play.StreamNotFound", "No such stream.", level: "error", on: 1)
            ])
        #expect(peer.session.unpublished(2).map { Line.text($0) } == [unpublished(on: 2)])
        #expect(Line.text(peer.session.ping(7)) == "pingRequest 7")
    }
}
