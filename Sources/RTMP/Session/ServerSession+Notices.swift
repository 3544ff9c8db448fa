/// What a server tells a peer on its own account: messages in the order they must go out.
///
/// They change nothing in the session; the owner sends them through `encode` like any reply.
extension ServerSession {
    /// The publisher of a played stream is gone (CMD-17).
    package func endOfStream(on messageStream: MessageStreamID) -> [Message] {
        [
            UserControlEvent.streamEOF(messageStream).message(),
            Status(.status, "NetStream.Play.UnpublishNotify", "The publisher is gone.")
                .onStatus(on: messageStream),
            Status(.status, "NetStream.Play.Stop", "The stream stopped.")
                .onStatus(on: messageStream),
        ]
    }

    /// A publisher came (back) to a stream that a player waits for (CMD-17).
    package func publishNotify(on messageStream: MessageStreamID) -> [Message] {
        [
            UserControlEvent.streamBegin(messageStream).message(),
            Status(.status, "NetStream.Play.PublishNotify", "A publisher is there.")
                .onStatus(on: messageStream),
        ]
    }

    /// Nobody published in the time a player may wait (CMD-16).
    package func streamNotFound(_ messageStream: MessageStreamID) -> [Message] {
        [
            Status(.error, Status.playStreamNotFound, "No such stream.")
                .onStatus(on: messageStream)
        ]
    }

    /// Publishing ended, by the peer's wish or ours.
    package func unpublished(_ messageStream: MessageStreamID) -> [Message] {
        [Status.unpublished.onStatus(on: messageStream)]
    }

    /// Asks the client to connect anew, to `tcURL` if one is given; the connection stays as it is
    /// (MED-13). nil: the client did not say that it can.
    package func reconnectRequest(tcURL: String?, description: String) -> Message? {
        guard client?.capabilities?.contains(.reconnect) == true else { return nil }
        let status = Status(.status, Status.reconnectRequest, description)
        let target = tcURL.map { AMFProperty("tcUrl", .text($0)) }
        return status.notice("onStatus", adding: target.map { [$0] } ?? [])
    }

    package func ping(_ value: UInt32) -> Message {
        UserControlEvent.pingRequest(value).message()
    }
}
