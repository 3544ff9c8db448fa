import RTMP

/// A peer's side of a session, chosen by the fuzzer's bytes.
///
/// The low three bits of the first byte say how much of the way is given: 0 nothing, 1 the handshake,
/// then bytes; 2 the handshake, 3 also an accepted publish, 4 an accepted play, 5 a publish with
/// Enhanced RTMP announced, then commands and chunks by script; 6 an accepted publish, 7 an accepted
/// play, then bytes. Bytes alone would hardly ever pass the handshake.
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
    /// The handshake, if it is given, and what follows it.
    static func bytes(of input: [UInt8]) -> (handshake: [UInt8], rest: [UInt8]) {
        var script = PeerScript(input: FuzzInput(input))
        let bytes = script.write()
        let isGiven = (input.first ?? 0) & 7 > 0
        return isGiven ? (Array(bytes.prefix(3073)), Array(bytes.dropFirst(3073))) : ([], bytes)
    }

    private init(input: FuzzInput) {
        self.input = input
    }

    private mutating func write() -> [UInt8] {
        let way = input.byte() & 7
        if way > 0 { shakeHands() }
        switch way {
        case 3, 6: starts("publish")
        case 4, 7: starts("play")
        case 5:
            starts(
                "publish",
                [AMFProperty("capsEx", 15), AMFProperty("fourCcList", .strictArray(["*"]))])
        default: break
        }
        guard (2...5).contains(way) else {
            writer.write(input.rest)
            return writer.bytes
        }
        while !input.isEmpty, writer.count < 8 << 10 { act() }
        return writer.bytes
    }

    private mutating func shakeHands() {
        let packet = [UInt8](repeating: 0, count: 8) + [UInt8](repeating: 0xA5, count: 1528)
        writer.write([3] + packet + packet)
    }

    private mutating func starts(_ what: String, _ capabilities: [AMFProperty] = []) {
        let object: [AMFProperty] = [
            AMFProperty("app", "live"), AMFProperty("tcUrl", "rtmp://host/live"),
        ]
        send("connect", 1, object: .object(object + capabilities), [], on: 0)
        send("createStream", 2, object: .null, [], on: 0)
        send(what, 3, object: .null, ["camera", "live"], on: 1)
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
        default: command()
        }
    }

    private mutating func command() {
        let start = AMF0Encoder.bytes([
            .text(input.pick(Self.names)), .number(Double(input.byte())),
        ])
        let isAMF3 = input.isTrue(oneIn: 8)
        let body = start + AMFScript.values(Int(input.byte() % 6), &input)
        let message = Message(
            type: isAMF3 ? .commandAMF3 : .commandAMF0, messageStreamID: UInt32(input.byte() & 3),
            timestamp: 0, payload: Payload(isAMF3 ? [0] + body : body))
        send(message, on: 3)
    }

    private mutating func connect() {
        let object: AMFValue = [
            "app": .text(input.pick(AMFScript.texts)), "tcUrl": .text(input.pick(AMFScript.texts)),
            "objectEncoding": .number(Double(input.byte() & 3)),
            "capsEx": .number(Double(input.byte())),
        ]
        send("connect", Double(input.byte()), object: object, [], on: 0)
    }

    private mutating func media() {
        let types: [MessageType] = [
            .audio, .video, .dataAMF0, .dataAMF3, .aggregate, .sharedObjectAMF0,
        ]
        let type = input.pick(types)
        let body =
            switch type {
            case .audio: MediaScript.audio(&input)
            case .video: MediaScript.video(&input)
            case .dataAMF0: MediaScript.data(&input)
            case .dataAMF3: [0] + MediaScript.data(&input)
            case .aggregate: MediaScript.aggregate(&input)
            default: input.bytes()
            }
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
