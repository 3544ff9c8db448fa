import CPosix
import Glibc

/// One part of a gathered write, laid out as the system's iovec.
///
/// The bytes stay alive and unchanged until the write has returned.
package struct IOVector {
    package var base: UnsafeRawPointer?
    package var count: Int

    package init(_ bytes: UnsafeRawBufferPointer) {
        base = bytes.baseAddress
        count = bytes.count
    }
}

/// A TCP socket, closed when it is let go.
package struct Socket: ~Copyable, Sendable {
    /// IOV_MAX: the most parts of one gathered write.
    package static let vectorsMaximum = 1024

    package let descriptor: Int32

    /// Owns the descriptor from now on.
    package init(adopting descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        // After close there is nothing to be done about an error: the descriptor is gone.
        _ = close(descriptor)
    }

    /// Gives the descriptor away, open.
    package consuming func release() -> Int32 {
        let descriptor = descriptor
        discard self
        return descriptor
    }

    // MARK: Ways in

    /// A non-blocking listening socket.
    ///
    /// `:PORT` listens on IPv6 and IPv4 together, and on IPv4 alone where IPv6 is switched off.
    package static func listening(
        on address: SocketAddress, backlog: Int32 = 1024
    ) throws(PosixError) -> Socket {
        guard address.isAny else { return try bound(to: address, backlog: backlog) }
        do {
            return try bound(to: address, backlog: backlog)
        } catch  where error.code == EAFNOSUPPORT || error.code == EADDRNOTAVAIL {
            return try bound(to: address.anyIPv4, backlog: backlog)
        }
    }

    private static func bound(
        to address: SocketAddress, backlog: Int32
    ) throws(PosixError) -> Socket {
        let socket = try make(for: address, flags: SOCK_NONBLOCK)
        try socket.set(SO_REUSEADDR, at: SOL_SOCKET, to: 1)
        if address.isIPv6 {
            try socket.set(IPV6_V6ONLY, at: Int32(IPPROTO_IPV6), to: address.isAny ? 0 : 1)
        }
        let descriptor = socket.descriptor
        guard address.withSockaddr({ bind(descriptor, $0, $1) }) == 0 else {
            throw PosixError("bind")
        }
        guard listen(descriptor, backlog) == 0 else { throw PosixError("listen") }
        return socket
    }

    /// A connected, blocking socket; waits until the peer answers.
    package static func connected(to address: SocketAddress) throws(PosixError) -> Socket {
        let socket = try make(for: address, flags: __socket_type(0))
        let descriptor = socket.descriptor
        guard address.withSockaddr({ connect(descriptor, $0, $1) }) != 0 else { return socket }
        guard errno == EINTR else { throw PosixError("connect") }
        // An interrupted connect goes on in the kernel; calling it again would be an error.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard uninterrupted({ poll(&waiting, 1, -1) }) != -1 else { throw PosixError("poll") }
        if let error = socket.pendingError { throw PosixError("connect", code: error.code) }
        return socket
    }

    /// A non-blocking socket on its way to the address: once it is writable, `pendingError` says what
    /// came of it.
    package static func connecting(to address: SocketAddress) throws(PosixError) -> Socket {
        let socket = try make(for: address, flags: SOCK_NONBLOCK)
        let descriptor = socket.descriptor
        guard address.withSockaddr({ connect(descriptor, $0, $1) }) == 0 else {
            guard errno == EINPROGRESS || errno == EINTR else { throw PosixError("connect") }
            return socket
        }
        return socket
    }

    private static func make(
        for address: SocketAddress, flags: __socket_type
    ) throws(PosixError) -> Socket {
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | flags.rawValue
        let descriptor = socket(address.isIPv6 ? AF_INET6 : AF_INET, Int32(type), 0)
        guard descriptor != -1 else { throw PosixError("socket") }
        return Socket(adopting: descriptor)
    }

    /// The next waiting connection, non-blocking; nil if none is waiting any more.
    ///
    /// A connection that its peer has already aborted is passed over.
    package func accept() throws(PosixError) -> Accepted? {
        while true {
            var storage = sockaddr_storage()
            let peer = cposix_accept(descriptor, &storage)
            if peer != -1 {
                let socket = Socket(adopting: peer)
                guard let address = SocketAddress(storage) else { continue }
                return Accepted(socket: socket, address: address)
            }
            switch errno {
            case EAGAIN, EWOULDBLOCK: return nil
            // accept(2): network errors of the new connection are reported here.
            case EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET,
                EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH:
                continue
            default: throw PosixError("accept")
            }
        }
    }

    package struct Accepted: ~Copyable, Sendable {
        package var socket: Socket
        package let address: SocketAddress

        package consuming func take() -> Socket { socket }
    }

    // MARK: Bytes

    /// What has arrived, up to the size of the buffer, which must not be empty.
    package func receive(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(PosixError) -> IOResult {
        let count = uninterrupted { recv(descriptor, buffer.baseAddress, buffer.count, 0) }
        return count == 0 ? .endOfFile : try ioResult(count, "recv")
    }

    /// Lets go of what has arrived, up to `count` bytes, without copying it.
    package func discard(_ count: Int) throws(PosixError) -> IOResult {
        let count = uninterrupted { recv(descriptor, nil, count, Int32(MSG_TRUNC)) }
        return count == 0 ? .endOfFile : try ioResult(count, "recv")
    }

    package func send(_ bytes: UnsafeRawBufferPointer) throws(PosixError) -> IOResult {
        try ioResult(
            uninterrupted { cposix_send(descriptor, bytes.baseAddress, bytes.count) }, "send")
    }

    /// Sends up to `vectorsMaximum` parts with one call; it may stop within one of them.
    package func send(
        vectors: UnsafePointer<IOVector>, count: Int
    ) throws(PosixError) -> IOResult {
        try ioResult(
            uninterrupted { cposix_send_vectors(descriptor, vectors, count) }, "sendmsg")
    }

    /// Says that nothing more will be sent; the peer reads end of file after the last byte.
    package func shutdownWrite() throws(PosixError) {
        guard shutdown(descriptor, Int32(SHUT_WR)) == 0 else { throw PosixError("shutdown") }
    }

    // MARK: Ways out

    /// Makes the coming close throw away what was not sent and tell the peer with a reset.
    package func resetOnClose() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        // It fails for a descriptor that is no socket only, which this is not.
        _ = setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &linger,
            socklen_t(MemoryLayout.size(ofValue: linger)))
    }

    package consuming func closeWithReset() {
        resetOnClose()
    }
}
