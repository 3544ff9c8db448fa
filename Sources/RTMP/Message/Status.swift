/// The information object of onStatus, `_result` and `_error`: level, code, description, always in
/// that order, which Wirecast and FMLE count on (CMD-6; nginx c418e9c).
package struct Status: Hashable, Sendable {
    package enum Level: String, Hashable, Sendable {
        case status
        case warning
        /// Fatal: ffmpeg ends at once.
        case error
    }

    package var level: Level
    package var code: String
    package var description: String

    package init(_ level: Level, _ code: String, _ description: String) {
        self.level = level
        self.code = code
        self.description = description
    }

    /// onStatus on the message stream it speaks of (RTMP 1.0, 7.2.2).
    package func onStatus(on messageStream: MessageStreamID) -> Message {
        notice("onStatus", on: messageStream)
    }

    /// A command without transaction that carries this status: onStatus, onFCPublish and the like.
    package func notice(
        _ name: String, on messageStream: MessageStreamID = 0, adding more: [AMFProperty] = []
    ) -> Message {
        Command.message(name, transaction: 0, on: messageStream) { encoder in
            encoder.encode(.null)
            encoder.encode(self, adding: more)
        }
    }
}

/// Codes that are named in more than one place (RTMP 1.0, 7.2.2; RTMP.md §5).
extension Status {
    package static let reconnectRequest = "NetConnection.Connect.ReconnectRequest"
    package static let publishStart = "NetStream.Publish.Start"
    package static let publishBadName = "NetStream.Publish.BadName"
    package static let publishDenied = "NetStream.Publish.Denied"
    package static let unpublishSuccess = "NetStream.Unpublish.Success"
    package static let playReset = "NetStream.Play.Reset"
    package static let playStart = "NetStream.Play.Start"
    package static let playStreamNotFound = "NetStream.Play.StreamNotFound"

    static let unpublished = Status(.status, unpublishSuccess, "The stream is unpublished.")
}
