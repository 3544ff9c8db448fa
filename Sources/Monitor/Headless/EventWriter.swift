package import Telemetry

/// Snapshots as JSON Lines: what scripts read on standard output (CLI.md; console design, §23).
///
/// Owned by the thread that writes. It remembers what it has written, so each line of the journal
/// comes once; where a snapshot no longer holds the next one, a `missed` line says how many went.
/// `server.start` is always the first line and `server.stop` the last.
package struct EventWriter {
    package enum TraceLevel: Sendable {
        case chunk
        case message
    }

    private let level: Event.Level
    private let sessions: FilterPredicate<SessionRow>?
    private let traceLevel: TraceLevel?
    /// nil: of all sessions.
    private var traceChoice: TraceChoice?
    private var nextEvent = 0
    private var nextTrace = 0
    private var startedAtNanoseconds: UInt64?
    /// Lines that were told before the server said that it had started.
    private var early: [JournalEntry] = []
    private var hasStopped = false

    /// - Parameters:
    ///   - level: events above it are left out.
    ///   - sessions: only events, figures and chunks of sessions that match; nil: all.
    ///   - traced: of them, only chunks of sessions that match this too; nil: of all.
    ///   - traceLevel: nil: no trace lines.
    package init(
        level: Event.Level = .trace, sessions: FilterPredicate<SessionRow>? = nil,
        traced: FilterPredicate<SessionRow>? = nil, traceLevel: TraceLevel? = nil
    ) {
        self.level = level
        self.sessions = sessions
        self.traceLevel = traceLevel
        let filters = [sessions, traced].compactMap(\.self)
        traceChoice = traceLevel == nil || filters.isEmpty ? nil : TraceChoice(filters)
    }

    /// All that is new in the journal and in the trace, a line each.
    package mutating func lines(of snapshot: Snapshot) -> [[UInt8]] {
        let wanted = sessions.map { Self.ids(of: $0, in: snapshot) }
        var lines: [[UInt8]] = []
        let hadStopped = hasStopped
        writeEvents(of: snapshot, wanted, into: &lines)
        if traceLevel != nil, !hadStopped, startedAtNanoseconds != nil {
            let last = hasStopped ? lines.popLast() : nil
            writeTrace(of: snapshot, into: &lines)
            if let last { lines.append(last) }
        }
        return lines
    }

    /// Whose chunks need be recorded, and whose not, since the last call; nil: as before.
    package mutating func takeTraceChange() -> TraceChange? {
        traceChoice?.takeChange()
    }

    private static func ids(
        of filter: FilterPredicate<SessionRow>, in snapshot: Snapshot
    ) -> Set<SessionID> {
        Set(snapshot.sessions.lazy.filter { filter.matches($0, in: snapshot) }.map(\.id))
    }

    /// `stats.server`, then `stats.stream` and `stats.session` of everything that is open.
    ///
    /// - Parameter sessionLimit: so many sessions at most, those that move most; in order of number.
    package func statistics(of snapshot: Snapshot, sessionLimit: Int = .max) -> [[UInt8]] {
        guard let startedAt = startedAtNanoseconds, !hasStopped else { return [] }
        let frame = StatisticsLines(snapshot: snapshot, startedAtNanoseconds: startedAt)
        var lines = [frame.server]
        for stream in snapshot.streams {
            if case .ended = stream.state { continue }
            lines.append(frame.line(for: stream))
        }
        // By their places: a row is large, and every copy counts its references.
        snapshot.sessions.withUnsafeBufferPointer { rows in
            var wanted = rows.indices.filter {
                rows[$0].closedAtNanoseconds == nil
                    && (sessions?.matches(rows[$0], in: snapshot) ?? true)
            }
            if wanted.count > sessionLimit {
                func moves(_ index: Int) -> Double {
                    rows[index].bitsPerSecondIn + rows[index].bitsPerSecondOut
                }
                wanted.sort { (moves($1), rows[$0].id) < (moves($0), rows[$1].id) }
                wanted = wanted.prefix(sessionLimit).sorted { rows[$0].id < rows[$1].id }
            }
            for index in wanted { lines.append(frame.line(for: rows[index])) }
        }
        return lines
    }

    /// Says that lines were let go because nobody took them in time.
    package func missed(_ count: UInt64, what: String, at snapshot: Snapshot) -> [UInt8] {
        line(
            for: Event(
                atNanoseconds: snapshot.takenAtNanoseconds, kind: .missed(count, what: what)),
            wallClockMilliseconds: snapshot.wallClockMilliseconds)
    }

    /// One event as its line, whatever was written before.
    package func line(for entry: JournalEntry) -> [UInt8] {
        line(for: entry.event, wallClockMilliseconds: entry.wallClockMilliseconds)
    }

    private mutating func writeEvents(
        of snapshot: Snapshot, _ wanted: Set<SessionID>?, into lines: inout [[UInt8]]
    ) {
        let journal = snapshot.journal
        if nextEvent < journal.firstNumber {
            let gap = UInt64(journal.firstNumber - nextEvent)
            lines.append(missed(gap, what: "events", at: snapshot))
            nextEvent = journal.firstNumber
        }
        guard !hasStopped else { return }
        nextEvent = journal.scan(nextEvent..<max(journal.endNumber, nextEvent)) { _, entry in
            write(entry, wanted, into: &lines)
            return !hasStopped
        }
    }

    private mutating func write(
        _ entry: JournalEntry, _ wanted: Set<SessionID>?, into lines: inout [[UInt8]]
    ) {
        switch entry.event.kind {
        case .serverStart:
            startedAtNanoseconds = entry.event.atNanoseconds
            lines.append(line(for: entry))
            for held in early where isWanted(held, wanted) { lines.append(line(for: held)) }
            early = []
        case .serverStop:
            lines.append(line(for: entry))
            hasStopped = true
        default:
            if startedAtNanoseconds == nil {
                early.append(entry)
            } else if isWanted(entry, wanted) {
                lines.append(line(for: entry))
            }
        }
    }

    private func isWanted(_ entry: JournalEntry, _ wanted: Set<SessionID>?) -> Bool {
        guard entry.level <= level else { return false }
        guard let wanted, let session = entry.session else { return true }
        return wanted.contains(session)
    }

    private mutating func writeTrace(of snapshot: Snapshot, into lines: inout [[UInt8]]) {
        let trace = snapshot.trace
        let place = lines.count
        var gap = 0
        // The rows are of the last look.
        if snapshot.readAtNanoseconds == snapshot.takenAtNanoseconds {
            for number in traceChoice?.look(at: snapshot) ?? [] {
                guard let entry = trace[number] else {
                    gap += 1
                    continue
                }
                if let line = line(for: entry) { lines.append(line) }
            }
        }
        if nextTrace < trace.firstNumber {
            gap += trace.firstNumber - nextTrace
            nextTrace = trace.firstNumber
        }
        let end = max(trace.endNumber, nextTrace)
        nextTrace = trace.scan(nextTrace..<end) { number, entry in
            if traceChoice?.admits(number, of: entry.record.session) ?? true,
                let line = line(for: entry)
            {
                lines.append(line)
            }
            return true
        }
        let missing = UInt64(gap) + (traceChoice?.takeLost() ?? 0)
        guard missing > 0 else { return }
        lines.insert(missed(missing, what: "trace records", at: snapshot), at: place)
    }

    private func line(for event: Event, wallClockMilliseconds: Int64) -> [UInt8] {
        EventLine(
            event, wallClockMilliseconds: wallClockMilliseconds,
            startedAtNanoseconds: startedAtNanoseconds ?? event.atNanoseconds
        ).bytes
    }

    private func line(for entry: TraceEntry) -> [UInt8]? {
        // It was over before the recording began: it is in `hs.done`.
        guard !entry.record.isHandshake else { return nil }
        let startedAt = startedAtNanoseconds ?? entry.record.atNanoseconds
        switch traceLevel {
        case .chunk: return TraceLine.chunk(entry, startedAtNanoseconds: startedAt)
        case .message:
            guard entry.record.chunkIndex <= 1 else { return nil }
            return TraceLine.message(entry, startedAtNanoseconds: startedAt)
        case nil: return nil
        }
    }
}

extension JSONObject {
    /// What every line begins with: version, wall clock, milliseconds since the start, name.
    init(
        _ name: String, wallClockMilliseconds: Int64, atNanoseconds at: UInt64,
        startedAtNanoseconds startedAt: UInt64
    ) {
        self.init()
        add("v", 1)
        add("t", WallClock(milliseconds: wallClockMilliseconds))
        add("ms", at.grown(since: startedAt) / 1_000_000)
        add("ev", name)
    }
}
