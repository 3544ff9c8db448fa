package import Monitor
package import Telemetry

/// The streams, each with its publisher, measured media and players below it.
package struct StreamTree: Sendable {
    /// What the cursor can stand on.
    package enum Item: Hashable, Sendable {
        case stream(String)
        case session(SessionID, of: String)
    }

    /// A line of the tree; media lines cannot be selected.
    enum Line: Hashable, Sendable {
        case stream(String)
        case publisher(SessionID, of: String, isLast: Bool)
        case media(MediaLine, SessionID, of: String, isLast: Bool)
        case player(SessionID, of: String, isLast: Bool)

        var item: Item? {
            switch self {
            case .stream(let key): .stream(key)
            case .publisher(let id, let key, _), .player(let id, let key, _): .session(id, of: key)
            case .media: nil
            }
        }
    }

    enum MediaLine: CaseIterable, Hashable, Sendable {
        case video
        case audio
        case gop
        case rate
        /// Only where there is one.
        case recording
    }

    package internal(set) var streams = TableState<String>(isDescending: false)
    package internal(set) var sort = StreamColumn.name
    package internal(set) var cursor: Item?
    package internal(set) var folded: Set<String> = []
    package internal(set) var filter = FilterState<StreamRow>()
    package internal(set) var total = 0
    var top = 0
    var columnOffset = 0

    mutating func arrange(_ snapshot: Snapshot, now: UInt64, mayReorder: Bool) {
        let predicate = filter.active
        total = snapshot.streams.count
        let column = StreamColumn.table[sort.rawValue]
        let found = snapshot.streams.compactMap { row -> (id: String, key: SortKey)? in
            if let predicate, !predicate.matches(row, in: snapshot) { return nil }
            return (row.key.description, column.key(of: StreamFigures(row, snapshot)))
        }
        streams.arrange(found, now: now, keepsCursor: false, mayReorder: mayReorder)
    }

    func lines(_ snapshot: Snapshot) -> [Line] {
        var byKey: [String: Int] = [:]
        for (index, row) in snapshot.streams.enumerated() { byKey[row.key.description] = index }
        var lines: [Line] = []
        for key in streams.order {
            guard let index = byKey[key] else { continue }
            let row = snapshot.streams[index]
            lines.append(.stream(key))
            guard !folded.contains(key) else { continue }
            if let publisher = row.publisher {
                let isLast = row.players.isEmpty
                lines.append(.publisher(publisher, of: key, isLast: isLast))
                for media in MediaLine.allCases
                where media != .recording || row.recording != nil {
                    lines.append(.media(media, publisher, of: key, isLast: isLast))
                }
            }
            for (number, player) in row.players.enumerated() {
                lines.append(.player(player, of: key, isLast: number == row.players.count - 1))
            }
        }
        return lines
    }

    /// Index of the first line to draw so that the cursor is among `rows`.
    func firstVisible(_ lines: [Line], rows: Int) -> Int {
        let line = lines.firstIndex { $0.item != nil && $0.item == cursor }
        return Scroll.first(top: top, cursor: line, count: lines.count, rows: rows)
    }

    mutating func move(by rows: Int, _ snapshot: Snapshot, now: UInt64) {
        let items = lines(snapshot).compactMap(\.item)
        streams.move(by: 0, now: now)
        guard !items.isEmpty else { return }
        let index = cursor.flatMap { items.firstIndex(of: $0) } ?? 0
        cursor = items[min(max(index + rows, 0), items.count - 1)]
    }

    mutating func moveToEnd(_ last: Bool, _ snapshot: Snapshot, now: UInt64) {
        streams.move(by: 0, now: now)
        let items = lines(snapshot).compactMap(\.item)
        cursor = last ? items.last : items.first
    }

    /// Folds or unfolds the stream under the cursor; true if that changed something.
    mutating func fold(_ isFolded: Bool) -> Bool {
        guard let cursor else { return false }
        let key: String
        switch cursor {
        case .stream(let stream), .session(_, let stream): key = stream
        }
        if isFolded {
            guard folded.insert(key).inserted else { return false }
            self.cursor = .stream(key)
        } else {
            guard folded.remove(key) != nil else { return false }
        }
        return true
    }

    mutating func choose(_ column: StreamColumn) {
        sort = column
        streams.isDescending = !column.isText
        streams.isStale = true
    }

    /// A cursor whose line went stands on the stream it was in, or on the first.
    mutating func settle(_ snapshot: Snapshot) {
        let items = lines(snapshot).compactMap(\.item)
        if let cursor, items.contains(cursor) { return }
        if case .session(_, let key) = cursor, items.contains(.stream(key)) {
            cursor = .stream(key)
        } else {
            cursor = items.first
        }
    }
}

/// A stream with what its sessions add to it.
struct StreamFigures: Sendable {
    let row: StreamRow
    let publisher: SessionRow?
    private let snapshot: Snapshot

    init(_ row: StreamRow, _ snapshot: Snapshot) {
        self.row = row
        self.snapshot = snapshot
        publisher = row.publisher.flatMap { snapshot.session($0) }
    }

    /// Bytes held for its players, and video frames they did not get. Looks at every player: for rows
    /// that are drawn, not for sorting.
    func backlog() -> (queueBytes: UInt64, skipped: UInt64) {
        var queueBytes: UInt64 = 0
        var skipped: UInt64 = 0
        for player in row.players {
            guard let index = snapshot.index(of: player) else { continue }
            queueBytes &+= snapshot.sessions[index].queueBytes
            skipped &+= snapshot.sessions[index].skippedVideo
        }
        return (queueBytes, skipped)
    }
}
