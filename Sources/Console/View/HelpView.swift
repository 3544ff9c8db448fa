import Monitor
import Telemetry

/// Help: made from the key table and the columns, so that it cannot be wrong about them.
enum HelpView {
    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        let area = layout.body
        let page = Page(scene.state, layout)
        for (offset, line) in page.lines.dropFirst(page.first).prefix(page.shown).enumerated() {
            let column = offset / area.height
            surface.put(
                line, x: column * page.width + 2, y: area.y + offset % area.height,
                limit: (column + 1) * page.width - 1, cut: scene.glyphs.cut)
        }
        surface.cursor = .init(x: min(2, area.maxX - 1), y: area.y)
    }

    /// `1-36 of 106` when not all is on the screen.
    static func position(_ scene: Scene, _ layout: ScreenLayout) -> String {
        let page = Page(scene.state, layout)
        guard page.lines.count > page.shown else { return "" }
        return "\(page.first + 1)-\(min(page.first + page.shown, page.lines.count)) "
            + "of \(page.lines.count)"
    }

    /// What of it is on the screen.
    struct Page {
        let lines: [[Span]]
        /// Cells of one of its columns.
        let width: Int
        let shown: Int
        /// No line is further up than this when the last one is in view.
        let lastTop: Int
        let first: Int
        /// Where sections begin.
        let sections: [Int]

        init(_ state: ConsoleState, _ layout: ScreenLayout) {
            let columns = max(layout.body.width / 60, 1)
            width = layout.body.width / columns
            shown = layout.body.height * columns
            var lines: [[Span]] = []
            var sections: [Int] = []
            for entry in HelpView.shown(state) {
                if entry.isTitle { sections.append(lines.count) }
                lines += entry.lines(cells: width - 4)
            }
            self.lines = lines
            self.sections = sections
            lastTop = max(lines.count - shown, 0)
            first = min(state.helpTop, lastTop)
        }
    }

    /// A name and what is said of it; nothing is cut, what is too long goes on below.
    struct Entry {
        var name: String
        var isTitle = false
        var words = ""
        var remark = ""
        /// Cells of names, so that all words stand below one another; 0: there are none.
        var nameCells = HelpView.nameCells

        var isBlank: Bool { name.isEmpty && words.isEmpty }

        func lines(cells: Int) -> [[Span]] {
            if isTitle { return [[Span(name, .boxTitle)]] }
            if isBlank { return [[]] }
            let indent = nameCells == 0 ? 2 : nameCells + 3
            let room = max(cells - indent, 8)
            let text = InspectorWords.wrapped(words, cells: room)
            let head = nameCells == 0 ? "  " : "  " + HelpView.padded(name, nameCells)
            var lines = text.enumerated().map { index, line in
                [Span(index == 0 ? head : blank(indent), .hintKey), Span(line)]
            }
            guard !remark.isEmpty else { return lines }
            for part in InspectorWords.wrapped(remark, cells: room) {
                let used = lines[lines.count - 1].reduce(0) { $0 + TextWidth.cells($1.text) }
                if used + 2 + TextWidth.cells(part) <= cells {
                    lines[lines.count - 1].append(Span("  " + part, .textDim))
                } else {
                    lines.append([Span(blank(indent)), Span(part, .textDim)])
                }
            }
            return lines
        }

        private func blank(_ cells: Int) -> String { String(repeating: " ", count: cells) }
    }

    private static let nameCells = 12

    /// Entries that hold the words asked for, below the titles of their sections.
    private static func shown(_ state: ConsoleState) -> [Entry] {
        let all = entries(state.keys, isReadOnly: state.isReadOnly)
        guard state.helpFilter.isOn, !state.helpFilter.isBlank else { return all }
        let wanted = state.helpFilter.text.lowercased().split(separator: " ")
        var shown: [Entry] = []
        var title: Entry?
        for entry in all where !entry.isBlank {
            if entry.isTitle {
                title = entry
                continue
            }
            let text = "\(entry.name) \(entry.words) \(entry.remark)".lowercased()
            guard wanted.allSatisfy({ text.contains($0) }) else { continue }
            if let title {
                if !shown.isEmpty { shown.append(Entry(name: "")) }
                shown.append(title)
            }
            title = nil
            shown.append(entry)
        }
        return shown
    }

    /// How many entries are shown, of how many.
    static func matches(_ state: ConsoleState) -> (Int, Int) {
        func count(_ entries: [Entry]) -> Int { entries.count { !$0.isTitle && !$0.isBlank } }
        return (count(shown(state)), count(entries(state.keys, isReadOnly: state.isReadOnly)))
    }

    static func entries(_ keys: KeyMap, isReadOnly: Bool) -> [Entry] {
        var entries: [Entry] = []
        func title(_ name: String) {
            if !entries.isEmpty { entries.append(Entry(name: "")) }
            entries.append(Entry(name: name, isTitle: true))
        }
        for section in KeyMap.Section.allCases {
            title(section.rawValue)
            for row in keys.rows
            where row.section == section && !(isReadOnly && row.isAct) {
                entries.append(Entry(name: row.keyNames, words: row.help, remark: places(row)))
            }
        }
        title("Commands")
        for row in CommandTable.rows where !(isReadOnly && row.isAct) {
            entries.append(Entry(name: ":" + row.name, words: row.help, remark: row.usage))
        }
        entries.append(
            Entry(name: ":ACTION", words: "every key above is a command too; Tab completes"))
        title("Columns of connections")
        for column in SessionColumn.table {
            entries.append(Entry(name: column.title, words: column.help))
        }
        title("Columns of streams")
        for column in StreamColumn.table {
            entries.append(Entry(name: column.title, words: column.help))
        }
        for (name, lines) in remarks {
            title(name)
            entries += lines.map { Entry(name: "", words: $0, nameCells: 0) }
        }
        return entries
    }

    private static let remarks: [(String, [String])] = [
        (
            "Filter",
            ["#12   role:pub   stream~^live/   out<1M & up>30s   (q>2s | drop>0)   !client:ffplay"]
        ),
        (
            "Reading",
            [
                "[1 2 #]: a key of these views only; # is an inspector",
                "rates are bits per second, decimal, over the last second: 6.01M = 6 010 000 b/s",
                "sizes are bytes, decimal; - does not apply or is not known; 0 is a measured zero",
                "the server keeps running while this console is paused or filtered",
            ]
        ),
    ]

    /// Where a key works, when that is not everywhere: numbers of views, `#` an inspector.
    private static func places(_ row: KeyMap.Row) -> String {
        guard row.section != .dialogs, !row.scopes.isSuperset(of: KeyScope.views) else { return "" }
        let names: [(KeyScope, String)] = [
            (.overview, "1"), (.connections, "2"), (.streams, "3"), (.trace, "4"), (.events, "5"),
            (.graphs, "6"), (.history, "7"), (.inspector, "#"),
        ]
        let here = names.filter { row.scopes.contains($0.0) }.map(\.1)
        return here.count == names.count ? "" : "[\(here.joined(separator: " "))]"
    }

    private static func padded(_ text: String, _ cells: Int) -> String {
        text + String(repeating: " ", count: max(cells - TextWidth.cells(text), 0)) + " "
    }
}
