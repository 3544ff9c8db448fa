import RTMP
import TestSupport
import Testing

@Suite struct ControlMessageTests {
    /// RTMP.md §3, each on chunk stream 2 with timestamp 0.
    @Test(arguments: [
        (ControlMessage.setChunkSize(4096), "04 01", "00 00 10 00"),
        (.abort(6), "04 02", "00 00 00 06"),
        (.acknowledgement(1_250_000), "04 03", "00 13 12 d0"),
        (.windowAcknowledgementSize(2_500_000), "04 05", "00 26 25 a0"),
        (.setPeerBandwidth(2_500_000, .dynamic), "05 06", "00 26 25 a0 02"),
        (.setPeerBandwidth(0xFFFF_FFFF, .hard), "05 06", "ff ff ff ff 00"),
    ])
    func `a control message goes out as it is written down, and comes in again`(
        _ control: ControlMessage, _ lengthAndType: String, _ body: String
    ) {
        let bytes = encoded(control.message())
        #expect(hex(bytes) == "02 00 00 00 00 00 \(lengthAndType) 00 00 00 00 \(body)")
        #expect(ControlMessage.decode(control.message()) == control)
    }

    /// RTMP.md §3, PC-8
    @Test(arguments: [
        (UserControlEvent.streamBegin(1), "00 00 00 00 00 01"),
        (.streamEOF(1), "00 01 00 00 00 01"),
        (.streamDry(2), "00 02 00 00 00 02"),
        (.setBufferLength(1, milliseconds: 3000), "00 03 00 00 00 01 00 00 0b b8"),
        (.streamIsRecorded(3), "00 04 00 00 00 03"),
        (.pingRequest(0x0D0F), "00 06 00 00 0d 0f"),
        (.pingResponse(0x0D0F), "00 07 00 00 0d 0f"),
        (.other(32), "00 20"),
    ])
    func `a user control event goes out as it is written down, and comes in again`(
        _ event: UserControlEvent, _ body: String
    ) {
        let message = event.message()
        #expect(hex(message.payload.bytes) == body)
        #expect(message.type == .userControl)
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
