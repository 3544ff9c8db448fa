import Console
import Monitor
import Telemetry

/// A console with a scripted user: keys in, state and screen out.
struct Desk {
    var state: ConsoleState
    var live: Snapshot
    /// Monotonic, in step with the snapshots.
    var now: UInt64

    init(
        _ live: Snapshot = Demo().snapshot(at: 0), view: ViewKind = .connections,
        isReadOnly: Bool = false, width: Int = 120, height: Int = 40
    ) {
        var options = ConsoleState.Options()
        options.view = view
        options.settings.isReadOnly = isReadOnly
        state = ConsoleState(options: options)
        self.live = live
        now = live.takenAtNanoseconds
        _ = state.reduce(.resize(width: width, height: height), live, at: now)
        _ = state.absorb(live, at: now)
    }

    /// Presses keys with nothing drawn in between.
    @discardableResult
    mutating func press(_ keys: Key...) -> [Intent] {
        keys.flatMap { state.reduce(.key($0), live, at: now) }
    }

    /// Types characters with nothing drawn in between.
    @discardableResult
    mutating func type(_ text: String) -> [Intent] {
        text.unicodeScalars.flatMap { state.reduce(.key(.character($0)), live, at: now) }
    }

    mutating func draw() {
        state.didDraw()
    }

    /// The next snapshot, so many milliseconds later.
    @discardableResult
    mutating func receive(
        after milliseconds: UInt64 = 250, _ change: (inout Snapshot) -> Void = { _ in }
    )
        -> [Intent]
    {
        now += milliseconds * 1_000_000
        live.takenAtNanoseconds = now
        live.wallClockMilliseconds += Int64(milliseconds)
        change(&live)
        return state.absorb(live, at: now)
    }

    var screen: String {
        ConsoleView.draw(live, state, width: state.width, height: state.height).text()
    }

    /// The lines of the screen that hold a text.
    func lines(with text: String) -> [Substring] {
        screen.split(separator: "\n").filter { $0.contains(text) }
    }
}

extension Snapshot {
    /// The session ends: it goes behind the open ones.
    mutating func close(_ id: SessionID, why: String = "fin") {
        guard let index = sessions.firstIndex(where: { $0.id == id }) else { return }
        var row = sessions.remove(at: index)
        row.closedAtNanoseconds = takenAtNanoseconds
        row.facts.role = .closed
        row.facts.state = "closed"
        row.facts.stream = nil
        let report = CloseReport(
            who: .admin, why: why, detail: "closed here", state: "play",
            lastedNanoseconds: row.upNanoseconds, bytesIn: row.bytesIn, bytesOut: row.bytesOut)
        row.facts.close = report
        sessions.append(row)
        tell(.close(id, report))
    }

    /// The session is forgotten altogether.
    mutating func forget(_ id: SessionID) {
        sessions.removeAll { $0.id == id }
    }

    mutating func tell(_ kind: Event.Kind, level: Event.Level = .info) {
        journal.append(
            JournalEntry(
                wallClockMilliseconds: wallClockMilliseconds,
                event: Event(atNanoseconds: takenAtNanoseconds, kind: kind), level: level,
                source: "test", session: nil, name: "test.event", detail: "something happened"))
    }

    mutating func change(_ id: SessionID, _ change: (inout SessionRow) -> Void) {
        guard let index = sessions.firstIndex(where: { $0.id == id }) else { return }
        change(&sessions[index])
    }

    /// A stream with so many players, numbered from `first`.
    mutating func addPlayers(_ count: Int, to stream: SafeText, from first: SessionID) {
        var facts = ConnectionFacts()
        facts.role = .player
        facts.state = "play"
        facts.stream = stream
        let border = sessions.firstIndex { $0.closedAtNanoseconds != nil } ?? sessions.count
        for number in (0..<UInt64(count)).reversed() {
            let row = SessionRow(
                id: first + number, facts: facts, peer: "192.0.2.1:\(10_000 + number)",
                listener: "0.0.0.0:1935", acceptedAtNanoseconds: takenAtNanoseconds,
                upNanoseconds: 0, bytesIn: 0, bytesOut: 0)
            sessions.insert(row, at: border)
        }
        for index in streams.indices where streams[index].key == stream {
            streams[index].players += (0..<UInt64(count)).map { first + $0 }
        }
    }
}
