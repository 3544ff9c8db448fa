/// One server's RTMP, seen from a client that publishes or plays one stream: bytes go in, steps come
/// out (RTMP.md §5.4).
///
///     handshaking ─▶ connecting ─▶ creatingStream ─▶ starting ─▶ running ⇄ ended (players)
///          └─────────────┴───────────────┴──────────────┴───────────┴─────────┴──▶ closed
///
/// The owner calls `next` until it gives nil, first with no input at all: that opens the talk. The
/// session says by itself what has to be said; the owner sends it, and sends media once `publishing`
/// was given. Every wait wants a limit, and the owner has the clock: `awaits` names what is awaited.
package struct ClientSession: ~Copyable {
    /// What is waited for before media flows; nil once it does, and when all is over.
    package enum Awaited: String, Sendable {
        case handshake
        case connect
        case createStream
        case publish
        case play
    }

    private enum Phase {
        case handshaking
        case connecting
        case creatingStream
        /// Publish or play was said on this message stream.
        case starting(MessageStreamID)
        case running(MessageStreamID)
        /// What we played has ended.
        case ended(MessageStreamID)
        /// A step `.close` was queued, or an error thrown. Further bytes mean nothing.
        case closed
    }

    /// Transactions of what we ask, fixed as OBS and FMLE number them (CMD-26).
    private enum Transaction {
        static let connect = 1.0
        static let releaseStream = 2.0
        static let fcPublish = 3.0
        static let createStream = 4.0
        static let start = 5.0
        static let fcUnpublish = 6.0
        static let deleteStream = 7.0
        static let checkBandwidth = 8.0
    }

    private let configuration: ClientConfiguration
    private var phase = Phase.handshaking
    private var steps = StepQueue<ClientStep>()
    private var wire: SessionWire

    /// What S0, S1 and S2 said.
    package private(set) var handshake: ClientHandshake

    /// `time`: for C1, milliseconds from any epoch.
    package init(configuration: ClientConfiguration, time: UInt32, crypto: HandshakeCrypto) {
        self.configuration = configuration
        handshake = ClientHandshake(
            time: time, signs: configuration.signsHandshake, crypto: crypto)
        wire = SessionWire(
            limits: configuration.limits, window: configuration.windowAcknowledgementSize)
        steps.append(.write(handshake.opening))
    }

    package var awaits: Awaited? {
        switch phase {
        case .handshaking: .handshake
        case .connecting: .connect
        case .creatingStream: .createStream
        case .starting: configuration.role == .play ? .play : .publish
        case .running, .ended, .closed: nil
        }
    }

    /// The next step; nil when the input is used up.
    ///
    /// At the end of the input an Acknowledgement may be due: so one call of the loop is one socket
    /// read (PC-3). After an error the session is closed.
    package mutating func next(_ input: inout ByteCursor) throws(ProtocolError) -> ClientStep? {
        do throws(ProtocolError) {
            return try advance(&input)
        } catch {
            phase = .closed
            throw error
        }
    }

    /// Takes leave: queues what the server must hear and then `.close(.stopped)`.
    package mutating func stop() {
        switch phase {
        case .starting(let id), .running(let id), .ended(let id):
            // Both on the NetConnection (ERR §8.3).
            if configuration.role != .play {
                call(
                    "FCUnpublish", Transaction.fcUnpublish, [.text(configuration.stream)])
            }
            call("deleteStream", Transaction.deleteStream, [.number(Double(id))])
        case .closed:
            return
        case .handshaking, .connecting, .creatingStream:
            break
        }
        close(.stopped)
    }

    /// Writes a message in chunks; it is the `number`th in this direction, its first byte at `offset`.
    ///
    /// Our chunk size changes exactly behind our own Set Chunk Size (CH-17).
    package mutating func encode(
        _ message: Message, number: UInt64, at offset: UInt64, into writer: inout ByteWriter
    ) {
        wire.encode(message, number: number, at: offset, into: &writer)
    }

    // MARK: Inward

    private mutating func advance(
        _ input: inout ByteCursor
    ) throws(ProtocolError) -> ClientStep? {
        while true {
            if let step = steps.popFirst() { return step }
            switch phase {
            case .handshaking:
                let start = input.offset
                let output = handshake.next(&input)
                wire.receiveHandshake(byteCount: input.offset - start)
                guard let output else { return nil }
                shakeHands(output)
            case .connecting, .creatingStream, .starting, .running, .ended:
                guard let message = try wire.next(&input) else {
                    return wire.acknowledgement().map { .send($0) }
                }
                try receive(message)
            case .closed:
                _ = input.skip(input.count)
                return nil
            }
        }
    }

    private mutating func shakeHands(_ output: ClientHandshake.Output) {
        switch output {
        case .write(let c2):
            steps.append(.write(c2))
        case .done(let kind):
            phase = .connecting
            steps.append(.handshakeDone(kind))
            steps.append(.send(configuration.connectCommand.message()))
        case .refuse(let version):
            close(.serverVersion(version))
        }
    }

    private mutating func receive(_ message: Message) throws(ProtocolError) {
        switch message.type {
        case .audio, .video, .dataAMF0, .dataAMF3:
            media(message)
        case .aggregate:
            let aggregate = AggregateMessage(message)
            for part in aggregate.messages { media(part) }
            if !aggregate.isWhole { steps.append(.ignored(message.type)) }
        case .commandAMF0, .commandAMF3:
            try command(message)
        case .userControl:
            userControl(message)
        case .setChunkSize, .abort, .acknowledgement, .windowAcknowledgementSize,
            .setPeerBandwidth:
            guard let (control, reply) = try wire.receive(control: message) else {
                return steps.append(.ignored(message.type))
            }
            steps.append(.control(control))
            if let reply { steps.append(.send(reply)) }
        default:
            steps.append(.ignored(message.type))
        }
    }

    /// A connection plays one stream, so the message stream id is not looked at: not every server
    /// puts the right one on data messages.
    private mutating func media(_ message: Message) {
        guard configuration.role == .play,
            let media = MediaMessage.classify(message, limits: configuration.limits)
        else {
            return steps.append(.ignored(message.type))
        }
        switch phase {
        case .starting(let id), .ended(let id):
            // Some servers send media before, or instead of, Play.Start and Play.PublishNotify. A data
            // message is no media: it may say why there will be none.
            if media.kind == .audio || media.kind == .video { run(on: id) }
        case .running:
            break
        case .handshaking, .connecting, .creatingStream, .closed:
            return steps.append(.ignored(message.type))
        }
        steps.append(.media(media))
    }

    private mutating func userControl(_ message: Message) {
        guard let event = UserControlEvent.decode(message) else {
            return steps.append(.ignored(message.type))
        }
        steps.append(.userControl(event))
        switch event {
        case .pingRequest(let value):
            steps.append(.send(UserControlEvent.pingResponse(value).message()))
        case .streamEOF:
            endPlay(.streamEOF)
        case .streamBegin, .streamDry, .setBufferLength, .streamIsRecorded, .pingResponse, .other:
            break
        }
    }

    // MARK: Commands

    private mutating func command(_ message: Message) throws(ProtocolError) {
        let command: Command?
        do {
            command = try Command.decode(message, limits: configuration.limits)
        } catch {
            if case .connecting = phase { throw .malformedCommand(error) }
            command = nil
        }
        guard let command else { return steps.append(.ignored(message.type)) }
        guard command.name != "onStatus" else { return status(command) }
        steps.append(.command(command))
        switch command.name {
        case "_result": result(command)
        case "_error": error(command)
        // What a server measures with it, a round trip, any answer shows (CMD-21).
        case "onBWDone": call("_checkbw", Transaction.checkBandwidth, [])
        case "close": close(.closedByServer)
        default: break
        }
    }

    /// nginx-rtmp answers with transaction 0, so the phase says what is answered where the number
    /// does not (CMD-20, mediamtx #2383). A `_result` to publish or play is no success (CMD-20).
    private mutating func result(_ command: Command) {
        switch phase {
        case .connecting where [Transaction.connect, 0].contains(command.transaction):
            connected(command)
        case .creatingStream where [Transaction.createStream, 0].contains(command.transaction):
            guard let id = command.argument(0)?.number.flatMap(MessageStreamID.init(exactly:))
            else { return }
            start(on: id)
        default:
            break
        }
    }

    /// Fatal only as an answer to what we cannot do without (CMD-21).
    private mutating func error(_ command: Command) {
        let refusal = Refusal(command.argument(0) ?? command.object)
        switch phase {
        case .connecting where [Transaction.connect, 0].contains(command.transaction):
            close(.connectRejected(refusal))
        case .creatingStream where command.transaction == Transaction.createStream:
            close(.createStreamRejected(refusal))
        case .starting where command.transaction == Transaction.start:
            close(rejected(refusal))
        default:
            break
        }
    }

    private mutating func connected(_ command: Command) {
        let info = command.argument(0)
        let code = info?["code"]?.string
        guard code?.hasPrefix("NetConnection.Connect.Success") ?? true else {
            return close(.connectRejected(Refusal(info)))
        }
        phase = .creatingStream
        wire.isAuthorised = true
        steps.append(
            .connected(
                ConnectAnswer(
                    properties: command.object.properties ?? [], info: info?.properties ?? [])))
        let stream = AMFValue.text(configuration.stream)
        switch configuration.role {
        case .publish:
            send(ControlMessage.setChunkSize(configuration.outChunkSize).message())
            call("releaseStream", Transaction.releaseStream, [stream])
            call("FCPublish", Transaction.fcPublish, [stream])
        case .play:
            let window = configuration.windowAcknowledgementSize
            wire.announcedWindow = window
            send(ControlMessage.windowAcknowledgementSize(window).message())
        }
        call("createStream", Transaction.createStream, [])
    }

    private mutating func start(on id: MessageStreamID) {
        phase = .starting(id)
        let stream = AMFValue.text(configuration.stream)
        switch configuration.role {
        case .publish(let type):
            call("publish", Transaction.start, [stream, .text(type)], on: id)
        case .play:
            // −2: live if somebody publishes, else a file of that name.
            call("play", Transaction.start, [stream, -2], on: id)
            let length = UserControlEvent.setBufferLength(
                id, milliseconds: configuration.bufferMilliseconds)
            send(length.message())
        }
    }

    // MARK: Status

    /// The transaction of onStatus is anything, and so is, with some servers, its message stream
    /// (CMD-20, mediamtx #4630).
    private mutating func status(_ command: Command) {
        let info = command.argument(0)
        let status = ServerStatus(info, on: command.messageStreamID)
        steps.append(.status(status))
        guard status.code != Status.reconnectRequest else {
            let request = ReconnectRequest(
                tcURL: info?["tcUrl"]?.string, description: status.description)
            return steps.append(.reconnectRequested(request))
        }
        let refusal = Refusal(code: status.code, description: status.description)
        switch phase {
        case .connecting where status.isFatal:
            close(.connectRejected(refusal))
        case .creatingStream where status.isFatal:
            close(.createStreamRejected(refusal))
        case .starting where status.isFatal:
            close(rejected(refusal))
        case .starting(let id) where starts(status.code):
            run(on: id)
        case .running where status.isFatal, .ended where status.isFatal:
            close(.failed(refusal))
        case .running where Self.playEnds.contains(status.code):
            endPlay(.status(status.code))
        case .ended(let id) where starts(status.code):
            run(on: id)
        default:
            break
        }
    }

    private func starts(_ code: String) -> Bool {
        switch configuration.role {
        case .publish: code == Status.publishStart
        case .play: code == Status.playStart || code == "NetStream.Play.PublishNotify"
        }
    }

    private static let playEnds = [
        "NetStream.Play.Stop", "NetStream.Play.Complete", "NetStream.Play.UnpublishNotify",
    ]

    private func rejected(_ refusal: Refusal) -> ClientEnd {
        configuration.role == .play ? .playRejected(refusal) : .publishRejected(refusal)
    }

    private mutating func run(on id: MessageStreamID) {
        phase = .running(id)
        steps.append(configuration.role == .play ? .playing(id) : .publishing(id))
    }

    /// Servers say it several times, each in its own way; the first one counts.
    private mutating func endPlay(_ end: PlayEnd) {
        guard configuration.role == .play, case .running(let id) = phase else { return }
        phase = .ended(id)
        steps.append(.playEnded(end))
    }

    // MARK: Outward

    private mutating func call(
        _ name: String, _ transaction: Double, _ arguments: [AMFValue],
        on messageStream: MessageStreamID = 0
    ) {
        let command = Command(
            name: name, transaction: transaction, object: .null, arguments: arguments,
            messageStreamID: messageStream)
        send(command.message())
    }

    private mutating func send(_ message: Message) {
        steps.append(.send(message))
    }

    private mutating func close(_ end: ClientEnd) {
        phase = .closed
        steps.append(.close(end))
    }
}

extension ServerStatus {
    /// The level, and codes that servers send with a wrong one.
    fileprivate var isFatal: Bool {
        level == "error"
            || [
                "NetConnection.Connect.Rejected", "NetConnection.Connect.InvalidApp",
                "NetConnection.Connect.Failed", "NetConnection.Connect.Closed",
                "NetStream.Failed", "NetStream.Publish.BadName", "NetStream.Publish.Denied",
                "NetStream.Publish.Rejected", "NetStream.Publish.Unauthorized",
                "NetStream.Play.Failed", "NetStream.Play.StreamNotFound",
            ].contains(code)
    }
}

// MARK: Figures

extension ClientSession {
    package var messagesIn: UInt64 { wire.messagesIn }
    package var inChunkSize: UInt32 { wire.inChunkSize }
    package var outChunkSize: UInt32 { wire.outChunkSize }
    /// The window the server announced, or the one assumed of it.
    package var windowIn: UInt32 { wire.windowIn }
    /// Of the inward direction, in order of first sight.
    package var chunkStreams: [ChunkStreamFigures] { wire.chunkStreams }
}
