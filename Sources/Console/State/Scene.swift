package import Monitor
import Telemetry

/// What a view draws from: the snapshot it shows (frozen while paused), the live one, the state.
package struct Scene: Sendable {
    package let snapshot: Snapshot
    package let live: Snapshot
    package let state: ConsoleState

    package init(_ live: Snapshot, _ state: ConsoleState) {
        self.live = live
        self.state = state
        snapshot = state.frozen ?? live
    }

    var glyphs: GlyphSet { state.options.glyphs }

    /// An open session, one that closed within the last minute, or one the console still remembers.
    func session(_ id: SessionID) -> SessionRow? {
        guard let row = snapshot.session(id) else { return state.kept[id] }
        return row.isOpen ? row : state.kept[id] ?? row
    }

    func stream(_ key: String) -> StreamRow? {
        snapshot.streams.first { $0.key.description == key }
    }

    func time(_ wallClockMilliseconds: Int64, milliseconds: Bool = true) -> String {
        Format.timeOfDay(
            wallClockMilliseconds, offsetSeconds: state.options.utcOffsetSeconds,
            milliseconds: milliseconds)
    }

    /// How long ago a moment of the monotonic clock was when the snapshot was taken.
    func age(of nanoseconds: UInt64) -> UInt64 {
        snapshot.takenAtNanoseconds >= nanoseconds ? snapshot.takenAtNanoseconds - nanoseconds : 0
    }
}

extension Snapshot {
    /// Open sessions come first, by id, and are searched by halves; few are closed.
    func index(of id: SessionID) -> Int? {
        let border = partition(0, sessions.count) { sessions[$0].closedAtNanoseconds != nil }
        let index = partition(0, border) { sessions[$0].id >= id }
        if index < border, sessions[index].id == id { return index }
        return sessions[border...].firstIndex { $0.id == id }
    }

    func isOpen(_ id: SessionID) -> Bool {
        index(of: id).map { sessions[$0].closedAtNanoseconds == nil } ?? false
    }

    /// First index that belongs to the second part.
    private func partition(_ start: Int, _ end: Int, _ isSecond: (Int) -> Bool) -> Int {
        var low = start
        var high = end
        while low < high {
            let middle = (low + high) / 2
            if isSecond(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension SessionRow {
    /// A session that ended has no role and no stream any more; what it was is still worth a look.
    func remembering(_ before: SessionRow?) -> SessionRow {
        guard !isOpen, let before else { return self }
        var row = self
        row.facts.role = before.facts.role
        row.facts.stream = before.facts.stream
        return row
    }

    var isOpen: Bool { closedAtNanoseconds == nil }
    var isPublisher: Bool { facts.role == .publisher || facts.role == .publisherAndPlayer }
    var isPlayer: Bool { facts.role == .player || facts.role == .publisherAndPlayer }

    /// What is measured wrong with it, and nothing that would have to be guessed.
    var severity: Severity {
        if isOpen, facts.role == .handshaking, upNanoseconds > 2_000_000_000 { return .warn }
        return skippedVideo > 0 ? .warn : .none
    }
}

enum Severity: Int, Sendable {
    case none
    case warn
}
