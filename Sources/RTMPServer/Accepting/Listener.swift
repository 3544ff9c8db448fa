import Posix
import Telemetry

/// An address that is listened on, by all workers together; closed when the last of them lets it go.
final class Listener: Sendable {
    let address: String
    let socket: Socket
    /// nil: no TLS.
    let certificates: Certificates?

    init(
        on address: SocketAddress, certificates: Certificates? = nil
    ) throws(PosixError) {
        socket = try Socket.listening(on: address, backlog: 1024)
        // What is accepted inherits these, which spares three calls for each.
        try socket.setNoDelay()
        try socket.setKeepAlive()
        try socket.setNotSentLowWater(bytes: ServerConfiguration.notSentBytes)
        self.address = socket.localAddress?.description ?? address.description
        self.certificates = certificates
    }
}
