import Monitor
import Telemetry

/// What stands around every view: title, tabs, message line, hints (DESIGN §4).
enum FrameView {
    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        drawTitle(scene, layout, on: &surface)
        drawTabs(scene, layout, on: &surface)
        drawHints(scene, layout, on: &surface)
    }

    // MARK: Title

    private static func drawTitle(
        _ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface
    ) {
        surface.fill(layout.title, role: .title)
        let isWide = layout.bounds.width >= 120
        let isNarrow = layout.bounds.width < 80
        let server = scene.snapshot.server
        let clock = scene.time(scene.snapshot.wallClockMilliseconds, milliseconds: false)
        let right = isWide ? "\(scene.state.options.themeName)  \(clock) " : "\(clock) "
        let limit = max(layout.bounds.width - TextWidth.cells(right) - 1, 0)

        var spans = [
            Span(" rtmp-top \(isWide ? " " : "")\(listen(server, isWide: isWide))", .title)
        ]
        spans.append(
            Span(
                isWide
                    ? "  up \(Format.clock(server.upNanoseconds))   "
                    : isNarrow ? "  " : " up \(Format.shortClock(server.upNanoseconds))  ",
                .title))
        spans += liveness(scene, isWide: isWide, isNarrow: isNarrow)
        if server.missed > 0 {
            spans.append(Span("  missed \(Format.grouped(server.missed))", .titlePaused))
        }
        var used = spans.reduce(0) { $0 + TextWidth.cells($1.text) }
        for word in status(scene, layout) where !word.text.isEmpty {
            let text = (isWide ? "  " : " ") + word.text
            // What has no room is left out, so that no word is cut.
            guard used + TextWidth.cells(text) <= limit else { continue }
            used += TextWidth.cells(text)
            spans.append(Span(text, .title))
        }
        surface.put(spans, x: 0, y: layout.title.y, limit: limit, cut: scene.glyphs.cut)
        surface.put(
            right, x: layout.bounds.width - TextWidth.cells(right), y: layout.title.y, role: .title)
    }

    private static func listen(_ server: ServerFigures, isWide: Bool) -> String {
        guard let first = server.listen.first else { return "" }
        let more = server.listen.count > 1 ? " +\(server.listen.count - 1)" : ""
        guard !isWide, let colon = first.lastIndex(of: ":") else { return first + more }
        return first[colon...] + more
    }

    private static func liveness(_ scene: Scene, isWide: Bool, isNarrow: Bool) -> [Span] {
        let state = scene.state
        guard let frozen = state.frozen else {
            let hertz = Format.fixed(state.drawnHertz, state.drawnHertz < 1 ? 1 : 0)
            let slow = state.halvings > 0 ? " (slow terminal)" : ""
            let rate = isNarrow ? "" : " \(hertz)\(isWide ? " " : "")Hz"
            return [Span("\(scene.glyphs.live) LIVE\(rate)\(slow)", .titleLive)]
        }
        let live = scene.live
        let behind = live.takenAtNanoseconds &- frozen.takenAtNanoseconds
        let events =
            live.journal.endNumber - frozen.journal.endNumber
            + live.trace.endNumber - frozen.trace.endNumber
        let seconds = Format.fixed(Double(behind) / 1_000_000_000, 1)
        return [
            Span(
                "\(scene.glyphs.paused) PAUSED -\(seconds) s  "
                    + "live +\(Format.grouped(events)) events", .titlePaused)
        ]
    }

    /// What the view itself has to say: counts, sort, following.
    private static func status(_ scene: Scene, _ layout: ScreenLayout) -> [Span] {
        let state = scene.state
        let snapshot = scene.snapshot
        switch state.page {
        case .view(.overview):
            let skipped = snapshot.server.skippedVideo
            return [
                Span(
                    Format.grouped(snapshot.server.connections)
                        + (snapshot.server.connections == 1 ? " conn" : " conns")),
                Span(Format.count(snapshot.streamCount, "stream")),
                Span(skipped > 0 ? "dropped \(Format.size(skipped))" : ""),
                Span(state.isReadOnly ? "read-only" : ""),
            ]
        case .view(.connections):
            let table = state.connections
            return [
                Span(
                    "\(Format.grouped(table.matching))/\(Format.grouped(table.total)) shown"
                )
            ] + sort(table, scene) + [
                Span(ConnectionsView.dropped(scene, layout)),
                Span(table.errorsOnly ? "only warnings" : ""),
                Span(
                    layout.bounds.width >= 120 || state.settings.rateWindow != .second
                        ? "rates \(state.settings.rateWindow.rawValue) s" : ""),
            ]
        case .view(.streams):
            return [
                Span(Format.count(snapshot.streamCount, "stream")),
                Span(Format.count(snapshot.server.players, "player")),
            ] + sort(state.streams, scene)
        case .view(.trace):
            return log(state.traceLog, scene) + [
                Span(
                    "\(Format.grouped(state.traceLog.count)) "
                        + (state.traceView.isFlat ? "chunks" : "lines")),
                Span(state.traceLog.isScanning ? "filtering" : ""),
                Span(state.search == nil ? "" : "finding"),
                Span(
                    snapshot.server.tracedSessions > 0
                        ? "\(Format.grouped(snapshot.server.tracedSessions)) traced" : ""),
                Span(layout.bounds.width >= 120 ? ring(scene) : ""),
            ]
        case .view(.events):
            return log(state.eventLog, scene) + [
                Span("\(Format.grouped(state.eventLog.count)) events"),
                Span(state.eventErrorsOnly ? "only warnings" : ""),
            ]
        case .view(.graphs): return GraphsView.status(scene, layout)
        case .view(.history):
            return [
                Span("\(Format.grouped(state.ended.total)) ended")
            ] + sort(state.ended, scene)
        case .help: return [Span(HelpView.position(scene, layout))]
        case .inspector(let id):
            guard layout.isInspectorPaged, let index = state.inspectorIndex else { return [] }
            let row = scene.session(id)
            return [
                Span("\(row?.roleWord ?? "") \(row?.streamWord ?? "")"),
                Span(
                    state.inspectors[index].isZoomed
                        ? "zoomed"
                        : "page \(state.inspectors[index].page + 1)/\(InspectorState.pages.count)"),
            ]
        }
    }

    private static func sort(_ table: any SortedTable, _ scene: Scene) -> [Span] {
        let arrow = table.isDescending ? scene.glyphs.descending : scene.glyphs.ascending
        return [
            Span("sort \(table.sortTitles[table.sortIndex]) \(arrow)"),
            Span(table.isHeld ? "held" : ""),
        ]
    }

    /// Whether the newest line is in view; paused, the title says already what is not shown.
    private static func log(_ log: LogState, _ scene: Scene) -> [Span] {
        if log.isFollowing { return [Span("following")] }
        guard scene.state.frozen == nil else { return [] }
        return [Span("+\(Format.grouped(log.newerCount)) newer")]
    }

    /// `ring 00:41, 18/67 MB`: how far back the trace goes, and what it takes.
    private static func ring(_ scene: Scene) -> String {
        let trace = scene.snapshot.trace
        // The lines of a handshake are older than the trace they stand in.
        let first = (trace.firstNumber..<min(trace.firstNumber + 16, trace.endNumber)).lazy
            .compactMap { trace[$0]?.record }.first { !$0.isHandshake }
        guard let first else { return "" }
        let age = Format.duration(scene.age(of: first.atNanoseconds))
        let bytes = max(scene.snapshot.server.traceBytes, 0) / 1_000_000
        return "ring \(age), \(bytes)/\(ServerFigures.traceByteLimit / 1_000_000) MB"
    }

    // MARK: Tabs

    private static func drawTabs(
        _ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface
    ) {
        for tab in tabs(scene.state, layout) {
            let isActive = tab.page == scene.state.page
            surface.put(
                isActive ? "[\(tab.text)]" : " \(tab.text) ", x: tab.columns.lowerBound,
                y: layout.tabs.y, role: isActive ? .tabActive : .tab)
        }
    }

    /// The tabs and where they stand.
    static func tabs(
        _ state: ConsoleState, _ layout: ScreenLayout
    ) -> [(text: String, page: ConsoleState.Page, columns: Range<Int>)] {
        var extra: [(String, ConsoleState.Page)] = state.inspectors.map { inspector in
            ("#\(inspector.id)", .inspector(inspector.id))
        }
        if state.page == .help { extra.append(("? Help", .help)) }
        let forms: [(ViewKind) -> String] = [
            { "\($0.rawValue) \($0.title)" }, { "\($0.rawValue) \($0.shortTitle)" },
            { "\($0.rawValue)" },
        ]
        let all = forms.map { form in
            ViewKind.allCases.map { (form($0), ConsoleState.Page.view($0)) } + extra
        }
        let fitting = all.firstIndex { tabs in
            tabs.reduce(1) { $0 + TextWidth.cells($1.0) + 3 } <= layout.bounds.width
        }
        var x = 1
        return all[fitting ?? all.count - 1].map { text, page in
            let columns = x..<x + TextWidth.cells(text) + 2
            x = columns.upperBound + 1
            return (text, page, columns)
        }
    }

    // MARK: Message line and hints

    static func drawMessage(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        let state = scene.state
        let y = layout.message.y
        let width = layout.bounds.width
        guard layout.message.height > 0 else { return }
        let count = matchCount(scene)
        if let command = state.command {
            drawCommand(command, width: width, y: y, on: &surface)
            return
        }
        if let prompt = state.prompt {
            let text = prompt.line.textBeforeCursor
            let mark = prompt.isFind ? "find " : "/"
            surface.put(mark + prompt.line.text, x: 1, y: y, role: .prompt)
            let right =
                prompt.fault.map { "expected \($0.expected)" }
                ?? offers(prompt.offers, width: width) ?? (prompt.isFind ? "" : count)
            let cells = TextWidth.cells(right)
            surface.put(
                "  " + right, x: max(width - cells - 3, 1), y: y,
                role: prompt.fault == nil ? .textDim : .promptError)
            surface.cursor = .init(x: min(1 + TextWidth.cells(mark + text), width - 1), y: y)
            return
        }
        if let message = state.message {
            surface.put(
                [Span(message.text, message.role)], x: 1, y: y, limit: width - 1,
                cut: scene.glyphs.cut)
            return
        }
        guard let filter = state.filterLine, !filter.isBlank else { return }
        surface.put(
            [
                Span("filter: \(filter.text)", filter.isOn ? .text : .textDim),
                Span(filter.isOn ? "   \(count)" : "   (off, \\ switches it on)", .textDim),
            ], x: 1, y: y, limit: width - 1, cut: scene.glyphs.cut)
    }

    private static func drawCommand(
        _ command: CommandPrompt, width: Int, y: Int, on surface: inout Surface
    ) {
        let end = surface.put(":" + command.line.text, x: 1, y: y, role: .prompt)
        let right = command.fault?.description ?? offers(command.offers, width: width) ?? ""
        let x = max(end + 2, width - TextWidth.cells(right) - 1)
        surface.put(
            right, x: x, y: y, role: command.fault == nil ? .textDim : .promptError, limit: width)
        surface.cursor = .init(
            x: min(2 + TextWidth.cells(command.line.textBeforeCursor), width - 1), y: y)
    }

    /// What Tab goes through, as far as there is room.
    private static func offers(_ offers: [String], width: Int) -> String? {
        guard !offers.isEmpty else { return nil }
        var text = ""
        for (index, offer) in offers.enumerated() {
            guard TextWidth.cells(text) + TextWidth.cells(offer) < width / 2 else {
                return text + "+\(offers.count - index)"
            }
            text += offer + " "
        }
        return text
    }

    /// `812 of 11,930 match`: a filter never hides things silently.
    private static func matchCount(_ scene: Scene) -> String {
        let state = scene.state
        let (count, total): (Int, Int) =
            switch state.page {
            case .view(.overview):
                (state.overviewSessions.matching, state.overviewSessions.total)
            case .view(.connections): (state.connections.matching, state.connections.total)
            case .view(.streams): (state.streams.streams.order.count, state.streams.total)
            case .view(.trace): (state.traceLog.count, scene.snapshot.trace.count)
            case .view(.events): (state.eventLog.count, scene.snapshot.journal.count)
            case .view(.history): (state.ended.rows.order.count, state.ended.total)
            case .help: HelpView.matches(state)
            case .view(.graphs), .inspector: (0, 0)
            }
        return "\(Format.grouped(count)) of \(Format.grouped(total)) match"
    }

    private static func drawHints(
        _ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface
    ) {
        guard layout.hints.height > 0 else { return }
        for hint in hints(scene.state, layout) {
            let x = surface.put(
                hint.key.name, x: hint.columns.lowerBound, y: layout.hints.y, role: .hintKey)
            surface.put(" " + hint.word, x: x, y: layout.hints.y, role: .hintText)
        }
    }

    /// The hints that have room, and where they stand.
    static func hints(
        _ state: ConsoleState, _ layout: ScreenLayout
    ) -> [(key: Key, word: String, columns: Range<Int>)] {
        let rows = state.keys.hints(
            in: state.scope, isReadOnly: state.isReadOnly)
        let shown = fitting(rows, width: layout.bounds.width - 1)
        var x = 1
        return rows.filter { shown.contains($0.action) }.compactMap { row in
            guard let word = row.hint, let key = row.keys.first else { return nil }
            let columns = x..<x + TextWidth.cells(key.name) + 1 + TextWidth.cells(word)
            x = columns.upperBound + 2
            return (key, word, columns)
        }
    }

    /// Which hints have room: the way out first, then those that stand first.
    private static func fitting(_ rows: [KeyMap.Row], width: Int) -> Set<Action> {
        var room = width
        var shown: Set<Action> = []
        for row in rows.filter({ $0.action == .quit }) + rows.filter({ $0.action != .quit }) {
            let cells = TextWidth.cells((row.keys.first?.name ?? "") + (row.hint ?? "")) + 3
            guard cells - 2 <= room else { continue }
            shown.insert(row.action)
            room -= cells
        }
        return shown
    }
}

extension Snapshot {
    /// Streams that have not ended.
    var streamCount: Int {
        streams.count {
            if case .ended = $0.state { false } else { true }
        }
    }
}
