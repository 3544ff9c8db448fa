import Posix
import Security
import Telemetry

/// Bytes in and out of the socket: as they are, or through TLS.
///
/// A plain connection pays a look at `tls`. What TLS took is as good as sent; what of it waits for room
/// in the socket blocks the connection as a full socket does.
extension Connection {
    func receive(
        into room: UnsafeMutableRawBufferPointer
    ) throws(CloseReason) -> IOResult {
        if let tls { return try receive(into: room, through: tls) }
        do throws(PosixError) {
            return try socket.receive(into: room)
        } catch {
            throw CloseReason(error)
        }
    }

    func send(_ bytes: UnsafeRawBufferPointer) throws(CloseReason) -> IOResult {
        if let tls {
            return try send(through: tls) { tls throws(TLSError) in try tls.send(bytes) }
        }
        do throws(PosixError) {
            return try socket.send(bytes)
        } catch {
            throw CloseReason(error)
        }
    }

    func send(vectors: UnsafePointer<IOVector>, count: Int) throws(CloseReason) -> IOResult {
        if let tls {
            return try send(through: tls) { tls throws(TLSError) in
                try tls.send(parts: count) {
                    UnsafeRawBufferPointer(start: vectors[$0].base, count: vectors[$0].count)
                }
            }
        }
        do throws(PosixError) {
            return try socket.send(vectors: vectors, count: count)
        } catch {
            throw CloseReason(error)
        }
    }

    /// Bytes that were taken and have not reached the socket.
    var unsentRecordBytes: Int { tls?.unsentBytes ?? 0 }

    /// Sends the records that wait; false if some still do, or the connection ended of it.
    func sendRecords() -> Bool {
        guard let tls, tls.unsentBytes > 0 else { return true }
        do throws(TLSError) {
            return try tls.flush()
        } catch {
            peerEnded(CloseReason(error))
            return false
        }
    }

    // MARK: TLS

    private func receive(
        into room: UnsafeMutableRawBufferPointer, through tls: TLSChannel
    ) throws(CloseReason) -> IOResult {
        do throws(TLSError) {
            if !tls.isReady {
                // The poller tells again of what is left unread.
                guard worker.mayShakeHands() else { return .wouldBlock }
                let isReady = try tls.handshake()
                blockForRecords(of: tls)
                guard isReady, let facts = tls.facts else { return .wouldBlock }
                noteSecured(facts)
            }
            let result = try tls.receive(into: room)
            blockForRecords(of: tls)
            switch result {
            case .bytes(let count): return .bytes(count)
            case .wouldBlock: return .wouldBlock
            case .endOfFile: return .endOfFile
            }
        } catch {
            throw CloseReason(error)
        }
    }

    private func send(
        through tls: TLSChannel, _ send: (TLSChannel) throws(TLSError) -> TLSChannel.Result
    ) throws(CloseReason) -> IOResult {
        do throws(TLSError) {
            let result = try send(tls)
            blockForRecords(of: tls)
            switch result {
            case .bytes(let count): return .bytes(count)
            case .wouldBlock, .endOfFile: return .wouldBlock
            }
        } catch {
            throw CloseReason(error)
        }
    }

    private func blockForRecords(of tls: TLSChannel) {
        guard tls.unsentBytes > 0, !isBlocked else { return }
        isBlocked = true
        worker.watch(self)
    }
}

extension CloseReason {
    init(_ error: PosixError) {
        self = error.isReset ? .peerReset : .connectionLost(errno: error.code)
    }

    init(_ error: TLSError) {
        switch error {
        case .notTLS(let byte): self = .notTLS(firstByte: byte)
        case .cut: self = .peerClosed
        case .refused(let alert): self = .tlsRefused(alert)
        case .untrusted(let reason), .broken(let reason): self = .tlsFailed(reason)
        case .system(let errno): self.init(PosixError("TLS", code: errno))
        }
    }
}
