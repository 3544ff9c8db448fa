package import Monitor
package import Telemetry

/// A table of sessions with its sort, filter and sideways scroll.
package struct SessionTable: Sendable {
    package internal(set) var rows: TableState<SessionID>
    package internal(set) var sort: SessionColumn
    package internal(set) var filter = FilterState<SessionRow>()
    package internal(set) var errorsOnly = false
    /// Open sessions, and how many of them match.
    package internal(set) var total = 0
    package internal(set) var matching = 0
    var columnOffset = 0
    package internal(set) var choice = ColumnChoice.standard

    init(sort: SessionColumn) {
        self.sort = sort
        rows = TableState(isDescending: true)
    }

    mutating func arrange(
        _ snapshot: Snapshot, now: UInt64, mayReorder: Bool, window: RateWindow
    ) {
        var found: [(id: SessionID, key: SortKey)] = []
        found.reserveCapacity(snapshot.sessions.count)
        let column = SessionColumn.table[sort.rawValue]
        let predicate = filter.active
        var cursorHasEnded = rows.cursor != nil
        total = 0
        // In place: a row is large, and copying a thousand of them costs more than sorting them.
        snapshot.sessions.withUnsafeBufferPointer { sessions in
            for index in sessions.indices {
                guard sessions[index].isOpen else { break }
                total += 1
                let id = sessions[index].id
                if id == rows.cursor { cursorHasEnded = false }
                if errorsOnly, sessions[index].severity == .none { continue }
                if let predicate, !predicate.matches(sessions[index], in: snapshot) { continue }
                found.append((id, column.key(of: sessions[index], window)))
            }
        }
        matching = found.count
        rows.arrange(found, now: now, keepsCursor: cursorHasEnded, mayReorder: mayReorder)
    }

    /// A closed row is let go once the cursor has left it.
    mutating func dropEnded(_ snapshot: Snapshot) {
        rows.drop { !snapshot.isOpen($0) }
    }

    mutating func choose(_ column: SessionColumn) {
        sort = column
        rows.isDescending = !column.isText
        rows.isStale = true
    }
}
