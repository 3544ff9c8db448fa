/// One peer's RTMP, seen from the server: bytes go in, steps come out.
///
///     handshaking ──▶ awaitingConnect ──▶ connectRequested ──▶ connected
///          └──────────────────┴──────────────────┴──────────────────┴──▶ closed
///
/// The owner calls `next` until it gives nil, acts on every step before it asks for the following
/// one, and sends each reply through `encode`. A request (connect, publish, play) stays open until
/// it is accepted or rejected; meanwhile `next` gives nil and leaves the input unread, so that an
/// answer takes effect before the byte behind the request is looked at. There is no clock, no socket
/// and no random source in here.
package struct ServerSession: ~Copyable {
    private enum Phase {
        case handshaking
        case awaitingConnect(earlyCommands: Int)
        /// The request is open.
        case connectRequested(Command, ConnectCommand)
        case connected(NetConnection)
        /// A step `.close` was queued, or an error thrown. Further bytes mean nothing.
        case closed
    }

    private let configuration: SessionConfiguration
    private var phase = Phase.handshaking
    private var steps = StepQueue<ServerStep>()
    private var wire: SessionWire

    /// What C0, C1 and C2 said.
    package private(set) var handshake: ServerHandshake

    /// `time`: for S1, milliseconds from any epoch.
    package init(configuration: SessionConfiguration, time: UInt32, crypto: HandshakeCrypto) {
        self.configuration = configuration
        handshake = ServerHandshake(time: time, crypto: crypto)
        wire = SessionWire(
            limits: configuration.limits, window: configuration.windowAcknowledgementSize)
    }

    /// The next step; nil when the input is used up, or a request is open and the rest must wait.
    ///
    /// Steps that are queued come first. At the end of the input an Acknowledgement may be due: so one
    /// call of the loop is one socket read (PC-3). After an error the session is closed.
    package mutating func next(_ input: inout ByteCursor) throws(ProtocolError) -> ServerStep? {
        do throws(ProtocolError) {
            return try advance(&input)
        } catch {
            phase = .closed
            throw error
        }
    }

    private mutating func advance(
        _ input: inout ByteCursor
    ) throws(ProtocolError) -> ServerStep? {
        while true {
            if let step = steps.popFirst() { return step }
            if hasOpenRequest { return nil }
            switch phase {
            case .handshaking:
                guard let output = readHandshake(&input) else { return nil }
                return shakeHands(output)
            case .awaitingConnect, .connectRequested, .connected:
                guard let message = try wire.next(&input) else {
                    return wire.acknowledgement().map { .reply($0) }
                }
                if let step = try receive(message) { return step }
            case .closed:
                _ = input.skip(input.count)
                return nil
            }
        }
    }

    // MARK: Requests

    /// Connect, publish or play waits for its answer.
    package var hasOpenRequest: Bool {
        switch phase {
        case .connectRequested: true
        case .connected(let connection): connection.openRequest != nil
        case .handshaking, .awaitingConnect, .closed: false
        }
    }

    /// What was said in connect, once that was accepted.
    package var client: ConnectRequest? {
        guard case .connected(let connection) = phase else { return nil }
        return connection.client.request
    }

    package mutating func acceptConnect() {
        guard case .connectRequested(let command, let client) = phase else {
            preconditionFailure("acceptConnect answers an open connect request")
        }
        let connection = NetConnection(
            client: client, maximumStreams: configuration.limits.messageStreams)
        phase = .connected(connection)
        wire.restartAcknowledgementSums(client.restartsAcknowledgements)
        let window = wire.announcedWindow ?? configuration.windowAcknowledgementSize
        wire.announcedWindow = window
        steps.append(
            connection.connected(command, window: window, configuration: configuration))
    }

    package mutating func rejectConnect(
        code: String = "NetConnection.Connect.Rejected", description: String
    ) {
        guard case .connectRequested(let command, _) = phase else {
            preconditionFailure("rejectConnect answers an open connect request")
        }
        phase = .closed
        steps.append(.reply(command.error(Status(.error, code, description))))
        steps.append(.close(.connectRejected))
    }

    package mutating func acceptPublish() {
        transition { $0.acceptPublish() }
        wire.isAuthorised = true
    }

    package mutating func rejectPublish(code: String, description: String) {
        transition { $0.rejectPublish(code: code, description: description) }
    }

    package mutating func acceptPlay() {
        transition { $0.acceptPlay() }
        wire.isAuthorised = true
    }

    package mutating func rejectPlay(code: String, description: String) {
        transition { $0.rejectPlay(code: code, description: description) }
    }

    // MARK: Outward

    /// Writes a message in chunks; it is the `number`th in this direction, its first byte at `offset`.
    ///
    /// Our chunk size changes exactly behind our own Set Chunk Size (CH-17).
    package mutating func encode(
        _ message: Message, number: UInt64, at offset: UInt64, into writer: inout ByteWriter
    ) {
        wire.encode(message, number: number, at: offset, into: &writer)
    }

    // MARK: Inward

    private mutating func readHandshake(_ input: inout ByteCursor) -> ServerHandshake.Output? {
        let start = input.offset
        defer { wire.receiveHandshake(byteCount: input.offset - start) }
        return handshake.next(&input)
    }

    private mutating func shakeHands(_ output: ServerHandshake.Output) -> ServerStep {
        switch output {
        case .write(let bytes):
            return .write(bytes)
        case .done(let kind):
            phase = .awaitingConnect(earlyCommands: 0)
            return .handshakeDone(kind)
        case .refuse(let end, let reply):
            phase = .closed
            guard !reply.isEmpty else { return .close(end) }
            steps.append(.close(end))
            return .write(reply)
        }
    }

    /// Acts on a message: gives the step it means, or queues several.
    private mutating func receive(_ message: Message) throws(ProtocolError) -> ServerStep? {
        switch message.type {
        case .audio, .video, .dataAMF0, .dataAMF3:
            return media(message)
        case .aggregate:
            let aggregate = AggregateMessage(message)
            for part in aggregate.messages { steps.append(media(part)) }
            if !aggregate.isWhole { steps.append(.ignored(.malformed(message.type))) }
            return nil
        case .commandAMF0, .commandAMF3:
            try command(message)
            return nil
        case .userControl:
            return userControl(message)
        case .setChunkSize, .abort, .acknowledgement, .windowAcknowledgementSize,
            .setPeerBandwidth:
            return try control(message)
        default:
            return .ignored(.unknownType(message.type))
        }
    }

    // MARK: Media

    private func media(_ message: Message) -> ServerStep {
        guard case .connected(let connection) = phase,
            let id = connection.streams.publisher(message.messageStreamID)
        else { return .ignored(.mediaWithoutPublish(message.type)) }
        guard let media = MediaMessage.classify(message, limits: configuration.limits) else {
            return .ignored(.malformed(message.type))
        }
        return .media(id, media)
    }

    // MARK: Control

    private mutating func control(_ message: Message) throws(ProtocolError) -> ServerStep? {
        guard let (control, reply) = try wire.receive(control: message) else {
            return .ignored(.malformed(message.type))
        }
        if let reply { steps.append(.reply(reply)) }
        return .control(control)
    }

    private mutating func userControl(_ message: Message) -> ServerStep {
        guard let event = UserControlEvent.decode(message) else {
            return .ignored(.malformed(message.type))
        }
        if case .pingRequest(let value) = event {
            steps.append(.reply(UserControlEvent.pingResponse(value).message()))
        }
        return .userControl(event)
    }

    // MARK: Commands

    private mutating func command(_ message: Message) throws(ProtocolError) {
        let command: Command?
        do {
            command = try Command.decode(message, limits: configuration.limits)
        } catch {
            guard case .connected = phase else { throw .malformedCommand(error) }
            command = nil
        }
        guard let command else {
            steps.append(.ignored(.malformed(message.type)))
            if case .awaitingConnect = phase { countEarlyCommand() }
            return
        }
        steps.append(.command(command))
        switch phase {
        case .awaitingConnect:
            if command.name == "connect" {
                let client = ConnectCommand(command)
                phase = .connectRequested(command, client)
                steps.append(.connectRequested(client.request))
            } else {
                steps.append(.ignored(.earlyCommand(command.name)))
                countEarlyCommand()
            }
        case .connected:
            transition { $0.receive(command) }
        case .handshaking, .connectRequested, .closed:
            preconditionFailure("no message is read in this phase")
        }
    }

    /// Some are forgiven, a flood is not (CMD-4).
    private mutating func countEarlyCommand() {
        guard case .awaitingConnect(let count) = phase else { return }
        if count < configuration.limits.earlyCommands {
            phase = .awaitingConnect(earlyCommands: count + 1)
        } else {
            phase = .closed
            steps.append(.close(.tooManyEarlyCommands))
        }
    }

    /// Lets the connection make one transition and queues what follows from it.
    private mutating func transition(_ body: (inout NetConnection) -> [ServerStep]) {
        guard case .connected(var connection) = phase else {
            preconditionFailure("only a connected session has commands and requests to answer")
        }
        phase = .closed  // leaves `connection` the only owner of its streams, to change in place
        let result = body(&connection)
        steps.append(result)
        if case .close = result.last { return }
        phase = .connected(connection)
    }
}

// MARK: Figures

extension ServerSession {
    /// `hs:C0`, `hs:C1`, `hs:C2`, `connect`, `ready`, `publish`, `play`, `paused`, `closed`.
    package var stateDescription: String {
        switch phase {
        case .handshaking:
            switch handshake.phase {
            case .c0: "hs:C0"
            case .c1: "hs:C1"
            case .c2, .done: "hs:C2"
            }
        case .awaitingConnect, .connectRequested: "connect"
        case .connected(let connection): connection.stateDescription
        case .closed: "closed"
        }
    }

    package var messagesIn: UInt64 { wire.messagesIn }
    package var inChunkSize: UInt32 { wire.inChunkSize }
    package var outChunkSize: UInt32 { wire.outChunkSize }
    /// The window the peer announced, or the one assumed of it.
    package var windowIn: UInt32 { wire.windowIn }
    /// Bytes in when the last Acknowledgement was made.
    package var acknowledgedIn: UInt64 { wire.acknowledgedIn }
    /// What incomplete messages take, for the owner of all sessions to hold against a bound (SEC-1).
    package var partialBytes: Int { wire.partialBytes }
    /// Chunks read, for the owner of the clock to hold against `Limits.chunksPerSecond`.
    package var chunksIn: UInt64 { wire.chunksIn }
    /// Of the inward direction, in order of first sight.
    package var chunkStreams: [ChunkStreamFigures] { wire.chunkStreams }

    /// Chunks of one direction since its log was last emptied; nil while not armed.
    package var chunkLogIn: [ChunkRecord]? {
        get { wire.chunkLogIn }
        set { wire.chunkLogIn = newValue }
    }

    package var chunkLogOut: [ChunkRecord]? {
        get { wire.chunkLogOut }
        set { wire.chunkLogOut = newValue }
    }
}
