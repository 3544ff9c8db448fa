import Monitor
import Telemetry

/// How the tables are sorted.
extension ConsoleState {
    mutating func withSort(_ change: (inout any SortedTable) -> Void) {
        var table: any SortedTable
        switch page {
        case .view(.overview):
            table = isStreamPanelActive ? overviewStreams : overviewSessions
            change(&table)
            if let changed = table as? StreamTree { overviewStreams = changed }
            if let changed = table as? SessionTable { overviewSessions = changed }
        case .view(.connections):
            table = connections
            change(&table)
            if let changed = table as? SessionTable { connections = changed }
        case .view(.streams):
            table = streams
            change(&table)
            if let changed = table as? StreamTree { streams = changed }
        case .view(.history):
            table = ended
            change(&table)
            if let changed = table as? EndedTable { ended = changed }
        case .view(.trace), .view(.events), .view(.graphs), .inspector, .help: break
        }
    }

    /// The sort of this page's table, for the menu and the title.
    package var sortedTable: (any SortedTable)? {
        switch page {
        case .view(.overview): isStreamPanelActive ? overviewStreams : overviewSessions
        case .view(.connections): connections
        case .view(.streams): streams
        case .view(.history): ended
        case .view(.trace), .view(.events), .view(.graphs), .inspector, .help: nil
        }
    }

    /// No table reorders by itself until somebody lets it (`o`).
    package mutating func holdOrders() {
        overviewSessions.rows.isHeld = true
        overviewStreams.streams.isHeld = true
        connections.rows.isHeld = true
        streams.streams.isHeld = true
        ended.rows.isHeld = true
    }

    mutating func openSortMenu() {
        guard let table = sortedTable else { return }
        dialog = .sort(SortMenu(index: table.sortIndex))
        isDialogDrawn = false
    }

    mutating func answer(_ menu: SortMenu, _ key: Key, _ action: Action?) {
        guard let count = sortedTable?.sortTitles.count else { return }
        if case .character(let scalar) = key, let index = SortMenu.index(of: scalar), index < count
        {
            return sort(by: index)
        }
        switch action {
        case .up: dialog = .sort(SortMenu(index: (menu.index + count - 1) % count))
        case .down: dialog = .sort(SortMenu(index: (menu.index + 1) % count))
        case .open: sort(by: menu.index)
        case .no: dialog = nil
        default: break
        }
    }

    mutating func sort(by index: Int) {
        dialog = nil
        withSort { $0.chooseSort(index) }
    }
}

extension ConsoleState.SortMenu {
    /// A letter a column: `a` to `z`, then `A` to `Z`.
    private static let letters = Array(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".unicodeScalars)

    static func index(of letter: Unicode.Scalar) -> Int? { letters.firstIndex(of: letter) }

    static func letter(of index: Int) -> Character {
        letters.indices.contains(index) ? Character(letters[index]) : " "
    }
}

/// What the sort keys and the sort menu need of a table, of sessions or of streams.
package protocol SortedTable: Sendable {
    var sortTitles: [String] { get }
    /// The same as `:sort` takes them.
    var sortNames: [String] { get }
    var sortIndex: Int { get }
    var isDescending: Bool { get }
    var isHeld: Bool { get }
    mutating func chooseSort(_ index: Int)
    mutating func reverse()
    mutating func toggleHold()
}

extension SortedTable {
    mutating func step(_ step: Int) {
        let count = sortTitles.count
        chooseSort((sortIndex + step + count) % count)
    }
}

extension SessionTable: SortedTable {
    package var sortTitles: [String] { SessionColumn.table.map(\.title) }
    package var sortNames: [String] { SessionColumn.allCases.map(\.name) }
    package var sortIndex: Int { sort.rawValue }
    package var isDescending: Bool { rows.isDescending }
    package var isHeld: Bool { rows.isHeld }

    package mutating func chooseSort(_ index: Int) { choose(SessionColumn.allCases[index]) }

    package mutating func reverse() {
        rows.isDescending.toggle()
        rows.isStale = true
    }

    package mutating func toggleHold() { rows.isHeld.toggle() }
}

extension StreamTree: SortedTable {
    package var sortTitles: [String] { StreamColumn.table.map(\.title) }
    package var sortNames: [String] { sortTitles.map(SessionColumn.name(ofTitle:)) }
    package var sortIndex: Int { sort.rawValue }
    package var isDescending: Bool { streams.isDescending }
    package var isHeld: Bool { streams.isHeld }

    package mutating func chooseSort(_ index: Int) { choose(StreamColumn.allCases[index]) }

    package mutating func reverse() {
        streams.isDescending.toggle()
        streams.isStale = true
    }

    package mutating func toggleHold() { streams.isHeld.toggle() }
}
