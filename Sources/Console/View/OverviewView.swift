import Monitor
import Telemetry

/// View 1: is everything all right? Rates, totals, newest warnings, streams, connections.
enum OverviewView {
    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        let places = layout.overview
        switch layout.size {
        case .large, .huge:
            drawGraphs(scene, places, on: &surface)
            drawServer(scene, places.server, on: &surface)
            drawWarnings(scene, places.warnings, on: &surface)
            drawBoxedTables(scene, places, on: &surface)
            drawEvents(scene, places.events, on: &surface)
        case .medium:
            drawSparklines(scene, places, on: &surface)
            drawTotals(scene, places.server, on: &surface)
            drawWarnings(scene, places.warnings, on: &surface)
            drawStreams(scene, places.streams.indented, on: &surface)
            surface.fill(
                Rect(
                    x: 1, y: places.sessions.y - 1, width: places.sessions.width - 2, height: 1),
                scene.glyphs.horizontal, role: .border)
            SessionTableView.draw(
                scene.state.overviewSessions, in: places.sessions.indented, scene: scene,
                isActive: !scene.state.isStreamPanelActive, on: &surface)
        case .small, .tiny:
            drawSparklines(scene, places, on: &surface)
            if let warning = scene.state.warnings.last {
                surface.put(
                    line(warning, scene), x: 1, y: places.warnings.y,
                    limit: places.warnings.maxX - 1, cut: scene.glyphs.cut)
            }
            SessionTableView.draw(
                scene.state.overviewSessions, in: places.sessions.indented, scene: scene,
                on: &surface)
        }
    }

    // MARK: Rates

    private static func drawGraphs(
        _ scene: Scene, _ places: ScreenLayout.Overview, on surface: inout Surface
    ) {
        let server = scene.snapshot.server
        let graphs = [
            ("In", places.graphIn, server.bitsPerSecondIn, \ServerSecond.bitsIn, Role.graphIn),
            ("Out", places.graphOut, server.bitsPerSecondOut, \.bitsOut, .graphOut),
        ]
        for (name, area, rate, value, role) in graphs {
            let inner = area.inset(1)
            let scale = GraphScale(
                seconds: inner.width >= 90 ? 300 : inner.width, width: inner.width,
                endSecond: server.historyEnd)
            let values = scale.means(of: server.history) { Double($0[keyPath: value]) }
            let maximum = values.compactMap { $0 }.max() ?? 0
            Box(
                title: "\(name)  \(Format.bitRate(rate))",
                note: "\(scale.seconds) s, max \(Format.scaled(maximum))"
            ).draw(on: &surface, area, glyphs: scene.glyphs)
            guard scene.state.settings.showsGraphs else { continue }
            Bars.graph(
                values, maximum: maximum, on: &surface, in: inner, role: role,
                glyphs: scene.glyphs)
        }
    }

    private static func drawSparklines(
        _ scene: Scene, _ places: ScreenLayout.Overview, on surface: inout Surface
    ) {
        let server = scene.snapshot.server
        let lines = [
            ("In ", places.graphIn, server.bitsPerSecondIn, \ServerSecond.bitsIn, Role.graphIn),
            ("Out", places.graphOut, server.bitsPerSecondOut, \.bitsOut, .graphOut),
        ]
        for (name, area, rate, value, role) in lines {
            let text = Format.scaled(rate)
            let padding = String(repeating: " ", count: max(6 - text.utf8.count, 0))
            let x = surface.put("\(name)\(padding)\(text) ", x: area.x + 1, y: area.y)
            guard scene.state.settings.showsGraphs else { continue }
            let graph = Rect(x: x, y: area.y, width: area.maxX - x - 1, height: 1)
            let values = server.history.suffix(graph.width).map { Double($0[keyPath: value]) }
            Bars.graph(
                values, maximum: values.filter(\.isFinite).max() ?? 0, on: &surface, in: graph,
                role: role, glyphs: scene.glyphs)
        }
    }

    // MARK: Totals

    private static func drawServer(_ scene: Scene, _ area: Rect, on surface: inout Surface) {
        let inner = Box(title: "Server").draw(on: &surface, area, glyphs: scene.glyphs)
        let server = scene.snapshot.server
        let memory = server.residentBytes.map { Format.bytes($0) } ?? Format.unknown
        let cpu = server.cpuPercent.map { Format.fixed($0, 1) + " %" } ?? Format.unknown
        let lines: [(String, String)] = [
            (
                "Connections",
                "\(right(server.connections, 6))   \(server.publishers) pub  "
                    + "\(server.players) play  \(server.idle) idle  "
                    + "\(server.handshaking) hs"
            ),
            (
                "Accepted",
                "\(right(server.accepted, 6))   closed \(server.closed)   "
                    + "refused \(server.refused)   hs-failed \(server.handshakesFailed)"
            ),
            (
                "Bytes",
                "in \(Format.bytes(server.bytesIn))   out \(Format.bytes(server.bytesOut))"
            ),
            (
                "Send queues",
                "\(Format.bytes(server.queueBytes)) in \(server.playersWithQueue) of "
                    + "\(Format.count(server.players, "player"))  "
                    + "dropped \(Format.size(server.skippedVideo))"
            ),
            (
                "Process",
                "CPU \(cpu)   RSS \(memory)   fds \(number(server.openDescriptors))/"
                    + "\(number(server.descriptorLimit))"
            ),
        ]
        for (index, (name, text)) in lines.enumerated() where index < inner.height {
            surface.put(name, x: inner.x + 1, y: inner.y + index, role: .textDim)
            surface.put(
                [Span(text)], x: inner.x + 13, y: inner.y + index, limit: inner.maxX - 1,
                cut: scene.glyphs.cut)
        }
    }

    private static func drawTotals(_ scene: Scene, _ area: Rect, on surface: inout Surface) {
        let server = scene.snapshot.server
        let cpu = server.cpuPercent.map { Format.fixed($0, 1) + "%" } ?? Format.unknown
        let text =
            "\(server.publishers) pub \(server.players) play \(server.idle) idle "
            + "\(server.handshaking) hs   queued \(Format.size(server.queueBytes))   "
            + "dropped \(Format.size(server.skippedVideo))   CPU \(cpu)"
        surface.put(
            [Span(text)], x: 1, y: area.y, limit: area.maxX - 1, cut: scene.glyphs.cut)
    }

    private static func right(_ value: some BinaryInteger, _ cells: Int) -> String {
        let text = Format.grouped(UInt64(clamping: value))
        return String(repeating: " ", count: max(cells - text.utf8.count, 0)) + text
    }

    private static func number(_ value: Int?) -> String {
        value.map { "\($0)" } ?? Format.unknown
    }

    // MARK: Warnings

    private static func drawWarnings(_ scene: Scene, _ area: Rect, on surface: inout Surface) {
        let inner = Box(title: "Warnings", note: "5 shows all events").draw(
            on: &surface, area, glyphs: scene.glyphs)
        for (index, entry) in scene.state.warnings.suffix(inner.height).reversed().enumerated() {
            surface.put(
                line(entry, scene), x: inner.x + 1, y: inner.y + index, limit: inner.maxX - 1,
                cut: scene.glyphs.cut)
        }
        if scene.state.warnings.isEmpty {
            surface.put("none so far", x: inner.x + 1, y: inner.y, role: .textDim)
        }
    }

    private static func line(_ entry: JournalEntry, _ scene: Scene) -> [Span] {
        let mark = entry.level == .error ? String(Character(scene.glyphs.error)) : "!"
        let who = entry.session.map { "#\($0) " } ?? ""
        return [
            Span(mark + " ", entry.level == .error ? .sevError : .sevWarn),
            Span(scene.time(entry.wallClockMilliseconds, milliseconds: false) + " ", .textDim),
            Span(who, .textStrong),
            Span("\(entry.name)  ", .textDim),
            Span(entry.detail.description, entry.detail.isEscaped ? .textEscaped : .text),
        ]
    }

    // MARK: Tables

    private static func drawBoxedTables(
        _ scene: Scene, _ places: ScreenLayout.Overview, on surface: inout Surface
    ) {
        let state = scene.state
        let streams = Box(
            title: "Streams", note: sorted(state.overviewStreams),
            isActive: state.isStreamPanelActive
        ).draw(on: &surface, places.streams, glyphs: scene.glyphs)
        drawStreams(scene, streams.withoutLastColumn, on: &surface)
        let sessions = Box(
            title: "Connections", note: sorted(state.overviewSessions),
            isActive: !state.isStreamPanelActive
        ).draw(on: &surface, places.sessions, glyphs: scene.glyphs)
        SessionTableView.draw(
            state.overviewSessions, in: sessions.withoutLastColumn, scene: scene,
            isActive: !state.isStreamPanelActive, on: &surface)
    }

    private static func sorted(_ table: any SortedTable) -> String {
        table.sortIndex == SessionColumn.severity.rawValue && table is SessionTable
            ? "sorted by warning, then OUT" : "sorted by \(table.sortTitles[table.sortIndex])"
    }

    /// The columns of the streams as they stand in their panel.
    static func streamTable(_ scene: Scene, _ area: Rect) -> TableView<StreamFigures, StreamColumn>
    {
        let tree = scene.state.overviewStreams
        return TableView(
            StreamColumn.columns(isNarrow: area.width < 100), in: area, offset: tree.columnOffset,
            sort: tree.sort, scene: scene)
    }

    private static func drawStreams(_ scene: Scene, _ area: Rect, on surface: inout Surface) {
        guard area.height > 0 else { return }
        let tree = scene.state.overviewStreams
        let view = streamTable(scene, area)
        view.drawHeader(
            sort: tree.sort, isDescending: tree.isDescending, y: area.y, on: &surface)
        let rows = area.height - 1
        let first = tree.streams.firstVisible(rows: rows)
        for (line, key) in tree.streams.order.dropFirst(first).prefix(rows).enumerated() {
            guard let row = scene.stream(key) else { continue }
            let figures = StreamFigures(row, scene.snapshot)
            var isClosed = false
            if case .ended = row.state { isClosed = true }
            view.draw(
                figures, y: area.y + 1 + line, mark: figures.mark,
                hasCursor: key == tree.streams.cursor, isActive: scene.state.isStreamPanelActive,
                isClosed: isClosed, on: &surface)
        }
        if tree.streams.order.isEmpty, rows > 0 {
            surface.put(
                "no streams", x: area.x + 3, y: area.y + 1, role: .textDim, limit: area.maxX)
        }
    }

    private static func drawEvents(_ scene: Scene, _ area: Rect, on surface: inout Surface) {
        guard !area.isEmpty else { return }
        let inner = Box(title: "Events", note: "newest last").draw(
            on: &surface, area, glyphs: scene.glyphs)
        let journal = scene.snapshot.journal
        let first = max(journal.endNumber - inner.height, journal.firstNumber)
        for (line, number) in (first..<max(journal.endNumber, first)).enumerated() {
            guard let entry = journal[number] else { continue }
            EventsView.draw(entry, in: inner, y: inner.y + line, scene: scene, on: &surface)
        }
    }
}

extension StreamFigures {
    /// A player of it has lost frames.
    var mark: Span { backlog().skipped > 0 ? Span("!", .sevWarn) : Span(" ") }
}

extension Rect {
    /// One blank column left and right, as unboxed tables have.
    var indented: Rect { Rect(x: x + 1, y: y, width: width - 2, height: height) }

    /// A table in a box keeps a blank before the frame; its marks make one at the left.
    var withoutLastColumn: Rect { Rect(x: x, y: y, width: width - 1, height: height) }
}
