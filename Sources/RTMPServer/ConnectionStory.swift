import RTMP
import Relay
import Synchronization
import Telemetry

/// What the connection tells: events, facts, the black box and the trace. Never read back.
extension Connection {
    func tell(_ kind: Event.Kind) {
        worker.lanes.events.put(Event(atNanoseconds: worker.nowNanoseconds, kind: kind))
    }

    // MARK: Handshake

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
        tell(
            .handshakeDone(
                id, kind: facts.handshake.kind ?? "simple",
                tookNanoseconds: now - probe.acceptedAtNanoseconds))
    }

    // MARK: Commands

    func noteConnect(_ request: ConnectRequest) {
        facts.handshake.connectAtNanoseconds = worker.nowNanoseconds
        facts.app = SafeText(request.app)
        facts.tcURL = SafeText(url: request.tcURL)
        facts.flashVersion = SafeText(request.flashVersion)
        facts.swfURL = request.swfURL.isEmpty ? nil : SafeText(url: request.swfURL)
        facts.pageURL = request.pageURL.isEmpty ? nil : SafeText(url: request.pageURL)
        facts.objectEncoding = Int(exactly: request.objectEncoding)
        facts.announcesEnhanced = request.announcesEnhanced
        probe.facts.post(facts)
        clock.phaseStartedAtNanoseconds = worker.nowNanoseconds
        clock.stage = .connected
        tell(
            .connect(
                id, app: SafeText(request.app), tcURL: SafeText(url: request.tcURL),
                flashVersion: SafeText(request.flashVersion),
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
    }

    func noteIgnored(_ what: IgnoredMessage) {
        switch what {
        case .unknownCommand(let name), .earlyCommand(let name):
            tell(.unknownCommand(id, name: SafeText(name)))
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
        case .acknowledgement:
            if direction == .inward { probe.acknowledgedOut.set(session.acknowledgedOut) }
        case .abort:
            break
        }
        capture(control.message(), direction)
    }

    func tell(_ event: UserControlEvent, _ direction: Direction) {
        let (name, value) = event.words
        tell(.userControl(id, direction, event: name, value: value))
        if case .pingResponse = event, direction == .inward {
            clock.notePong(nowNanoseconds: worker.nowNanoseconds)
        }
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

    // MARK: Media

    func noteReceived(_ message: MediaMessage, of publication: Publication) {
        let now = worker.nowNanoseconds
        switch message.kind {
        case .video:
            probe.videoBytes.add(message.payload.count)
            if message.isFrame {
                probe.videoFrames.add(1)
                probe.videoTimestamp.set(UInt64(message.timestamp))
            }
            guard message.isKeyframe, message.track == 0 else { return }
            if probe.keyframes.read() == 0 {
                let after = now - publication.acceptedAtNanoseconds
                probe.firstFrameNanoseconds.set(max(after, 1))
                tell(
                    .firstFrame(id, stream: publication.stream.name, afterNanoseconds: after))
            } else {
                let previous = UInt32(truncatingIfNeeded: probe.keyframeTimestamp.read())
                probe.gopMilliseconds.set(UInt64(message.timestamp &- previous))
            }
            probe.keyframes.add(1)
            probe.keyframeTimestamp.set(UInt64(message.timestamp))
            probe.keyframeAtNanoseconds.set(now)
        case .audio:
            probe.audioBytes.add(message.payload.count)
            if message.isFrame {
                probe.audioFrames.add(1)
                probe.audioTimestamp.set(UInt64(message.timestamp))
            }
        case .metadata, .data:
            break
        }
    }

    func noteSent(_ media: MediaMessage, of play: Play) {
        probe.messagesOut.add(1)
        switch media.kind {
        case .video:
            probe.videoBytes.add(media.payload.count)
            guard media.isFrame else { return }
            probe.videoFrames.add(1)
            probe.videoTimestamp.set(UInt64(media.timestamp))
            guard media.isKeyframe else { return }
            probe.keyframes.add(1)
            if probe.firstFrameNanoseconds.read() == 0 {
                let after = worker.nowNanoseconds - play.acceptedAtNanoseconds
                probe.firstFrameNanoseconds.set(max(after, 1))
                tell(
                    .firstFrame(
                        id, stream: play.feed.stream.name, afterNanoseconds: after))
            }
        case .audio:
            probe.audioBytes.add(media.payload.count)
            guard media.isFrame else { return }
            probe.audioFrames.add(1)
            probe.audioTimestamp.set(UInt64(media.timestamp))
        case .metadata, .data:
            break
        }
    }

    /// Metadata, sequence headers, and the first frame of each kind: some codecs have no header.
    func saysMore(_ message: MediaMessage) -> Bool {
        switch message.kind {
        case .metadata: true
        case .data: false
        case .audio: message.landmark == .sequenceHeader || probe.audioFrames.read() == 1
        case .video: message.landmark == .sequenceHeader || probe.videoFrames.read() == 1
        }
    }

    /// A sequence header or metadata of a publisher: facts for the dashboard, once per change.
    func noteHeader(_ message: MediaMessage, of publication: Publication) {
        guard message.kind != .metadata else {
            let listing = MetadataListing.text(of: message.payload)
            guard listing != facts.metadata else { return }
            facts.metadata = listing
            probe.facts.post(facts)
            tell(.metadata(id, stream: publication.stream.name, listing))
            return
        }
        guard let parsed = CodecConfiguration(message) else { return }
        let configuration = MediaConfiguration(parsed)
        let track = Int(message.track)
        let known = facts.configurations.firstIndex {
            $0.track == track && $0.configuration.kind == configuration.kind
        }
        if let known {
            guard facts.configurations[known].configuration != configuration else { return }
            facts.configurations[known].configuration = configuration
            facts.configurations[known].changes += 1
            facts.configurations[known].bytes = message.payload.count
        } else {
            facts.configurations.append(
                .init(
                    track: track, configuration: configuration, changes: 0,
                    bytes: message.payload.count))
        }
        probe.facts.post(facts)
        tell(
            .mediaConfiguration(
                id, stream: publication.stream.name, track: track, configuration))
    }

    // MARK: Trace

    /// Starts or stops recording the chunks of this connection.
    func setTraced(_ traced: Bool) {
        guard traced != isTraced else { return }
        isTraced = traced
        session.chunkLogIn = traced ? [] : nil
        session.chunkLogOut = traced ? [] : nil
        facts.isTraced = traced
        probe.facts.post(facts)
    }

    /// Hands on what the session's decoder and encoder have logged.
    func drainTrace() {
        guard isTraced else { return }
        if let log = session.chunkLogIn, !log.isEmpty {
            session.chunkLogIn = []
            put(log, .inward)
        }
        if let log = session.chunkLogOut, !log.isEmpty {
            session.chunkLogOut = []
            put(log, .outward)
        }
    }

    private func put(_ chunks: [ChunkRecord], _ direction: Direction) {
        for chunk in chunks {
            worker.lanes.trace.put(
                TraceRecord(
                    chunk, session: id, direction, atNanoseconds: worker.nowNanoseconds))
        }
    }

    /// The chunks of one outgoing media message, whose first byte stands at `offset`.
    func trace(_ message: OutgoingMessage, atOffset offset: UInt64) {
        drainTrace()
        put(
            ChunkRecord.records(
                of: Message(
                    type: message.media.type, messageStreamID: message.messageStreamID,
                    timestamp: message.media.timestamp, payload: message.media.payload),
                on: message.chunkStreamID, chunkSize: message.chunkSize,
                number: probe.messagesOut.read() + 1, at: offset),
            .outward)
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
