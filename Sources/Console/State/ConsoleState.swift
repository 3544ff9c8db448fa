package import Monitor
package import Telemetry

/// All that the console remembers between two keys: a value that `reduce` changes and views draw.
///
/// It reads no clock and no terminal: the time comes in with every call, on the same monotonic clock
/// as `Snapshot.takenAtNanoseconds`.
package struct ConsoleState: Sendable {
    package struct Options: Sendable {
        package var view = ViewKind.overview
        package var glyphs = GlyphSet.unicode
        /// Of the theme that is worn; `settings.theme` is what it was asked for by.
        package var themeName = "dark"
        /// Of the wall clock that is shown.
        package var utcOffsetSeconds = 0
        /// Those there are to choose from; none: the theme stays as it is.
        package var themeNames: [String] = []
        /// What was read at the start.
        package var settings = Settings()

        package init() {}
    }

    /// Where one is: a tab.
    package enum Page: Hashable, Sendable {
        case view(ViewKind)
        case inspector(SessionID)
        case help
    }

    package enum Dialog: Sendable {
        case kill(KillDialog)
        case quit(QuitDialog)
        case sort(SortMenu)
        case columns(ColumnChooser)
        case themes(ThemePicker)
        /// The holds, and which of them the cursor is on.
        case holds(Int)
        case choice(ChoiceMenu)
    }

    package struct QuitDialog: Sendable {
        package enum Field: Int, CaseIterable, Hashable, Sendable {
            case stay
            /// The console goes, the server serves on.
            case detach
            case quit

            var words: String {
                switch self {
                case .stay: "Stay"
                case .detach: "Detach: keep serving"
                case .quit: "Quit"
                }
            }
        }

        package internal(set) var focus = Field.stay
        let openedAtNanoseconds: UInt64
    }

    package struct SortMenu: Sendable {
        package internal(set) var index: Int
    }

    /// A line for the user, gone after a while.
    package struct Message: Sendable {
        package var text: String
        package var role: Role
        var untilNanoseconds: UInt64
    }

    package internal(set) var options: Options
    package internal(set) var width = 80
    package internal(set) var height = 24

    /// The pages one was on, and which of them is shown.
    package internal(set) var trail: [Page]
    package internal(set) var trailIndex = 0
    /// Open inspectors, each a tab.
    package internal(set) var inspectors: [InspectorState] = []

    package internal(set) var overviewSessions = SessionTable(sort: .severity)
    package internal(set) var overviewStreams = StreamTree()
    /// Tab on the overview moves between its two tables.
    package internal(set) var isStreamPanelActive = false
    package internal(set) var connections = SessionTable(sort: .rateOut)
    package internal(set) var streams = StreamTree()
    package internal(set) var traceLog = LogState()
    package internal(set) var traceFilter = FilterState<TraceEntry>()
    package internal(set) var traceFind = FilterState<TraceEntry>()
    package internal(set) var traceView = TraceViewState()
    package internal(set) var eventLog = LogState()
    package internal(set) var eventFilter = FilterState<JournalEntry>()
    package internal(set) var eventFind = FilterState<JournalEntry>()
    package internal(set) var eventErrorsOnly = false
    /// 0: all columns; from 1 on DETAIL alone, so many widths further to the right.
    var eventShift = 0
    /// A search that is not through yet.
    var search: Search?
    /// What is to be found was just typed.
    var wantsFind = false
    package internal(set) var graphs = GraphState()
    package internal(set) var ended = EndedTable()
    package internal(set) var helpTop = 0
    /// Words that the lines of help must hold; no expression.
    var helpFilter = FilterLine()

    package internal(set) var dialog: Dialog?
    package internal(set) var prompt: FilterPrompt?
    package internal(set) var command: CommandPrompt?
    /// The dialog has been on the screen: only then do its keys count.
    package internal(set) var isDialogDrawn = false
    package internal(set) var message: Message?
    /// The terminal hung up: drawing is over.
    package internal(set) var isTerminalLost = false

    /// What the views show while paused.
    package internal(set) var frozen: Snapshot?
    /// Sessions whose chunks are recorded by our wish.
    package internal(set) var traced: Set<SessionID> = []
    /// Sessions that are acted on together.
    package internal(set) var marks: Set<SessionID> = []
    /// Names that were kicked from here and may not come back yet, the oldest first.
    package internal(set) var holds: [Hold] = []
    /// What is in force but for sort, columns and filter, which the table itself holds; all of it
    /// is `currentSettings`.
    package internal(set) var settings = Settings() {
        didSet {
            guard settings.preset != oldValue.preset || settings.keys != oldValue.keys else {
                return
            }
            keys = KeyMap(preset: settings.preset, changes: settings.keys)
        }
    }
    /// Made from the settings.
    package private(set) var keys = KeyMap.standard
    /// Rows of sessions that are gone but still looked at.
    package internal(set) var kept: [SessionID: SessionRow] = [:]
    /// The newest warnings and errors of the journal, newest last.
    package internal(set) var warnings: [JournalEntry] = []
    var warningsSeenTo = 0
    static let warningLimit = 16
    var filterHistory: [String] = []
    var commandHistory: [String] = []
    /// Acts that were asked for and not yet reported, with the time of asking.
    var pendingKills: [SessionID: UInt64] = [:]
    var killBatch: KillBatch?
    var lastClick: Click?
    /// The place of a grave dialog that the button went down on.
    var pressedSpot: Int?
    var journalSeenTo: Int?
    var inspected: Set<SessionID> = []

    package static let inspectorLimit = 4
    static let trailLimit = 50
    static let refreshRates = [10.0, 4, 2, 1, 0.5, 0.2]

    package init(options: Options = Options()) {
        self.options = options
        trail = [.view(options.view)]
        overviewStreams.sort = .rateIn
        overviewStreams.streams.isDescending = true
        apply(options.settings)
    }

    package var page: Page { trail[trailIndex] }
    package var isPaused: Bool { frozen != nil }
    /// The terminal is slow: data is drawn half as often for each.
    package var halvings = 0
    package var drawnHertz: Double {
        (0..<halvings).reduce(settings.refresh) { hertz, _ in hertz / 2 }
    }
    /// Everything is to be drawn anew so often; nil: never.
    package var redrawNanoseconds: UInt64? {
        settings.redrawSeconds > 0 ? UInt64(settings.redrawSeconds) * 1_000_000_000 : nil
    }

    mutating func changeRefresh(by step: Int) {
        let index = Self.refreshRates.firstIndex(of: settings.refresh) ?? 1
        settings.refresh =
            Self.refreshRates[min(max(index + step, 0), Self.refreshRates.count - 1)]
    }

    /// The executable tells that what `reduce` led to is on the screen.
    package mutating func didDraw() {
        guard ScreenLayout(self).size != .tiny else {
            // A kill dialog that does not fit cannot be read.
            if case .quit = dialog { isDialogDrawn = true }
            return
        }
        isDialogDrawn = dialog != nil
    }

    /// A yes in it ends something.
    var isDialogGrave: Bool {
        switch dialog {
        case .kill, .quit: true
        case .sort, .columns, .themes, .holds, .choice, nil: false
        }
    }

    var inspectorIndex: Int? {
        guard case .inspector(let id) = page else { return nil }
        return inspectors.firstIndex { $0.id == id }
    }

    var scope: KeyScope {
        switch dialog {
        case .kill, .quit: return .dialog
        case .sort, .columns, .themes, .holds, .choice: return .menu
        case nil: break
        }
        if prompt != nil || command != nil { return .prompt }
        switch page {
        case .view(.overview): return .overview
        case .view(.connections): return .connections
        case .view(.streams): return .streams
        case .view(.trace): return .trace
        case .view(.events): return .events
        case .view(.graphs): return .graphs
        case .view(.history): return .history
        case .inspector: return .inspector
        case .help: return .help
        }
    }

    /// The session the cursor of this page stands on.
    package var cursorSession: SessionID? {
        switch page {
        case .view(.overview): isStreamPanelActive ? nil : overviewSessions.rows.cursor
        case .view(.connections): connections.rows.cursor
        case .view(.streams):
            if case .session(let id, _) = streams.cursor { id } else { nil }
        case .inspector(let id): id
        case .view(.history): ended.rows.cursor
        case .view(.trace), .view(.events), .view(.graphs), .help: nil
        }
    }
}

/// The prompt of `/`, live while typing: the last expression that parsed stays applied; and of `f`.
package struct FilterPrompt: Sendable {
    package internal(set) var line: LineEditor
    /// What was in force when the prompt opened.
    let original: FilterLine
    /// Finds and hides nothing.
    package let isFind: Bool
    /// Where the text stops making sense and what was expected there; set by Enter.
    package internal(set) var fault: FilterError?
    var completion: Completion?

    /// What Tab has found, for the end of the line.
    package var offers: [String] { completion?.candidates ?? [] }
}

/// Acts that were asked for together, and how many of them are done.
struct KillBatch: Sendable {
    let total: Int
    let askedAtNanoseconds: UInt64
    var closed = 0
}
