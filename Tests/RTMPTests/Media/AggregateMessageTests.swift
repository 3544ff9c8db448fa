import RTMP
import Testing

/// MED-14.
@Suite struct AggregateMessageTests {
    static let example =
        "08 000003 0003e8 00 000000 af 01 21 0000000e"
        + "09 000006 0003f2 00 000000 27 01 000000 65 00000011"

    private func parts(_ text: String, at timestamp: UInt32 = 5000) -> AggregateMessage {
        AggregateMessage(
            Message(
                type: .aggregate, messageStreamID: 3, timestamp: timestamp,
                payload: Payload(bytes(text))))
    }

    @Test func `the parts stand at the aggregate's time plus their distance (T-MED-13)`() {
        let aggregate = parts(Self.example)
        #expect(aggregate.isWhole)
        #expect(aggregate.messages.map(\.timestamp) == [5000, 5010])
        #expect(aggregate.messages.map(\.type) == [.audio, .video])
        #expect(aggregate.messages.map(\.messageStreamID) == [3, 3])
        #expect(aggregate.messages[0].payload.bytes == bytes("af 01 21"))
        #expect(aggregate.messages[1].payload.bytes == bytes("27 01 000000 65"))
    }

    @Test func `a truncated aggregate gives what is whole (T-MED-13)`() {
        let text = Self.example.filter { !$0.isWhitespace }
        // One byte less than the second body; the back pointer may be missing altogether.
        #expect(parts(String(text.dropLast(10))).messages.count == 1)
        #expect(!parts(String(text.dropLast(10))).isWhole)
        #expect(parts(String(text.dropLast(8))).messages.count == 2)
        #expect(parts(String(text.dropLast(8))).isWhole)
    }

    @Test func `time wraps at 2³² inside and outside`() {
        let text =
            "08 000001 ffffff ff 000000 af 0000000c" + "08 000001 000009 00 000000 af 0000000c"
        #expect(parts(text, at: .max).messages.map(\.timestamp) == [.max, 9])
    }

    @Test func `a nested aggregate drops the rest, other types are left out`() {
        let audio = "08 000001 000000 00 000000 af 0000000c"
        let command = "14 000001 000000 00 000000 02 0000000c"
        let nested = "16 000001 000000 00 000000 af 0000000c"
        let aggregate = parts(audio + command + audio + nested + audio)
        #expect(aggregate.messages.count == 2 && !aggregate.isWhole)
    }

    @Test func `a size beyond the end drops the part`() {
        #expect(parts("08 ffffff 000000 00 000000 af").messages.isEmpty)
        #expect(parts("").isWhole && parts("").messages.isEmpty)
    }

    @Test func `very many empty parts are cut off`() {
        let part = "08 000000 000000 00 000000 0000000b"
        let aggregate = parts(String(repeating: part, count: 5000))
        #expect(aggregate.messages.count == 4096 && !aggregate.isWhole)
    }
}
