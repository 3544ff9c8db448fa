/// What a client session asks of its owner, or tells it, one at a time and in order.
///
/// Returned by `ClientSession.next`. The owner acts on a step before it asks for the next one.
package enum ClientStep {
    /// Write these bytes as they are: C0 and C1, then C2.
    case write([UInt8])
    case handshakeDone(HandshakeKind)
    /// Send this message through the session's `encode`, in order with all others.
    case send(Message)
    /// The server took connect; publish or play is on its way.
    case connected(ConnectAnswer)
    /// Media may be sent on this message stream.
    case publishing(MessageStreamID)
    /// Media comes on this message stream: the first time, or again after `playEnded`.
    case playing(MessageStreamID)
    case media(MediaMessage)
    /// The server says the stream has ended. It may come back: then `playing` follows.
    case playEnded(PlayEnd)
    /// Every onStatus, before the step it causes.
    case status(ServerStatus)
    /// The server changed a control value. Already in force; told for figures.
    case control(ControlMessage)
    case userControl(UserControlEvent)
    /// Any other command, as it was decoded.
    case command(Command)
    /// The server asks for a new connection; this one goes on working (MED-13).
    case reconnectRequested(ReconnectRequest)
    /// A message of this type meant nothing here or did not parse; never fatal.
    case ignored(MessageType)
    /// Disconnect once what was queued is flushed.
    case close(ClientEnd)
}

/// Ends that the client's session itself decides, besides a thrown `ProtocolError`.
package enum ClientEnd: Hashable, Sendable {
    /// The owner asked for it, and the server was told.
    case stopped
    /// S0 is not 3; 0x48 is an HTTP server.
    case serverVersion(UInt8)
    case connectRejected(Refusal)
    case createStreamRejected(Refusal)
    case publishRejected(Refusal)
    case playRejected(Refusal)
    /// An error status while media flowed.
    case failed(Refusal)
    /// The command `close`.
    case closedByServer
}

/// What a server says when it does not want to. Empty where it said nothing.
package struct Refusal: Hashable, Sendable {
    package var code: String
    package var description: String

    package init(code: String, description: String) {
        self.code = code
        self.description = description
    }

    init(_ info: AMFValue?) {
        self.init(
            code: info?["code"]?.string ?? "",
            description: info?["description"]?.string ?? info?.string ?? "")
    }
}

/// By which of its words the server ended what we play; often several come, the first counts.
package enum PlayEnd: Hashable, Sendable {
    case streamEOF
    /// Play.Stop, Play.Complete or Play.UnpublishNotify.
    case status(String)
}

/// onStatus as it came.
package struct ServerStatus: Hashable, Sendable {
    package var messageStreamID: MessageStreamID
    package var level: String
    package var code: String
    package var description: String

    init(_ info: AMFValue?, on messageStreamID: MessageStreamID) {
        self.messageStreamID = messageStreamID
        level = info?["level"]?.string ?? ""
        code = info?["code"]?.string ?? ""
        description = info?["description"]?.string ?? ""
    }
}

/// What the answer to connect told of the server.
package struct ConnectAnswer: Hashable, Sendable {
    /// fmsVer, capabilities and whatever else the server says of itself.
    package var properties: [AMFProperty]
    /// level, code, description, objectEncoding and the Enhanced RTMP answer, if any.
    package var info: [AMFProperty]

    package var serverVersion: String? { property("fmsVer", in: properties)?.string }
    package var capabilities: Double? { property("capabilities", in: properties)?.number }
    package var objectEncoding: Double? { property("objectEncoding", in: info)?.number }
    /// E-RTMP capability bits (MED-8); nil: the server answered none.
    package var enhanced: EnhancedCapabilities? {
        property("capsEx", in: info)?.number.flatMap(UInt32.init(exactly:))
            .map(EnhancedCapabilities.init(rawValue:))
    }

    private func property(_ key: String, in properties: [AMFProperty]) -> AMFValue? {
        AMFValue.object(properties)[key]
    }
}

/// NetConnection.Connect.ReconnectRequest (MED-13). Where it leads: `RTMPURL.following`.
package struct ReconnectRequest: Hashable, Sendable {
    /// Absolute, or relative to the current tcUrl; nil: the same again.
    package var tcURL: String?
    package var description: String

    package init(tcURL: String?, description: String) {
        self.tcURL = tcURL
        self.description = description
    }
}
