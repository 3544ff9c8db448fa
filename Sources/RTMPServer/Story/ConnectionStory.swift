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

    // MARK: Handshake

    func noteSecured(_ agreed: TLSFacts) {
        facts.tls = ConnectionFacts.TLS(version: agreed.version, cipher: agreed.cipher)
        facts.state = session.stateDescription
        probe.facts.post(facts)
        tell(
            .secured(
                id, version: agreed.version, cipher: agreed.cipher,
                tookNanoseconds: worker.nowNanoseconds - probe.acceptedAtNanoseconds))
    }

    /// Takes the time of handshake landmarks the last bytes have reached, and posts changed facts.
    func noteProgress() {
        let now = worker.nowNanoseconds
        if facts.handshake.c2AtNanoseconds == nil {
            if facts.handshake.firstByteAtNanoseconds == nil {
                facts.handshake.firstByteAtNanoseconds = now
            }
            facts.handshake.version = session.handshake.version
        }
        if isOpen, facts.state != session.stateDescription {
            facts.state = session.stateDescription
            probe.facts.post(facts)
        }
        probe.chunkSizeIn.set(UInt64(session.inChunkSize))
        probe.windowIn.set(UInt64(session.windowIn))
        probe.acknowledgedIn.set(session.acknowledgedIn)
        probe.messagesIn.set(session.messagesIn)
        if probe.isInspected.load(ordering: .relaxed) {
            chunkStreams.noteReceived(session.chunkStreams, nowNanoseconds: worker.nowNanoseconds)
        }
        drainTrace()
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
        probe.facts.post(facts)
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
        facts.app = SafeText(url: request.app)
        facts.tcURL = SafeText(url: request.tcURL)
        facts.flashVersion = SafeText(url: request.flashVersion)
        facts.swfURL = request.swfURL.isEmpty ? nil : SafeText(url: request.swfURL)
        facts.pageURL = request.pageURL.isEmpty ? nil : SafeText(url: request.pageURL)
        facts.objectEncoding = Int(exactly: request.objectEncoding)
        facts.announcesEnhanced = request.announcesEnhanced
        probe.facts.post(facts)
        clock.phaseStartedAtNanoseconds = worker.nowNanoseconds
        clock.stage = .connected
        lookEarlier()
        tell(
            .connect(
                id, app: SafeText(url: request.app), tcURL: SafeText(url: request.tcURL),
                flashVersion: SafeText(url: request.flashVersion),
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
        probe.facts.post(facts)
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
            if let event = UserControlEvent.decode(message) { tell(event, .outward) }
        default:
            if let control = ControlMessage.decode(message) { tell(control, .outward) }
        }
        probe.chunkSizeOut.set(UInt64(session.outChunkSize))
    }

    func tell(_ control: ControlMessage, _ direction: Direction) {
        switch control {
        case .setChunkSize(let bytes):
            tell(.chunkSize(id, direction, bytes: bytes))
        case .windowAcknowledgementSize(let bytes):
            if direction == .outward { probe.windowOut.set(UInt64(bytes)) }
            tell(.acknowledgementWindow(id, direction, bytes: bytes))
        case .setPeerBandwidth(let bytes, let limit):
            let figures = ConnectionFacts.BandwidthFacts(bytes: bytes, limit: "\(limit)")
            switch direction {
            case .inward: facts.peerBandwidthIn = figures
            case .outward: facts.peerBandwidthOut = figures
            }
            probe.facts.post(facts)
            tell(.bandwidth(id, direction, bytes: bytes, limit: "\(limit)"))
        case .acknowledgement(let count):
            guard direction == .inward else { break }
            acknowledgement.receive(count, sent: probe.bytesOut.read())
            probe.acknowledgedOut.set(acknowledgement.total)
        case .abort:
            break
        }
        capture(control.message(), direction)
    }

    func tell(_ event: UserControlEvent, _ direction: Direction) {
        let (name, value) = event.words
        tell(.userControl(id, direction, event: name, value: value))
        capture(event.message(), direction)
    }

    func capture(_ message: Message, _ direction: Direction) {
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
        postDetail()
        facts.role = .closed
        facts.state = "closed"
        facts.close = report
        probe.facts.post(facts)
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
