/// Publishing (RTMP.md §5.2).
extension NetConnection {
    /// FMLE waits for onFCPublish, and some hardware for a transaction in it, even 0 (membrane PR #115).
    func fcPublish(_ command: Command) -> [ServerStep] {
        let status = Status(.status, Status.publishStart, "The stream may be published.")
        return answer(command) + [.reply(status.notice("onFCPublish"))]
    }

    /// Opens a request. createStream may be missing, the type too, which is "live" anyhow
    /// (CMD-7, CMD-8).
    mutating func publish(_ command: Command) -> [ServerStep] {
        guard let id = streams.resolveOrCreate(command.messageStreamID) else {
            return Self.refused(
                on: command.messageStreamID, Status.publishDenied, "Too many streams.",
                .publishRejected)
        }
        let rawName = command.argument(0)?.string ?? ""
        let name = StreamName.resolve(rawName, in: client.app)
        switch streams[id] {
        case .playing:
            return Self.refused(
                on: id, Status.publishBadName, "The stream is being played.",
                .publishRejected)
        case .publishing(let key) where key == name.key:
            // Said twice: the answer is the same, and what was accepted stays.
            return published(id)
        case .publishing, .created, nil:
            var steps = end(id)
            // The peer itself publishes the name on another stream: it moves here.
            if let key = name.key, let other = streams.publisher(of: key, besides: id) {
                steps += end(other)
            }
            openRequest = .publish(id, name.key)
            let request = PublishRequest(
                messageStreamID: id, key: name.key, rawName: rawName, query: name.query)
            return steps + [.publishRequested(request)]
        }
    }

    mutating func acceptPublish() -> [ServerStep] {
        guard case .publish(let id, let key?) = openRequest else {
            preconditionFailure("acceptPublish answers an open publish request with a key")
        }
        openRequest = nil
        streams[id] = .publishing(key)
        return published(id)
    }

    mutating func rejectPublish(code: String, description: String) -> [ServerStep] {
        guard case .publish(let id, _) = openRequest else {
            preconditionFailure("rejectPublish answers an open publish request")
        }
        openRequest = nil
        return Self.refused(on: id, code, description, .publishRejected)
    }

    /// Ends publishing; the message stream stays for another publish (CMD-12).
    mutating func fcUnpublish(_ command: Command) -> [ServerStep] {
        let rawName = command.argument(0)?.string ?? ""
        let notice = Status.unpublished.notice("onFCUnpublish")
        var steps: [ServerStep] = [.reply(notice)] + answer(command)
        if let id = streams.publishing(StreamName.resolve(rawName, in: client.app).key) {
            streams[id] = .created
            steps.append(.publishEnded(id))
        }
        return steps
    }

    private func published(_ id: MessageStreamID) -> [ServerStep] {
        let status = Status(.status, Status.publishStart, "Start publishing")
        return [
            .reply(UserControlEvent.streamBegin(id).message()), .reply(status.onStatus(on: id)),
        ]
    }

    static func refused(
        on id: MessageStreamID, _ code: String, _ description: String, _ end: SessionEnd
    ) -> [ServerStep] {
        [.reply(Status(.error, code, description).onStatus(on: id)), .close(end)]
    }
}
