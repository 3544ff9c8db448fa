package import Monitor
import Telemetry

/// The rows of a view for other programs: after filter and sort, as the view shows them
/// (DESIGN §14, §23).
///
/// `csv` and JSON have a column for each field of the filter language, in its bare unit; Markdown
/// has what the table on the screen shows.
package struct ViewExport: Sendable {
    private let rows: Rows
    private let scene: Scene

    private enum Rows: Sendable {
        case sessions([SessionRow])
        case streams([StreamRow])
        case trace([TraceEntry])
        case events([JournalEntry])
    }

    /// nil: the page has no rows, as help has none.
    package init?(_ live: Snapshot, _ state: ConsoleState) {
        self.init(live, state, onlyCursor: false)
    }

    /// - Parameter onlyCursor: the row the cursor is on, and no other; else the marked ones where
    ///   there are any.
    init?(_ live: Snapshot, _ state: ConsoleState, onlyCursor: Bool) {
        let scene = Scene(live, state)
        let snapshot = scene.snapshot
        self.scene = scene
        guard !onlyCursor else {
            guard let rows = Self.cursorRow(scene) else { return nil }
            self.rows = rows
            return
        }
        func marked(_ ids: [SessionID]) -> [SessionRow] {
            let ids = state.marks.isEmpty ? ids : ids.filter(state.marks.contains)
            return ids.compactMap(scene.session)
        }
        switch state.page {
        case .view(.overview):
            rows = .sessions(marked(state.overviewSessions.rows.order))
        case .view(.connections):
            rows = .sessions(marked(state.connections.rows.order))
        case .view(.streams):
            rows = .streams(state.streams.streams.order.compactMap(scene.stream))
        case .view(.trace): rows = .trace(Self.lines(state.traceLog, snapshot.trace))
        case .view(.events): rows = .events(Self.lines(state.eventLog, snapshot.journal))
        case .view(.history):
            rows = .sessions(state.ended.rows.order.compactMap(scene.session))
        case .view(.graphs):
            switch state.graphs.subject {
            case .server: return nil
            case .session(let id): rows = .sessions([scene.session(id)].compactMap { $0 })
            }
        case .inspector(let id): rows = .sessions([scene.session(id)].compactMap { $0 })
        case .help: return nil
        }
    }

    private static func cursorRow(_ scene: Scene) -> Rows? {
        let state = scene.state
        if let id = state.cursorSession { return scene.session(id).map { .sessions([$0]) } }
        switch state.page {
        case .view(.streams):
            guard case .stream(let key) = state.streams.cursor else { return nil }
            return scene.stream(key).map { .streams([$0]) }
        case .view(.overview):
            return state.overviewStreams.streams.cursor.flatMap(scene.stream).map { .streams([$0]) }
        case .view(.trace): return scene.snapshot.trace[state.traceLog.cursor].map { .trace([$0]) }
        case .view(.events):
            return scene.snapshot.journal[state.eventLog.cursor].map { .events([$0]) }
        case .view, .inspector, .help: return nil
        }
    }

    var isEmpty: Bool {
        switch rows {
        case .sessions(let rows): rows.isEmpty
        case .streams(let rows): rows.isEmpty
        case .trace(let rows): rows.isEmpty
        case .events(let rows): rows.isEmpty
        }
    }

    private static func lines<Line>(_ state: LogState, _ log: LogTail<Line>) -> [Line] {
        (0..<state.count).compactMap { state.number(at: $0).flatMap { log[$0] } }
    }

    // MARK: Forms

    func text(_ form: ViewForm) -> String {
        switch form {
        case .csv: csv
        case .json: json
        case .jsonl: jsonLines
        case .md, .txt, .ansi, .hex, .pcapng: markdown
        }
    }

    /// RFC 4180 with line feeds; a text that a spreadsheet would take for a formula begins with `'`.
    package var csv: String {
        switch rows {
        case .sessions(let rows): csv(rows)
        case .streams(let rows): csv(rows)
        case .trace(let rows): csv(rows)
        case .events(let rows): csv(rows)
        }
    }

    /// An object a line.
    package var jsonLines: String {
        objects.map { String(decoding: $0.line, as: UTF8.self) }.joined()
    }

    /// One document: the moment, the view, its rows.
    package var json: String {
        var document = head
        document.add("rows", objects)
        return String(decoding: document.line, as: UTF8.self)
    }

    /// A table for an issue tracker.
    package var markdown: String {
        switch rows {
        case .sessions(let rows):
            table(
                SessionColumn.table.map { column in
                    MarkdownColumn(
                        column.title, column.align, rows.map { column.content($0, scene).text })
                })
        case .streams(let rows):
            table(
                StreamColumn.table.map { column in
                    MarkdownColumn(
                        column.title, column.align,
                        rows.map { column.content(StreamFigures($0, scene.snapshot), scene).text })
                })
        case .trace(let rows): markdown(rows)
        case .events(let rows): markdown(rows)
        }
    }

    // MARK: Values

    private func csv<Row: FilterSubject>(_ rows: [Row]) -> String {
        let header = Row.filterFields.map(\.name).joined(separator: ",")
        let lines = rows.map { row in
            Row.filterFields.map { field in
                let value = field.value(of: row, in: scene.snapshot)?.description ?? ""
                return field.isNumber ? value : Self.quoted(value)
            }.joined(separator: ",")
        }
        return ([header] + lines).map { $0 + "\n" }.joined()
    }

    private static func quoted(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, "=+-@".unicodeScalars.contains(first) {
            text = "'" + text
        }
        guard text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else {
            return text
        }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    private var head: JSONObject {
        var object = JSONObject()
        object.add("v", 1)
        object.add("t", WallClock(milliseconds: scene.snapshot.wallClockMilliseconds).iso8601)
        object.add("view", viewName)
        object.add("filter", scene.state.filterLine.flatMap { $0.isOn ? $0.text : nil } ?? "")
        return object
    }

    private var viewName: String {
        switch scene.state.page {
        case .view(let view): view.name
        case .inspector(let id): "#\(id)"
        case .help: "help"
        }
    }

    private var objects: [JSONObject] {
        switch rows {
        case .sessions(let rows): rows.map(object)
        case .streams(let rows): rows.map(object)
        case .trace(let rows): rows.map(object)
        case .events(let rows): rows.map(object)
        }
    }

    private func object<Row: FilterSubject>(_ row: Row) -> JSONObject {
        var object = JSONObject()
        for field in Row.filterFields {
            let value = field.value(of: row, in: scene.snapshot)
            if field.isNumber {
                object.add(number: value, named: field.name)
            } else {
                object.add(text: value, named: field.name)
            }
        }
        return object
    }

    // MARK: Markdown

    private struct MarkdownColumn {
        var title: String
        var isRight: Bool
        var cells: [String]

        init(_ title: String, _ align: Surface.Alignment, _ cells: [String]) {
            self.title = title
            isRight = align == .right
            self.cells = cells
        }
    }

    private func markdown<Row: FilterSubject>(_ rows: [Row]) -> String {
        table(
            Row.filterFields.map { field in
                MarkdownColumn(
                    field.name, field.isNumber ? .right : .left,
                    rows.map { $0.filterValue(field.name, in: scene.snapshot).description })
            })
    }

    /// Columns that are empty in every row are left out.
    private func table(_ columns: [MarkdownColumn]) -> String {
        let shown = columns.filter { column in
            column.cells.isEmpty
                || column.cells.contains { !$0.isEmpty && $0 != Format.unknown }
        }
        let count = shown.first?.cells.count ?? 0
        var lines = [shown.map { Self.escaped($0.title) }]
        lines.append(shown.map { $0.isRight ? "---:" : "---" })
        for row in 0..<count { lines.append(shown.map { Self.escaped($0.cells[row]) }) }
        return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("|", with: "\\|")
            .replacing("<", with: "&lt;").replacing("`", with: "\\`")
    }
}
