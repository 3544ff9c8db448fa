import Monitor
import RTMP
import Telemetry
import Testing

@Suite struct BlackBoxTests {
    private let server = ObservedServer()

    private func entries(_ messages: [CapturedMessage]) throws -> SessionDetail {
        let lanes = Lanes(events: 1, messages: max(messages.count, 1), trace: 1)
        server.registry.add(lanes)
        _ = server.accept(3)
        server.sampler.setInspected([3])
        for message in messages { lanes.messages.put(message) }
        return try #require(server.tick().inspected[3])
    }

    private func captured(
        _ type: MessageType, _ payload: [UInt8], stream: UInt32 = 0
    ) -> CapturedMessage {
        CapturedMessage(
            session: 3, direction: .inward, atNanoseconds: server.now, type: type.rawValue,
            messageStreamID: stream, timestamp: 0, payload: payload, payloadBytes: payload.count)
    }

    private func captured(_ message: Message) -> CapturedMessage {
        captured(message.type, message.payload.bytes, stream: message.messageStreamID)
    }

    @Test(arguments: [
        (ControlMessage.setChunkSize(4096), "SetChunkSize", "4096"),
        (.abort(4), "Abort", "4"),
        (.acknowledgement(96_100_000), "Ack", "96100000"),
        (.windowAcknowledgementSize(2_500_000), "WindowAckSize", "2500000"),
        (.setPeerBandwidth(2_500_000, .dynamic), "SetPeerBandwidth", "2500000 dynamic"),
    ])
    func `control messages are said in words`(
        control: ControlMessage, name: SafeText, summary: SafeText
    ) throws {
        let entry = try #require(try entries([captured(control.message())]).commands.first)
        #expect(entry.name == name)
        #expect(entry.summary == summary)
    }

    @Test(arguments: [
        (UserControlEvent.streamBegin(1), "StreamBegin", "1"),
        (.streamEOF(1), "StreamEOF", "1"),
        (.setBufferLength(1, milliseconds: 3000), "SetBufferLength", "1 3000 ms"),
        (.pingRequest(77), "PingRequest", "77"),
        (.pingResponse(77), "PingResponse", "77"),
        (.streamIsRecorded(1), "StreamIsRecorded", "1"),
    ])
    func `user control events are said in words`(
        event: UserControlEvent, name: SafeText, summary: SafeText
    ) throws {
        let entry = try #require(try entries([captured(event.message())]).commands.first)
        #expect(entry.name == name)
        #expect(entry.summary == summary)
    }

    @Test func `the AMF tree shows every type (§5.4)`() throws {
        let values: [AMFValue] = [
            "f", 1, .null,
            .ecmaArray([AMFProperty("a", true), AMFProperty("b", .undefined)]),
            .strictArray([1.5, .date(milliseconds: 1_795_269_751_000)]),
        ]
        let entry = try #require(
            try entries([captured(.commandAMF0, AMF0Encoder.bytes(values))]).commands.first)
        #expect(
            entry.tree.map { String(repeating: " ", count: $0.depth) + $0.text.description } == [
                #"string "f""#, "number 1", "null", "ecma-array(2)", " a  boolean true",
                " b  undefined", "strict-array(2)", " number 1.5",
                " date 2026-11-21T14:02:31.000Z",
            ])
    }

    @Test func `secrets are masked in summary and tree (SEC-13, T-SEC-06)`() throws {
        let command = Command(
            name: "connect", transaction: 1,
            object: .object([
                AMFProperty("tcUrl", "rtmp://bob:pw@h/live?auth=SECRET"),
                AMFProperty("token", "SECRET"),
            ]), arguments: ["cam1?key=SECRET"], messageStreamID: 0)
        let entry = try #require(try entries([captured(command.message())]).commands.first)
        let shown =
            entry.summary.description + entry.tree.map(\.text.description).joined()
        #expect(!shown.contains("SECRET"))
        #expect(!shown.contains("pw"))
        #expect(
            entry.summary
                == #"tid 1  tcUrl "rtmp://***@h/live?auth=***"  token "***"  "***""#)
    }

    /// Beneath a secret name everything is secret; what only begins like one is not.
    @Test func `what a secret holds is masked in the tree, whatever its type (SEC-13)`() throws {
        let values: [AMFValue] = [
            "f", 1,
            .object([
                AMFProperty(
                    "tokens", .strictArray(["SECRET", 4711, ["a": "SECRET"], .null, true])),
                AMFProperty("keyframes", 2), AMFProperty("xml", .xmlDocument(Array("SECRET".utf8))),
                AMFProperty("passUntil", .date(milliseconds: 0)),
            ]),
        ]
        let entry = try #require(
            try entries([captured(.commandAMF0, AMF0Encoder.bytes(values))]).commands.first)
        #expect(
            entry.tree.dropFirst(2).map {
                String(repeating: " ", count: $0.depth) + $0.text.description
            } == [
                "object", " tokens  strict-array(5)", #"  string "***""#, "  number ***",
                "  object", #"   a  string "***""#, "  null", "  boolean true",
                " keyframes  number 2", " xml  xml(6)", " passUntil  date ***",
            ])
        #expect(
            entry.summary
                == "tid 1  tokens strict-array(5)  keyframes 2  xml xml(6)  passUntil date ***")
    }

    @Test func `an answer to a challenge is secret by its name`() throws {
        let command = Command(
            name: "secureTokenResponse", transaction: 0, object: .null,
            arguments: ["SECRET", 4711],
            messageStreamID: 0)
        let entry = try #require(try entries([captured(command.message())]).commands.first)
        #expect(entry.summary == #"tid 0  "***"  ***"#)
    }

    @Test func `a broken or cut message shows what could be read`() throws {
        var cut = AMF0Encoder.bytes(["connect", 1, "a long text"])
        cut.removeLast(4)
        let detail = try entries([
            captured(.commandAMF0, cut), captured(.commandAMF0, [0xFF]),
            captured(.userControl, [0]), captured(.commandAMF0, []),
        ])
        #expect(detail.commands.map(\.name) == ["connect", "CMD", "USER", "CMD"])
        #expect(
            detail.commands[0].tree.map(\.text) == [
                #"string "connect""#, "number 1", "unreadable from here, 29 B in all",
            ])
    }

    @Test func `the first and the newest are kept, the middle is counted`() throws {
        let messages = (0..<400).map { number in
            captured(
                Command(
                    name: "c\(number)", transaction: 0, object: .null,
                    arguments: [.text(String(repeating: "x", count: 1000))], messageStreamID: 0
                ).message())
        }
        let detail = try entries(messages)
        #expect(detail.commands.first?.name == "c0")
        #expect(detail.commands.last?.name == "c399")
        #expect(detail.omitted > 0)
        #expect(detail.commands.count + detail.omitted == 400)
        // 64 kB of about 1.1 kB each, twice.
        #expect((100...128).contains(detail.commands.count))
    }
}
