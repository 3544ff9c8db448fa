import Monitor
import Telemetry

/// Dialogs over the view.
enum DialogView {
    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        switch scene.state.dialog {
        case .kill(let kill): KillDialogView.draw(kill, scene, on: &surface)
        case .quit(let quit): draw(quit, scene, on: &surface)
        case .sort(let menu): draw(menu, scene, on: &surface)
        case .columns(let chooser): ColumnChooserView.draw(chooser, scene, on: &surface)
        case .themes(let picker): draw(picker, scene, on: &surface)
        case .holds(let index): HoldsView.draw(index, scene, on: &surface)
        case .choice(let menu): draw(menu, scene, on: &surface)
        case nil: break
        }
    }

    /// A frame in the middle of the grid.
    static func box(
        _ title: String, note: String = "", width: Int, lines: Int, scene: Scene,
        on surface: inout Surface
    ) -> Rect {
        let width = min(width, surface.width)
        let height = min(lines + 2, surface.height)
        let area = Rect(
            x: (surface.width - width) / 2, y: (surface.height - height) / 2, width: width,
            height: height)
        return Box(title: title, note: note).draw(
            on: &surface, area, glyphs: scene.glyphs, filled: .dialog)
    }

    /// A button, with the hardware cursor on it when it has the focus.
    @discardableResult
    static func button(
        _ text: String, number: Int, x: Int, y: Int, hasFocus: Bool, isDanger: Bool = false,
        on surface: inout Surface
    ) -> Int {
        let role: Role = hasFocus ? (isDanger ? .dialogDanger : .dialogFocus) : .dialogButton
        let end = surface.put("[ \(text) ]", x: x, y: y, role: role)
        surface.takeClicks(Rect(x: x, y: y, width: end - x, height: 1), for: number)
        if hasFocus { surface.cursor = .init(x: max(min(x, surface.width - 1), 0), y: y) }
        return end
    }

    private static func draw(
        _ quit: ConsoleState.QuitDialog, _ scene: Scene, on surface: inout Surface
    ) {
        let server = scene.live.server
        let inner = box("Quit", width: 58, lines: 6, scene: scene, on: &surface)
        guard inner.height > 0 else { return }
        let who =
            "\(Format.count(server.publishers, "publisher")) and "
            + Format.count(server.players, "player")
        let others = server.connections - server.publishers - server.players
        surface.put(
            [Span("\(who) will be closed" + (others > 0 ? "," : "."), .dialog)], x: inner.x + 1,
            y: inner.y, limit: inner.maxX - 1, cut: scene.glyphs.cut)
        if others > 0 {
            surface.put(
                [Span("and \(Format.count(others, "other connection")).", .dialog)],
                x: inner.x + 1, y: inner.y + 1, limit: inner.maxX - 1, cut: scene.glyphs.cut)
        }
        // Buttons stand on the last row but one, whatever the height.
        let y = inner.maxY - min(inner.height, 3)
        guard y > inner.y else { return }
        var x = inner.x + 2
        for field in ConsoleState.QuitDialog.Field.allCases {
            x =
                button(
                    field.words, number: field.rawValue, x: x, y: y, hasFocus: quit.focus == field,
                    isDanger: field == .quit, on: &surface) + 2
        }
        surface.put(
            [Span("y = quit   n, Esc = stay   ^C again within 2 s quits", .dialog)], x: inner.x + 1,
            y: inner.maxY - 1,
            limit: inner.maxX - 1, cut: scene.glyphs.cut)
    }

    /// Items below one another, the one in focus among those there is room for.
    ///
    /// - Parameter footer: what keys do there, on the last rows.
    static func list(
        _ title: String, _ items: [[Span]], index: Int, width: Int, footer: [String] = [],
        empty: String = "", scene: Scene, on surface: inout Surface
    ) {
        let lines = max(items.count, 1) + footer.count
        let rows = min(lines, surface.height - 2) - footer.count
        let first = Scroll.first(top: 0, cursor: index, count: items.count, rows: max(rows, 1))
        let inner = box(
            title, note: items.count > rows ? "\(first + 1)-\(first + rows) of \(items.count)" : "",
            width: width, lines: lines, scene: scene, on: &surface)
        guard rows > 0 else { return }
        for (line, spans) in items.dropFirst(first).prefix(rows).enumerated() {
            let row = Rect(x: inner.x, y: inner.y + line, width: inner.width, height: 1)
            surface.put(
                spans, x: row.x + 1, y: row.y, limit: row.maxX - 1, cut: scene.glyphs.cut)
            surface.takeClicks(row, for: first + line)
            guard first + line == index else { continue }
            surface.put(String(Character(scene.glyphs.cursor)), x: row.x, y: row.y)
            surface.paint(row, role: .dialogFocus)
            surface.cursor = .init(x: row.x, y: row.y)
        }
        if items.isEmpty {
            surface.put(empty, x: inner.x + 1, y: inner.y, role: .dialog, limit: inner.maxX)
        }
        for (line, words) in footer.enumerated() {
            surface.put(
                [Span(words, .dialog)], x: inner.x + 1, y: inner.maxY - footer.count + line,
                limit: inner.maxX - 1, cut: scene.glyphs.cut)
        }
    }

    private static func draw(
        _ picker: ThemePicker, _ scene: Scene, on surface: inout Surface
    ) {
        list(
            "Theme", picker.names.map { [Span($0, .dialog)] }, index: picker.index, width: 44,
            footer: ["Enter keeps it   Esc: as it was"], scene: scene, on: &surface)
    }

    private static func draw(
        _ menu: ConsoleState.SortMenu, _ scene: Scene, on surface: inout Surface
    ) {
        guard let table = scene.state.sortedTable else { return }
        let arrow = table.isDescending ? scene.glyphs.descending : scene.glyphs.ascending
        let items = table.sortTitles.enumerated().map { index, title in
            let name = title == "!" ? "! warnings" : title
            return [
                Span("\(ConsoleState.SortMenu.letter(of: index))  \(name)", .dialog),
                Span(index == table.sortIndex ? " \(Character(arrow))" : "", .dialog),
            ]
        }
        list("Sort by", items, index: menu.index, width: 28, scene: scene, on: &surface)
    }

    private static func draw(_ menu: ChoiceMenu, _ scene: Scene, on surface: inout Surface) {
        let items = menu.items.map { item in
            let name = item.name + String(repeating: " ", count: max(8 - item.name.count, 0))
            return [Span("\(item.letter)  \(name) ", .dialog), Span(item.preview, .dialog)]
        }
        list(
            menu.title, items, index: menu.index, width: 62,
            footer: ["a letter or Enter chooses   Esc closes"], scene: scene, on: &surface)
    }
}
