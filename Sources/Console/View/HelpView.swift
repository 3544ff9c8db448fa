import Monitor
import Telemetry

/// Help: made from the key table and the columns, so that it cannot be wrong about them.
enum HelpView {
    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        let area = layout.body
        let lines = lines(isReadOnly: scene.state.isReadOnly)
        let first = min(scene.state.helpTop, max(lines.count - area.height, 0))
        for (offset, line) in lines.dropFirst(first).prefix(area.height).enumerated() {
            surface.put(
                line, x: 2, y: area.y + offset, limit: area.maxX - 1, cut: scene.glyphs.cut)
        }
        if lines.count > area.height {
            let last = min(first + area.height, lines.count)
            let text = "\(first + 1)-\(last) of \(lines.count)"
            surface.put(
                text, x: area.maxX - TextWidth.cells(text) - 1, y: layout.tabs.y, role: .textDim)
        }
    }

    static var lineCount: Int { lines(isReadOnly: false).count }

    static func lines(isReadOnly: Bool) -> [[Span]] {
        var lines: [[Span]] = []
        for section in KeyMap.Section.allCases {
            lines.append([Span(section.rawValue, .boxTitle)])
            for row in KeyMap.rows
            where row.section == section && !(isReadOnly && row.isAct) {
                lines.append([
                    Span("  " + padded(row.keyNames, 12), .hintKey), Span(row.help),
                    Span(places(row), .textDim),
                ])
            }
            lines.append([])
        }
        lines.append([Span("Columns of connections", .boxTitle)])
        for column in SessionColumn.table {
            lines.append([Span("  " + padded(column.title, 12), .hintKey), Span(column.help)])
        }
        lines.append([])
        lines.append([Span("Columns of streams", .boxTitle)])
        for column in StreamColumn.table {
            lines.append([Span("  " + padded(column.title, 12), .hintKey), Span(column.help)])
        }
        return lines + remarks
    }

    private static let remarks: [[Span]] = [
        [],
        [Span("Filter", .boxTitle)],
        [
            Span(
                "  #12   role:pub   stream~^live/   out<1M & up>30s   (q>2s | drop>0)   !client:ffplay"
            )
        ],
        [],
        [Span("Reading", .boxTitle)],
        [Span("  rates are bits per second, decimal, over the last second: 6.01M = 6 010 000 b/s")],
        [
            Span(
                "  sizes are bytes, decimal; - does not apply or is not known; 0 is a measured zero"
            )
        ],
        [Span("  the server keeps running while this console is paused or filtered")],
    ]

    /// Where a key works, when that is not everywhere.
    private static func places(_ row: KeyMap.Row) -> String {
        guard row.section != .dialogs, !row.scopes.isSuperset(of: KeyScope.views) else { return "" }
        let names: [(KeyScope, String)] = [
            (.overview, "overview"), (.connections, "connections"), (.streams, "streams"),
            (.trace, "trace"), (.events, "events"), (.inspector, "inspector"),
        ]
        return "  (" + names.filter { row.scopes.contains($0.0) }.map(\.1).joined(separator: ", ")
            + ")"
    }

    private static func padded(_ text: String, _ cells: Int) -> String {
        text + String(repeating: " ", count: max(cells - TextWidth.cells(text), 0)) + " "
    }
}
