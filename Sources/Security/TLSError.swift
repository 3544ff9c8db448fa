/// Why a channel cannot go on.
package enum TLSError: Error, Hashable, Sendable {
    /// The peer began with this byte, which begins no TLS.
    case notTLS(firstByte: UInt8)
    /// The socket ended in the middle of it.
    case cut
    /// The peer refused us by an alert.
    case refused(String)
    /// The peer's certificate does not prove what it should.
    case untrusted(String)
    /// The peer broke the protocol, or speaks none that we do.
    case broken(String)
    /// The socket failed.
    case system(errno: Int32)
}

extension TLSError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notTLS(let byte): "no TLS: its first byte is \(byte)"
        case .cut: "closed in the middle of it"
        case .refused(let alert): "refused by the peer: \(alert)"
        case .untrusted(let reason): "certificate not trusted: \(reason)"
        case .broken(let reason): "protocol broken: \(reason)"
        case .system(let errno): "connection lost (errno \(errno))"
        }
    }
}
