import RTMP
import TestSupport
import Testing

/// Golden commands of clients in, golden answers out, byte by byte: hardware decoders are less patient
/// than ours.
@Suite struct GoldenAnswerTests {
    /// RTMP.md §5.1, §5.2; T-CMD-01
    @Test func `a publisher of golden bytes gets golden answers`() throws {
        let peer = ScriptedPeer()
        peer.shakesHands()
        peer.sends(.setChunkSize(4096))
        let answer = try answer(of: peer, to: Golden.bytes("commands/connect"))
        // Window, bandwidth, chunk size 60000 and StreamBegin(0), each behind its header.
        #expect(
            hex(answer.prefix(67))
                == "02 00 00 00 00 00 04 05 00 00 00 00 00 26 25 a0 "
                + "02 00 00 00 00 00 05 06 00 00 00 00 00 26 25 a0 02 "
                + "02 00 00 00 00 00 04 01 00 00 00 00 00 00 ea 60 "
                + "02 00 00 00 00 00 06 04 00 00 00 00 00 00 00 00 00 00")
        #expect(try Array(answer.dropFirst(67)) == Golden.bytes("commands/connect-result"))
        peer.sends(bytes: try Golden.bytes("commands/release-stream"))
        peer.sends(bytes: try Golden.bytes("commands/fcpublish"))
        #expect(
            try self.answer(of: peer, to: Golden.bytes("commands/create-stream"))
                == Golden.bytes("commands/create-stream-result"))
        #expect(
            try self.answer(of: peer, to: Golden.bytes("commands/publish"))
                == streamBegin() + Golden.bytes("commands/publish-start"))
        peer.sends(bytes: try Golden.bytes("commands/set-data-frame"))
        peer.sends(bytes: try Golden.bytes("commands/delete-stream"))
        peer.expectsSteps(
            "handshakeDone simple", "control setChunkSize 4096", "connect live",
            "publish live/camera @1", "metadata 100 bytes at 0 @1", "publishEnded @1")
    }

    /// RTMP.md §5.3; T-CMD-04
    @Test func `a player of golden bytes gets golden answers`() throws {
        let peer = ScriptedPeer()
        peer.shakesHands()
        peer.sends(.setChunkSize(4096))
        peer.sends(bytes: try Golden.bytes("commands/connect-player"))
        peer.sends(bytes: try Golden.bytes("commands/create-stream"))
        #expect(
            try answer(of: peer, to: Golden.bytes("commands/play"))
                == streamBegin() + Golden.bytes("commands/play-reset")
                + Golden.bytes("commands/play-start"))
    }

    private func answer(of peer: ScriptedPeer, to bytes: [UInt8]) throws -> [UInt8] {
        let start = peer.outgoing.count
        peer.sends(bytes: bytes)
        return Array(peer.outgoing[start...])
    }

    private func streamBegin() throws -> [UInt8] {
        try Golden.bytes("control/messages", part: "stream-begin")
    }

    /// CH-17, srs #454: until it is announced, 128.
    @Test func `our chunk size is in force right behind its announcement`() {
        let peer = ScriptedPeer()
        let long = Message(
            type: .video, messageStreamID: 1, timestamp: 0,
            payload: Payload([UInt8](repeating: 7, count: 300)))
        var writer = ByteWriter()
        peer.session.encode(long, number: 1, at: 0, into: &writer)
        #expect(writer.count == 12 + 128 + 1 + 128 + 1 + 44)
        peer.session.encode(
            ControlMessage.setChunkSize(200).message(), number: 2, at: 0, into: &writer)
        #expect(peer.session.outChunkSize == 200)
        let before = writer.count
        peer.session.encode(long, number: 1, at: 0, into: &writer)
        #expect(writer.count - before == 12 + 200 + 1 + 100)
    }
}
