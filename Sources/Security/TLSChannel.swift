import COpenSSL

/// TLS on a socket that is not ours to open or close, and which does not block.
///
/// Bytes that `send` took are as good as sent: what the socket had no room for waits here, as records,
/// until `flush`. So whoever sends may offer other bytes next time, and counts as he does for a plain
/// socket. After an error nothing more can be done but to let it go. Owned by one thread.
package final class TLSChannel {
    /// What came of a read, or whether there was room for a write.
    package enum Result: Hashable, Sendable {
        case bytes(Int)
        case wouldBlock
        /// Only of reads: the peer has sent its last byte.
        case endOfFile
    }

    /// A record carries at most this much.
    private static let recordBytes = 16 << 10
    /// With so much waiting, the socket is tried: a call costs as much as a record.
    private static let batchBytes = 64 << 10

    private let handle: OpaquePointer
    /// From the end of the handshake on.
    package private(set) var facts: TLSFacts?

    private init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        copenssl_channel_free(handle)
    }

    /// The side that has the certificate.
    package static func accepting(_ context: TLSContext, on descriptor: Int32) -> TLSChannel {
        guard let handle = copenssl_accept(context.handle, descriptor) else {
            preconditionFailure("there is memory for a channel")
        }
        return TLSChannel(handle)
    }

    /// - Parameter name: what the server has to be good for, an address or a name, which is told to
    ///   the server too. nil if it is neither.
    package static func connecting(
        _ context: TLSContext, on descriptor: Int32, to name: String, isAddress: Bool
    ) -> TLSChannel? {
        copenssl_connect(context.handle, descriptor, name, isAddress).map(TLSChannel.init)
    }

    package var isReady: Bool { facts != nil }
    /// More may be read without a byte coming to the socket: nobody will be woken for it.
    package private(set) var hasUnread = false
    /// Records that wait for room in the socket.
    package var unsentBytes: Int { copenssl_unsent(handle) }

    // MARK: Handshake

    /// Goes on as far as the bytes go that are there; true when it is done.
    package func handshake() throws(TLSError) -> Bool {
        guard facts == nil else { return true }
        let result = copenssl_handshake(handle)
        if result == .done {
            facts = TLSFacts(
                version: String(cString: copenssl_version(handle)),
                cipher: String(cString: copenssl_cipher(handle)))
        } else if result != .wait {
            throw failure(result)
        }
        _ = try flush()
        return isReady
    }

    /// What the peer showed; nil if nothing.
    package var peerCertificate: TLSCertificate? {
        var raw = copenssl_certificate()
        guard copenssl_peer_certificate(handle, &raw) else { return nil }
        return TLSCertificate(raw, doubt: copenssl_doubt(handle).map { String(cString: $0) })
    }

    // MARK: Bytes

    /// Fills the buffer as far as bytes are there, and takes little more than that from the socket. Goes
    /// on with the handshake while that is not done.
    package func receive(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(TLSError) -> Result {
        guard try handshake() else { return .wouldBlock }
        // Twice, for records whose bytes are few.
        copenssl_allow(handle, 2 * buffer.count + 1024)
        var filled = 0
        while filled < buffer.count {
            var count = 0
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let result = copenssl_read(handle, room.baseAddress, room.count, &count)
            filled += count
            if result == .done { continue }
            // Reading may have made an answer: to a new key, say. If it fails, the socket tells again.
            _ = copenssl_flush(handle)
            // An end comes again at the next read, after the bytes before it.
            hasUnread = filled > 0 && result != .wait
            if filled > 0 { return .bytes(filled) }
            switch result {
            case .wait: return .wouldBlock
            // Few peers say goodbye in TLS; what it is worth, RTMP knows.
            case .closed, .cut: return .endOfFile
            default: throw failure(result)
            }
        }
        // It may be the part of a record too; the next read will see.
        hasUnread = copenssl_has_unread(handle)
        return .bytes(filled)
    }

    /// Sends some of the bytes.
    package func send(_ bytes: UnsafeRawBufferPointer) throws(TLSError) -> Result {
        try send(parts: 1) { _ in bytes }
    }

    /// Sends some of the parts' bytes, small ones together in one record.
    package func send(
        parts count: Int, _ part: (Int) -> UnsafeRawBufferPointer
    ) throws(TLSError) -> Result {
        guard isReady else { throw .broken("nothing can be sent before the handshake is done") }
        guard try flush() else { return .wouldBlock }
        var taken = 0
        var collected = Collected()
        for index in 0..<count {
            var rest = part(index)
            while !rest.isEmpty {
                if collected.isEmpty, rest.count >= Self.recordBytes || index == count - 1 {
                    let record = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.recordBytes))
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(record.count))
                    guard try write(record, &taken) else { return .bytes(taken) }
                    continue
                }
                let room = collected.append(rest)
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(room))
                guard collected.isFull else { continue }
                guard try write(collected.bytes, &taken) else { return .bytes(taken) }
                collected.removeAll()
            }
        }
        if !collected.isEmpty { _ = try write(collected.bytes, &taken) }
        _ = try flush()
        return .bytes(taken)
    }

    /// False: the socket is full.
    private func write(
        _ record: UnsafeRawBufferPointer, _ taken: inout Int
    ) throws(TLSError) -> Bool {
        let result = copenssl_write(handle, record.baseAddress, record.count)
        guard result == .done else { throw failure(result) }
        taken += record.count
        if unsentBytes < Self.batchBytes { return true }
        return try flush()
    }

    /// Small parts on their way into one record.
    private struct Collected: ~Copyable {
        private var memory: UnsafeMutableRawBufferPointer?
        private var count = 0

        deinit {
            memory?.deallocate()
        }

        var isEmpty: Bool { count == 0 }
        var isFull: Bool { count == TLSChannel.recordBytes }
        var bytes: UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory!)[..<count])
        }

        /// How many of the bytes there was room for.
        mutating func append(_ bytes: UnsafeRawBufferPointer) -> Int {
            let memory =
                memory ?? .allocate(byteCount: TLSChannel.recordBytes, alignment: 16)
            self.memory = memory
            let fitting = UnsafeRawBufferPointer(
                rebasing: bytes.prefix(TLSChannel.recordBytes - count))
            UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: fitting)
            count += fitting.count
            return fitting.count
        }

        mutating func removeAll() {
            count = 0
        }
    }

    /// Sends what waits; false if some of it still does.
    package func flush() throws(TLSError) -> Bool {
        let result = copenssl_flush(handle)
        switch result {
        case .done: return true
        case .wait: return false
        default: throw failure(result)
        }
    }

    /// Says that nothing follows, before the socket is shut down. What the socket has no room for now
    /// is left out: an end without a goodbye is understood.
    package func finish() {
        copenssl_shutdown(handle)
        _ = copenssl_flush(handle)
    }

    private func failure(_ result: copenssl_result) -> TLSError {
        // An alert may tell the peer why; whether it gets it changes nothing.
        if result != .system { _ = copenssl_flush(handle) }
        let why = String(cString: copenssl_why(handle))
        switch result {
        case .notTls:
            return .notTLS(firstByte: UInt8(truncatingIfNeeded: copenssl_first_byte(handle)))
        case .cut, .closed: return .cut
        case .refused: return .refused(why)
        case .untrusted: return .untrusted(why)
        case .system: return .system(errno: copenssl_errno(handle))
        case .done, .wait, .fault: return .broken(why)
        }
    }
}
