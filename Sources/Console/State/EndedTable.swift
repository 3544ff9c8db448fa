package import Monitor
package import Telemetry

/// View 7: the sessions that ended, with sort, filter and the post-mortem of one.
package struct EndedTable: Sendable {
    package internal(set) var rows = TableState<SessionID>(isDescending: true)
    package internal(set) var sort = EndedColumn.ended
    package internal(set) var filter = FilterState<SessionRow>()
    package internal(set) var isPostMortemShown = true
    package internal(set) var total = 0
    var columnOffset = 0

    mutating func arrange(_ snapshot: Snapshot, now: UInt64, mayReorder: Bool) {
        let column = EndedColumn.table[sort.rawValue]
        let predicate = filter.active
        total = snapshot.ended.count
        let found = snapshot.ended.compactMap { row -> (id: SessionID, key: SortKey)? in
            if let predicate, !predicate.matches(row, in: snapshot) { return nil }
            return (row.id, column.key(of: row))
        }
        rows.arrange(found, now: now, keepsCursor: false, mayReorder: mayReorder)
    }
}

extension EndedTable: SortedTable {
    package var sortTitles: [String] { EndedColumn.table.map(\.title) }
    package var sortNames: [String] { EndedColumn.allCases.map { "\($0)".lowercased() } }
    package var sortIndex: Int { sort.rawValue }
    package var isDescending: Bool { rows.isDescending }
    package var isHeld: Bool { rows.isHeld }

    package mutating func chooseSort(_ index: Int) {
        sort = EndedColumn.allCases[index]
        rows.isDescending = !sort.isText
        rows.isStale = true
    }

    package mutating func reverse() {
        rows.isDescending.toggle()
        rows.isStale = true
    }

    package mutating func toggleHold() { rows.isHeld.toggle() }
}
