package import RTMP
package import Telemetry

/// Who ended a connection and why: a closed list, one value for the log, the journal, the dashboard,
/// the history and the tests.
package enum CloseReason: Error {
    // The peer.
    case peerClosed
    case peerReset
    case connectionLost(errno: Int32)
    /// It does not take our certificate, mostly.
    case tlsRefused(String)
    // Us, because of what the peer sent.
    case brokeProtocol(ProtocolError)
    case notRTMP(SessionEnd)
    case rejected(SessionEnd)
    /// On the TLS port.
    case notTLS(firstByte: UInt8)
    case tlsFailed(String)
    // Us, because of what it did not do.
    case handshakeTimeout
    case connectTimeout
    case actionTimeout
    case publisherSilent(seconds: UInt64)
    case pingTimeout(seconds: UInt64)
    case slowPlayer
    case stuckPlayer(seconds: UInt64)
    case playWaitOver
    case repliesUnread
    case commandFlood
    case chunkFlood(perSecond: UInt64)
    /// Of all incomplete messages, too many bytes in all, it had most.
    case hoardedMessages
    // Us, for another's sake.
    case crowdedOut
    case takenOver(by: SessionID)
    case shutdown
    // Somebody at the console.
    case closedByAdmin
    case kickedByAdmin(holdSeconds: Int)
    case resetByAdmin

    package var who: CloseReport.Who {
        switch self {
        case .peerClosed, .peerReset, .connectionLost, .tlsRefused: .peer
        case .closedByAdmin, .kickedByAdmin, .resetByAdmin: .admin
        case .brokeProtocol, .notRTMP, .rejected, .notTLS, .tlsFailed, .handshakeTimeout,
            .connectTimeout, .actionTimeout, .publisherSilent, .pingTimeout, .slowPlayer,
            .stuckPlayer, .playWaitOver, .repliesUnread, .commandFlood, .chunkFlood,
            .hoardedMessages, .crowdedOut, .takenOver, .shutdown:
            .us
        }
    }

    /// The word scripts match (`why` in JSON Lines).
    package var code: String {
        switch self {
        case .peerClosed: "fin"
        case .peerReset: "tcp-reset"
        case .connectionLost: "connection-lost"
        case .tlsRefused: "tls-refused"
        case .brokeProtocol(let error): error.code
        case .notRTMP(let end), .rejected(let end): end.code
        case .notTLS: "not-tls"
        case .tlsFailed: "tls-failed"
        case .handshakeTimeout: "handshake-timeout"
        case .connectTimeout: "connect-timeout"
        case .actionTimeout: "action-timeout"
        case .publisherSilent: "publisher-silent"
        case .pingTimeout: "ping-timeout"
        case .slowPlayer, .stuckPlayer: "slow-player"
        case .crowdedOut: "crowded-out"
        case .playWaitOver: "stream-not-found"
        case .repliesUnread: "replies-unread"
        case .commandFlood: "command-flood"
        case .chunkFlood: "chunk-flood"
        case .hoardedMessages: "hoarded-messages"
        case .takenOver: "taken-over"
        case .shutdown: "shutdown"
        case .closedByAdmin: "closed"
        case .kickedByAdmin: "kicked"
        case .resetByAdmin: "reset"
        }
    }

    /// The sentence for people.
    package var detail: String {
        switch self {
        case .peerClosed: "closed by the peer"
        case .peerReset: "reset by the peer"
        case .connectionLost(let errno): "connection lost (errno \(errno))"
        case .tlsRefused(let alert): "TLS refused by the peer: \(alert)"
        case .brokeProtocol(let error): "\(error)"
        case .notRTMP(let end), .rejected(let end): end.detail
        case .notTLS(let byte):
            "C0 0x\(String(byte, radix: 16)): \(Self.kind(byte)) on the TLS port"
        case .tlsFailed(let reason): "TLS: \(reason)"
        case .handshakeTimeout: "handshake not complete in time"
        case .connectTimeout: "no connect command in time"
        case .actionTimeout: "neither publish nor play in time"
        case .publisherSilent(let seconds): "nothing received for \(seconds) s"
        case .pingTimeout(let seconds): "no byte for \(seconds) s, ping unanswered"
        case .slowPlayer: "too far behind live (slow player)"
        case .stuckPlayer(let seconds): "too far behind live for \(seconds) s (slow player)"
        case .crowdedOut: "made room for newcomers before it published or played"
        case .playWaitOver: "nobody published the stream in time"
        case .repliesUnread: "does not read our answers"
        case .commandFlood: "too many commands"
        case .chunkFlood(let rate): "\(rate) chunks a second"
        case .hoardedMessages: "most of all incomplete messages, which are too many bytes"
        case .takenOver(let by): "taken over by #\(by)"
        case .shutdown: "server shutting down"
        case .closedByAdmin: "closed at the console"
        case .kickedByAdmin(let hold): "kicked at the console, name held \(hold) s"
        case .resetByAdmin: "reset at the console"
        }
    }

    /// What begins with this byte, and not with a record of TLS.
    private static func kind(_ byte: UInt8) -> String {
        switch byte {
        case 3: "a plain RTMP client"
        case UInt8(ascii: "G"), UInt8(ascii: "P"), UInt8(ascii: "H"), UInt8(ascii: "O"),
            UInt8(ascii: "D"):
            "plain HTTP"
        default: "no TLS"
        }
    }

    /// Nothing may be flushed: the socket is gone or must go at once.
    var isAbrupt: Bool {
        switch self {
        case .peerReset, .connectionLost, .resetByAdmin, .repliesUnread, .handshakeTimeout,
            .stuckPlayer, .crowdedOut, .hoardedMessages:
            true
        default: false
        }
    }
}

extension SessionEnd {
    var code: String {
        switch self {
        case .connectRejected: "connect-rejected"
        case .publishRejected: "publish-rejected"
        case .playRejected: "play-rejected"
        case .httpRequest: "http"
        case .tlsHello: "tls"
        case .rtmpeVersion: "rtmpe"
        case .notRTMP: "not-rtmp"
        case .tooManyEarlyCommands: "commands-before-connect"
        }
    }

    var detail: String {
        switch self {
        case .connectRejected: "connect was refused"
        case .publishRejected: "publish was refused"
        case .playRejected: "play was refused"
        case .httpRequest: "HTTP on the RTMP port"
        case .tlsHello: "C0 0x16: a TLS client on the plain RTMP port"
        case .rtmpeVersion(let version): "C0 \(version): RTMPE is not supported"
        case .notRTMP(let byte): "C0 0x\(String(byte, radix: 16)): not RTMP"
        case .tooManyEarlyCommands: "commands before connect"
        }
    }
}
