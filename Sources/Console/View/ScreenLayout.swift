/// Where everything stands for a size: one answer for the views that draw and for the keys that
/// scroll (DESIGN §17).
struct ScreenLayout: Sendable {
    enum Size: Sendable {
        /// Below 60 × 20: a message.
        case tiny
        /// One table.
        case small
        /// From 80 × 24.
        case medium
        /// From 120 × 40.
        case large
        /// From 200 × 60: tables side by side.
        case huge
    }

    let size: Size
    let bounds: Rect
    let title: Rect
    let tabs: Rect
    let body: Rect
    let message: Rect
    let hints: Rect
    private let isPreviewShown: Bool
    private let isPostMortemShown: Bool
    private let isTraceOpen: Bool
    private let isHexShown: Bool
    private let traceFocus: TraceViewState.Focus
    private let page: ConsoleState.Page
    /// The one in view.
    private let inspectorState: InspectorState?

    init(_ state: ConsoleState) {
        self.init(state, width: state.width, height: state.height)
    }

    init(_ state: ConsoleState, width: Int, height: Int) {
        bounds = Rect(x: 0, y: 0, width: width, height: height)
        size =
            if width < 60 || height < 20 {
                .tiny
            } else if width < 80 || height < 24 {
                .small
            } else if width < 120 || height < 40 {
                .medium
            } else if width < 200 || height < 60 {
                .large
            } else {
                .huge
            }
        let hintRows = state.settings.showsHints ? 1 : 0
        let (title, belowTitle) = bounds.split(top: 1)
        let (tabs, belowTabs) = belowTitle.split(top: 1)
        let (upper, hints) = belowTabs.split(top: belowTabs.height - hintRows)
        let (body, message) = upper.split(top: upper.height - 1)
        self.title = title
        self.tabs = tabs
        self.body = body
        self.message = message
        self.hints = hints
        isPreviewShown = state.settings.showsPreview
        isPostMortemShown = state.ended.isPostMortemShown
        isTraceOpen = state.traceView.isOpen
        isHexShown = state.traceView.hex != .off
        traceFocus = state.traceView.focus
        page = state.page
        inspectorState = state.inspectorIndex.map { state.inspectors[$0] }
    }

    // MARK: Overview

    struct Overview {
        var graphIn = Rect.none
        var graphOut = Rect.none
        var server = Rect.none
        var warnings = Rect.none
        /// With their borders where they have any.
        var streams = Rect.none
        var sessions = Rect.none
        /// The newest events, on huge screens only.
        var events = Rect.none
        var streamRows = 0
        var sessionRows = 0
    }

    var overview: Overview {
        var places = Overview()
        switch size {
        case .large, .huge:
            let graphHeight = body.height >= 50 ? 10 : 7
            let (graphs, belowGraphs) = body.split(top: graphHeight)
            let (boxes, tables) = belowGraphs.split(top: 7)
            (places.graphIn, places.graphOut) = graphs.split(left: graphs.width / 2)
            (places.server, places.warnings) = boxes.split(left: boxes.width / 2)
            if size == .huge {
                let (upper, events) = tables.split(top: tables.height - tables.height / 4)
                (places.streams, places.sessions) = upper.split(left: upper.width / 2)
                places.events = events
            } else {
                (places.streams, places.sessions) = tables.split(top: tables.height * 3 / 8)
            }
            places.streamRows = places.streams.height - 3
            places.sessionRows = places.sessions.height - 3
        case .medium:
            let (graphs, belowGraphs) = body.split(top: 1)
            (places.graphIn, places.graphOut) = graphs.split(left: graphs.width / 2)
            let (server, belowServer) = belowGraphs.split(top: 1)
            let (warnings, tables) = belowServer.split(top: 5)
            places.server = server
            places.warnings = warnings
            places.streamRows = max((tables.height - 3) / 4, 2)
            let (streams, below) = tables.split(top: places.streamRows + 1)
            places.streams = streams
            places.sessions = below.split(top: 1).1
            places.sessionRows = places.sessions.height - 1
        case .small, .tiny:
            let (graphs, belowGraphs) = body.split(top: 1)
            (places.graphIn, places.graphOut) = graphs.split(left: graphs.width / 2)
            (places.warnings, places.sessions) = belowGraphs.split(top: 1)
            places.sessionRows = places.sessions.height - 1
        }
        return places
    }

    // MARK: Tables and logs

    /// The table with its header, and the preview below or beside it, if there is room for one.
    var connections: (table: Rect, preview: Rect?) {
        guard isPreviewShown, bounds.height >= 30, size != .tiny else { return (body, nil) }
        if size == .huge { return body.split(left: body.width - 74) }
        return body.split(top: body.height - 8)
    }

    var overviewSessionRows: Int { max(overview.sessionRows, 0) }
    var overviewStreamRows: Int { max(overview.streamRows, 0) }
    var connectionRows: Int { max(connections.table.height - 1, 0) }
    var streamRows: Int { max(body.height - 1, 0) }
    var logRows: Int { max(body.height - 1, 0) }

    /// The sessions that ended, and the post-mortem of one, if there is room for it.
    var history: (table: Rect, postMortem: Rect?) {
        guard isPostMortemShown, bounds.height >= 24, size != .tiny else { return (body, nil) }
        let (table, postMortem) = body.split(top: body.height - 10)
        return (table, postMortem)
    }

    var historyRows: Int { max(history.table.height - 1, 0) }

    // MARK: Graphs

    /// Columns of a curve: without its frame and its axis.
    var graphWidth: Int { body.width - 2 - GraphsView.axisWidth }

    /// How many curves stand one above the other.
    func graphRows(of count: Int) -> Int { max(min(body.height / 8, count), 1) }

    // MARK: Trace

    struct Trace {
        /// The chunks, with their header.
        var lines = Rect.none
        /// With their borders.
        var fields = Rect.none
        var bytes = Rect.none
    }

    var trace: Trace {
        var places = Trace()
        switch size {
        case .huge:
            let (lines, panes) = body.split(left: body.width - 88)
            places.lines = lines
            (places.fields, places.bytes) = panes.split(
                top: isHexShown ? panes.height * 3 / 5 : panes.height)
        case .large:
            let (lines, panes) = body.split(top: body.height * 3 / 7)
            places.lines = lines
            (places.fields, places.bytes) = panes.split(
                left: isHexShown ? min(46, panes.width - 74) : panes.width)
        case .small, .medium, .tiny:
            guard isTraceOpen else {
                places.lines = body
                break
            }
            (places.fields, places.bytes) = body.split(
                top: isHexShown ? body.height * 3 / 5 : body.height)
        }
        return places
    }

    var traceRows: Int { max(trace.lines.height - 1, 0) }

    // MARK: Inspector

    struct Inspector {
        var identity = Rect.none
        var tcp = Rect.none
        var handshake = Rect.none
        var control = Rect.none
        var windows = Rect.none
        var media = Rect.none
        var chunkStreams = Rect.none
        var rates = Rect.none
        var commands = Rect.none
        /// The AMF tree of the command under the cursor, on huge screens only.
        var tree = Rect.none

        subscript(panel: InspectorState.Panel) -> Rect {
            get { self[keyPath: Self.place(of: panel)] }
            set { self[keyPath: Self.place(of: panel)] = newValue }
        }

        private static func place(
            of panel: InspectorState.Panel
        ) -> WritableKeyPath<Inspector, Rect> {
            switch panel {
            case .identity: \.identity
            case .tcp: \.tcp
            case .handshake: \.handshake
            case .control: \.control
            case .windows: \.windows
            case .media: \.media
            case .chunkStreams: \.chunkStreams
            case .rates: \.rates
            case .commands: \.commands
            }
        }
    }

    var isInspectorPaged: Bool { bounds.width < 120 || bounds.height < 40 }

    /// All panels, or those of one page where they do not fit together, or the one that is zoomed.
    func inspector(_ inspector: InspectorState) -> Inspector {
        guard !inspector.isZoomed else {
            var places = Inspector()
            places[inspector.focus(isPaged: isInspectorPaged)] = body
            return places
        }
        return isInspectorPaged ? pagedInspector(inspector.page) : wholeInspector
    }

    private var wholeInspector: Inspector {
        let rightWidth = max(48, body.width * 2 / 5)
        var rest = body
        func row(_ height: Int) -> (Rect, Rect) {
            let (row, below) = rest.split(top: height)
            rest = below
            return row.split(left: row.width - rightWidth)
        }
        var places = Inspector()
        (places.identity, places.tcp) = row(6)
        (places.handshake, places.control) = row(7)
        (places.windows, places.media) = row(5)
        (places.chunkStreams, places.rates) = row(max(9, (body.height - 18) / 2))
        places.commands = rest
        if size == .huge {
            (places.commands, places.tree) = rest.split(left: rest.width * 3 / 5)
        }
        return places
    }

    private func pagedInspector(_ page: Int) -> Inspector {
        var places = Inspector()
        var rest = body
        func take(_ height: Int) -> Rect {
            let (row, below) = rest.split(top: height)
            rest = below
            return row
        }
        switch InspectorState.pages[page][0] {
        case .identity:
            places.identity = take(6)
            places.handshake = take(7)
            places.control = take(7)
        case .tcp:
            places.tcp = take(5)
            places.windows = take(5)
            places.media = take(5)
            places.rates = take(6)
        case .chunkStreams: places.chunkStreams = rest
        default: places.commands = rest
        }
        return places
    }

    var commandRows: Int { max(height(of: .commands) - 2, 0) }

    var chunkStreamRows: Int { max(height(of: .chunkStreams) - 3, 0) }

    private func height(of panel: InspectorState.Panel) -> Int {
        inspectorState.map { inspector($0)[panel].height } ?? 0
    }

    /// The AMF tree lies over the body.
    var treeRows: Int { max(body.height - 2, 0) }

    /// Rows that a page key moves by.
    var pageRows: Int {
        switch page {
        case .view(.overview): overviewSessionRows
        case .view(.connections): connectionRows
        case .view(.streams): streamRows
        case .view(.trace):
            switch traceFocus {
            case .lines: traceRows
            case .fields: trace.fields.height - 2
            case .bytes: trace.bytes.height - 2
            }
        case .view(.events): logRows
        case .view(.history): historyRows
        case .view(.graphs): 1
        case .inspector: commandRows
        case .help: body.height
        }
    }
}

extension Rect {
    static let none = Rect(x: 0, y: 0, width: 0, height: 0)
}
