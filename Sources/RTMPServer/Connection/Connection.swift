import Posix
import RTMP
import Relay
import Security
import Synchronization
import Telemetry

/// One peer from accept to close: its socket, its session, what it publishes and plays.
///
/// Owned by one worker; nobody else touches it, so nothing here is locked. Bytes leave in a fixed
/// order: the rest of a message already begun, then replies, then media.
final class Connection {
    enum Phase {
        case open
        /// Our goodbye is queued. Over when it is flushed and the peer has closed, or at the deadline.
        case draining(CloseReason, untilNanoseconds: UInt64)
        case closed
    }

    // What a flush of media looks at comes first, side by side: with a thousand players each of them has
    // left the processor's cache between two flushes, and every line of it is fetched anew.

    let probe: ConnectionProbe
    /// Unsafe because it is read for every message, and safe because the worker owns its connections.
    unowned(unsafe) let worker: Worker
    let tls: TLSChannel?
    let socket: Socket
    private(set) var isOpen = true
    /// The socket took less than was offered; it will say when there is room.
    var isBlocked = false
    /// It stands in the worker's line of those that have more to write.
    var isInLine = false
    var isTraced: Bool
    /// Whether there is one play and no other.
    private(set) var hasSolePlay = false
    /// What the messages are cut into that are encoded now.
    var chunkSize: Int
    /// A message of which some bytes are on the wire.
    var begun: BegunMessage?
    var outbox = Outbox()
    var plays: [Play] = [] {
        didSet { hasSolePlay = plays.count == 1 }
    }
    var chunkStreams = ChunkStreamTable()

    let id: SessionID
    let address: SocketAddress
    private(set) var phase = Phase.open {
        didSet {
            if case .open = phase { isOpen = true } else { isOpen = false }
        }
    }
    /// `facts.state` when the goodbye began, for the report.
    private var stateAtEnd: String?
    private(set) var endedAtNanoseconds: UInt64?
    /// Streams are being left because the connection ends.
    private(set) var isEnding = false
    var facts = Shared(ConnectionFacts())
    /// While one read is dealt with, facts that change are posted once at its end.
    var holdsFacts = false
    var hasHeldFacts = false
    var publications: [Publication] = []
    var clock = ConnectionClock()
    var budget: CommandBudget
    /// What the peer says it received.
    var acknowledgement = PeerAcknowledgement()
    /// The newest metadata that nobody has read yet, and when others were read last.
    var pendingMetadata: (payload: Payload, stream: SafeText)?
    var metadataReadAtNanoseconds: UInt64 = 0
    /// When a jump of timestamps was told last.
    var jumpToldAtNanoseconds: UInt64 = 0
    /// The only entry of the worker's deadlines that counts for this connection.
    var scheduledAtNanoseconds: UInt64 = 0
    /// Bytes in and out when the kernel's figures were last read.
    var sampledBytes: UInt64 = 0
    var chunkRate: ChunkRate
    private(set) var pace = ReadPace()
    private var quantum = ReadQuantum()
    /// Bytes that came after our goodbye.
    private var discarded = 0
    private static let discardedMaximum = 256 << 10
    /// What the worker counted for the messages that are not complete yet.
    private(set) var partialBytes = 0
    var session: ServerSession

    init(_ accepted: AcceptedConnection, worker: Worker) {
        id = accepted.probe.id
        probe = accepted.probe
        address = accepted.address
        socket = Socket(adopting: accepted.descriptor)
        tls = accepted.tls.map { .accepting($0, on: accepted.descriptor) }
        self.worker = worker
        session = ServerSession(
            configuration: worker.configuration.session,
            time: UInt32(truncatingIfNeeded: worker.nowNanoseconds / 1_000_000),
            crypto: .system)
        chunkSize = Int(session.outChunkSize)
        let limits = worker.configuration.session.limits
        chunkRate = ChunkRate(
            limit: limits.chunksPerSecond, startNanoseconds: probe.acceptedAtNanoseconds)
        budget = CommandBudget(limits: limits)
        isTraced = worker.configuration.tracesFromAccept
        if isTraced {
            session.chunkLogIn = []
            session.chunkLogOut = []
        }
        clock.acceptedAtNanoseconds = probe.acceptedAtNanoseconds
        clock.phaseStartedAtNanoseconds = probe.acceptedAtNanoseconds
        // Most begin as the sampler takes them to be.
        if isTraced || tls != nil {
            facts.isTraced = isTraced
            if tls != nil { facts.state = "hs:TLS" }
            postFacts()
        }
    }

    var isClosed: Bool {
        if case .closed = phase { return true }
        return false
    }

    // MARK: Reading

    /// The socket has something to read: at most a few buffers, and no longer than a turn.
    func becameReadable() {
        guard isOpen else { return discardReadable() }
        // Nobody is woken for what TLS holds.
        defer { if let tls, tls.hasUnread { worker.revisit(self) } }
        var begin = Clock.monotonicNanoseconds()
        let end = begin + ReadQuantum.turnNanoseconds
        reading: for _ in 0..<ReadQuantum.readsPerTurn {
            let room = UnsafeMutableRawBufferPointer(
                rebasing: worker.receiveBuffer[..<quantum.bytes])
            do throws(CloseReason) {
                switch try receive(into: room) {
                case .bytes(let count):
                    probe.bytesIn.add(count)
                    probe.lastReceivedAtNanoseconds.set(worker.nowNanoseconds)
                    let sent = probe.bytesOut.read()
                    received(UnsafeRawBufferPointer(rebasing: worker.receiveBuffer[..<count]))
                    if publications.isEmpty, plays.isEmpty, probe.bytesOut.read() == sent {
                        // ffmpeg sends C2 and connect apart and without TCP_NODELAY: each command
                        // of its start that is not answered would wait 40 ms for our delayed
                        // acknowledgement.
                        try acknowledgeAtOnce()
                    }
                    let now = Clock.monotonicNanoseconds()
                    quantum.note(count, tookNanoseconds: now - begin)
                    guard count == room.count, isOpen else { return choosePace() }
                    guard now < end else { break reading }
                    begin = now
                case .wouldBlock:
                    return choosePace()
                case .endOfFile:
                    peerEnded(.peerClosed)
                    return
                }
            } catch {
                peerEnded(error)
                return
            }
        }
        // The poller says nothing of what a resting publisher has left.
        if pace.isResting { worker.revisit(self) }
    }

    /// All that came is read: when is the next?
    private func choosePace() {
        guard isOpen, !publications.isEmpty || pace.isResting else { return }
        let hadRested = pace.isResting
        pace.choose(
            nowNanoseconds: worker.nowNanoseconds, bytesIn: probe.bytesIn.read(),
            isAwaited: isAwaited)
        guard pace.isResting != hadRested else { return }
        worker.watch(self)
        if pace.isResting { worker.rest(self) }
    }

    /// Whether somebody is to have what it publishes at once, or to know when it came.
    private var isAwaited: Bool {
        worker.registry.wantsFigures || isTraced || tls != nil || publications.isEmpty
            || !plays.isEmpty
            || publications.contains { $0.stream.probe.players.load(ordering: .relaxed) > 0 }
    }

    private func acknowledgeAtOnce() throws(CloseReason) {
        do throws(PosixError) {
            try socket.acknowledgeAtOnce()
        } catch {
            throw CloseReason(error)
        }
    }

    private func received(_ bytes: UnsafeRawBufferPointer) {
        holdsFacts = true
        defer { releaseFacts() }
        var input = ByteCursor(bytes)
        var isMediaAlone = true
        do throws(ProtocolError) {
            while isOpen, let step = try session.next(&input) {
                act(on: step)
                if isMediaAlone, case .media = step { continue }
                isMediaAlone = false
            }
        } catch {
            noteProgress()
            end(.brokeProtocol(error))
            return
        }
        noteProgress(mayHaveNewState: !isMediaAlone || clock.stage == .handshaking)
        notePartialBytes()
        // What was answered is known before the answer is.
        releaseFacts()
        // Media of a player waits for its time, whatever else the player says.
        if isOpen, isWithinChunkRate(), !outbox.isEmpty { flush(withMedia: false) }
    }

    /// What was on its way when we said goodbye is taken, so that a peer that stops sending reads the
    /// goodbye and closes. One that goes on is not listened to any more: to take its bytes costs the
    /// others more time than to read them did.
    private func discardReadable() {
        guard isListening else {
            // The poller says no more of it than that the connection is over.
            peerEnded(.peerReset)
            return
        }
        do throws(PosixError) {
            switch try socket.discard(Connection.discardedMaximum) {
            case .bytes(let count):
                probe.bytesIn.add(count)
                discarded += count
                if !isListening { worker.watch(self) }
            case .wouldBlock: break
            case .endOfFile: peerEnded(.peerClosed)
            }
        } catch {
            peerEnded(CloseReason(error))
        }
    }

    /// Whether what the peer sends is still taken.
    var isListening: Bool { discarded < Connection.discardedMaximum }

    private func notePartialBytes() {
        let now = isClosed ? 0 : session.partialBytes
        guard now != partialBytes else { return }
        worker.count(partialBytes: now - partialBytes)
        partialBytes = now
    }

    // MARK: Ending

    /// Ends the connection for a reason of ours: goodbye first where there is time for one.
    func end(_ reason: CloseReason) {
        guard isOpen else { return }
        guard !reason.isAbrupt else {
            close(reason)
            return
        }
        let until = min(
            worker.nowNanoseconds + ServerConfiguration.drainNanoseconds,
            worker.drainsUntilNanoseconds ?? .max)
        endedAtNanoseconds = worker.nowNanoseconds
        stateAtEnd = facts.state
        if case .kickedByAdmin(let seconds) = reason { hold(forSeconds: seconds) }
        isEnding = true
        leaveStreams(because: reason)
        phase = .draining(reason, untilNanoseconds: until)
        if pace.isResting {
            pace = ReadPace()
            worker.watch(self)
        }
        facts.state = "drain"
        postFacts()
        releaseFacts()
        flush()
        worker.schedule(self, atNanoseconds: until)
    }

    /// The peer is gone: what it ended with is the reason, unless we were saying goodbye already.
    func peerEnded(_ reason: CloseReason) {
        switch phase {
        case .open: close(reason)
        case .draining(let first, _): close(first)
        case .closed: break
        }
    }

    /// The goodbye is on its way: nothing follows it.
    func finishWriting() {
        tls?.finish()
        do throws(PosixError) {
            try socket.shutdownWrite()
        } catch {
            peerEnded(.peerReset)
        }
    }

    /// Closes the socket now. The worker lets the connection go at the end of its turn.
    func close(_ reason: CloseReason) {
        guard !isClosed else { return }
        let state = stateAtEnd ?? facts.state
        isEnding = true
        leaveStreams(because: reason)
        phase = .closed
        if case .resetByAdmin = reason { socket.resetOnClose() }
        worker.unwatch(self)
        notePartialBytes()
        tellClosed(reason, state: state)
    }
}
