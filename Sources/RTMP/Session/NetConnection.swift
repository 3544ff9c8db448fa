/// The command side of a connected session: message streams, and the request that waits for an answer.
///
/// Every command is one transition: it changes the state and returns the steps to take, in order.
/// Commands that work on a message stream stand in `NetConnection+Publishing` and `+Playing`.
struct NetConnection: Sendable {
    /// A request that the owner of the session has to accept or reject.
    enum OpenRequest: Sendable {
        case publish(MessageStreamID, StreamKey?)
        case play(MessageStreamID, StreamKey?, sendsReset: Bool)
    }

    let client: ConnectCommand
    var streams: MessageStreams
    var openRequest: OpenRequest?

    init(client: ConnectCommand, maximumStreams: Int) {
        self.client = client
        streams = MessageStreams(maximum: maximumStreams)
    }

    mutating func receive(_ command: Command) -> [ServerStep] {
        switch command.name {
        case "connect": refuseSecondConnect(command)
        case "createStream": createStream(command)
        case "deleteStream": deleteStream(command)
        case "closeStream": closeStream(command)

        case "releaseStream", "_checkbw": answer(command)
        case "FCPublish": fcPublish(command)
        case "publish": publish(command)
        case "FCUnpublish": fcUnpublish(command)

        case "play": play(command)
        case "play2": play2(command)
        case "pause", "pauseRaw": pause(command)
        case "seek": seek(command)
        case "receiveAudio": receives(.audio, command)
        case "receiveVideo": receives(.video, command)
        case "getStreamLength": answer(command, 0)
        case "FCSubscribe": fcSubscribe()
        // An onFCUnsubscribe makes librtmp close, so nothing is said (CMD-18).
        case "FCUnsubscribe": []

        // Answers of the peer to what we never asked; answering them could go on for ever.
        case "_result", "_error", "onStatus": []
        // Not `_error`: ffmpeg gives up on one it did not expect (CMD-13).
        default: [.ignored(.unknownCommand(command.name))] + answer(command)
        }
    }

    /// `_result` with the command's transaction, if it has one.
    func answer(_ command: Command, _ value: AMFValue = .null) -> [ServerStep] {
        command.expectsAnswer ? [.reply(command.result(value))] : []
    }

    /// What the connection is there for: publishing counts before playing.
    var stateDescription: String {
        var isPlaying = false
        var isPaused = false
        for entry in streams.entries {
            switch entry.state {
            case .publishing: return "publish"
            case .playing(_, let paused):
                if paused { isPaused = true } else { isPlaying = true }
            case .created: break
            }
        }
        return isPlaying ? "play" : isPaused ? "paused" : "ready"
    }

    // MARK: NetConnection commands

    /// The first one stays in force (CMD-4).
    private func refuseSecondConnect(_ command: Command) -> [ServerStep] {
        let status = Status(.error, "NetConnection.Connect.Failed", "Already connected.")
        return [.reply(command.error(status))]
    }

    private mutating func createStream(_ command: Command) -> [ServerStep] {
        guard let id = streams.create() else {
            let status = Status(.error, "NetConnection.Call.Failed", "Too many streams.")
            return [.reply(command.error(status))]
        }
        // Answered even with transaction 0: without the id the peer cannot go on.
        return [.reply(command.result(.number(Double(id))))]
    }

    /// The id is an argument; without one, the stream the command came on is meant.
    private mutating func deleteStream(_ command: Command) -> [ServerStep] {
        let id =
            switch command.argument(0)?.number {
            case let number?: MessageStreamID(exactly: number)
            case nil: command.messageStreamID
            }
        guard let id else { return [] }
        let steps = end(id)
        streams[id] = nil
        return steps
    }

    private mutating func closeStream(_ command: Command) -> [ServerStep] {
        streams.resolve(command.messageStreamID).map { end($0) } ?? []
    }

    /// Ends publishing or playing; the stream is there as before publish or play.
    mutating func end(_ id: MessageStreamID) -> [ServerStep] {
        switch streams[id] {
        case .publishing:
            streams[id] = .created
            return [.reply(Status.unpublished.onStatus(on: id)), .publishEnded(id)]
        case .playing:
            streams[id] = .created
            return [.playEnded(id)]
        case .created, nil:
            return []
        }
    }
}

extension NetConnection {
    /// The answer to connect, whole and in the order clients know (RTMP.md §5.1).
    ///
    /// `window`: the peer's wish, where it set our bandwidth before it connected (PC-6).
    func connected(
        _ command: Command, window: UInt32, configuration: SessionConfiguration
    ) -> [ServerStep] {
        let bandwidth = configuration.windowAcknowledgementSize
        let messages = [
            ControlMessage.windowAcknowledgementSize(window).message(),
            ControlMessage.setPeerBandwidth(bandwidth, .dynamic).message(),
            // Before anything longer than 128 bytes (srs #454).
            ControlMessage.setChunkSize(configuration.outChunkSize).message(),
            UserControlEvent.streamBegin(0).message(),
            command.result(
                object: Self.server,
                Status(.status, "NetConnection.Connect.Success", "Connection succeeded."),
                adding: abilities),
        ]
        return messages.map { .reply($0) }
    }

    private static let server: AMFValue = ["fmsVer": "FMS/3,0,1,123", "capabilities": 31]

    /// Type 17 and 15 are understood, yet AMF0 is what we speak (AMF-11).
    private static let objectEncoding = [AMFProperty("objectEncoding", 0)]

    private var abilities: [AMFProperty] {
        guard client.request.announcesEnhanced else { return Self.objectEncoding }
        let forwardsAny: AMFValue = ["*": .number(4)]
        let common = (client.request.capabilities ?? []).intersection(.ours)
        return Self.objectEncoding + [
            AMFProperty("videoFourCcInfoMap", forwardsAny),
            AMFProperty("audioFourCcInfoMap", forwardsAny),
            AMFProperty("capsEx", .number(Double(common.rawValue))),
        ]
    }
}
