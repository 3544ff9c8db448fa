import Posix
import RTMP
import Security

/// One connection to a server, from dialling to the last byte: a wire, the session that says what
/// goes over it, and the clock.
///
/// Owned by one thread, which waits in `next`. Pings, acknowledgements and chunk sizes are seen to
/// there, so it must be called again and again as long as the connection lives.
final class Link {
    enum Event {
        /// What the session tells, in order. `.write` and `.send` are done already.
        case step(ClientStep)
        /// The time asked for has come.
        case timeOver
        /// The descriptor asked for can be read.
        case readable
        /// The output has been sent but for what one more call carries.
        case room
        /// The stop signal was given.
        case stopped
    }

    /// What `next` ends for, besides a step.
    struct Awaited {
        /// In monotonic nanoseconds.
        var until: UInt64?
        var readable: Int32?
        var room = false
        /// Not while taking leave.
        var heedsStop = true
    }

    let url: RTMPURL
    private(set) var figures: Figures
    private let wire: Wire
    private var session: ClientSession
    private let options: ClientOptions
    private let stop: StopSignal?
    private let isPlayer: Bool
    private var input = InputBuffer()
    private var output = OutputBuffer()
    private var messagesOut: UInt64 = 0
    /// What is awaited, and since when.
    private var awaited: ClientSession.Awaited?
    private var awaitedSince: UInt64
    /// When a player last got bytes, or the server last took some.
    private var movedAt: UInt64

    /// When what happened, in monotonic nanoseconds, and what the server is like.
    struct Figures {
        var dialledAt: UInt64
        var connectedAt: UInt64
        var address: String
        var tls: ServerFacts.TLS?
    }

    /// Dials; the session has not begun yet.
    init(
        _ role: ClientConfiguration.Role, _ url: RTMPURL, _ options: ClientOptions,
        stop: StopSignal?
    ) throws(ClientError) {
        var greeting: TLSGreeting?
        if url.scheme == .rtmps { greeting = try TLSGreeting(url, options, stop: stop) }
        let start = Clock.monotonicNanoseconds()
        let dialer = Dialer(
            host: url.host, port: url.port, timeoutNanoseconds: options.timeout.nanoseconds,
            stop: stop)
        let socket = try dialer.dial()
        do throws(PosixError) {
            try socket.setNoDelay()
        } catch {
            throw .system(error.description)
        }
        figures = Figures(
            dialledAt: start, connectedAt: Clock.monotonicNanoseconds(),
            address: socket.peerAddress?.description ?? "")
        let channel = try greeting?.greet(on: socket.descriptor)
        wire = Wire(socket, channel)
        let now = Clock.monotonicNanoseconds()
        figures.tls = ServerFacts.TLS(wire, doneAt: now)
        self.url = url
        self.options = options
        self.stop = stop
        isPlayer = role == .play
        session = ClientSession(
            configuration: options.configuration(role, url),
            time: UInt32(truncatingIfNeeded: now / 1_000_000),
            crypto: HandshakeCrypto(
                hmacSHA256: { HMAC.sha256(key: $0, message: $1) },
                randomBytes: { RandomBytes.make(count: $0) }))
        awaited = .handshake
        awaitedSince = now
        movedAt = now
    }

    /// Bytes of ours that the socket has not taken.
    private var hasOutput: Bool { !output.isEmpty || wire.unsentBytes > 0 }
    /// Bytes sent, or waiting to be.
    var bytesOut: UInt64 { output.totalBytes }
    var inChunkSize: UInt32 { session.inChunkSize }
    var windowIn: UInt32 { session.windowIn }
    var roundTripMicroseconds: UInt32? { wire.roundTripMicroseconds }

    // MARK: Out

    /// Puts a message behind those before it. It leaves with the next call of `next`.
    func send(_ message: Message) {
        let (number, offset) = (messagesOut, output.totalBytes)
        messagesOut &+= 1
        if output.isEmpty { movedAt = Clock.monotonicNanoseconds() }
        output.append { session.encode(message, number: number, at: offset, into: &$0) }
    }

    /// So much waits that a call of `next` should come before the next message.
    var isFull: Bool { output.count >= OutputBuffer.batchBytes }

    // MARK: In, and waiting

    /// Goes on until there is something to tell.
    func next(_ wanted: Awaited) throws(ClientError) -> Event {
        var hasLooked = false
        while true {
            if let step = try nextStep() { return .step(step) }
            try flush()
            if wanted.room, hasLooked, !isFull { return .room }
            let now = Clock.monotonicNanoseconds()
            let limit = try limit(now)
            var list = [Readiness(wire.descriptor, .readable)]
            if hasOutput { list[0].interest.insert(.writable) }
            list.append(Readiness(wanted.heedsStop ? stop?.descriptor ?? -1 : -1, .readable))
            list.append(Readiness(wanted.readable ?? -1, .readable))
            let end = min(limit, wanted.until ?? .max)
            let isPolling = wanted.room && !isFull || wire.hasUnread
            do throws(PosixError) {
                try Readiness.wait(
                    for: &list,
                    timeoutNanoseconds: isPolling ? 0 : end == .max ? nil : end - min(end, now))
            } catch {
                throw .system(error.description)
            }
            hasLooked = true
            if list[1].isReady { return .stopped }
            if list[0].isReady || wire.hasUnread, try receive() { continue }
            if list[2].isReady { return .readable }
            if let until = wanted.until, Clock.monotonicNanoseconds() >= until { return .timeOver }
        }
    }

    /// The next step that is not ours to do.
    private func nextStep() throws(ClientError) -> ClientStep? {
        while true {
            let step: ClientStep?
            do throws(ProtocolError) {
                step = try input.read { cursor throws(ProtocolError) in
                    try session.next(&cursor)
                }
            } catch {
                throw .protocolViolation(error.description)
            }
            if session.awaits != awaited {
                awaited = session.awaits
                awaitedSince = Clock.monotonicNanoseconds()
                movedAt = awaitedSince
            }
            switch step {
            case .write(let bytes): output.append { $0.write(bytes) }
            case .send(let message): send(message)
            case let step: return step
            }
        }
    }

    /// When patience ends; throws if it has.
    private func limit(_ now: UInt64) throws(ClientError) -> UInt64 {
        let limit: UInt64
        if awaited != nil {
            limit = awaitedSince &+ options.timeout.nanoseconds
        } else if isPlayer || hasOutput {
            limit = movedAt.addingClamped(options.silence.nanoseconds)
        } else {
            return .max
        }
        guard now < limit else { throw .timedOut(phase) }
        return limit
    }

    private var phase: ClientPhase {
        switch awaited {
        case .handshake: .handshake
        case .connect: .connect
        case .createStream: .createStream
        case .publish: .publish
        case .play: .play
        case nil: isPlayer ? .receiving : .sending
        }
    }

    /// Sends what the socket takes now.
    private func flush() throws(ClientError) {
        guard hasOutput else { return }
        do throws(Wire.Fault) {
            let before = wire.unsentBytes
            try wire.flush()
            let sent = before - wire.unsentBytes + (try output.send(to: wire))
            if sent > 0 { movedAt = Clock.monotonicNanoseconds() }
        } catch {
            // What the server said before it went says more: it is read first.
            guard error.isReset, (try? receive()) == true else {
                throw .lost(phase, reason: error.reason)
            }
            output = OutputBuffer()
        }
    }

    /// False: nothing came.
    private func receive() throws(ClientError) -> Bool {
        let result: IOResult
        do throws(Wire.Fault) {
            result = try input.fill(from: wire)
        } catch {
            throw .lost(phase, reason: error.reason)
        }
        switch result {
        case .bytes:
            if isPlayer { movedAt = Clock.monotonicNanoseconds() }
            return true
        case .wouldBlock: return false
        case .endOfFile: throw .lost(phase, reason: "the server closed it")
        }
    }

    // MARK: The end

    /// Says goodbye, sends all that waits, and hangs up when the server did or after a second.
    ///
    /// False: not everything was taken in time.
    @discardableResult
    func finish() -> Bool {
        session.stop()
        input.clear()
        do throws(ClientError) {
            try drain()
        } catch {
            return false
        }
        guard wire.finish() else { return true }  // it hung up already
        let end = Clock.monotonicNanoseconds() &+ 1_000_000_000
        while true {
            let now = Clock.monotonicNanoseconds()
            var list = [Readiness(wire.descriptor, .readable)]
            // A server that says more than we want to hear is not listened to any longer.
            guard now < end,
                (try? Readiness.wait(for: &list, timeoutNanoseconds: end - now)) != nil,
                list[0].isReady
            else { return true }
            input.clear()
            switch try? input.fill(from: wire) {
            case .bytes, .wouldBlock: break
            case .endOfFile, nil: return true
            }
        }
    }

    private func drain() throws(ClientError) {
        let end = Clock.monotonicNanoseconds() &+ options.timeout.nanoseconds
        while let step = try nextStep() {
            if case .close = step { break }
        }
        input.clear()
        while hasOutput {
            let now = Clock.monotonicNanoseconds()
            guard now < end else { throw .timedOut(.sending) }
            try flush()
            if !hasOutput { return }
            // Who does not read us may be waiting for us to read.
            var list = [Readiness(wire.descriptor, [.readable, .writable])]
            do throws(PosixError) {
                try Readiness.wait(for: &list, timeoutNanoseconds: end - now)
            } catch {
                throw .system(error.description)
            }
            input.clear()
            _ = try receive()
            input.clear()
        }
    }
}

extension UInt64 {
    func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? .max : sum
    }
}
