import Posix
import RTMP
import Relay
import Security
import Synchronization
import Telemetry

/// What the connection tells: events, facts, the black box and the trace. Never read back.
extension Connection {
    func tell(_ kind: Event.Kind) {
        worker.lanes.events.put(Event(atNanoseconds: worker.nowNanoseconds, kind: kind))
    }

    func postFacts() {
        if holdsFacts {
            hasHeldFacts = true
        } else {
            probe.facts.post(facts)
        }
    }

    /// What was held is posted, and what changes from here on at once.
    func releaseFacts() {
        holdsFacts = false
        guard hasHeldFacts else { return }
        hasHeldFacts = false
        probe.facts.post(facts)
    }

    // MARK: Handshake

    func noteSecured(_ agreed: TLSFacts) {
        facts.tls = ConnectionFacts.TLS(version: agreed.version, cipher: agreed.cipher)
        facts.state = session.stateDescription
        postFacts()
        tell(
            .secured(
                id, version: agreed.version, cipher: agreed.cipher,
                tookNanoseconds: worker.nowNanoseconds - probe.acceptedAtNanoseconds))
    }

    /// Takes the time of handshake landmarks the last bytes have reached, and posts changed facts.
    func noteProgress(mayHaveNewState: Bool = true) {
        if mayHaveNewState { noteState() }
        probe.chunkSizeIn.set(UInt64(session.inChunkSize))
        probe.windowIn.set(UInt64(session.windowIn))
        probe.acknowledgedIn.set(session.acknowledgedIn)
        probe.messagesIn.set(session.messagesIn)
        if probe.isInspected.load(ordering: .relaxed) {
            chunkStreams.noteReceived(session.chunkStreams, nowNanoseconds: worker.nowNanoseconds)
        }
        drainTrace()
    }

    private func noteState() {
        if facts.handshake.c2AtNanoseconds == nil {
            if facts.handshake.firstByteAtNanoseconds == nil {
                facts.handshake.firstByteAtNanoseconds = worker.nowNanoseconds
            }
            facts.handshake.version = session.handshake.version
        }
        let state = session.stateDescription
        guard isOpen, facts.state != state else { return }
        facts.state = state
        postFacts()
    }

    func noteHandshakeAnswered() {
        facts.handshake.c1AtNanoseconds = worker.nowNanoseconds
        facts.handshake.s2AtNanoseconds = worker.nowNanoseconds
        facts.handshake.c1Time = session.handshake.c1Time
        facts.handshake.c1Version = session.handshake.c1Version
    }

    func noteHandshakeDone(_ kind: HandshakeKind) {
        let now = worker.nowNanoseconds
        facts.handshake.c2AtNanoseconds = now
        facts.handshake.echoesS1 = session.handshake.echoesS1
        switch kind {
        case .simple:
            facts.handshake.kind = "simple"
        case .complex(let base):
            facts.handshake.kind = "complex"
            facts.handshake.digestBase = base
        }
        facts.role = .idle
        facts.state = session.stateDescription
        postFacts()
        clock.phaseStartedAtNanoseconds = now
        clock.stage = .awaitingConnect
        lookEarlier()
        worker.admission.greeted(
            id, worker: worker.index, site: address.site, nowNanoseconds: now)
        tell(
            .handshakeDone(
                id, kind: facts.handshake.kind ?? "simple",
                tookNanoseconds: now - probe.acceptedAtNanoseconds))
    }

    // MARK: Commands

    func noteConnect(_ request: ConnectRequest) {
        facts.handshake.connectAtNanoseconds = worker.nowNanoseconds
        let app = SafeText(url: request.app)
        let tcURL = SafeText(url: request.tcURL)
        let flashVersion = SafeText(url: request.flashVersion)
        facts.app = app
        facts.tcURL = tcURL
        facts.flashVersion = flashVersion
        facts.swfURL = request.swfURL.isEmpty ? nil : SafeText(url: request.swfURL)
        facts.pageURL = request.pageURL.isEmpty ? nil : SafeText(url: request.pageURL)
        facts.objectEncoding = Int(exactly: request.objectEncoding)
        facts.announcesEnhanced = request.announcesEnhanced
        postFacts()
        clock.phaseStartedAtNanoseconds = worker.nowNanoseconds
        clock.stage = .connected
        lookEarlier()
        tell(
            .connect(
                id, app: app, tcURL: tcURL, flashVersion: flashVersion,
                objectEncoding: facts.objectEncoding ?? 0))
    }

    func notePublishing(_ stream: SafeText, query: String) {
        facts.stream = stream
        facts.query = query.isEmpty ? nil : SafeText(query: query)
        facts.startedAtNanoseconds = worker.nowNanoseconds
        facts.configurations = []
        facts.metadata = nil
        noteRole()
    }

    func notePlaying(_ stream: SafeText, query: String) {
        if publications.isEmpty { facts.stream = stream }
        facts.query = query.isEmpty ? nil : SafeText(query: query)
        facts.startedAtNanoseconds = worker.nowNanoseconds
        noteRole()
    }

    /// Role and state follow from what is published and played.
    ///
    /// What ends keeps the role and the stream it had, for those who look at it afterwards.
    func noteRole() {
        guard isOpen, !isEnding else { return }
        switch (publications.isEmpty, plays.isEmpty) {
        case (true, true):
            facts.role = .idle
            facts.stream = nil
            facts.startedAtNanoseconds = nil
            clock.phaseStartedAtNanoseconds = worker.nowNanoseconds
        case (false, true):
            facts.role = .publisher
        case (true, false):
            facts.role = .player
        case (false, false):
            facts.role = .publisherAndPlayer
        }
        let areAllPaused = !plays.isEmpty && plays.allSatisfy { $0.cursor.isPaused }
        facts.state =
            publications.isEmpty && areAllPaused ? "paused" : session.stateDescription
        postFacts()
        lookEarlier()
    }

    func noteIgnored(_ what: IgnoredMessage) {
        switch what {
        case .unknownCommand(let name), .earlyCommand(let name):
            tell(.unknownCommand(id, name: SafeText(url: name)))
        case .malformed(.commandAMF0), .malformed(.commandAMF3):
            // As much work as one that can be read (SEC-6, SEC-8).
            probe.ignored.add(1)
            spend(.command)
        case .unknownType, .mediaWithoutPublish, .malformed:
            probe.ignored.add(1)
        }
    }

    // MARK: Control

    func tell(outgoing message: Message) {
        switch message.type {
        case .commandAMF0, .commandAMF3:
            capture(message, .outward)
        case .userControl:
            if let event = UserControlEvent.decode(message) { tell(event, .outward, message) }
        default:
            if let control = ControlMessage.decode(message) { tell(control, .outward, message) }
        }
        probe.chunkSizeOut.set(UInt64(session.outChunkSize))
    }

    func tell(
        _ control: ControlMessage, _ direction: Direction, _ message: @autoclosure () -> Message
    ) {
        switch control {
        case .setChunkSize(let bytes):
            tell(.chunkSize(id, direction, bytes: bytes))
        case .windowAcknowledgementSize(let bytes):
            if direction == .outward { probe.windowOut.set(UInt64(bytes)) }
            tell(.acknowledgementWindow(id, direction, bytes: bytes))
        case .setPeerBandwidth(let bytes, let limit):
            let figures = ConnectionFacts.BandwidthFacts(bytes: bytes, limit: limit.word)
            switch direction {
            case .inward: facts.peerBandwidthIn = figures
            case .outward: facts.peerBandwidthOut = figures
            }
            postFacts()
            tell(.bandwidth(id, direction, bytes: bytes, limit: limit.word))
        case .acknowledgement(let count):
            guard direction == .inward else { break }
            acknowledgement.receive(count, sent: probe.bytesOut.read())
            probe.acknowledgedOut.set(acknowledgement.total)
        case .abort:
            break
        }
        capture(message(), direction)
    }

    func tell(
        _ event: UserControlEvent, _ direction: Direction, _ message: @autoclosure () -> Message
    ) {
        let (name, value) = event.words
        tell(.userControl(id, direction, event: name, value: value))
        capture(message(), direction)
    }

    /// - Parameter message: made only where somebody wants it.
    func capture(_ message: @autoclosure () -> Message, _ direction: Direction) {
        guard worker.registry.wantsFigures else { return }
        let message = message()
        worker.lanes.messages.put(
            CapturedMessage(
                session: id, direction: direction, atNanoseconds: worker.nowNanoseconds,
                type: message.type.rawValue, messageStreamID: message.messageStreamID,
                timestamp: message.timestamp,
                payload: message.payload.withUnsafeBytes {
                    Array($0.prefix(CapturedMessage.payloadLimit))
                },
                payloadBytes: message.payload.count))
    }

    // MARK: Ending

    func tellClosed(_ reason: CloseReason, state: String) {
        let now = worker.nowNanoseconds
        if facts.handshake.c2AtNanoseconds == nil {
            worker.registry.process.handshakesFailed.add(1, ordering: .relaxed)
            tell(
                .handshakeFail(
                    id, why: SafeText(reason.detail), gotBytes: probe.bytesIn.read()))
        }
        let report = CloseReport(
            who: reason.who, why: reason.code, detail: SafeText(reason.detail), state: state,
            lastedNanoseconds: now - probe.acceptedAtNanoseconds, bytesIn: probe.bytesIn.read(),
            bytesOut: probe.bytesOut.read())
        if worker.registry.wantsFigures { postDetail() }
        facts.role = .closed
        facts.state = "closed"
        facts.close = report
        postFacts()
        releaseFacts()
        probe.queueBytes.set(0)
        probe.queueMilliseconds.set(0)
        worker.registry.process.closed.add(1, ordering: .relaxed)
        tell(.close(id, report))
        if reason.who == .admin { tellKilled(reason) }
    }

    /// The answer to whoever asked for it: how it ended, and how long that took.
    private func tellKilled(_ reason: CloseReason) {
        let milliseconds = endedAtNanoseconds.map { (worker.nowNanoseconds - $0) / 1_000_000 }
        let took = milliseconds.map { " in \($0) ms" } ?? ""
        let words =
            switch reason {
            case .resetByAdmin: "reset"
            case .kickedByAdmin(let seconds): "kicked\(took), name held \(seconds) s"
            default: "closed\(took)"
            }
        tell(.kill(id, SafeText(words)))
    }
}
