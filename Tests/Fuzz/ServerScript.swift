import RTMP

/// A hostile server's side of a session, chosen by the fuzzer's bytes.
///
/// The first byte says how much of the way is given: 0 nothing, 1 the handshake, 2 the handshake and
/// then messages, 3 the same behind an accepted publish or play.
struct ServerScript {
    private var input: FuzzInput
    private var encoder = ChunkEncoder()
    private var chunks = ChunkScript(ids: [4, 5, 6, 63, 64, 319, 320, 65_599])
    private var writer = ByteWriter()

    static let handshakeBytes = 3073

    private static let names = [
        "_result", "_error", "onStatus", "onBWDone", "close", "onFCPublish", "ping", "x",
        "onFCSubscribe", "connect", "play",
    ]
    private static let codes = [
        "NetConnection.Connect.Success", "NetConnection.Connect.Rejected",
        "NetConnection.Connect.ReconnectRequest", "NetStream.Publish.Start",
        "NetStream.Publish.BadName", "NetStream.Play.Reset", "NetStream.Play.Start",
        "NetStream.Play.Stop", "NetStream.Play.UnpublishNotify", "NetStream.Play.PublishNotify",
        "NetStream.Play.StreamNotFound", "NetStream.Failed", "", "x",
    ]
    static let references = [
        "rtmp://host/other", "rtmps://host/other", "rtmp://evil/live", "//evil/live", "/app", "app",
        "?x=1", "", "rtmp://you@host/a", "http://host/", "rtmp://host/a b=c", "rtmp://[::1]:9/a#b",
    ]
    private static let types: [MessageType] = [
        .audio, .video, .dataAMF0, .dataAMF3, .aggregate, .commandAMF3, .sharedObjectAMF0,
    ]

    static func bytes(of input: [UInt8]) -> [UInt8] {
        var script = ServerScript(input: FuzzInput(input))
        script.write()
        return script.writer.bytes
    }

    private init(input: FuzzInput) {
        self.input = input
    }

    private mutating func write() {
        let way = input.byte() & 3
        if way > 0 {
            writer.write([3] + [UInt8](repeating: 0, count: 8))
            writer.write([UInt8](repeating: 0xA5, count: Self.handshakeBytes - 9))
        }
        if way == 3 {
            send("_result", 1, object: ["fmsVer": "FMS/3,0,1,123"], [info(Self.codes[0])], on: 0)
            send("_result", 4, object: .null, [1], on: 0)
            send("onStatus", 0, object: .null, [info("NetStream.Publish.Start")], on: 1)
            send("onStatus", 0, object: .null, [info("NetStream.Play.Start")], on: 1)
        }
        guard way > 1 else { return writer.write(input.rest) }
        while !input.isEmpty, writer.count < 32 << 10 { act() }
    }

    private mutating func act() {
        switch input.byte() % 10 {
        case 0: writer.write(input.bytes())
        case 1: chunks.write(&input, into: &writer)
        case 2: setChunkSize(input.edge([1, 2, 127, 128, 4096, 65_536, 0x7FFF_FFFF]))
        case 3: send(control().message(), on: 2)
        case 4: send(event().message(), on: 2)
        case 5, 6: media()
        case 7:
            send(
                input.pick(Self.names), Double(input.byte() & 7), object: value(depth: 0),
                (0..<input.byte() % 3).map { _ in value(depth: 0) }, on: UInt32(input.byte() & 3))
        default:
            send(
                "onStatus", Double(input.byte() & 7), object: .null, [info(input.pick(Self.codes))],
                on: UInt32(input.byte() & 1))
        }
    }

    private mutating func info(_ code: String) -> AMFValue {
        [
            "level": .text(input.pick(["status", "error", "warning"])), "code": .text(code),
            "description": "d", "tcUrl": .text(input.pick(Self.references)),
        ]
    }

    private mutating func media() {
        let message = Message(
            type: input.pick(Self.types), messageStreamID: UInt32(input.byte() & 1),
            timestamp: input.edge([0, 40, 0xFF_FFFF, .max]), payload: Payload(input.bytes()))
        send(message, on: 3)
    }

    private mutating func control() -> ControlMessage {
        let sizes: [UInt32] = [0, 1, 2, 5000, 2_500_000, 0x7FFF_FFFF, .max]
        return switch input.byte() % 4 {
        case 0: .abort(input.edge([4, 5, 6, 63, 64, 319]))
        case 1: .acknowledgement(input.edge(sizes))
        case 2: .windowAcknowledgementSize(input.edge(sizes))
        default: .setPeerBandwidth(input.edge(sizes), input.pick([.hard, .soft, .dynamic]))
        }
    }

    private mutating func event() -> UserControlEvent {
        switch input.byte() % 5 {
        case 0: .streamBegin(input.number())
        case 1: .streamEOF(UInt32(input.byte()))
        case 2: .pingRequest(input.number())
        case 3: .streamIsRecorded(1)
        default: .streamDry(UInt32(input.byte()))
        }
    }

    private mutating func value(depth: Int) -> AMFValue {
        switch input.byte() % (depth < 3 ? 9 : 7) {
        case 0: .text(input.pick(Self.codes))
        case 1: .number(Double(input.byte()))
        case 2: .number(Double(bitPattern: UInt64(input.number()) << 32))
        case 3: .boolean(input.isTrue(oneIn: 2))
        case 4: .null
        case 5: .string(input.bytes())
        case 6: info(input.pick(Self.codes))
        case 7: .strictArray((0..<input.byte() % 4).map { _ in value(depth: depth + 1) })
        default:
            .ecmaArray(
                (0..<input.byte() % 4).map { _ in
                    AMFProperty(input.pick(["code", "capsEx", "fmsVer"]), value(depth: depth + 1))
                })
        }
    }

    private mutating func setChunkSize(_ size: UInt32) {
        send(ControlMessage.setChunkSize(size).message(), on: 2)
        guard (1...0x7FFF_FFFF).contains(size) else { return }
        encoder.chunkSize = size
        chunks.chunkSize = size
    }

    private mutating func send(
        _ name: String, _ transaction: Double, object: AMFValue, _ arguments: [AMFValue],
        on messageStream: MessageStreamID
    ) {
        let command = Command(
            name: name, transaction: transaction, object: object, arguments: arguments,
            messageStreamID: messageStream)
        send(command.message(), on: 3)
    }

    private mutating func send(_ message: Message, on chunkStream: ChunkStreamID) {
        encoder.encode(message, on: chunkStream, number: 1, at: 0, into: &writer)
    }
}
