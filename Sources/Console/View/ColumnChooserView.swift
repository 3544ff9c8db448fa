import Monitor

/// The dialog of `c`.
enum ColumnChooserView {
    static func draw(_ chooser: ColumnChooser, _ scene: Scene, on surface: inout Surface) {
        let list = chooser.list
        let inner = DialogView.box(
            "Columns", width: 66, lines: list.count + 3, scene: scene, on: &surface)
        let rows = inner.height - 3
        guard rows > 0 else { return }
        let index = list.firstIndex(of: chooser.cursor) ?? 0
        let first = Scroll.first(top: 0, cursor: index, count: list.count, rows: rows)
        for (line, column) in list.dropFirst(first).prefix(rows).enumerated() {
            let y = inner.y + line
            let isShown = chooser.choice.shown.contains(column)
            let width = chooser.choice.widths[column].map { "\($0)" } ?? ""
            let title = SessionColumn.table[column.rawValue].title
            surface.put(
                " [\(isShown ? "x" : " ")] \(title)", x: inner.x, y: y, role: .dialog,
                limit: inner.x + 17)
            surface.put(
                width, x: inner.x + 18, y: y, field: 3, align: .right,
                cut: scene.glyphs.cut, role: .dialog)
            surface.put(
                [Span(SessionColumn.table[column.rawValue].help, .dialog)], x: inner.x + 23, y: y,
                limit: inner.maxX - 1, cut: scene.glyphs.cut)
            guard column == chooser.cursor else { continue }
            surface.paint(
                Rect(x: inner.x, y: y, width: inner.width, height: 1), role: .dialogFocus)
            surface.cursor = .init(x: inner.x, y: y)
        }
        let help = [
            "Space shows or hides   < > moves   + - width   d default",
            "Enter keeps   Esc restores",
        ]
        for (line, words) in help.enumerated() {
            surface.put(
                [Span(words, .dialog)], x: inner.x + 1, y: inner.maxY - 2 + line,
                limit: inner.maxX - 1, cut: scene.glyphs.cut)
        }
    }
}
