/// Where a key applies.
package struct KeyScope: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let overview = KeyScope(rawValue: 1)
    package static let connections = KeyScope(rawValue: 2)
    package static let streams = KeyScope(rawValue: 4)
    package static let trace = KeyScope(rawValue: 8)
    package static let events = KeyScope(rawValue: 16)
    package static let inspector = KeyScope(rawValue: 32)
    package static let help = KeyScope(rawValue: 64)
    package static let dialog = KeyScope(rawValue: 128)
    package static let menu = KeyScope(rawValue: 256)
    package static let prompt = KeyScope(rawValue: 512)
    package static let graphs = KeyScope(rawValue: 1024)
    package static let history = KeyScope(rawValue: 2048)

    static let views: KeyScope = [
        .overview, .connections, .streams, .trace, .events, .graphs, .history, .inspector, .help,
    ]
    static let tables: KeyScope = [.overview, .connections, .streams, .history]
    /// Tables of what is there now: rows can be marked and acted on.
    static let living: KeyScope = [.overview, .connections, .streams]
    static let logs: KeyScope = [.trace, .events]
    static let sessions: KeyScope = [.overview, .connections, .streams, .inspector]

    /// Every single scope.
    package static let each: [KeyScope] = [
        .overview, .connections, .streams, .trace, .events, .graphs, .history, .inspector, .help,
        .dialog, .menu, .prompt,
    ]
}

/// The keys, once: what they do, where, and what hints and help say of them (DESIGN §8).
///
/// The static rows are those of the program; a value has them with a preset and the user's changes.
package struct KeyMap: Sendable {
    /// The rows in force.
    package let rows: [Row]
    private let table: [Place: Action]
    /// Those with a hint, the most needed first.
    private let hinted: [Row]

    package enum Section: String, CaseIterable, Sendable {
        case move = "Move"
        case see = "See"
        case act = "Act"
        case dialogs = "Dialogs and prompts"
    }

    package struct Row: Sendable {
        package var keys: [Key]
        package var action: Action
        package var scopes: KeyScope
        package var section: Section
        package var help: String
        /// One word for the hints row; nil: not shown there.
        package var hint: String?

        init(
            _ keys: [Key], _ action: Action, _ scopes: KeyScope, _ section: Section,
            _ help: String, hint: String? = nil
        ) {
            self.keys = keys
            self.action = action
            self.scopes = scopes
            self.section = section
            self.help = help
            self.hint = hint
        }

        package var keyNames: String { keys.map(\.name).joined(separator: " ") }

        /// It changes a session: not there in a read-only console.
        package var isAct: Bool { action == .kill || action == .killPlayers }
    }

    package static let standardRows: [Row] = moving + seeing + acting + answering
    package static let standard = KeyMap(rows: standardRows)

    private static let moving: [Row] = [
        Row([.character("j"), .down], .down, [.views, .dialog], .move, "row down"),
        Row([.character("k"), .up], .up, [.views, .dialog], .move, "row up"),
        Row(
            [.character("h"), .left], .left, [.tables, .logs, .graphs, .dialog], .move,
            "fold, scroll columns, cursor of graphs"),
        Row(
            [.character("l"), .right], .right, [.tables, .logs, .graphs, .dialog], .move,
            "unfold, scroll columns; of events the detail"),
        Row([.character("g"), .home], .first, .views, .move, "first"),
        Row([.character("G"), .end], .last, .views, .move, "last; in a log: follow"),
        Row([.control("f"), .pageDown], .pageDown, .views, .move, "page down"),
        Row([.control("b"), .pageUp], .pageUp, .views, .move, "page up"),
        Row([.control("d")], .halfPageDown, .views, .move, "half a page down"),
        Row([.control("u")], .halfPageUp, .views, .move, "half a page up"),
        Row(
            [.tab], .nextPanel,
            [.overview, .connections, .trace, .graphs, .history, .inspector, .help],
            .move, "next panel, page or section; preview", hint: "Panel"),
        Row(
            [.backTab], .previousPanel,
            [.overview, .connections, .trace, .graphs, .history, .inspector, .help],
            .move, "previous panel"),
        Row(
            [.enter, .character("i")], .open,
            [.overview, .connections, .streams, .events, .graphs, .history], .move,
            "inspect, open", hint: "Open"),
        Row(
            [.enter, .character("i")], .open, .inspector, .move,
            "the panel over the whole screen; of commands the AMF tree", hint: "Zoom"),
        Row([.character("z")], .zoomPanel, .inspector, .move, "the panel over the whole screen"),
        Row([.enter], .open, .trace, .move, "take the message apart", hint: "Decode"),
        Row([.character("i")], .inspect, .trace, .move, "inspect the session of a chunk"),
        Row([.escape], .back, .views, .move, "close, back; never quits", hint: "Back"),
    ]

    private static let seeing: [Row] =
        ViewKind.allCases.map { view in
            Row(
                [.character(Unicode.Scalar(UInt8(48 + view.rawValue)))], .view(view), .views, .see,
                view.title.lowercased())
        } + [
            Row([.character("[")], .historyBack, .views, .see, "view before"),
            Row([.character("]")], .historyForward, .views, .see, "view after"),
            Row(
                [.character("(")], .previousSession, .inspector, .see, "previous session"),
            Row([.character(")")], .nextSession, .inspector, .see, "next session", hint: "Next"),
            Row(
                [.character("/"), .function(4)], .filter, [.tables, .logs, .help], .see,
                "filter, live while typing", hint: "Filter"),
            Row(
                [.character("\\")], .toggleFilter, [.tables, .logs, .help], .see,
                "filter off and on"),
            Row([.character("f")], .find, .logs, .see, "find, and hide nothing", hint: "Find"),
            Row([.character("n")], .findNext, .logs, .see, "next that was found"),
            Row([.character("N")], .findPrevious, .logs, .see, "the one before"),
            Row(
                [.character("x")], .hexMode, .trace, .see,
                "hex of this chunk, of the message, none", hint: "Hex"),
            Row([.character("v")], .treeOrList, .trace, .see, "messages or all chunks"),
            Row(
                [.character("D")], .deltaMode, .trace, .see,
                "time since the line before, accept, mark", hint: "Delta"),
            Row([.character("m")], .mark, .trace, .see, "mark with a letter", hint: "Mark"),
            Row([.character("'")], .goToMark, .trace, .see, "go to a mark"),
            Row(
                [.character("e")], .errorsOnly, [.connections, .events], .see,
                "only warnings and errors", hint: "Errors"),
            Row(
                [.character("s"), .function(6)], .sortMenu, .tables, .see, "sort by ...",
                hint: "Sort"),
            Row([.character("S")], .reverseSort, .tables, .see, "reverse the order"),
            Row([.character("<")], .sortLeft, .tables, .see, "sort by the column before"),
            Row([.character(">")], .sortRight, .tables, .see, "sort by the column after"),
            Row([.character("o")], .holdOrder, .tables, .see, "hold the order"),
            Row(
                [.character("c")], .columns, [.overview, .connections], .see,
                "choose and order columns", hint: "Columns"),
            Row(
                [.character("b")], .rateWindow, [.overview, .connections], .see,
                "rates over 1, 10, 60 s"),
            Row([.character("T")], .themes, .views, .see, "themes, as one looks at them"),
            Row([.character("p"), .character("Z")], .pause, .views, .see, "pause", hint: "Pause"),
            Row(
                [.character("F")], .follow, .logs, .see, "follow the newest", hint: "Follow"),
            Row(
                [.character("+")], .faster, .views.subtracting(.graphs), .see, "refresh faster"),
            Row(
                [.character("-")], .slower, .views.subtracting(.graphs), .see, "refresh slower"),
            Row([.character("+")], .zoomIn, .graphs, .see, "less time, closer", hint: "Zoom"),
            Row([.character("-")], .zoomOut, .graphs, .see, "more time, to an hour"),
            Row([.character("u")], .logScale, .graphs, .see, "logarithmic scale", hint: "Log"),
            Row(
                [.character("a")], .subject, .graphs, .see, "the server, or the session chosen",
                hint: "All/one"),
            Row([.character("M")], .mask, .views, .see, "stream keys hidden, shown"),
            Row([.character("H")], .hints, .views, .see, "hints row off, on"),
            Row([.control("l")], .redraw, .views, .see, "draw all again"),
            Row([.character("?"), .function(1)], .help, .views, .see, "help", hint: "Help"),
        ]

    private static let acting: [Row] = [
        Row(
            [.character("K"), .function(9)], .kill, .sessions, .act,
            "kill session, or the marked ones (asks)", hint: "Kill"),
        Row(
            [.character("A")], .killPlayers, [.overview, .streams], .act,
            "kick all players of a stream (asks)"),
        Row([.character(" ")], .markRow, .living, .act, "mark this row"),
        Row([.character("U")], .unmark, .living, .act, "unmark all"),
        Row(
            [.character(":")], .command, .views, .act, "command; Tab completes", hint: "Command"),
        Row([.control("r")], .repeatCommand, .views, .act, "the last command again"),
        Row(
            [.character("a")], .note, [.overview, .connections, .streams, .history, .inspector],
            .act, "a note on the session"),
        Row(
            [.character("y")], .copy, .views.subtracting(.help), .act,
            "copy to the clipboard", hint: "Copy"),
        Row(
            [.character("Y")], .copyToFile, .views.subtracting(.help), .act,
            "the same into clip.txt"),
        Row([.character("w")], .write, .views, .act, "write this view to a file", hint: "Write"),
        Row(
            [.control("z")], .detach, .views, .act, "hide the console; the server serves on"),
        Row(
            [.character("t")], .trace, [.sessions, .logs], .act, "trace its chunks, or stop",
            hint: "Trace"),
        Row(
            [.character("q"), .function(10)], .quit, .views, .act, "back; at the top: quit (asks)",
            hint: "Quit"),
        Row([.control("c")], .leave, [.views, .dialog, .menu, .prompt], .act, "quit (asks)"),
    ]

    private static let answering: [Row] = [
        Row([.character("y")], .yes, .dialog, .dialogs, "yes", hint: "Yes"),
        Row([.character("n"), .escape], .no, .dialog, .dialogs, "no", hint: "No"),
        Row([.tab], .nextPanel, .dialog, .dialogs, "next field", hint: "Next"),
        Row([.backTab], .previousPanel, .dialog, .dialogs, "field before"),
        Row([.enter], .open, [.dialog, .menu], .dialogs, "press what is in focus", hint: "Choose"),
        Row([.down], .down, .menu, .dialogs, "next in the menu; a letter chooses"),
        Row([.up], .up, .menu, .dialogs, "previous in the menu"),
        Row([.escape], .no, .menu, .dialogs, "close the menu", hint: "Close"),
        Row([.character(" ")], .toggle, .dialog, .dialogs, "choose, tick"),
        Row([.backspace], .backspace, [.dialog, .prompt], .dialogs, "erase before the cursor"),
        Row([.enter], .open, .prompt, .dialogs, "keep the filter, do the command", hint: "OK"),
        Row([.escape], .no, .prompt, .dialogs, "the filter as it was", hint: "Cancel"),
        Row([.left], .left, .prompt, .dialogs, "cursor left"),
        Row([.right], .right, .prompt, .dialogs, "cursor right"),
        Row([.up], .older, .prompt, .dialogs, "older text", hint: "Older"),
        Row([.down], .newer, .prompt, .dialogs, "newer text"),
        Row([.control("a"), .home], .lineStart, .prompt, .dialogs, "start of the line"),
        Row([.control("e"), .end], .lineEnd, .prompt, .dialogs, "end of the line"),
        Row([.control("u")], .eraseBefore, .prompt, .dialogs, "erase to the start"),
        Row([.control("k")], .eraseAfter, .prompt, .dialogs, "erase to the end"),
        Row([.control("w")], .eraseWord, .prompt, .dialogs, "erase a word"),
        Row([.delete], .deleteForward, .prompt, .dialogs, "erase under the cursor"),
        Row([.control("y")], .yank, .prompt, .dialogs, "put back what was erased"),
        Row([.tab], .complete, .prompt, .dialogs, "complete", hint: "Complete"),
        Row([.backTab], .completeBack, .prompt, .dialogs, "the completion before"),
    ]

    init(rows: [Row]) {
        self.rows = rows
        var table: [Place: Action] = [:]
        for row in rows {
            for scope in KeyScope.each where row.scopes.contains(scope) {
                for key in row.keys { table[Place(key: key, scope: scope)] = row.action }
            }
        }
        self.table = table
        hinted = rows.filter { $0.hint != nil }.enumerated().sorted {
            (Self.rank($0.element.action), $0.offset)
                < (Self.rank($1.element.action), $1.offset)
        }.map(\.element)
    }

    /// What a key does in one scope.
    package func action(for key: Key, in scope: KeyScope) -> Action? {
        table[Place(key: key, scope: scope)]
    }

    private struct Place: Hashable {
        var key: Key
        var scope: KeyScope
    }

    /// Rows that are hinted at in a scope, the most needed first.
    package func hints(in scope: KeyScope, isReadOnly: Bool) -> [Row] {
        hinted.filter { $0.scopes.contains(scope) && !(isReadOnly && $0.isAct) }
    }

    private static func rank(_ action: Action) -> Int {
        switch action {
        case .help: 0
        case .filter: 1
        case .open, .yes: 2
        case .kill, .no: 3
        case .pause: 4
        case .quit: 9
        case .back: 8
        default: 5
        }
    }
}
