import RTMP
import TestSupport
import Testing

@Suite struct ControlMessageTests {
    /// RTMP.md §3
    @Test(arguments: [
        ("set-chunk-size", ControlMessage.setChunkSize(4096)),
        ("abort", .abort(6)),
        ("acknowledgement", .acknowledgement(1_250_000)),
        ("window-acknowledgement-size", .windowAcknowledgementSize(2_500_000)),
        ("set-peer-bandwidth", .setPeerBandwidth(2_500_000, .dynamic)),
    ])
    func `a control message goes out as it is written down, and comes in again`(
        _ part: String, _ control: ControlMessage
    ) throws {
        let golden = try Golden.bytes("control/messages", part: part)
        #expect(encoded(control.message()) == golden)
        #expect(ControlMessage.decode(control.message()) == control)
    }

    /// RTMP.md §3, PC-8
    @Test(arguments: [
        ("stream-begin", UserControlEvent.streamBegin(1)),
        ("stream-eof", .streamEOF(1)),
        ("stream-dry", .streamDry(1)),
        ("set-buffer-length", .setBufferLength(1, milliseconds: 3000)),
        ("stream-is-recorded", .streamIsRecorded(1)),
        ("ping-request", .pingRequest(0x0D0F)),
        ("ping-response", .pingResponse(0x0D0F)),
    ])
    func `a user control event goes out as it is written down, and comes in again`(
        _ part: String, _ event: UserControlEvent
    ) throws {
        let golden = try Golden.bytes("control/messages", part: part)
        var message = event.message()
        // The golden SetBufferLength was sent at 1 ms.
        message.timestamp = part == "set-buffer-length" ? 1 : 0
        #expect(encoded(message) == golden)
        #expect(UserControlEvent.decode(message) == event)
    }

    /// PC-1, T-PC-02
    @Test(arguments: [1, 2, 3, 5, 6] as [UInt8])
    func `more payload than needed is ignored, less is nothing`(_ type: UInt8) {
        let long = message(type, [0, 0, 0, 9, 1, 7, 7, 7])
        #expect(ControlMessage.decode(long) != nil)
        #expect(ControlMessage.decode(message(type, [0, 0, 9])) == nil)
        #expect(ControlMessage.decode(message(type, [])) == nil)
    }

    /// PC-6, T-PC-09
    @Test func `a bandwidth without limit, or of a limit nobody knows, is dynamic`() {
        #expect(
            ControlMessage.decode(message(6, [0, 0, 0, 9])) == .setPeerBandwidth(9, .dynamic))
        #expect(
            ControlMessage.decode(message(6, [0, 0, 0, 9, 7])) == .setPeerBandwidth(9, .dynamic))
    }

    @Test(arguments: [4, 8, 20, 7] as [UInt8])
    func `other types are no control message`(_ type: UInt8) {
        #expect(ControlMessage.decode(message(type, [0, 0, 0, 9])) == nil)
    }

    /// T-PC-11
    @Test(arguments: [
        [], [0], [0, 0], [0, 6, 0, 0, 1], [0, 3, 0, 0, 0, 1], [0, 3, 0, 0, 0, 1, 0, 0, 1],
    ])
    func `an event that is cut short is nothing`(_ body: [UInt8]) {
        #expect(UserControlEvent.decode(message(4, body)) == nil)
    }

    private func message(_ type: UInt8, _ body: [UInt8]) -> Message {
        Message(
            type: MessageType(rawValue: type), messageStreamID: 3, timestamp: 9,
            payload: Payload(body))
    }
}

/// The bytes of a message as a session sends it that has not announced a chunk size yet.
func encoded(_ message: Message) -> [UInt8] {
    let peer = ScriptedPeer()
    var writer = ByteWriter()
    peer.session.encode(message, number: 1, at: 0, into: &writer)
    return writer.bytes
}

func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
}
