import CPosix
import Glibc

extension Socket {
    package func setNoDelay(_ isOn: Bool = true) throws(PosixError) {
        try set(TCP_NODELAY, at: Int32(IPPROTO_TCP), to: isOn ? 1 : 0)
    }

    /// Acknowledges what has arrived now, instead of in the hope of data to send along (quickack).
    ///
    /// The kernel forgets it again: to be repeated after each receive.
    package func acknowledgeAtOnce() throws(PosixError) {
        try set(TCP_QUICKACK, at: Int32(IPPROTO_TCP), to: 1)
    }

    package func setKeepAlive(_ isOn: Bool = true) throws(PosixError) {
        try set(SO_KEEPALIVE, at: SOL_SOCKET, to: isOn ? 1 : 0)
    }

    /// The kernel doubles the number for its own bookkeeping and keeps it within its limits.
    package func setSendBuffer(bytes: Int) throws(PosixError) {
        try set(SO_SNDBUF, at: SOL_SOCKET, to: Int32(clamping: bytes))
    }

    package func setReceiveBuffer(bytes: Int) throws(PosixError) {
        try set(SO_RCVBUF, at: SOL_SOCKET, to: Int32(clamping: bytes))
    }

    /// Calls the socket writable only while less than this is waiting to be sent.
    package func setNotSentLowWater(bytes: Int) throws(PosixError) {
        try set(TCP_NOTSENT_LOWAT, at: Int32(IPPROTO_TCP), to: Int32(clamping: bytes))
    }

    package func setBlocking(_ isBlocking: Bool) throws(PosixError) {
        try setDescriptorBlocking(descriptor, isBlocking)
    }

    package var sendBufferBytes: Int { Int(value(of: SO_SNDBUF)) }
    package var receiveBufferBytes: Int { Int(value(of: SO_RCVBUF)) }

    /// The error that came in without a call to report it to; asking clears it.
    package var pendingError: PosixError? {
        let code = value(of: SO_ERROR)
        return code == 0 ? nil : PosixError("socket", code: code)
    }

    package var localAddress: SocketAddress? { address(getsockname) }
    package var peerAddress: SocketAddress? { address(getpeername) }

    /// What the kernel knows about the connection; nil for a socket that is none.
    package func tcpInfo() -> TCPInfo? {
        var info = cposix_tcp_info()
        guard cposix_tcp_info(descriptor, &info) == 0 else { return nil }
        return TCPInfo(
            rttMicroseconds: info.rtt_microseconds,
            rttVarianceMicroseconds: info.rtt_variance_microseconds,
            minimumRTTMicroseconds: info.minimum_rtt_microseconds,
            congestionWindowSegments: info.congestion_window_segments,
            segmentSize: info.segment_size,
            unacknowledgedSegments: info.unacknowledged_segments,
            lostSegments: info.lost_segments,
            notSentBytes: info.not_sent_bytes,
            retransmits: info.retransmits,
            deliveryBytesPerSecond: info.delivery_bytes_per_second)
    }

    /// Bytes that arrived and were not read, and bytes written that the peer has not acknowledged.
    package func queuedBytes() -> (receive: Int, send: Int) {
        var receive: Int32 = 0
        var send: Int32 = 0
        // Both stay 0 where the kernel does not know: a listening socket, a closed connection.
        _ = cposix_queued_bytes(descriptor, &receive, &send)
        return (Int(receive), Int(send))
    }

    func set(_ option: Int32, at level: Int32, to value: Int32) throws(PosixError) {
        var value = value
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard setsockopt(descriptor, level, option, &value, size) == 0 else {
            throw PosixError("setsockopt")
        }
    }

    private func value(of option: Int32) -> Int32 {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        // It fails for a descriptor that is no socket only, which this is not.
        _ = getsockopt(descriptor, SOL_SOCKET, option, &value, &size)
        return value
    }

    private func address(
        _ call: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call(descriptor, $0, &length) }
        }
        return result == 0 ? SocketAddress(storage) : nil
    }
}

/// The kernel's figures of one connection (TCP_INFO); 0 where it is too old to tell.
package struct TCPInfo: Hashable, Sendable {
    package let rttMicroseconds: UInt32
    package let rttVarianceMicroseconds: UInt32
    package let minimumRTTMicroseconds: UInt32
    package let congestionWindowSegments: UInt32
    package let segmentSize: UInt32
    package let unacknowledgedSegments: UInt32
    package let lostSegments: UInt32
    package let notSentBytes: UInt32
    package let retransmits: UInt32
    package let deliveryBytesPerSecond: UInt64

    /// In flight; the kernel counts segments, and the last one may be shorter.
    package var unacknowledgedBytes: UInt32 {
        let (bytes, isTooMany) = unacknowledgedSegments.multipliedReportingOverflow(by: segmentSize)
        return isTooMany ? .max : bytes
    }
}

func setDescriptorBlocking(_ descriptor: Int32, _ isBlocking: Bool) throws(PosixError) {
    let flags = fcntl(descriptor, F_GETFL)
    let wanted = isBlocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK
    guard flags != -1, fcntl(descriptor, F_SETFL, wanted) != -1 else { throw PosixError("fcntl") }
}
