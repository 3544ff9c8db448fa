/// What a server session asks of the connection that drives it, one at a time and in order.
///
/// Returned by `ServerSession.next`. The connection acts on a step before it asks for the next one.
package enum ServerStep {
    /// Write these bytes as they are: S0 S1 S2, or an HTTP refusal. Nothing may overtake them.
    case write([UInt8])
    /// The digest or simple handshake is complete; chunks may follow in both directions.
    case handshakeDone(HandshakeKind)
    /// Send this message through the session's `encode`, in order with all other replies.
    case reply(Message)
    /// The peer changed a control value. Already in force; told for events and probes.
    case control(ControlMessage)
    case userControl(UserControlEvent)
    /// Open until `acceptConnect` or `rejectConnect`; `next` gives nothing meanwhile.
    case connectRequested(ConnectRequest)
    /// Open until `acceptPublish` or `rejectPublish`.
    case publishRequested(PublishRequest)
    /// Open until `acceptPlay` or `rejectPlay`; replaces what the message stream plays (CMD-19).
    case playRequested(PlayRequest)
    /// Audio, video or data of a message stream that publishes.
    case media(MessageStreamID, MediaMessage)
    /// The peer ended publishing or playing on this message stream; replies were queued.
    case publishEnded(MessageStreamID)
    case playEnded(MessageStreamID)
    /// Pause or resume a player (CMD-18). Live resumes at the next keyframe.
    case paused(MessageStreamID, Bool)
    /// The player wants or does not want a kind of media (receiveAudio, receiveVideo).
    case receives(MessageStreamID, MediaMessage.Kind, Bool)
    /// Any command, as it was decoded, before its own step: for events and the black box.
    case command(Command)
    /// A message that was let go, counted and never fatal.
    case ignored(IgnoredMessage)
    /// The peer must be disconnected once what was queued is flushed.
    case close(SessionEnd)
}

/// Which handshake was spoken (RTMP.md §1).
package enum HandshakeKind: Hashable, Sendable {
    case simple
    /// Base 772 or base 8, as the digest was found.
    case complex(digestBase: Int)
}

/// Why a message was not acted upon.
package enum IgnoredMessage: Hashable, Sendable {
    /// Type without meaning here (MED-16).
    case unknownType(MessageType)
    /// Media on a message stream that does not publish (CMD-12).
    case mediaWithoutPublish(MessageType)
    /// AMF of a data message or command that does not parse (AMF-7).
    case malformed(MessageType)
    /// A command before connect (CMD-4), or one nobody knows (CMD-13).
    case earlyCommand(String)
    case unknownCommand(String)
}

/// Ends that the session itself decides, besides a thrown `ProtocolError`.
package enum SessionEnd: Hashable, Sendable {
    case connectRejected
    case publishRejected
    case playRejected
    case httpRequest
    case tlsHello
    case rtmpeVersion(UInt8)
    case notRTMP(UInt8)
    case tooManyEarlyCommands
}

/// `connect`, normalised by CMD-2, CMD-8 and CMD-23.
package struct ConnectRequest: Sendable {
    /// The app as the key uses it: no query, no `/_definst_`, no doubled or trailing slash.
    package var app: String
    package var tcURL: String
    package var flashVersion: String
    package var objectEncoding: Double
    /// Queries of app and tcUrl, the app's first.
    package var parameters: [String]
    /// The client announced any Enhanced RTMP property (MED-8).
    package var announcesEnhanced: Bool
    /// `capsEx`; nil if it was not sent.
    package var capabilities: EnhancedCapabilities?
    package var swfURL: String
    package var pageURL: String

    package init(
        app: String, tcURL: String, flashVersion: String, objectEncoding: Double,
        parameters: [String], announcesEnhanced: Bool, capabilities: EnhancedCapabilities?,
        swfURL: String, pageURL: String
    ) {
        self.app = app
        self.tcURL = tcURL
        self.flashVersion = flashVersion
        self.objectEncoding = objectEncoding
        self.parameters = parameters
        self.announcesEnhanced = announcesEnhanced
        self.capabilities = capabilities
        self.swfURL = swfURL
        self.pageURL = pageURL
    }

    /// Tracks other than 0 mean something to this client (MED-7). One that sends `capsEx` says so
    /// outright; ffmpeg sends `fourCcList` alone and takes every track.
    package var acceptsMultitrack: Bool {
        announcesEnhanced && capabilities?.contains(.multitrack) != false
    }
}

package struct PublishRequest: Sendable {
    package var messageStreamID: MessageStreamID
    /// nil: the name cannot be a key (empty, too long, `..`, control characters: CMD-11, CMD-23);
    /// the connection answers with a refusal.
    package var key: StreamKey?
    /// The name as it was sent, for events.
    package var rawName: String
    /// The query of the name, without `?`.
    package var query: String
}

package struct PlayRequest: Sendable {
    package var messageStreamID: MessageStreamID
    package var key: StreamKey?
    package var rawName: String
    package var query: String
    /// Seconds; −2 live or file, −1 live only, ≥ 0 file position (CMD-15).
    package var start: Double
    /// Time goes on where this message stream stands, instead of at 0: play2, and play without reset.
    package var continuesTime: Bool
}
