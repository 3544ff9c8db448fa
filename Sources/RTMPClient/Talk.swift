import Posix
import RTMP
import Security

/// A link with a purpose: to publish or to play one stream. Sorts what the server says into what its
/// owner acts on, what it may want to know, and what ends all.
final class Talk {
    enum Event {
        /// Publish or play was accepted; of a player also: the stream is back.
        case started(MessageStreamID)
        case media(MediaMessage)
        case ended(PlayEnd)
        /// The server asks for a new connection, and its wish may be followed.
        case redirected(RTMPURL)
        case timeOver
        case readable
        case room
    }

    let link: Link
    private(set) var facts: ServerFacts
    private let options: ClientOptions

    /// Dials.
    init(
        _ role: ClientConfiguration.Role, _ url: RTMPURL, _ options: ClientOptions,
        stop: StopSignal?
    ) throws(ClientError) {
        self.options = options
        link = try Link(role, url, options, stop: stop)
        facts = ServerFacts(
            address: link.figures.address, dialledAt: link.figures.dialledAt,
            connectedAt: link.figures.connectedAt)
        facts.tls = link.figures.tls
        options.narrate?("connected to \(facts.address)")
        if let tls = facts.tls {
            let doubt = tls.certificate?.doubt.map { "; not trusted: \($0)" } ?? ""
            options.narrate?("TLS: \(tls.agreed.version) \(tls.agreed.cipher)\(doubt)")
        }
    }

    /// Up to the server's yes.
    func start() throws(ClientError) -> MessageStreamID {
        while true {
            if case .started(let stream) = try next(Link.Awaited()) { return stream }
        }
    }

    /// Goes on until there is something to act on.
    func next(_ awaited: Link.Awaited) throws(ClientError) -> Event {
        while true {
            switch try link.next(awaited) {
            case .timeOver: return .timeOver
            case .readable: return .readable
            case .room: return .room
            case .stopped: throw .stopped
            case .step(let step):
                if let event = try sort(step) { return event }
            }
        }
    }

    /// nil: nothing to act on.
    private func sort(_ step: ClientStep) throws(ClientError) -> Event? {
        switch step {
        case .media(let media):
            return .media(media)
        case .publishing(let stream), .playing(let stream):
            if facts.startedAt == nil { facts.startedAt = Clock.monotonicNanoseconds() }
            return .started(stream)
        case .playEnded(let end):
            return .ended(end)
        case .handshakeDone(let kind):
            facts.handshakeAt = Clock.monotonicNanoseconds()
            facts.handshakeKind = kind
            narrate("handshake done: \(kind.name)")
        case .connected(let answer):
            facts.answeredAt = Clock.monotonicNanoseconds()
            facts.answer = answer
            narrate("connect accepted by \(answer.serverVersion ?? "a server without a name")")
        case .status(let status):
            facts.note(status)
            narrate("status \(status.code) \(status.description)")
        case .control(let control):
            facts.note(control)
            if case .acknowledgement = control { break }
            narrate("control \(control)")
        case .userControl(let event):
            narrate("user control \(event)")
        case .command(let command):
            narrate("command \(command.name)")
        case .reconnectRequested(let request):
            return redirect(request).map { .redirected($0) }
        case .ignored(let type):
            narrate("ignored a message of type \(type.rawValue)")
        case .close(let end):
            throw ClientError(end)
        case .write, .send:
            preconditionFailure("the link does these itself")
        }
        return nil
    }

    private func redirect(_ request: ReconnectRequest) -> RTMPURL? {
        guard options.followsReconnectRequests else {
            narrate("the server asks for a new connection: not followed")
            return nil
        }
        do throws(RTMPURL.RedirectFault) {
            let url = try link.url.following(request, allowsOtherHosts: options.allowsOtherHosts)
            narrate("the server asks for a new connection to \(url.host):\(url.port)")
            return url
        } catch {
            narrate("the server asks for a new connection, which is not followed: \(error)")
            return nil
        }
    }

    func narrate(_ sentence: @autoclosure () -> String) {
        if let narrate = options.narrate { narrate(sentence()) }
    }
}

extension HandshakeKind {
    /// As events name it.
    package var name: String {
        switch self {
        case .simple: "simple"
        case .complex: "complex"
        }
    }
}

extension ClientError {
    /// What the session decided.
    init(_ end: ClientEnd) {
        switch end {
        case .stopped: self = .stopped
        case .serverVersion(let byte): self = .notRTMP(firstByte: byte)
        case .connectRejected(let refusal): self = .refused(.connect, refusal)
        case .createStreamRejected(let refusal): self = .refused(.createStream, refusal)
        case .publishRejected(let refusal): self = .refused(.publish, refusal)
        case .playRejected(let refusal): self = .refused(.play, refusal)
        case .failed(let refusal):
            self = .failed(code: refusal.code, description: refusal.description)
        case .closedByServer: self = .failed(code: "close", description: "")
        }
    }

    private static func refused(_ phase: ClientPhase, _ refusal: Refusal) -> ClientError {
        .refused(phase, code: refusal.code, description: refusal.description)
    }
}
