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
    package mutating func lines(of snapshot: Snapshot) -> LineBatch {
        let wanted = sessions.map { Self.ids(of: $0, in: snapshot) }
        var lines = LineBatch()
        let hadStopped = hasStopped
        let end = writeEvents(of: snapshot, wanted, into: &lines)
        if traceLevel != nil, !hadStopped, startedAtNanoseconds != nil {
            writeTrace(of: snapshot, into: &lines)
        }
        if let end { write(end, into: &lines) }
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
    package func statistics(of snapshot: Snapshot, sessionLimit: Int = .max) -> LineBatch {
        var lines = LineBatch()
        guard let startedAt = startedAtNanoseconds, !hasStopped else { return lines }
        let frame = StatisticsLines(snapshot: snapshot, startedAtNanoseconds: startedAt)
        lines.append { frame.writeServer(into: &$0) }
        for stream in snapshot.streams {
            if case .ended = stream.state { continue }
            lines.append { frame.write(stream, into: &$0) }
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
            lines.reserve(lines: wanted.count, ofBytes: 512)
            for index in wanted {
                var object = lines.begin()
                frame.write(rows[index], into: &object)
                lines.end(&object)
            }
        }
        return lines
    }

    /// Says that lines were let go because nobody took them in time.
    package func missed(_ count: UInt64, what: String, at snapshot: Snapshot) -> [UInt8] {
        var lines = LineBatch()
        writeMissed(count, what, at: snapshot, into: &lines)
        return lines.bytes
    }

    /// One event as its line, whatever was written before.
    package func line(for entry: JournalEntry) -> [UInt8] {
        var lines = LineBatch()
        write(entry, into: &lines)
        return lines.bytes
    }

    /// - Returns: the last line of all, where it is time for it.
    private mutating func writeEvents(
        of snapshot: Snapshot, _ wanted: Set<SessionID>?, into lines: inout LineBatch
    ) -> JournalEntry? {
        let journal = snapshot.journal
        if nextEvent < journal.firstNumber {
            let gap = UInt64(journal.firstNumber - nextEvent)
            writeMissed(gap, "events", at: snapshot, into: &lines)
            nextEvent = journal.firstNumber
        }
        guard !hasStopped else { return nil }
        var end: JournalEntry?
        nextEvent = journal.scan(nextEvent..<max(journal.endNumber, nextEvent)) { _, entry in
            write(entry, wanted, into: &lines)
            if hasStopped { end = entry }
            return !hasStopped
        }
        return end
    }

    private mutating func write(
        _ entry: JournalEntry, _ wanted: Set<SessionID>?, into lines: inout LineBatch
    ) {
        switch entry.event.kind {
        case .serverStart:
            startedAtNanoseconds = entry.event.atNanoseconds
            write(entry, into: &lines)
            for held in early where isWanted(held, wanted) {
                write(held, into: &lines)
            }
            early = []
        case .serverStop:
            hasStopped = true
        default:
            if startedAtNanoseconds == nil {
                early.append(entry)
            } else if isWanted(entry, wanted) {
                write(entry, into: &lines)
            }
        }
    }

    private func isWanted(_ entry: JournalEntry, _ wanted: Set<SessionID>?) -> Bool {
        guard entry.level <= level else { return false }
        guard let wanted, let session = entry.session else { return true }
        return wanted.contains(session)
    }

    private mutating func writeTrace(of snapshot: Snapshot, into lines: inout LineBatch) {
        let trace = snapshot.trace
        var chunks = LineBatch()
        var gap = 0
        // The rows are of the last look.
        if snapshot.readAtNanoseconds == snapshot.takenAtNanoseconds {
            for number in traceChoice?.look(at: snapshot) ?? [] {
                if let entry = trace[number] { write(entry, into: &chunks) } else { gap += 1 }
            }
        }
        if nextTrace < trace.firstNumber {
            gap += trace.firstNumber - nextTrace
            nextTrace = trace.firstNumber
        }
        let end = max(trace.endNumber, nextTrace)
        nextTrace = trace.scan(nextTrace..<end) { number, entry in
            if traceChoice?.admits(number, of: entry.record.session) ?? true {
                write(entry, into: &chunks)
            }
            return true
        }
        let missing = UInt64(gap) + (traceChoice?.takeLost() ?? 0)
        if missing > 0 { writeMissed(missing, "trace records", at: snapshot, into: &lines) }
        lines.append(chunks)
    }

    private func write(_ entry: JournalEntry, into lines: inout LineBatch) {
        var object = lines.begin()
        object.add(
            entry, startedAtNanoseconds: startedAtNanoseconds ?? entry.event.atNanoseconds)
        lines.end(&object)
    }

    private func writeMissed(
        _ count: UInt64, _ what: String, at snapshot: Snapshot, into lines: inout LineBatch
    ) {
        let event = Event(
            atNanoseconds: snapshot.takenAtNanoseconds, kind: .missed(count, what: what))
        write(
            JournalEntry(event, wallClockMilliseconds: snapshot.wallClockMilliseconds),
            into: &lines)
    }

    private func write(_ entry: TraceEntry, into lines: inout LineBatch) {
        // It was over before the recording began: it is in `hs.done`.
        guard !entry.record.isHandshake else { return }
        let startedAt = startedAtNanoseconds ?? entry.record.atNanoseconds
        switch traceLevel {
        case .chunk:
            lines.append {
                TraceLine.write(chunk: entry, startedAtNanoseconds: startedAt, into: &$0)
            }
        case .message:
            guard entry.record.chunkIndex <= 1 else { return }
            lines.append {
                TraceLine.write(message: entry, startedAtNanoseconds: startedAt, into: &$0)
            }
        case nil: break
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
        begin(
            name, wallClockMilliseconds: wallClockMilliseconds, atNanoseconds: at,
            startedAtNanoseconds: startedAt)
    }

    /// The same of an object that is empty so far.
    mutating func begin(
        _ name: String, wallClockMilliseconds: Int64, atNanoseconds at: UInt64,
        startedAtNanoseconds startedAt: UInt64
    ) {
        add("v", 1)
        add("t", WallClock(milliseconds: wallClockMilliseconds))
        add("ms", at.grown(since: startedAt) / 1_000_000)
        add("ev", name)
    }
}
