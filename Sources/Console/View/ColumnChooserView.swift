import Monitor

/// The dialog of `c`.
enum ColumnChooserView {
    static func draw(_ chooser: ColumnChooser, _ scene: Scene, on surface: inout Surface) {
        let list = chooser.list
        let items = list.map { column in
            let sign = chooser.choice.shown.contains(column) ? "x" : " "
            let title = SessionColumn.table[column.rawValue].title
            let width = chooser.choice.widths[column].map { "\($0)" } ?? ""
            return [
                Span("[\(sign)] \(padded(title, to: 10)) \(padded(width, to: 4)) ", .dialog),
                Span(SessionColumn.table[column.rawValue].help, .dialog),
            ]
        }
        // As wide as its longest words, where the screen is.
        let width = 4 + (items.map { $0.reduce(0) { $0 + TextWidth.cells($1.text) } }.max() ?? 0)
        DialogView.list(
            "Columns", items, index: list.firstIndex(of: chooser.cursor) ?? 0,
            width: max(width, 66),
            footer: [
                "", "Space shows or hides   < > moves   + - width   d default",
                "Enter keeps   Esc restores",
            ], scene: scene, on: &surface)
    }

    private static func padded(_ text: String, to cells: Int) -> String {
        text + String(repeating: " ", count: max(cells - text.utf8.count, 0))
    }
}
