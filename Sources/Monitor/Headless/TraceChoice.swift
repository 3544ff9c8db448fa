package import Telemetry

/// Whose chunks are written: those of sessions that match every filter.
///
/// Owned by the thread that writes. The engine records everybody from the accept on, since nobody can say
/// yet who will match: until a session publishes, plays or ends, its chunks wait here, by their numbers in
/// the trace. Then it is known, and whoever does not match need not be recorded any longer; whoever
/// begins to match later is recorded from then on.
struct TraceChoice {
    private let filters: [FilterPredicate<SessionRow>]
    /// What is known of sessions that were there at the last look.
    private var verdicts: [SessionID: Bool] = [:]
    /// Chunks of sessions of which nothing is known.
    private var waiting: [SessionID: [Int]] = [:]
    private var waitingCount = 0
    private let waitingLimit: Int
    /// Chunks that were too many to wait, since somebody asked.
    private var lost: UInt64 = 0
    private var change = TraceChange()

    /// - Parameter waitingLimit: more than the trace keeps: what waits longer is gone from there.
    init(_ filters: [FilterPredicate<SessionRow>], waitingLimit: Int = 1 << 19) {
        self.filters = filters
        self.waitingLimit = waitingLimit
    }

    /// Whether this chunk is to be written at once; it may be among those of a later `look`.
    mutating func admits(_ number: Int, of session: SessionID) -> Bool {
        if let verdict = verdicts[session] { return verdict }
        if waitingCount < waitingLimit {
            waiting[session, default: []].append(number)
            waitingCount += 1
        } else {
            lost += 1
        }
        return false
    }

    /// Judges all sessions anew; gives the chunks that have waited for it and are to be written.
    mutating func look(at snapshot: Snapshot) -> [Int] {
        var released: [Int] = []
        var judged: [SessionID: Bool] = [:]
        judged.reserveCapacity(snapshot.sessions.count)
        var stillWaiting: [SessionID: [Int]] = [:]
        var stillWaitingCount = 0
        lazy var ended = Dictionary(
            snapshot.ended.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { $1 })
        // By their places: a row is large, and every copy counts its references.
        for index in snapshot.sessions.indices {
            let id = snapshot.sessions[index].id
            let before = verdicts[id]
            let isOver = snapshot.sessions[index].closedAtNanoseconds != nil
            if isOver, let before {
                judged[id] = before
                continue
            }
            // What it was doing last counts, not that it is closed.
            let row = isOver ? ended[id].map { snapshot.ended[$0] } : nil
            let matches = filters.allSatisfy { filter in
                if let row { return filter.matches(row, in: snapshot) }
                return filter.matches(snapshot.sessions[index], in: snapshot)
            }
            guard matches || isOver || before != nil || snapshot.sessions[index].hasBegun else {
                stillWaiting[id] = waiting[id]
                stillWaitingCount += waiting[id]?.count ?? 0
                continue
            }
            judged[id] = matches
            if matches { released += waiting[id] ?? [] }
            if !isOver, matches != before ?? true { change.note(id, isArmed: matches) }
        }
        verdicts = judged
        waiting = stillWaiting
        waitingCount = stillWaitingCount
        return released.sorted()
    }

    mutating func takeLost() -> UInt64 {
        defer { lost = 0 }
        return lost
    }

    /// Who is to be recorded or not since the last call; nil: nobody else.
    mutating func takeChange() -> TraceChange? {
        defer { change = TraceChange() }
        return change.isEmpty ? nil : change
    }
}

/// Sessions whose chunks are to be recorded from now on, and others whose chunks are not any longer.
package struct TraceChange: Equatable, Sendable {
    package private(set) var armed: Set<SessionID> = []
    package private(set) var disarmed: Set<SessionID> = []

    fileprivate var isEmpty: Bool { armed.isEmpty && disarmed.isEmpty }

    fileprivate mutating func note(_ id: SessionID, isArmed: Bool) {
        if isArmed {
            disarmed.remove(id)
            armed.insert(id)
        } else {
            armed.remove(id)
            disarmed.insert(id)
        }
    }
}

extension SessionRow {
    /// It publishes or plays.
    fileprivate var hasBegun: Bool {
        switch facts.role {
        case .publisher, .player, .publisherAndPlayer: true
        case .handshaking, .idle, .closed: false
        }
    }
}
