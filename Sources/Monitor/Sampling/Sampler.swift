package import Telemetry

/// Looks at all probes and lanes, and makes snapshots of what it saw.
///
/// It has no thread and no clock: the executable lends it a thread and calls `tick` four times a
/// second, tests call it with times of their own. Used by one thread at a time.
package final class Sampler {
    private let registry: ProbeRegistry
    /// By id: they are numbered as they are accepted.
    private var sessions: [SessionTracker] = []
    /// The row of each of them. The last snapshot has the same array, unless sessions have closed: where
    /// nobody keeps snapshots no row is ever copied.
    private var tracked: [SessionRow] = []
    /// Stands for them where nobody wants figures.
    private var story = StoryWatch()
    private var ended = EndedSessions()
    private var streams: [StreamTracker] = []
    /// By stream.
    private var recordings: [SafeText: RecordingTracker] = [:]
    private var lanes: [Lanes] = []
    /// Events with a time after the tick that found them wait for the next.
    private var early: [Event] = []
    private var journal = Journal()
    private var trace = TraceStore()
    private var inspected: Set<SessionID> = []
    private var server: ServerTracker
    private var nextSecondAt: UInt64
    private var lost = Loss()
    private var rows: [SessionRow] = []
    private var streamRows: [StreamRow] = []
    private var readAtNanoseconds: UInt64
    private let keepsHistory: Bool

    /// - Parameters:
    ///   - keepsHistory: false: nobody asks for graphs of sessions.
    ///   - processFigures: what the system says of this process; asked once a second.
    package init(
        registry: ProbeRegistry, startedAtNanoseconds: UInt64, keepsHistory: Bool = true,
        processFigures: @escaping () -> ProcessFigures
    ) {
        self.registry = registry
        self.keepsHistory = keepsHistory
        server = ServerTracker(
            startedAtNanoseconds: startedAtNanoseconds, readProcess: processFigures)
        nextSecondAt = startedAtNanoseconds + Window.second
        readAtNanoseconds = startedAtNanoseconds
    }

    /// Post the costly detail of exactly these sessions from now on.
    package func setInspected(_ ids: Set<SessionID>) {
        inspected = ids
        for session in sessions {
            session.probe.inspect(ids.contains(session.probe.id))
        }
        registry.noteInspection()
    }

    /// What somebody says of a session, from the next look on; nil: nothing any more.
    package func write(note: SafeText?, of id: SessionID) {
        guard let index = index(of: id) else { return }
        sessions[index].write(note: note, to: &tracked[index])
        ended.write(note: note, of: id)
    }

    /// Nobody is connected and nothing is shown: there is nothing to look at until somebody comes.
    package var isResting: Bool { rows.isEmpty && streamRows.isEmpty && story.isEmpty }

    /// One look at everything. The first two arguments are the same instant on the two clocks.
    ///
    /// - Parameter readsProbes: false: only what was told is taken, and all figures stay as the last
    ///   look found them. Looking at a thousand sessions costs a millisecond or two.
    package func tick(
        nowNanoseconds now: UInt64, wallClockMilliseconds wallClock: Int64,
        readsProbes: Bool = true
    ) -> Snapshot {
        let told = drainLanes(now, wallClock)
        admitNewProbes(now)
        var events: [Event] = []
        if registry.wantsFigures {
            for message in told.messages { keep(message) }
            learn(from: told.events)
            if readsProbes { look(now, derived: &events) }
        } else {
            events += story.follow(told.events)
            if readsProbes {
                events += story.look(
                    nowNanoseconds: now, mayHaveMissed: server.figures.missed > 0)
            }
            story.forgetEnded()
        }
        events += told.events
        events += newLosses(now)
        events.stableSort { $0.atNanoseconds < $1.atNanoseconds }
        journal.append(events, nowNanoseconds: now, wallClockMilliseconds: wallClock)

        var snapshot = Snapshot(
            takenAtNanoseconds: now, wallClockMilliseconds: wallClock, server: server.figures)
        snapshot.readAtNanoseconds = readAtNanoseconds
        snapshot.sessions = rows
        snapshot.ended = ended.rows
        snapshot.streams = streamRows
        snapshot.journal = journal.tail
        snapshot.trace = trace.tail
        snapshot.server.traceBytes = trace.bytes
        snapshot.inspected = inspectedDetails()
        if readsProbes { forget(now) }
        return snapshot
    }

    private func look(_ now: UInt64, derived events: inout [Event]) {
        readAtNanoseconds = now
        let seconds = now >= nextSecondAt ? (now - nextSecondAt) / Window.second + 1 : 0
        nextSecondAt += seconds * Window.second
        let newSeconds = Int(min(seconds, UInt64(ServerFigures.historyCapacity)))
        lookAtSessions(now, newSeconds: newSeconds, derived: &events)
        rows = sessionRows(now)
        streamRows = streamRows(now)
        server.look(
            at: rows, registry.process.counts, nowNanoseconds: now, newSeconds: newSeconds)
    }
}

extension Sampler {
    /// Everything the lanes hold. They are emptied before new probes are taken: a probe is
    /// registered before its connection says a word, so nothing taken here is of an unknown session.
    private func drainLanes(
        _ now: UInt64, _ wallClock: Int64
    ) -> (events: [Event], messages: [CapturedMessage]) {
        lanes += registry.takeNewLanes()
        var events = early
        early = []
        var messages: [CapturedMessage] = []
        for lane in lanes {
            while let event = lane.events.take() {
                if event.atNanoseconds > now { early.append(event) } else { events.append(event) }
            }
            while let message = lane.messages.take() { messages.append(message) }
        }
        trace.drain(
            lanes.map(\.trace), nowNanoseconds: now, wallClockMilliseconds: wallClock
        ) { id in
            index(of: id).map { tracked[$0].facts.handshake }
        }
        events.stableSort { $0.atNanoseconds < $1.atNanoseconds }
        return (events, messages)
    }

    private func admitNewProbes(_ now: UInt64) {
        guard registry.wantsFigures else {
            for probe in registry.takeNewConnections() { story.admit(probe) }
            _ = registry.takeNewStreams()
            _ = registry.takeNewRecordings()
            return
        }
        for probe in registry.takeNewConnections() {
            if inspected.contains(probe.id) {
                probe.inspect(true)
                registry.noteInspection()
            }
            let position = sessions.lastIndex { $0.probe.id < probe.id }.map { $0 + 1 } ?? 0
            let session = SessionTracker(probe)
            sessions.insert(session, at: position)
            tracked.insert(session.firstRow, at: position)
        }
        for probe in registry.takeNewStreams() {
            // Its successor takes the row of a stream that ended less than a minute ago.
            streams.removeAll { $0.key == probe.key }
            streams.append(StreamTracker(probe))
        }
        for probe in registry.takeNewRecordings() {
            recordings[probe.stream] = RecordingTracker(probe)
        }
    }

    private func keep(_ message: CapturedMessage) {
        guard let index = index(of: message.session) else { return }
        sessions[index].keep(message)
    }

    /// Reads the probes. What moved since the last look is told as an event (architecture, §5).
    private func lookAtSessions(_ now: UInt64, newSeconds: Int, derived: inout [Event]) {
        let capacity = SessionSecond.capacity(sessions: sessions.count)
        rows = []
        for (index, session) in sessions.enumerated() {
            let wasClosed = session.isClosed
            session.look(&tracked[index], nowNanoseconds: now)
            if newSeconds > 0, keepsHistory {
                session.remember(&tracked[index], gaps: newSeconds - 1, capacity: capacity)
            }
            if !wasClosed, let row = session.ended { bury(row, index) }
            guard session.newSkips > 0 else { continue }
            derived.append(session.dropEvent(tracked[index], nowNanoseconds: now))
        }
    }

    private func bury(_ row: SessionRow, _ index: Int) {
        server.bury(row)
        let released = ended.append(row, blackBoxBytes: sessions[index].blackBox.bytes)
        for id in released {
            if let index = self.index(of: id) { sessions[index].releaseBlackBox() }
        }
    }

    /// What the sampler itself must know of the story.
    private func learn(from events: [Event]) {
        for event in events {
            switch event.kind {
            case .serverStart(let listen, let tlsListen, let version, _):
                server.started(
                    listen: listen + tlsListen, version: version,
                    atNanoseconds: event.atNanoseconds)
            case .streamStart(let key, let publisher):
                stream(key, event.atNanoseconds) {
                    $0.started(by: publisher, atNanoseconds: event.atNanoseconds)
                }
            case .streamEnd(let key, let why):
                stream(key, event.atNanoseconds) {
                    $0.ended(why: why, atNanoseconds: event.atNanoseconds)
                }
            default:
                // Only these change what a snapshot says; every other event is a line and no more.
                break
            }
        }
    }

    /// Those that are open, and those that closed within the last minute.
    private func sessionRows(_ now: UInt64) -> [SessionRow] {
        guard sessions.contains(where: \.isClosed) else { return tracked }
        var rows: [SessionRow] = []
        rows.reserveCapacity(sessions.count)
        for (index, session) in sessions.enumerated() where !session.isClosed {
            rows.append(tracked[index])
        }
        for index in sessions.indices {
            guard let closedAt = tracked[index].closedAtNanoseconds,
                now.grown(since: closedAt) < Window.afterlife
            else { continue }
            rows.append(tracked[index])
        }
        return rows
    }

    private func streamRows(_ now: UInt64) -> [StreamRow] {
        let tracked = tracked
        /// Their places.
        var publishers: [SafeText: Int] = [:]
        var audiences: [SafeText: Audience] = [:]
        // Most players follow one of the same stream.
        var newest: (key: SafeText, audience: Audience)?
        var known = Set(streams.lazy.map(\.key))
        for index in tracked.indices where tracked[index].closedAtNanoseconds == nil {
            guard let key = tracked[index].facts.stream else { continue }
            switch tracked[index].facts.role {
            case .publisher, .publisherAndPlayer: publishers[key] = index
            case .player:
                let bits = tracked[index].bitsPerSecondOut
                if newest?.key == key {
                    newest?.audience.add(tracked[index].id, bitsPerSecondOut: bits)
                    continue
                }
                if let newest { audiences[newest.key] = newest.audience }
                newest = (key, audiences.removeValue(forKey: key) ?? Audience())
                newest?.audience.add(tracked[index].id, bitsPerSecondOut: bits)
            case .handshaking, .idle, .closed: continue
            }
            // Whoever looks in the moment between facts and probe still sees the stream.
            if known.insert(key).inserted {
                let startedAt = tracked[index].facts.startedAtNanoseconds ?? now
                streams.append(StreamTracker(key: key, createdAtNanoseconds: startedAt))
            }
        }
        if let newest { audiences[newest.key] = newest.audience }
        return streams.indices.map { index in
            let key = streams[index].key
            let publisher = publishers[key]
            var row = streams[index].row(
                publisher: publisher.map { tracked[$0] },
                newGOPs: publisher.map { sessions[$0].newGOPs } ?? [],
                audience: audiences[key] ?? Audience(), nowNanoseconds: now
            ) { id in
                self.index(of: id).flatMap { tracked[$0].facts.close }
            }
            row.recording = recordings[key]?.row()
            return row
        }
    }

    private func newLosses(_ now: UInt64) -> [Event] {
        var current = Loss()
        for lane in lanes {
            current.events += lane.events.lost
            current.messages += lane.messages.lost
            current.trace += lane.trace.lost
        }
        defer {
            lost = current
            server.figures.missed = current.events + current.messages + current.trace
        }
        return [
            (current.events - lost.events, "events"),
            (current.messages - lost.messages, "commands"),
            (current.trace - lost.trace, "trace records"),
        ].filter { $0.0 > 0 }.map { count, what in
            Event(atNanoseconds: now, kind: .missed(count, what: what))
        }
    }

    private func inspectedDetails() -> [SessionID: SessionDetail] {
        var details: [SessionID: SessionDetail] = [:]
        for id in inspected {
            guard let index = index(of: id) else { continue }
            details[id] = sessions[index].decodedCommands(tracked[index])
        }
        return details
    }

    /// Lets go of the oldest sessions beyond the bound, as peers may come and go by the thousand, and
    /// of streams that ended more than a minute ago. Inspected sessions stay.
    private func forget(_ now: UInt64) {
        if let kept = ended.takeKept() {
            let isKept = sessions.map { session in
                let id = session.probe.id
                return !session.isClosed || kept.contains(id) || inspected.contains(id)
            }
            tracked = zip(tracked, isKept).filter(\.1).map(\.0)
            sessions = zip(sessions, isKept).filter(\.1).map(\.0)
        }
        trace.forget { index(of: $0) == nil }
        var endings = Afterlife(streams.compactMap(\.endedAtNanoseconds), limit: Self.endedLimit)
        let before = streams.count
        streams.removeAll { stream in
            stream.endedAtNanoseconds.map { endings.isOver($0, now) } ?? false
        }
        guard streams.count < before, !recordings.isEmpty else { return }
        let shown = Set(streams.lazy.map(\.key))
        recordings = recordings.filter { shown.contains($0.key) }
    }

    /// Streams that are over and still shown, at most.
    static let endedLimit = 200

    private func index(of id: SessionID) -> Int? {
        sessions.sortedIndex(of: id) { $0.probe.id }
    }

    private func stream(
        _ key: SafeText, _ createdAt: UInt64, _ change: (inout StreamTracker) -> Void
    ) {
        if let index = streams.lastIndex(where: { $0.key == key }) {
            change(&streams[index])
        } else {
            var tracker = StreamTracker(key: key, createdAtNanoseconds: createdAt)
            change(&tracker)
            streams.append(tracker)
        }
    }
}

/// How long what is over is still shown: a minute, and no more of it than a bound.
private struct Afterlife {
    private var excess: Int
    /// The newest of those that are too many.
    private let excessUpTo: UInt64

    init(_ ends: [UInt64], limit: Int) {
        excess = max(ends.count - limit, 0)
        excessUpTo = excess > 0 ? ends.sorted()[excess - 1] : 0
    }

    mutating func isOver(_ end: UInt64, _ now: UInt64) -> Bool {
        if excess > 0, end <= excessUpTo {
            excess -= 1
            return true
        }
        return now.grown(since: end) >= Window.afterlife
    }
}

/// What full lanes let go, ever.
private struct Loss {
    var events: UInt64 = 0
    var messages: UInt64 = 0
    var trace: UInt64 = 0
}

extension Array {
    /// Equal elements keep their order, which `sort` does not promise.
    fileprivate mutating func stableSort(by precedes: (Element, Element) -> Bool) {
        // They nearly always are.
        if zip(self, dropFirst()).allSatisfy({ !precedes($1, $0) }) { return }
        self = enumerated().sorted { a, b in
            if precedes(a.element, b.element) { return true }
            return !precedes(b.element, a.element) && a.offset < b.offset
        }.map(\.element)
    }
}
