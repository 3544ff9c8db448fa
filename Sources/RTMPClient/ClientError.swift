/// Why a client could not do what was asked, or cannot go on.
///
/// What servers say of themselves stands in it as it came: whoever shows it to people makes it safe.
public enum ClientError: Error, Hashable, Sendable {
    case malformedURL(String)
    /// `rtmps://`: the server does not prove to be the host.
    case untrusted(reason: String)
    case hostUnknown(String, reason: String)
    /// Every address of the host was tried; the reason is the last one's.
    case unreachable(String, reason: String)
    case timedOut(ClientPhase)
    /// S0 is not 3, or 3 is what TLS got. 0x48 is the H of an HTTP server, 0x15 an alert of TLS.
    case notRTMP(firstByte: UInt8)
    /// The server answered, and the answer was no.
    case refused(ClientPhase, code: String, description: String)
    /// An error status while media flowed.
    case failed(code: String, description: String)
    /// The server is there and no media came for so long.
    case stalled(Duration)
    /// The connection ended without a word; the phase says what was awaited.
    case lost(ClientPhase, reason: String)
    /// The server broke a rule of the protocol.
    case protocolViolation(String)
    /// The owner's `StopSignal` came first.
    case stopped
    /// A file or pipe that could not be read or written.
    case file(String, reason: String)
    /// The input is no FLV, or damaged.
    case malformedFile(String, reason: String)
    /// The system gave us no socket, thread or descriptor.
    case system(String)
}

/// What a client waits for, each within `ClientOptions.timeout`; media and room within `silence`.
public enum ClientPhase: String, Hashable, Sendable, CaseIterable {
    case lookUp
    case dial
    /// Of `rtmps://` only.
    case tls
    case handshake
    case connect
    case createStream
    case publish
    case play
    /// Media is flowing to us, or should.
    case receiving
    /// Media is flowing from us, or should.
    case sending

    var words: String {
        switch self {
        case .lookUp: "the look-up of the name"
        case .dial: "a TCP connection"
        case .tls: "the handshake of TLS"
        case .handshake: "the handshake"
        case .connect: "the answer to connect"
        case .createStream: "the answer to createStream"
        case .publish: "the answer to publish"
        case .play: "the answer to play"
        case .receiving: "media"
        case .sending: "room to send"
        }
    }
}

extension ClientError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformedURL(let reason): reason
        case .untrusted(let reason): "the server's certificate is not trusted: \(reason)"
        case .hostUnknown(let host, let reason): "the host \(host) was not found: \(reason)"
        case .unreachable(let place, let reason): "no connection to \(place): \(reason)"
        case .timedOut(let phase): "timed out waiting for \(phase.words)"
        case .notRTMP(let byte):
            switch byte {
            case 3: "the server does not speak TLS but, it seems, RTMP: try rtmp://"
            case 0x48: "the server does not speak RTMP but, it seems, HTTP"
            case 0x15: "the server does not speak RTMP but, it seems, TLS: try rtmps://"
            default: "the server does not speak RTMP: its first byte is \(byte)"
            }
        case .refused(let phase, let code, let description):
            "the server refused \(phase.rawValue): \(Self.joined(code, description))"
        case .failed(let code, let description):
            "the server ended it: \(Self.joined(code, description))"
        case .stalled(let time):
            "the stream is silent: no media came for \(Self.words(time))"
        case .lost(let phase, let reason):
            "the connection was lost while waiting for \(phase.words): \(reason)"
        case .protocolViolation(let sentence): "the server broke the protocol: \(sentence)"
        case .stopped: "stopped"
        case .file(let name, let reason): "\(name): \(reason)"
        case .malformedFile(let name, let reason): "\(name): \(reason)"
        case .system(let reason): reason
        }
    }

    private static func words(_ time: Duration) -> String {
        let milliseconds = time.nanoseconds / 1_000_000
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }

    private static func joined(_ code: String, _ description: String) -> String {
        switch (code.isEmpty, description.isEmpty) {
        case (true, true): "no reason given"
        case (true, false): description
        case (false, true): code
        case (false, false): "\(code) (\(description))"
        }
    }
}
