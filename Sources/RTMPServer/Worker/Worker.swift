import Posix
import RTMP
import Relay
import Synchronization
import Telemetry

/// A thread with an epoll, its connections whole, its feeds, its deadlines and its lanes.
///
/// Made and used by its own thread only; others reach it through its mailbox.
final class Worker {
    let index: Int
    let configuration: ServerConfiguration
    let hub: Hub
    let admission: Admission
    let registry: ProbeRegistry
    let lanes = Lanes()
    /// One for all connections: what a read leaves over, the session keeps.
    let receiveBuffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 128 * 1024, alignment: 16)
    /// Of all connections, as they said last.
    private var partialBytes = 0
    private let partialBytesMaximum: Int
    /// Read in this turn.
    private var metadataBytes = 0
    private static let metadataBytesMaximum = 64 << 10
    /// One for all replies, each written and handed on at once.
    var replyWriter = ByteWriter()
    /// One for all players, filled and emptied within a flush.
    var gather = Gather()
    /// One for all feeds, filled anew in each flush.
    let chunkRun: ChunkRun
    /// The time of this turn: read once, since a turn is short.
    private(set) var nowNanoseconds: UInt64

    private let mailbox: Mailbox
    private let poller: Poller
    private var events = Array(repeating: PollEvent(), count: 256)
    private var mail: [WorkerMessage] = []
    private(set) var connections: [SessionID: Connection] = [:]
    private var entrance: Entrance
    private var arrivals = Arrivals()
    /// Armed sessions, which may be yet to come.
    private var traced: Set<SessionID> = []
    var feeds: [ObjectIdentifier: Feed] = [:]
    /// Of a publish that is over, of which somebody got the last in this turn.
    var endedFeeds: [ObjectIdentifier: Feed] = [:]
    /// Those whose players get now what came, the first of them at the end of this turn.
    var dueSections: [(feed: Feed, section: FeedSection)] = []
    var beat: Beat<(feed: Feed, section: FeedSection)>
    private var deadlines = Deadlines()
    /// When the kernel is asked about whom.
    private var samplings = Deadlines()
    /// What the registry said last of who is inspected.
    private var inspections: UInt64 = 0
    private var finished: [SessionID] = []
    /// Publishers that are read now and then, and those of them whose time has come.
    var rests = Beat<SessionID>(
        intervalNanoseconds: ReadPace.restNanoseconds, phases: ServerConfiguration.beatPhases)
    var rested: [SessionID] = []
    /// Those of whose unread bytes the poller does not tell.
    var unread: Set<SessionID> = []
    /// Those that have more to write than one write carries, and those that begin to play.
    var line: [SessionID] = []
    /// A turn does so many steps of handshakes in TLS: one costs up to a millisecond (SEC-15).
    private static let tlsStepsPerTurn = 4
    private var tlsSteps = 0
    private(set) var drainsUntilNanoseconds: UInt64?

    /// The mailbox has this token; sessions count from 1.
    private static let mailboxToken: UInt64 = 0

    init(
        index: Int, mailboxes: [Mailbox], listeners: [Listener], hub: Hub, admission: Admission,
        registry: ProbeRegistry, configuration: ServerConfiguration
    ) throws(PosixError) {
        self.index = index
        mailbox = mailboxes[index]
        self.hub = hub
        self.admission = admission
        self.registry = registry
        self.configuration = configuration
        partialBytesMaximum = max(
            configuration.maximumPartialBytes / max(configuration.threads, 1),
            configuration.session.limits.partialBytes)
        nowNanoseconds = Clock.monotonicNanoseconds()
        chunkRun = ChunkRun(chunkSize: Int(configuration.session.outChunkSize))
        beat = Beat(
            intervalNanoseconds: configuration.beatNanoseconds,
            phases: ServerConfiguration.beatPhases)
        poller = try Poller()
        try poller.add(mailbox.wakeup.descriptor, token: Worker.mailboxToken, .readable)
        entrance = Entrance(
            to: index, listeners: listeners, mailboxes: mailboxes, admission: admission,
            registry: registry, lanes: lanes)
        try entrance.open(poller)
        registry.add(lanes)
    }

    deinit {
        receiveBuffer.deallocate()
    }

    /// The thread's whole life: ends when it was told to drain and nobody is left.
    func run() {
        while !(drainsUntilNanoseconds != nil && connections.isEmpty) {
            turn()
        }
        while let (accepted, _) = arrivals.next() { accepted.close() }
    }

    private func turn() {
        let count: Int
        do throws(PosixError) {
            count = try poller.wait(into: &events, timeoutNanoseconds: timeoutNanoseconds)
        } catch {
            preconditionFailure("epoll_wait on an own descriptor: \(error)")
        }
        nowNanoseconds = Clock.monotonicNanoseconds()
        metadataBytes = 0
        tlsSteps = 0
        let waiting = line.count
        readAgain()
        entrance.reopen(poller, nowNanoseconds: nowNanoseconds)
        var hasNewcomers = false
        for event in events[..<count] {
            if event.token == Worker.mailboxToken {
                _ = mailbox.wakeup.drain()
                continue
            }
            guard let connection = connections[event.token] else {
                // A session's event is stale: it is gone within this turn.
                if let listener = entrance.listener(of: event.token) {
                    hasNewcomers = true
                    entrance.accept(
                        at: listener, poller, nowNanoseconds: nowNanoseconds, into: &arrivals)
                }
                continue
            }
            // First read: who has left is not written to.
            if event.isReadable || event.isPeerClosed || event.isHangup || event.isError {
                connection.becameReadable()
            }
            if event.isWritable { connection.becameWritable() }
        }
        if !hasNewcomers { entrance.rest() }
        readResting()
        readMail()
        adoptArrivals()
        passDeadlines()
        flushFeeds()
        goOnWriting(first: waiting)
        trimEnded()
        letFinishedGo()
    }

    private var timeoutNanoseconds: Int64? {
        guard !mailbox.hasOwnPost, arrivals.isEmpty, unread.isEmpty, dueSections.isEmpty,
            line.isEmpty, rested.isEmpty
        else { return 0 }
        let next = min(
            deadlines.nextNanoseconds ?? .max, samplings.nextNanoseconds ?? .max,
            beat.nextNanoseconds ?? .max, rests.nextNanoseconds ?? .max,
            entrance.shutUntilNanoseconds ?? .max)
        guard next < .max else { return nil }
        let now = Clock.monotonicNanoseconds()
        return next > now ? Int64(clamping: next - now) : 0
    }

    // MARK: Mail

    private func readMail() {
        mailbox.exchange(&mail)
        for message in mail {
            switch message {
            case .adopt(let accepted):
                arrivals.append(accepted)
            case .media(let stream, let sequence, let media):
                guard let feed = feeds[ObjectIdentifier(stream)] else { continue }
                feed.append(media, sequence: sequence, share: hub.windowShare)
                makeDue(feed)
            case .fellBehind(let stream):
                catchUp(with: stream)
            case .started(let stream, let publish):
                guard let feed = restart(stream, publish: publish) else { continue }
                for play in feed.plays { play.connection.publisherStarted(play) }
            case .ended(let stream, let publish):
                guard let feed = restart(stream, publish: publish) else { continue }
                for play in feed.plays { play.connection.publisherEnded(play) }
                feed.trim()
            case .evict(let id, let stream, let newcomer):
                // Who has left the stream by now is not in the way any more.
                guard let connection = connections[id],
                    connection.publications.contains(where: { $0.stream === stream })
                else { continue }
                connection.end(.takenOver(by: newcomer))
            case .close(let id, let reason):
                if let connection = connections[id] {
                    connection.end(reason)
                } else if admission.hasNumbered(id) {
                    arrivals.end(id, reason)
                }
            case .reconnect(let id?, let request):
                guard let connection = connections[id], connection.isOpen else { continue }
                if !connection.askToReconnect(request) {
                    connection.tell(.reconnect(id, isAsked: false, tcURL: nil))
                }
            case .reconnect(nil, let request):
                for connection in connections.values { connection.askToReconnect(request) }
            case .lift(let name):
                if hub.lift(name, nowNanoseconds: nowNanoseconds) {
                    lanes.events.put(Event(atNanoseconds: nowNanoseconds, kind: .lift(name)))
                }
            case .attach(let name, let make):
                attach(make, to: name)
            case .trace(let ids):
                traced = ids
                for connection in connections.values {
                    connection.setTraced(ids.contains(connection.id))
                }
            case .arm(let armed, let disarmed):
                for id in armed { connections[id]?.setTraced(true) }
                for id in disarmed { connections[id]?.setTraced(false) }
            case .drain(let until):
                drain(untilNanoseconds: until)
            }
        }
        mail.removeAll(keepingCapacity: true)
    }

    private func attach(_ make: (StreamKey) -> (any MediaSink)?, to name: SafeText) {
        if let stream = hub.published(named: name) {
            if let sink = make(stream.key) { hub.attach([sink], to: stream) }
        } else {
            let note = Event.Kind.note(.warn, source: "admin", "nobody publishes \(name)")
            lanes.events.put(Event(atNanoseconds: nowNanoseconds, kind: note))
        }
    }

    private func adoptArrivals() {
        for _ in 0..<Entrance.newcomersPerTurn {
            guard let (accepted, end) = arrivals.next() else { return }
            adopt(accepted, endingFor: end)
        }
    }

    private func adopt(_ accepted: AcceptedConnection, endingFor end: CloseReason?) {
        // It may have come after this turn began: nothing of it lies ahead of the worker's time.
        nowNanoseconds = max(nowNanoseconds, accepted.probe.acceptedAtNanoseconds)
        let connection = Connection(accepted, worker: self)
        connections[connection.id] = connection
        do throws(PosixError) {
            try poller.add(
                connection.socket.descriptor, token: connection.id, [.readable])
        } catch {
            connection.close(.connectionLost(errno: error.code))
            return
        }
        if drainsUntilNanoseconds != nil {
            connection.end(.shutdown)
        } else {
            schedule(connection, atNanoseconds: connection.nextLook)
            scheduleSampling(of: connection)
        }
        if traced.contains(connection.id) { connection.setTraced(true) }
        if let end { connection.end(end) }
    }

    private func drain(untilNanoseconds until: UInt64) {
        drainsUntilNanoseconds = until
        entrance.close(poller)
        // Another server may stand where this one was.
        let request = ReconnectRequest(tcURL: nil, description: "The server is shutting down.")
        for connection in connections.values { connection.askToReconnect(request) }
        // Publishers first, so that their players hear the end of the stream from them.
        for connection in connections.values where !connection.publications.isEmpty {
            connection.end(.shutdown)
        }
        for connection in connections.values {
            connection.end(.shutdown)
        }
    }

    // MARK: Connections

    /// Asks the poller for what the connection can use now.
    func watch(_ connection: Connection) {
        guard !connection.isClosed else { return }
        var interest: Poller.Interest = []
        if connection.isListening {
            interest.insert(connection.pace.isResting ? .peerClosed : .readable)
        }
        if connection.isBlocked { interest.insert(.writable) }
        do throws(PosixError) {
            try poller.modify(
                connection.socket.descriptor, token: connection.id, interest)
        } catch {
            connection.close(.connectionLost(errno: error.code))
        }
    }

    /// Whether another step of a handshake in TLS has its time in this turn.
    func mayShakeHands() -> Bool {
        tlsSteps += 1
        return tlsSteps <= Worker.tlsStepsPerTurn
    }

    /// The connection closed: it goes at the end of the turn, when nobody is using it any more.
    func unwatch(_ connection: Connection) {
        finished.append(connection.id)
    }

    /// Incomplete messages of all connections together have a bound (SEC-1). Beyond it whoever holds
    /// most of them ends, which is not who sends keyframes and means them.
    func count(partialBytes change: Int) {
        partialBytes += change
        guard partialBytes > partialBytesMaximum else { return }
        connections.values.max { $0.partialBytes < $1.partialBytes }?.end(.hoardedMessages)
    }

    /// Whether metadata of so many bytes may still be read in this turn: no more than one that is long.
    func spend(metadataBytes count: Int) -> Bool {
        guard metadataBytes == 0 || metadataBytes + count <= Worker.metadataBytesMaximum else {
            return false
        }
        metadataBytes += count
        return true
    }

    private func letFinishedGo() {
        for id in finished {
            guard let connection = connections.removeValue(forKey: id) else { continue }
            admission.leave(id, worker: index, site: connection.address.site)
        }
        finished.removeAll(keepingCapacity: true)
    }

    // MARK: Deadlines

    func schedule(_ connection: Connection, atNanoseconds wanted: UInt64) {
        connection.scheduledAtNanoseconds = deadlines.push(
            connection.id, atNanoseconds: wanted, nowNanoseconds: nowNanoseconds)
    }

    /// The kernel's figures of a connection are good for a second, and among many for longer: 256 a
    /// second are read.
    private func scheduleSampling(of connection: Connection) {
        guard registry.wantsFigures else { return }
        let period = UInt64(max(connections.count, 256)) * (ServerConfiguration.second / 256)
        _ = samplings.push(
            connection.id, atNanoseconds: nowNanoseconds + period, nowNanoseconds: nowNanoseconds)
    }

    private func passDeadlines() {
        noticeInspections()
        while let entry = deadlines.popDue(nowNanoseconds: nowNanoseconds) {
            guard let connection = connections[entry.session],
                connection.scheduledAtNanoseconds == entry.atNanoseconds
            else { continue }
            connection.look()
        }
        while let entry = samplings.popDue(nowNanoseconds: nowNanoseconds) {
            guard let connection = connections[entry.session], connection.isOpen else { continue }
            connection.sampleKernelIfMoved()
            scheduleSampling(of: connection)
        }
    }

    /// Whom somebody began to inspect is looked at now, and then often.
    private func noticeInspections() {
        let count = registry.inspections
        guard count != inspections else { return }
        inspections = count
        for connection in connections.values
        where connection.probe.isInspected.load(ordering: .relaxed) {
            connection.look()
        }
    }
}
