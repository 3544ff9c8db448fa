import Monitor
import Telemetry

/// Dialogs over the view: kill, quit, sort.
enum DialogView {
    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        switch scene.state.dialog {
        case .kill(let kill): KillDialogView.draw(kill, scene, on: &surface)
        case .quit(let quit): draw(quit, scene, on: &surface)
        case .sort(let menu): draw(menu, scene, on: &surface)
        case .columns(let chooser): ColumnChooserView.draw(chooser, scene, on: &surface)
        case .themes(let picker): draw(picker, scene, on: &surface)
        case .holds(let index): HoldsView.draw(index, scene, on: &surface)
        case nil: break
        }
    }

    /// A frame in the middle of the grid.
    static func box(
        _ title: String, width: Int, lines: Int, scene: Scene, on surface: inout Surface
    ) -> Rect {
        let width = min(width, surface.width)
        let height = min(lines + 2, surface.height)
        let area = Rect(
            x: (surface.width - width) / 2, y: (surface.height - height) / 2, width: width,
            height: height)
        return Box(title: title).draw(
            on: &surface, area, glyphs: scene.glyphs, filled: .dialog)
    }

    /// A button, with the hardware cursor on it when it has the focus.
    @discardableResult
    static func button(
        _ text: String, x: Int, y: Int, hasFocus: Bool, isDanger: Bool = false,
        on surface: inout Surface
    ) -> Int {
        let role: Role = hasFocus ? (isDanger ? .dialogDanger : .dialogFocus) : .dialogButton
        let end = surface.put("[ \(text) ]", x: x, y: y, role: role)
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
        let end = button("Stay", x: inner.x + 4, y: y, hasFocus: quit.focus == .stay, on: &surface)
        button(
            "Quit", x: end + 4, y: y, hasFocus: quit.focus == .quit, isDanger: true, on: &surface)
        surface.put(
            [Span("y = quit   n, Esc = stay", .dialog)], x: inner.x + 30, y: y,
            limit: inner.maxX - 1, cut: scene.glyphs.cut)
        surface.put(
            [Span("^C again within 2 s quits", .dialog)], x: inner.x + 1, y: inner.maxY - 1,
            limit: inner.maxX - 1, cut: scene.glyphs.cut)
    }

    private static func draw(
        _ picker: ThemePicker, _ scene: Scene, on surface: inout Surface
    ) {
        let inner = box(
            "Theme", width: 44, lines: picker.names.count + 1, scene: scene, on: &surface)
        let rows = inner.height - 1
        guard rows > 0 else { return }
        let first = Scroll.first(
            top: 0, cursor: picker.index, count: picker.names.count, rows: rows)
        for (line, name) in picker.names.dropFirst(first).prefix(rows).enumerated() {
            let y = inner.y + line
            surface.put(
                " \(name)", x: inner.x, y: y, field: inner.width, cut: scene.glyphs.cut,
                role: .dialog)
            guard first + line == picker.index else { continue }
            surface.paint(
                Rect(x: inner.x, y: y, width: inner.width, height: 1), role: .dialogFocus)
            surface.cursor = .init(x: inner.x, y: y)
        }
        surface.put(
            [Span("Enter keeps it   Esc: as it was", .dialog)], x: inner.x + 1,
            y: inner.maxY - 1, limit: inner.maxX - 1, cut: scene.glyphs.cut)
    }

    private static func draw(
        _ menu: ConsoleState.SortMenu, _ scene: Scene, on surface: inout Surface
    ) {
        guard let table = scene.state.sortedTable else { return }
        let titles = table.sortTitles
        let inner = box(
            "Sort by", width: 28, lines: titles.count, scene: scene, on: &surface)
        let first = Scroll.first(
            top: 0, cursor: menu.index, count: titles.count, rows: inner.height)
        for (line, title) in titles.dropFirst(first).prefix(inner.height).enumerated() {
            let index = first + line
            let y = inner.y + line
            let letter = ConsoleState.SortMenu.letter(of: index)
            let arrow = table.isDescending ? scene.glyphs.descending : scene.glyphs.ascending
            let name =
                index == SessionColumn.severity.rawValue && title == "!" ? "! warnings" : title
            surface.put(
                " \(letter)  \(name)\(index == table.sortIndex ? " \(arrow)" : "")", x: inner.x,
                y: y, role: .dialog, limit: inner.maxX)
            guard index == menu.index else { continue }
            surface.paint(
                Rect(x: inner.x, y: y, width: inner.width, height: 1), role: .dialogFocus)
            surface.cursor = .init(x: inner.x, y: y)
        }
    }
}
