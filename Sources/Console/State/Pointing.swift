import Monitor
import Telemetry

/// What the mouse does (DESIGN §18): nothing that a key does not do too.
///
/// A button of a dialog that ends something takes a click that begins and ends on it.
extension ConsoleState {
    /// The last press, for the second of a double click.
    struct Click: Sendable {
        var x: Int
        var y: Int
        var atNanoseconds: UInt64
    }

    private static let doubleClickNanoseconds: UInt64 = 400_000_000
    private static let wheelRows = 3

    mutating func point(_ mouse: Mouse, _ live: Snapshot, at now: UInt64) -> [Intent] {
        let layout = ScreenLayout(self)
        guard settings.usesMouse, prompt == nil, command == nil, layout.size != .tiny
        else { return [] }
        if isDialogGrave { return pointInGrave(mouse, live, at: now) }
        switch mouse.act {
        case .wheelUp, .wheelDown: return wheel(mouse, layout, live, at: now)
        case .press: return click(mouse, layout, live, at: now)
        case .drag:
            if page == .view(.graphs) { pointInGraphs(mouse, layout, frozen ?? live) }
            return []
        case .pressRight:
            guard dialog == nil else { return [] }
            choosePanel(under: mouse, layout)
            guard select(mouse, layout, frozen ?? live, at: now) else { return [] }
            return act(.copy, live, at: now)
        case .release: return []
        }
    }

    private mutating func wheel(
        _ mouse: Mouse, _ layout: ScreenLayout, _ live: Snapshot, at now: UInt64
    ) -> [Intent] {
        let isUp = mouse.act == .wheelUp
        guard dialog == nil else { return press(isUp ? .up : .down, live, at: now) }
        choosePanel(under: mouse, layout)
        var intents: [Intent] = []
        for _ in 0..<Self.wheelRows { intents += act(isUp ? .up : .down, live, at: now) }
        return intents
    }

    private mutating func click(
        _ mouse: Mouse, _ layout: ScreenLayout, _ live: Snapshot, at now: UInt64
    ) -> [Intent] {
        let isDouble =
            lastClick.map {
                $0.x == mouse.x && $0.y == mouse.y
                    && now &- $0.atNanoseconds < Self.doubleClickNanoseconds
            } ?? false
        lastClick = isDouble ? nil : Click(x: mouse.x, y: mouse.y, atNanoseconds: now)
        if layout.hints.height > 0, mouse.y == layout.hints.y,
            let hint = FrameView.hints(self, layout).first(where: { $0.columns.contains(mouse.x) })
        {
            return press(hint.key, live, at: now)
        }
        guard dialog == nil else {
            guard let number = spot(under: mouse, live) else { return [] }
            return choose(number, isDouble: isDouble, live, at: now)
        }
        if mouse.y == layout.tabs.y {
            let tab = FrameView.tabs(self, layout).first { $0.columns.contains(mouse.x) }
            if let tab { go(to: tab.page) }
            return []
        }
        choosePanel(under: mouse, layout)
        let drawn = frozen ?? live
        guard select(mouse, layout, drawn, at: now), isDouble else { return [] }
        return act(.open, live, at: now)
    }

    // MARK: Dialogs

    /// What a dialog has drawn under the pointer.
    private func spot(under mouse: Mouse, _ live: Snapshot) -> Int? {
        guard isDialogDrawn else { return nil }
        return ConsoleView.draw(live, self, width: width, height: height).spots
            .last { $0.area.contains(mouse) }?.number
    }

    /// An item of a menu.
    private mutating func choose(
        _ number: Int, isDouble: Bool, _ live: Snapshot, at now: UInt64
    ) -> [Intent] {
        switch dialog {
        case .sort: sort(by: number)
        case .choice(let menu): return choose(menu, number)
        case .columns(var chooser):
            guard let column = chooser.list[safe: number] else { return [] }
            chooser.cursor = column
            answer(chooser, .character(" "), nil)
        case .themes(var picker):
            guard !isDouble else { return answer(picker, .open) }
            guard let name = picker.names[safe: number] else { return [] }
            picker.index = number
            dialog = .themes(picker)
            return [.theme(name)]
        case .holds:
            dialog = .holds(number)
            if isDouble { return answerHolds(number, .open, at: now) }
        case .kill, .quit, nil: break
        }
        return []
    }

    /// Buttons act when the click ends where it began; choices at once.
    private mutating func pointInGrave(
        _ mouse: Mouse, _ live: Snapshot, at now: UInt64
    ) -> [Intent] {
        let number = spot(under: mouse, live)
        switch mouse.act {
        case .press:
            pressedSpot = number
            guard case .kill(var kill) = dialog, let number,
                let field = kill.fields(live)[safe: number]
            else { return [] }
            switch field {
            case .way, .players:
                kill.focus = field
                _ = kill.press()
            case .hold, .number: kill.focus = field
            case .cancel, .confirm: return []
            }
            dialog = .kill(kill)
        case .release:
            defer { pressedSpot = nil }
            guard let number, number == pressedSpot else { return [] }
            switch dialog {
            case .kill(let kill):
                switch kill.fields(live)[safe: number] {
                case .cancel?: dialog = nil
                case .confirm?: return confirm(kill, live, at: now)
                case .way?, .players?, .hold?, .number?, nil: break
                }
            case .quit: return QuitDialog.Field(rawValue: number).map { press($0) } ?? []
            case .sort, .columns, .themes, .holds, .choice, nil: break
            }
        case .pressRight, .wheelUp, .wheelDown, .drag: break
        }
        return []
    }

    /// The panel that the pointer is over has the focus from then on.
    private mutating func choosePanel(under mouse: Mouse, _ layout: ScreenLayout) {
        switch page {
        case .view(.overview):
            if layout.overview.streams.contains(mouse) {
                isStreamPanelActive = true
            } else if layout.overview.sessions.contains(mouse) {
                isStreamPanelActive = false
            }
        case .view(.trace):
            if layout.trace.lines.contains(mouse) { traceView.focus = .lines }
            if layout.trace.fields.contains(mouse) { traceView.focus = .fields }
            if layout.trace.bytes.contains(mouse) { traceView.focus = .bytes }
        case .view, .inspector, .help: break
        }
    }

    /// True: a row was under the pointer, and has the cursor now.
    private mutating func select(
        _ mouse: Mouse, _ layout: ScreenLayout, _ drawn: Snapshot, at now: UInt64
    ) -> Bool {
        switch page {
        case .view(.overview):
            let isBoxed = layout.size == .large || layout.size == .huge
            let panel =
                isStreamPanelActive ? layout.overview.streams : layout.overview.sessions
            let area = isBoxed ? panel.inset(1).withoutLastColumn : panel.indented
            guard area.contains(mouse) else { return false }
            let line = mouse.y - area.y - 1
            if isStreamPanelActive {
                guard line >= 0 else {
                    let table = OverviewView.streamTable(Scene(drawn, self), area)
                    sort(\.overviewStreams, by: table.column(at: mouse.x)?.rawValue)
                    return false
                }
                return overviewStreams.streams.select(
                    line, rows: layout.overviewStreamRows, now: now)
            }
            guard line >= 0 else {
                sortSessions(\.overviewSessions, at: mouse.x, in: area, drawn)
                return false
            }
            return overviewSessions.rows.select(
                line, rows: layout.overviewSessionRows, now: now)
        case .view(.connections):
            let area = layout.connections.table.indented
            guard area.contains(mouse) else { return false }
            guard mouse.y > area.y else {
                sortSessions(\.connections, at: mouse.x, in: area, drawn)
                return false
            }
            return connections.rows.select(
                mouse.y - area.y - 1, rows: layout.connectionRows, now: now)
        case .view(.history):
            let area = layout.history.table.indented
            guard area.contains(mouse) else { return false }
            guard mouse.y > area.y else {
                let view = TableView(
                    EndedColumn.table, in: area, offset: ended.columnOffset, sort: ended.sort,
                    scene: Scene(drawn, self))
                sort(\.ended, by: view.column(at: mouse.x)?.rawValue)
                return false
            }
            return ended.rows.select(mouse.y - area.y - 1, rows: layout.historyRows, now: now)
        case .view(.streams):
            let lines = streams.lines(drawn)
            let first = streams.firstVisible(lines, rows: layout.streamRows)
            let index = first + mouse.y - layout.body.y - 1
            guard mouse.y > layout.body.y, lines.indices.contains(index),
                let item = lines[index].item
            else { return false }
            streams.cursor = item
            return true
        case .view(.trace):
            let area = layout.trace.lines
            guard area.contains(mouse), mouse.y > area.y else { return false }
            return traceLog.select(mouse.y - area.y - 1, rows: layout.traceRows)
        case .view(.events):
            guard layout.body.contains(mouse), mouse.y > layout.body.y else { return false }
            return eventLog.select(mouse.y - layout.body.y - 1, rows: layout.logRows)
        case .view(.graphs):
            pointInGraphs(mouse, layout, drawn)
            return false
        case .inspector, .help: return false
        }
    }

    private mutating func sortSessions(
        _ path: WritableKeyPath<ConsoleState, SessionTable>, at x: Int, in area: Rect,
        _ drawn: Snapshot
    ) {
        let table = self[keyPath: path]
        let scene = Scene(drawn, self)
        let view = TableView(
            SessionTableView.columns(table, scene), in: area, offset: table.columnOffset,
            sort: table.sort, scene: scene)
        sort(path, by: view.column(at: x)?.rawValue)
    }

    /// A click on a header sorts by it, another one turns the order round.
    private mutating func sort(
        _ path: WritableKeyPath<ConsoleState, some SortedTable>, by column: Int?
    ) {
        guard let column else { return }
        if column == self[keyPath: path].sortIndex {
            self[keyPath: path].reverse()
        } else {
            self[keyPath: path].chooseSort(column)
        }
    }

    /// The curve under the pointer has the focus, and all are read where it points.
    private mutating func pointInGraphs(
        _ mouse: Mouse, _ layout: ScreenLayout, _ drawn: Snapshot
    ) {
        guard layout.body.contains(mouse) else { return }
        let count = curves(drawn).count
        let shown = graphs.shown(count: count, rows: layout.graphRows(of: count))
        var rest = layout.body
        for (place, index) in shown.enumerated() {
            let (area, below) = rest.split(top: rest.height / (shown.count - place))
            rest = below
            if area.contains(mouse) { graphs.focus = index }
        }
        let scale = graphScale(drawn, layout)
        let column = mouse.x - (layout.body.maxX - 1 - scale.columns)
        guard (0..<scale.columns).contains(column) else { return }
        let second = scale.second(ofColumn: column)
        graphs.cursor = column == scale.columns - 1 ? nil : max(second, 0)
    }
}

extension Rect {
    func contains(_ mouse: Mouse) -> Bool {
        mouse.x >= x && mouse.x < maxX && mouse.y >= y && mouse.y < maxY
    }
}

extension TableState {
    /// The cursor goes to the row that is drawn on this line; false: there is none.
    mutating func select(_ line: Int, rows: Int, now: UInt64) -> Bool {
        guard line >= 0, line < rows else { return false }
        let index = firstVisible(rows: rows) + line
        guard order.indices.contains(index) else { return false }
        move(by: index - (cursorIndex ?? 0), now: now)
        return true
    }
}

extension LogState {
    mutating func select(_ line: Int, rows: Int) -> Bool {
        guard line >= 0, line < rows, let number = number(at: firstVisible(rows: rows) + line)
        else { return false }
        go(to: number)
        return true
    }
}
