import Monitor
import Telemetry

/// Draws headers and rows of any table of columns.
struct TableView<Row, ID: Hashable & Sendable> {
    /// Mark of severity, cursor, blank.
    static var prefixCells: Int { 3 }

    let layout: ColumnLayout<Row, ID>
    let area: Rect
    let scene: Scene

    /// - Parameter sort: the column whose header has an arrow behind it.
    init(
        _ columns: [Column<Row, ID>], in area: Rect, offset: Int = 0, sort: ID? = nil, scene: Scene
    ) {
        self.area = area
        self.scene = scene
        var columns = columns
        // Two headers would touch where the title fills its column and the arrow the gap behind it.
        if let index = columns.firstIndex(where: { $0.id == sort }),
            columns[index].title.utf8.count >= columns[index].minimum
        {
            columns[index].minimum += 1
            columns[index].ideal = max(columns[index].ideal, columns[index].minimum)
        }
        layout = ColumnLayout(
            columns, x: area.x + Self.prefixCells, width: area.width - Self.prefixCells,
            offset: offset)
    }

    /// The column that stands at a cell of the header.
    func column(at x: Int) -> ID? {
        layout.places.first { x >= $0.x && x <= $0.x + $0.width }?.column.id
    }

    func drawHeader(sort: ID?, isDescending: Bool, y: Int, on surface: inout Surface) {
        surface.fill(
            Rect(x: area.x, y: y, width: area.width, height: 1), role: .tableHeader)
        for place in layout.places {
            let isSorted = place.column.id == sort
            let role: Role = isSorted ? .tableSort : .tableHeader
            let arrow = isDescending ? scene.glyphs.descending : scene.glyphs.ascending
            surface.put(
                place.column.title + (isSorted ? String(Character(arrow)) : ""), x: place.x, y: y,
                field: place.width, align: place.column.align, cut: scene.glyphs.cut, role: role)
        }
    }

    /// One row; `mark` is what stands before it.
    func draw(
        _ row: Row, y: Int, mark: Span = Span(" "), hasCursor: Bool, isActive: Bool = true,
        isClosed: Bool = false, isMarked: Bool = false, on surface: inout Surface
    ) {
        guard y < area.maxY else { return }
        surface.put(mark.text, x: area.x, y: y, role: mark.role)
        if isMarked { surface.put("*", x: area.x + 2, y: y, role: .rowMarked) }
        for place in layout.places {
            let content = place.column.content(row, scene)
            surface.put(
                content.text, x: place.x, y: y, field: place.width, align: place.column.align,
                cut: scene.glyphs.cut, role: isClosed ? .rowClosed : content.role)
        }
        guard hasCursor else { return }
        surface.put(String(Character(scene.glyphs.cursor)), x: area.x + 1, y: y, role: .textStrong)
        if isActive {
            surface.paint(Rect(x: area.x, y: y, width: area.width, height: 1), role: .rowCursor)
            if surface.cursor == nil { surface.cursor = .init(x: area.x + 1, y: y) }
        }
    }
}

/// Tables of sessions, on the overview and by themselves.
enum SessionTableView {
    /// The header at the top of the area, rows below it.
    static func draw(
        _ table: SessionTable, in area: Rect, scene: Scene, isActive: Bool = true,
        on surface: inout Surface
    ) {
        guard area.height > 0 else { return }
        let view = TableView(
            columns(table, scene), in: area, offset: table.columnOffset, sort: table.sort,
            scene: scene)
        view.drawHeader(
            sort: table.sort, isDescending: table.rows.isDescending, y: area.y, on: &surface)
        let rows = area.height - 1
        let first = table.rows.firstVisible(rows: rows)
        for (line, id) in table.rows.order.dropFirst(first).prefix(rows).enumerated() {
            guard let row = scene.session(id) else { continue }
            view.draw(
                row, y: area.y + 1 + line, mark: row.mark, hasCursor: id == table.rows.cursor,
                isActive: isActive, isClosed: !row.isOpen,
                isMarked: scene.state.marks.contains(id), on: &surface)
        }
        if table.rows.order.isEmpty, rows > 0 {
            surface.put(
                table.total == 0 ? "no connections" : "no connection matches the filter",
                x: area.x + TableView<SessionRow, SessionColumn>.prefixCells, y: area.y + 1,
                role: .textDim, limit: area.maxX)
        }
    }

    /// The number column is as wide as the highest number, so that it moves once in a decade.
    static func columns(
        _ table: SessionTable, _ scene: Scene
    ) -> [Column<SessionRow, SessionColumn>] {
        var columns = table.choice.columns
        guard let index = columns.firstIndex(where: { $0.id == .id }) else { return columns }
        let highest = scene.snapshot.server.accepted
        let traced = scene.snapshot.server.tracedSessions > 0 ? 1 : 0
        columns[index].minimum = max(4, String(highest).utf8.count + 1) + traced
        columns[index].ideal = columns[index].minimum
        return columns
    }
}

extension SessionRow {
    var mark: Span {
        switch severity {
        case .none: Span(" ")
        case .warn: Span("!", .sevWarn)
        }
    }
}
