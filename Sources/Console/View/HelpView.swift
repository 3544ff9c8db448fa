import Monitor
import Telemetry

/// Help: made from the key table and the columns, so that it cannot be wrong about them.
enum HelpView {
    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        let area = layout.body
        let lines = lines(scene.state.keys, isReadOnly: scene.state.isReadOnly)
        let columns = columns(area)
        let width = area.width / columns
        let first = first(scene, area, count: lines.count)
        for (offset, line) in lines.dropFirst(first).prefix(area.height * columns).enumerated() {
            let column = offset / area.height
            surface.put(
                line, x: column * width + 2, y: area.y + offset % area.height,
                limit: (column + 1) * width - 1, cut: scene.glyphs.cut)
        }
    }

    /// `1-36 of 106` when not all is on the screen.
    static func position(_ scene: Scene, _ layout: ScreenLayout) -> String {
        let count = lines(scene.state.keys, isReadOnly: scene.state.isReadOnly).count
        let shown = layout.body.height * columns(layout.body)
        guard count > shown else { return "" }
        let first = first(scene, layout.body, count: count)
        return "\(first + 1)-\(min(first + shown, count)) of \(count)"
    }

    private static func columns(_ area: Rect) -> Int { max(area.width / 60, 1) }

    private static func first(_ scene: Scene, _ area: Rect, count: Int) -> Int {
        min(scene.state.helpTop, max(count - area.height * columns(area), 0))
    }

    static var lineCount: Int { lines(.standard, isReadOnly: false).count }

    static func lines(_ keys: KeyMap, isReadOnly: Bool) -> [[Span]] {
        var lines: [[Span]] = []
        for section in KeyMap.Section.allCases {
            lines.append([Span(section.rawValue, .boxTitle)])
            for row in keys.rows
            where row.section == section && !(isReadOnly && row.isAct) {
                lines.append([
                    Span("  " + padded(row.keyNames, 12), .hintKey), Span(row.help),
                    Span(places(row), .textDim),
                ])
            }
            lines.append([])
        }
        lines.append([Span("Commands", .boxTitle)])
        for row in CommandTable.rows where !(isReadOnly && row.isAct) {
            lines.append([
                Span("  " + padded(":" + row.name, 12), .hintKey), Span(row.help),
                Span(row.usage.isEmpty ? "" : "   " + row.usage, .textDim),
            ])
        }
        lines.append([
            Span("  " + padded(":ACTION", 12), .hintKey),
            Span("every key above is a command too; Tab completes"),
        ])
        lines.append([])
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
        [Span("  [1 2 #]: a key of these views only; # is an inspector")],
        [Span("  rates are bits per second, decimal, over the last second: 6.01M = 6 010 000 b/s")],
        [
            Span(
                "  sizes are bytes, decimal; - does not apply or is not known; 0 is a measured zero"
            )
        ],
        [Span("  the server keeps running while this console is paused or filtered")],
    ]

    /// Where a key works, when that is not everywhere: numbers of views, `#` an inspector.
    private static func places(_ row: KeyMap.Row) -> String {
        guard row.section != .dialogs, !row.scopes.isSuperset(of: KeyScope.views) else { return "" }
        let names: [(KeyScope, String)] = [
            (.overview, "1"), (.connections, "2"), (.streams, "3"), (.trace, "4"), (.events, "5"),
            (.graphs, "6"), (.history, "7"), (.inspector, "#"),
        ]
        let here = names.filter { row.scopes.contains($0.0) }.map(\.1)
        return here.count == names.count ? "" : "  [\(here.joined(separator: " "))]"
    }

    private static func padded(_ text: String, _ cells: Int) -> String {
        text + String(repeating: " ", count: max(cells - TextWidth.cells(text), 0)) + " "
    }
}
