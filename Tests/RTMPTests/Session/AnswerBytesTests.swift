import RTMP
import TestSupport
import Testing

/// Answers byte by byte as RTMP.md §5 writes them down: hardware decoders are less patient than ours.
@Suite struct AnswerBytesTests {
    @Test func `the answer to connect comes in one order, chunk size before the long part`() {
        let peer = ScriptedPeer()
        peer.shakesHands()
        peer.sends("connect", 1, object: ["app": "live"])
        let bytes = peer.outgoing[ScriptedPeer.handshakeBytes...]
        #expect(
            hex(bytes.prefix(67))
                == "02 00 00 00 00 00 04 05 00 00 00 00 00 26 25 a0 "
                + "02 00 00 00 00 00 05 06 00 00 00 00 00 26 25 a0 02 "
                + "02 00 00 00 00 00 04 01 00 00 00 00 00 00 ea 60 "
                + "02 00 00 00 00 00 06 04 00 00 00 00 00 00 00 00 00 00")
        let result = bytes.dropFirst(67)
        #expect(result.count == 12 + 190)
        #expect(
            hex(result.prefix(85))
                == "03 00 00 00 00 00 be 14 00 00 00 00 02 00 07 5f 72 65 73 75 6c 74 "
                + "00 3f f0 00 00 00 00 00 00 03 00 06 66 6d 73 56 65 72 "
                + "02 00 0d 46 4d 53 2f 33 2c 30 2c 31 2c 31 32 33 "
                + "00 0c 63 61 70 61 62 69 6c 69 74 69 65 73 00 40 3f 00 00 00 00 00 00 "
                + "00 00 09 03 00 05")
    }

    /// CMD-1
    @Test func `the answer to createStream is transaction, null, number`() {
        let peer = ScriptedPeer()
        peer.shakesHands()
        peer.sends("connect", 1, object: ["app": "live"])
        let connected = peer.outgoing.count
        peer.sends("createStream", 4)
        #expect(
            hex(peer.outgoing[connected...])
                == "03 00 00 00 00 00 1d 14 00 00 00 00 02 00 07 5f 72 65 73 75 6c 74 "
                + "00 40 10 00 00 00 00 00 00 05 00 3f f0 00 00 00 00 00 00")
    }

    @Test func `publish is answered by StreamBegin and 105 bytes of onStatus`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        let ready = peer.outgoing.count
        peer.sends("publish", 5, "camera", "live", on: 1)
        let bytes = peer.outgoing[ready...]
        #expect(
            hex(bytes.prefix(18)) == "02 00 00 00 00 00 06 04 00 00 00 00 00 00 00 00 00 01")
        let status = bytes.dropFirst(18)
        #expect(status.count == 12 + 105)
        #expect(
            hex(status.prefix(59))
                == "05 00 00 00 00 00 69 14 01 00 00 00 02 00 08 6f 6e 53 74 61 74 75 73 "
                + "00 00 00 00 00 00 00 00 00 05 03 00 05 6c 65 76 65 6c "
                + "02 00 06 73 74 61 74 75 73 00 04 63 6f 64 65 02 00 17")
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
            ControlMessage.setChunkSize(200).message(), number: 1, at: 0, into: &writer)
        #expect(peer.session.outChunkSize == 200)
        let before = writer.count
        peer.session.encode(long, number: 1, at: 0, into: &writer)
        #expect(writer.count - before == 12 + 200 + 1 + 100)
    }
}
