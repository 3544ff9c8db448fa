import Monitor

/// The dialog of `c`: which columns, in which order, how wide (DESIGN §6, §8).
package struct ColumnChooser: Sendable {
    /// The columns as they are now, shown ones first, in their order.
    package internal(set) var choice: ColumnChoice
    package internal(set) var cursor: SessionColumn
    /// Where Esc goes back to.
    let original: ColumnChoice

    init(_ choice: ColumnChoice) {
        self.choice = choice
        original = choice
        cursor = choice.shown.first ?? .id
    }

    /// Every column once: those shown, then the others.
    package var list: [SessionColumn] {
        choice.shown
            + SessionColumn.allCases.filter { column in
                column != .severity && !choice.shown.contains(column)
            }
    }

    mutating func move(by step: Int) {
        let list = list
        let index = list.firstIndex(of: cursor) ?? 0
        cursor = list[min(max(index + step, 0), list.count - 1)]
    }
}

extension ConsoleState {
    /// The table of sessions on this page; nil: there is none.
    private var sessionTable: WritableKeyPath<ConsoleState, SessionTable>? {
        switch page {
        case .view(.overview): isStreamPanelActive ? nil : \.overviewSessions
        case .view(.connections): \.connections
        default: nil
        }
    }

    mutating func openColumns(at now: UInt64) {
        guard let table = sessionTable else {
            say("the columns of connections are chosen where they are shown: 2", at: now)
            return
        }
        dialog = .columns(ColumnChooser(self[keyPath: table].choice))
        isDialogDrawn = false
    }

    /// Space shows or hides, `<` `>` move, `+` `-` change the width, `d` is the default.
    mutating func answer(_ chooser: ColumnChooser, _ key: Key, _ action: Action?) {
        guard let table = sessionTable else { return dialog = nil }
        var chooser = chooser
        switch (key, action) {
        case (.character(" "), _): chooser.choice.toggle(chooser.cursor)
        case (.character("<"), _), (.left, _): chooser.choice.move(chooser.cursor, by: -1)
        case (.character(">"), _), (.right, _): chooser.choice.move(chooser.cursor, by: 1)
        case (.character("+"), _): chooser.choice.widen(chooser.cursor, by: 1)
        case (.character("-"), _): chooser.choice.widen(chooser.cursor, by: -1)
        case (.character("d"), _): chooser.choice = .standard
        case (_, .up): chooser.move(by: -1)
        case (_, .down): chooser.move(by: 1)
        case (_, .open):
            dialog = nil
            return
        case (_, .no):
            self[keyPath: table].choice = chooser.original
            dialog = nil
            return
        default: return
        }
        self[keyPath: table].choice = chooser.choice
        dialog = .columns(chooser)
    }
}
