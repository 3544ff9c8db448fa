import Posix
import RTMP
import Relay
import Telemetry

/// What the session asks for, one step at a time: answers, streams joined and left.
extension Connection {
    func act(on step: ServerStep) {
        switch step {
        case .write(let bytes):
            enqueue(bytes)
            noteHandshakeAnswered()
        case .handshakeDone(let kind):
            noteHandshakeDone(kind)
        case .reply(let message):
            enqueue(message)
        case .control(let control):
            tell(control, .inward, control.message())
        case .userControl(let event):
            tell(event, .inward, event.message())
            if case .pingRequest = event { spend(.ping) }
        case .command(let command):
            capture(command.message(), .inward)
            spend(.command)
        case .connectRequested(let request):
            noteConnect(request)
            session.acceptConnect()
        case .publishRequested(let request):
            publish(request)
        case .playRequested(let request):
            play(request)
        case .media(let id, let message):
            forward(message, on: id)
        case .publishEnded(let id):
            unpublish(id, why: "unpublish")
        case .playEnded(let id):
            stopPlaying(id)
        case .paused(let id, let isPaused):
            pause(id, isPaused)
        case .receives(let id, let kind, let wants):
            for play in plays where play.messageStreamID == id {
                play.cursor.setReceives(kind, wants)
            }
        case .ignored(let what):
            noteIgnored(what)
        case .close(let reason):
            switch reason {
            case .httpRequest, .tlsHello, .rtmpeVersion, .notRTMP: end(.notRTMP(reason))
            case .connectRejected, .publishRejected, .playRejected, .tooManyEarlyCommands:
                end(.rejected(reason))
            }
        }
    }

    /// SEC-8: more commands or pings in a second than any real peer needs end the connection.
    func spend(_ item: CommandBudget.Item) {
        if !budget.spend(item, at: worker.nowNanoseconds) { end(.commandFlood) }
    }

    // MARK: Publishing

    private func publish(_ request: PublishRequest) {
        func refuse(_ code: String, _ description: String) {
            tell(.publish(id, stream: request.shownName, accepted: false, code: code))
            session.rejectPublish(code: code, description: description)
        }

        guard let key = request.key else {
            refuse("NetStream.Publish.Denied", "This stream name cannot be published.")
            return
        }
        let answer = worker.hub.publish(
            key, by: probe, worker: worker.index, nowNanoseconds: worker.nowNanoseconds)
        switch answer {
        case .accepted(let stream, let evicted):
            if evicted != nil { tell(.streamEnd(stream: stream.name, why: "taken-over")) }
            publications.append(
                Publication(
                    messageStreamID: request.messageStreamID, stream: stream,
                    acceptedAtNanoseconds: worker.nowNanoseconds))
            session.acceptPublish()
            let sinks = worker.configuration.sinks(key)
            if !sinks.isEmpty { worker.hub.attach(sinks, to: stream) }
            worker.admission.settled(id)
            tell(.publish(id, stream: stream.name, accepted: true, code: Status.publishStart))
            tell(.streamStart(stream: stream.name, publisher: id))
            notePublishing(stream.name, query: request.query)
        case .busy(let holder):
            refuse(
                "NetStream.Publish.BadName", "\(key) is being published by session \(holder).")
        case .held:
            refuse("NetStream.Publish.Denied", "\(key) is held by the operator.")
        case .full:
            refuse("NetStream.Publish.Failed", "Too many streams.")
        }
    }

    private func forward(_ message: MediaMessage, on id: MessageStreamID) {
        guard let publication = publications.first(where: { $0.messageStreamID == id }) else {
            return
        }
        noteReceived(message, of: publication)
        let isOurs = worker.hub.forward(
            message, of: publication.stream, by: self.id, worker: worker.index,
            nowNanoseconds: worker.nowNanoseconds)
        // False: another publisher took the name; the eviction is in our mailbox.
        if isOurs, saysMore(message) { noteHeader(message, of: publication) }
    }

    func unpublish(_ id: MessageStreamID, why: String) {
        guard let index = publications.firstIndex(where: { $0.messageStreamID == id }) else {
            return
        }
        let publication = publications.remove(at: index)
        pendingMetadata = nil
        if worker.hub.unpublish(publication.stream, by: self.id, worker: worker.index) {
            tell(.streamEnd(stream: publication.stream.name, why: why))
        }
        noteRole()
    }

    // MARK: Playing

    private func play(_ request: PlayRequest) {
        func refuse(_ code: String, _ description: String) {
            tell(.play(id, stream: request.shownName, accepted: false, code: code))
            session.rejectPlay(code: code, description: description)
        }

        guard let key = request.key else {
            refuse(Status.playStreamNotFound, "There can be no stream of this name.")
            return
        }
        let replaced = plays.first { $0.messageStreamID == request.messageStreamID }
        stopPlaying(request.messageStreamID)
        switch worker.join(key, address: address.host) {
        case .joined(let feed, let isLive):
            let play = Play(
                messageStreamID: request.messageStreamID, connection: self, feed: feed,
                cursor: PlayerCursor(
                    joining: feed.log, usesGOPCache: worker.configuration.usesGOPCache,
                    acceptsEnhanced: session.client?.acceptsMultitrack ?? false,
                    continuing: request.continuesTime ? replaced?.cursor : nil),
                acceptedAtNanoseconds: worker.nowNanoseconds)
            if !isLive { startWaiting(forPublisherOf: play) }
            feed.add(play)
            plays.append(play)
            session.acceptPlay()
            worker.letGoOn(self)
            worker.admission.settled(id)
            tell(.play(id, stream: feed.stream.name, accepted: true, code: Status.playStart))
            notePlaying(feed.stream.name, query: request.query)
        case .absent:
            refuse(Status.playStreamNotFound, "Nobody publishes \(key).")
        case .held:
            refuse(Status.playStreamNotFound, "\(key) is held by the operator.")
        case .full:
            refuse("NetStream.Play.Failed", "Too many streams.")
        }
    }

    func stopPlaying(_ id: MessageStreamID) {
        guard let index = plays.firstIndex(where: { $0.messageStreamID == id }) else { return }
        let play = plays.remove(at: index)
        // A header that says a distance alone belongs to the message stream that spoke last.
        for other in plays { other.cursor.leaveStep() }
        worker.leave(play)
        noteRole()
    }

    private func pause(_ id: MessageStreamID, _ isPaused: Bool) {
        for play in plays where play.messageStreamID == id {
            if isPaused {
                play.cursor.pause()
            } else {
                play.cursor.resume(in: play.feed.log)
                worker.letGoOn(self)
            }
            tell(.pause(self.id, stream: play.feed.stream.name, isPaused: isPaused))
        }
        noteRole()
    }

    private func startWaiting(forPublisherOf play: Play) {
        play.waitsUntilNanoseconds =
            worker.nowNanoseconds + worker.configuration.playWaitNanoseconds
        lookEarlier()
    }

    /// The publisher is gone: the player is told, and may wait for the next one (CMD-17).
    ///
    /// Told once the player has all that was published; a lagging one hears it later.
    func publisherEnded(_ play: Play) {
        play.owesEnd = true
        startWaiting(forPublisherOf: play)
        flush()
    }

    /// Queues the end of the stream for those who have got everything.
    ///
    /// - Returns: whether anything was queued.
    func tellEnds() -> Bool {
        var hasTold = false
        for play in plays where play.owesEnd {
            guard !isBlocked, play.cursor.backlog(in: play.feed.log).bytes == 0 else { continue }
            play.owesEnd = false
            enqueue(session.endOfStream(on: play.messageStreamID))
            worker.trimLater(play.feed)
            hasTold = true
        }
        return hasTold
    }

    /// Somebody publishes what this player waits for, or publishes it again.
    func publisherStarted(_ play: Play) {
        guard play.waitsUntilNanoseconds != nil else { return }
        play.waitsUntilNanoseconds = nil
        guard !play.owesEnd else {
            // It has not heard of the end: for this player the stream just goes on.
            play.owesEnd = false
            return
        }
        enqueue(session.publishNotify(on: play.messageStreamID))
        flush()
    }

    // MARK: Reconnecting

    /// Asks the client to connect anew, if it said that it can; all stays as it is meanwhile (MED-13).
    ///
    /// - Returns: whether it was asked.
    @discardableResult
    func askToReconnect(_ request: ReconnectRequest) -> Bool {
        guard isOpen,
            let message = session.reconnectRequest(
                tcURL: request.tcURL, description: request.description)
        else { return false }
        enqueue(message)
        tell(.reconnect(id, isAsked: true, tcURL: request.tcURL.map { SafeText(url: $0) }))
        flush()
        return true
    }

    // MARK: Ending

    /// Gives up everything shared with others, and says goodbye in RTMP where there is time.
    func leaveStreams(because reason: CloseReason) {
        let saysGoodbye = !reason.isAbrupt
        for publication in publications {
            if saysGoodbye, reason.who != .peer {
                enqueue(session.unpublished(publication.messageStreamID))
            }
            unpublish(publication.messageStreamID, why: reason.streamEnd)
        }
        for play in plays {
            if saysGoodbye, reason.who != .peer {
                enqueue(goodbye(to: play, because: reason))
            }
            stopPlaying(play.messageStreamID)
        }
    }

    /// Kick: encoders come back within seconds, so the name is refused for a while (DESIGN §12).
    func hold(forSeconds seconds: Int) {
        let now = worker.nowNanoseconds
        for publication in publications {
            worker.hub.hold(
                .publisher(publication.stream.key), forSeconds: seconds, nowNanoseconds: now)
            tell(.hold(publication.stream.name, seconds: seconds))
        }
        for play in plays {
            worker.hub.hold(
                .player(address: address.host, play.feed.stream.key), forSeconds: seconds,
                nowNanoseconds: now)
            tell(.hold("\(play.feed.stream.name) for \(address.host)", seconds: seconds))
        }
    }

    private func goodbye(to play: Play, because reason: CloseReason) -> [Message] {
        if case .playWaitOver = reason { return session.streamNotFound(play.messageStreamID) }
        return session.endOfStream(on: play.messageStreamID)
    }
}

extension CloseReason {
    /// `why` of `stream.end` when the publisher's connection ends for this reason.
    var streamEnd: String {
        switch self {
        case .takenOver: "taken-over"
        case .closedByAdmin, .kickedByAdmin, .resetByAdmin: "killed"
        case .shutdown: "shutdown"
        default: "closed"
        }
    }
}

extension PublishRequest {
    /// A name that can be no key is told as it came, but for the secrets of its query (SEC-13).
    var shownName: SafeText {
        key.map { SafeText($0.description) } ?? SafeText(url: rawName)
    }
}

extension PlayRequest {
    var shownName: SafeText {
        key.map { SafeText($0.description) } ?? SafeText(url: rawName)
    }
}
