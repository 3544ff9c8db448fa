/// Playing (RTMP.md §5.3). Streams are live: there is no file to seek in.
extension NetConnection {
    func fcSubscribe() -> [ServerStep] {
        let status = Status(.status, Status.playStart, "Subscribed.")
        return [.reply(status.notice("onFCSubscribe"))]
    }

    /// Opens a request; name, start, duration and reset, all but the name with defaults (CMD-15).
    mutating func play(_ command: Command) -> [ServerStep] {
        requestPlay(
            command.argument(0)?.string ?? "", start: command.argument(1)?.number,
            sendsReset: command.argument(3)?.flag ?? true, command)
    }

    /// Switches the name without Play.Reset, and time goes on (CMD-18; RTMP 1.0, 7.2.2.2).
    mutating func play2(_ command: Command) -> [ServerStep] {
        let options = command.argument(0)
        return requestPlay(
            options?["streamName"]?.string ?? "", start: options?["start"]?.number,
            sendsReset: false, command)
    }

    private mutating func requestPlay(
        _ rawName: String, start: Double?, sendsReset: Bool, _ command: Command
    ) -> [ServerStep] {
        guard let id = streams.resolveOrCreate(command.messageStreamID) else {
            return Self.refused(
                on: command.messageStreamID, "NetStream.Play.Failed", "Too many streams.",
                .playRejected)
        }
        // A second play on a message stream replaces what was there (CMD-19).
        var steps: [ServerStep] = []
        if case .publishing = streams[id] { steps = end(id) }
        let name = StreamName.resolve(rawName, in: client.app)
        openRequest = .play(id, name.key, sendsReset: sendsReset)
        let request = PlayRequest(
            messageStreamID: id, key: name.key, rawName: rawName, query: name.query,
            start: start.flatMap { $0.isFinite ? $0 : nil } ?? -2, continuesTime: !sendsReset)
        return steps + [.playRequested(request)]
    }

    mutating func acceptPlay() -> [ServerStep] {
        guard case .play(let id, let key?, let sendsReset) = openRequest else {
            preconditionFailure("acceptPlay answers an open play request with a key")
        }
        openRequest = nil
        streams[id] = .playing(key, isPaused: false)
        var messages = [UserControlEvent.streamBegin(id).message()]
        if sendsReset {
            messages.append(
                Status(.status, Status.playReset, "Playing and resetting \(key.name).")
                    .onStatus(on: id))
        }
        messages.append(Self.started(key).onStatus(on: id))
        if client.isFlashPlayer {
            // Leave for bitmap and spectrum access; other clients would make a data stream of it.
            let body = AMF0Encoder.bytes(["|RtmpSampleAccess", true, true])
            messages.append(
                Message(
                    type: .dataAMF0, messageStreamID: id, timestamp: 0, payload: Payload(body)))
        }
        let unwanted = streams.unwanted(on: id)
        return messages.map { .reply($0) }
            + [.audio, .video].filter(unwanted.contains).map { .receives(id, $0, false) }
    }

    mutating func rejectPlay(code: String, description: String) -> [ServerStep] {
        guard case .play(let id, _, _) = openRequest else {
            preconditionFailure("rejectPlay answers an open play request")
        }
        openRequest = nil
        return Self.refused(on: id, code, description, .playRejected)
    }

    /// Pauses or resumes; without a flag, whatever it is not now (CMD-18).
    mutating func pause(_ command: Command) -> [ServerStep] {
        guard let (id, key, isPaused) = playing(command.messageStreamID) else { return [] }
        let pauses = command.argument(0)?.flag ?? !isPaused
        streams[id] = .playing(key, isPaused: pauses)
        let status =
            pauses
            ? Status(.status, "NetStream.Pause.Notify", "Paused.")
            : Status(.status, "NetStream.Unpause.Notify", "Unpaused.")
        return [.reply(status.onStatus(on: id)), .paused(id, pauses)]
    }

    /// Live goes on where it is; ffmpeg throws everything away until it reads Seek.Notify (CMD-18).
    func seek(_ command: Command) -> [ServerStep] {
        guard let (id, _, _) = playing(command.messageStreamID) else { return [] }
        return [.reply(Self.seekNotify.onStatus(on: id))]
    }

    /// Before play it is remembered, and answered by nothing.
    mutating func receives(_ kind: MediaMessage.Kind, _ command: Command) -> [ServerStep] {
        guard let stream = streams.resolve(command.messageStreamID) else { return [] }
        let wants = command.argument(0)?.flag ?? true
        streams.setWants(kind, wants, on: stream)
        guard let (id, key, _) = playing(stream) else { return [] }
        guard wants else { return [.receives(id, kind, false)] }
        return [
            .reply(Self.seekNotify.onStatus(on: id)), .reply(Self.started(key).onStatus(on: id)),
            .receives(id, kind, true),
        ]
    }

    private func playing(
        _ messageStream: MessageStreamID
    ) -> (MessageStreamID, StreamKey, isPaused: Bool)? {
        guard let id = streams.resolve(messageStream),
            case .playing(let key, let isPaused) = streams[id]
        else { return nil }
        return (id, key, isPaused)
    }

    private static func started(_ key: StreamKey) -> Status {
        Status(.status, Status.playStart, "Started playing \(key.name).")
    }

    private static let seekNotify = Status(.status, "NetStream.Seek.Notify", "Live goes on.")
}
