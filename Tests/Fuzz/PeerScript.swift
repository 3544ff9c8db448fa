import RTMP

/// A peer's side of a session, chosen by the fuzzer's bytes.
///
/// The first byte says how much of the way is given: 0 nothing, 1 the handshake, 2 the handshake and
/// then commands and chunks, 3 the same behind an accepted publish. Bytes alone would hardly ever pass
/// the handshake.
struct PeerScript {
    private var input: FuzzInput
    private var encoder = ChunkEncoder()
    // Chunk streams of their own, so that both writers stay in step.
    private var chunks = ChunkScript(ids: [4, 5, 6, 63, 64, 319, 320, 65_599])
    private var writer = ByteWriter()

    private static let names = [
        "createStream", "publish", "play", "deleteStream", "closeStream", "pause", "seek",
        "receiveAudio", "receiveVideo", "releaseStream", "FCPublish", "FCUnpublish", "FCSubscribe",
        "getStreamLength", "_checkbw", "_result", "_error", "onStatus", "connect", "close", "x",
    ]
    private static let texts = [
        "", "live", "camera", "a/b", "camera?key=1", "mp4:clip", "..", "/", "_definst_", "live/",
        "append", "record", "rtmp://host/live/camera", "\0", "onMetaData", "@setDataFrame",
        "@clearDataFrame", "|RtmpSampleAccess",
    ]

    /// The handshake, if it is given, and what follows it.
    static func bytes(of input: [UInt8]) -> (handshake: [UInt8], rest: [UInt8]) {
        var script = PeerScript(input: FuzzInput(input))
        let bytes = script.write()
        let isGiven = (input.first ?? 0) & 3 > 0
        return isGiven ? (Array(bytes.prefix(3073)), Array(bytes.dropFirst(3073))) : ([], bytes)
    }

    private init(input: FuzzInput) {
        self.input = input
    }

    private mutating func write() -> [UInt8] {
        let way = input.byte() & 3
        if way > 0 { shakeHands() }
        if way == 3 { publishes() }
        guard way > 1 else {
            writer.write(input.rest)
            return writer.bytes
        }
        while !input.isEmpty, writer.count < 32 << 10 { act() }
        return writer.bytes
    }

    private mutating func shakeHands() {
        let packet = [UInt8](repeating: 0, count: 8) + [UInt8](repeating: 0xA5, count: 1528)
        writer.write([3] + packet + packet)
    }

    private mutating func publishes() {
        send("connect", 1, object: ["app": "live", "tcUrl": "rtmp://host/live"], [], on: 0)
        send("createStream", 2, object: .null, [], on: 0)
        send("publish", 3, object: .null, ["camera", "live"], on: 1)
    }

    private mutating func act() {
        switch input.byte() % 10 {
        case 0: writer.write(input.bytes())
        case 1, 2: chunks.write(&input, into: &writer)
        case 3: setChunkSize(input.edge([1, 2, 127, 128, 4096, 65_536, 0x7FFF_FFFF]))
        case 4: send(control().message(), on: 2)
        case 5: send(event().message(), on: 2)
        case 6: connect()
        case 7: media()
        default:
            let arguments = (0..<input.byte() % 4).map { _ in value(depth: 0) }
            send(
                input.pick(Self.names), Double(input.byte()), object: value(depth: 0), arguments,
                on: UInt32(input.byte() & 3))
        }
    }

    private mutating func connect() {
        let object: AMFValue = [
            "app": .text(input.pick(Self.texts)), "tcUrl": .text(input.pick(Self.texts)),
            "objectEncoding": .number(Double(input.byte() & 3)), "x": value(depth: 1),
        ]
        send("connect", Double(input.byte()), object: object, [], on: 0)
    }

    private mutating func media() {
        let types: [MessageType] = [
            .audio, .video, .dataAMF0, .dataAMF3, .aggregate, .commandAMF3, .sharedObjectAMF0,
        ]
        let type = input.pick(types)
        let body =
            type == .dataAMF0 && input.isTrue(oneIn: 2)
            ? AMF0Encoder.bytes([.text(input.pick(Self.texts)), value(depth: 0), value(depth: 0)])
            : input.bytes()
        let message = Message(
            type: type, messageStreamID: UInt32(input.byte() & 3),
            timestamp: input.edge([0, 40, 0xFF_FFFF, .max]), payload: Payload(body))
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
        switch input.byte() % 6 {
        case 0: .streamBegin(input.number())
        case 1: .setBufferLength(UInt32(input.byte()), milliseconds: input.number())
        case 2: .pingRequest(input.number())
        case 3: .pingResponse(input.number())
        case 4: .streamEOF(UInt32(input.byte()))
        default: .streamDry(UInt32(input.byte()))
        }
    }

    private mutating func value(depth: Int) -> AMFValue {
        switch input.byte() % (depth < 3 ? 10 : 7) {
        case 0, 1: return .text(input.pick(Self.texts))
        case 2: return .number(Double(input.byte()))
        case 3: return .number(Double(bitPattern: UInt64(input.number()) << 32))
        case 4: return .boolean(input.isTrue(oneIn: 2))
        case 5: return .null
        case 6: return .string(input.bytes())
        case 7: return .strictArray((0..<input.byte() % 4).map { _ in value(depth: depth + 1) })
        default:
            let properties = (0..<input.byte() % 4).map { _ in
                AMFProperty(input.pick(Self.texts), value(depth: depth + 1))
            }
            return input.isTrue(oneIn: 2) ? .object(properties) : .ecmaArray(properties)
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
