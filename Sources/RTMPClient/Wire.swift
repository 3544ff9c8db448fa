import Posix
import Security

/// The socket of a link, and TLS on it where the URL wants that.
struct Wire: ~Copyable {
    enum Fault: Error {
        case socket(PosixError)
        case tls(TLSError)

        var reason: String {
            switch self {
            case .socket(let error): error.reason
            case .tls(.system(let errno)): PosixError("TLS", code: errno).reason
            case .tls(let error): error.description
            }
        }

        var isReset: Bool {
            switch self {
            case .socket(let error): error.isReset
            case .tls(.system(let errno)): PosixError("TLS", code: errno).isReset
            case .tls: false
            }
        }
    }

    private let socket: Socket
    private let tls: TLSChannel?

    init(_ socket: consuming Socket, _ tls: TLSChannel? = nil) {
        self.socket = socket
        self.tls = tls
    }

    var descriptor: Int32 { socket.descriptor }
    var peerAddress: SocketAddress? { socket.peerAddress }
    var roundTripMicroseconds: UInt32? { socket.tcpInfo()?.rttMicroseconds }
    var facts: TLSFacts? { tls?.facts }
    var certificate: TLSCertificate? { tls?.peerCertificate }

    /// Bytes came that nobody will be woken for.
    var hasUnread: Bool { tls?.hasUnread ?? false }
    /// Taken, and waiting for room in the socket.
    var unsentBytes: Int { tls?.unsentBytes ?? 0 }

    func receive(into buffer: UnsafeMutableRawBufferPointer) throws(Fault) -> IOResult {
        guard let tls else {
            do throws(PosixError) {
                return try socket.receive(into: buffer)
            } catch {
                throw .socket(error)
            }
        }
        do throws(TLSError) {
            return IOResult(try tls.receive(into: buffer))
        } catch {
            throw .tls(error)
        }
    }

    func send(_ bytes: UnsafeRawBufferPointer) throws(Fault) -> IOResult {
        guard let tls else {
            do throws(PosixError) {
                return try socket.send(bytes)
            } catch {
                throw .socket(error)
            }
        }
        do throws(TLSError) {
            return IOResult(try tls.send(bytes))
        } catch {
            throw .tls(error)
        }
    }

    /// Sends what waits in TLS, as far as there is room.
    func flush() throws(Fault) {
        guard let tls, tls.unsentBytes > 0 else { return }
        do throws(TLSError) {
            _ = try tls.flush()
        } catch {
            throw .tls(error)
        }
    }

    /// Nothing follows, in TLS and on the socket. False: the server hung up already.
    func finish() -> Bool {
        tls?.finish()
        return (try? socket.shutdownWrite()) != nil
    }
}

extension IOResult {
    fileprivate init(_ result: TLSChannel.Result) {
        switch result {
        case .bytes(let count): self = .bytes(count)
        case .wouldBlock: self = .wouldBlock
        case .endOfFile: self = .endOfFile
        }
    }
}
