import Monitor
import Telemetry
import Testing

@testable import Console

/// What the mouse does (DESIGN §18).
@Suite struct PointingTests {
    /// Presses on the first place where a text stands.
    private func press(_ text: String, _ desk: inout Desk, times: Int = 1) -> [Intent] {
        let lines = desk.screen.split(separator: "\n", omittingEmptySubsequences: false)
        guard let y = lines.firstIndex(where: { $0.contains(text) }),
            let start = lines[y].firstRange(of: text)?.lowerBound
        else {
            Issue.record("there is no \(text)")
            return []
        }
        let x = TextWidth.cells(String(lines[y][..<start]))
        return (0..<times).flatMap { _ in
            desk.state.reduce(.mouse(Mouse(.press, x: x, y: y)), desk.live, at: desk.now)
        }
    }

    @Test func `a click chooses a row, a double click opens it`() {
        var desk = Desk()
        _ = press("#15 ", &desk)
        #expect(desk.state.connections.rows.cursor == 15)
        desk.receive(after: 1000)
        _ = press("#3  ", &desk, times: 2)
        #expect(desk.state.page == .inspector(3))
    }

    @Test func `two slow clicks are two clicks`() {
        var desk = Desk()
        _ = press("#15 ", &desk)
        desk.receive(after: 500)
        _ = press("#15 ", &desk)
        #expect(desk.state.page == .view(.connections))
    }

    @Test func `a click on a header sorts, another one turns it round`() {
        var desk = Desk()
        _ = press("CLIENT", &desk)
        #expect(desk.state.connections.sort == .client)
        #expect(!desk.state.connections.rows.isDescending)
        _ = press("CLIENT▲", &desk)
        #expect(desk.state.connections.rows.isDescending)
    }

    @Test func `tabs and hints are keys`() {
        var desk = Desk()
        _ = press("3 Streams", &desk)
        #expect(desk.state.page == .view(.streams))
        _ = press("? Help", &desk)
        #expect(desk.state.page == .help)
    }

    @Test func `the wheel moves what is under the pointer`() {
        var desk = Desk(view: .overview)
        let before = desk.state.overviewSessions.rows.cursor
        let stream = desk.state.overviewStreams.streams.cursor
        let area = ScreenLayout(desk.state).overview.streams
        _ = desk.state.reduce(
            .mouse(Mouse(.wheelDown, x: area.x + 5, y: area.y + 2)), desk.live, at: desk.now)
        #expect(desk.state.isStreamPanelActive)
        #expect(desk.state.overviewSessions.rows.cursor == before)
        #expect(desk.state.overviewStreams.streams.cursor != stream)
    }

    /// Presses where a text stands, and lets go where another one does.
    @discardableResult
    private func drag(_ from: String, to: String, _ desk: inout Desk) -> [Intent] {
        let down = press(from, &desk)
        let lines = desk.screen.split(separator: "\n", omittingEmptySubsequences: false)
        guard let y = lines.firstIndex(where: { $0.contains(to) }),
            let start = lines[y].firstRange(of: to)?.lowerBound
        else {
            Issue.record("there is no \(to)")
            return []
        }
        let x = TextWidth.cells(String(lines[y][..<start]))
        return down
            + desk.state.reduce(.mouse(Mouse(.release, x: x, y: y)), desk.live, at: desk.now)
    }

    @Test func `a press alone ends nothing, wherever it is`() {
        var desk = Desk()
        desk.type("K")
        desk.draw()
        for y in 0..<40 {
            for x in 0..<120 {
                let intents = desk.state.reduce(
                    .mouse(Mouse(.press, x: x, y: y)), desk.live, at: desk.now)
                #expect(intents.isEmpty)
            }
        }
        guard case .kill = desk.state.dialog else {
            Issue.record("the dialog went away")
            return
        }
    }

    @Test func `the kill button takes a click that begins and ends on it`() {
        var desk = Desk()
        desk.type("K")
        // Not on the screen yet: nothing is meant for it.
        #expect(drag("[ Close #9 ]", to: "[ Close #9 ]", &desk).isEmpty)
        desk.draw()
        #expect(drag("[ Close #9 ]", to: "[ Cancel ]", &desk).isEmpty)
        #expect(drag("[ Cancel ]", to: "[ Close #9 ]", &desk).isEmpty)
        #expect(desk.state.dialog != nil)
        _ = press("reset", &desk)
        #expect(desk.screen.contains("[ Reset #9 ]"))
        #expect(drag("[ Reset #9 ]", to: "[ Reset #9 ]", &desk) == [.close(9, .reset)])
        desk.type("K")
        desk.draw()
        #expect(drag("[ Cancel ]", to: "[ Cancel ]", &desk).isEmpty)
        #expect(desk.state.dialog == nil)
    }

    @Test func `buttons of the quit dialog, and a number that is missing`() {
        var desk = Desk()
        desk.press(.control("c"))
        desk.draw()
        #expect(drag("[ Detach", to: "[ Detach", &desk) == [.detach])
        desk.press(.control("c"))
        desk.draw()
        #expect(drag("[ Quit ]", to: "[ Quit ]", &desk) == [.quit])
        var many = Desk(Demo(sessions: 60).snapshot(at: 0))
        many.type(String(repeating: " ", count: 12) + "K")
        many.draw()
        #expect(many.screen.contains("type 12 to"))
        #expect(drag("[ Close 12", to: "[ Close 12", &many).isEmpty)
    }

    @Test func `a click chooses in a menu`() {
        var desk = Desk()
        desk.type("s")
        desk.draw()
        _ = press("CLIENT", &desk)
        #expect(desk.state.connections.sort == .client)
        desk.type("c")
        desk.draw()
        _ = press("[ ] ACK", &desk)
        #expect(desk.state.connections.choice.shown.contains(.acknowledged))
        desk.press(.enter)
        desk.type("y")
        desk.draw()
        #expect(press("i  id", &desk).first == .copy("#9", name: "id", toFile: false))
    }

    @Test func `the right button opens the menu of y for the row under it`() {
        var desk = Desk()
        let y = 6
        _ = desk.state.reduce(.mouse(Mouse(.pressRight, x: 10, y: y)), desk.live, at: desk.now)
        guard case .choice(let menu) = desk.state.dialog else {
            Issue.record("no menu")
            return
        }
        #expect(menu.items.first?.text == desk.state.cursorSession.map { "#\($0)" })
        #expect(desk.state.connections.rows.cursorIndex == y - 3)
    }

    @Test func `the right button takes the row of the panel that is under it`() {
        var desk = Desk(view: .overview)
        #expect(!desk.state.isStreamPanelActive)
        let area = ScreenLayout(desk.state).overview.streams
        _ = desk.state.reduce(
            .mouse(Mouse(.pressRight, x: area.x + 5, y: area.y + 2)), desk.live, at: desk.now)
        #expect(desk.state.isStreamPanelActive)
        guard case .choice(let menu) = desk.state.dialog else {
            Issue.record("no menu")
            return
        }
        #expect(menu.items.first?.text == desk.state.overviewStreams.streams.cursor)
    }

    @Test func `a click on a header sorts the streams of the overview too`() {
        var desk = Desk(view: .overview)
        _ = press("PUBLISHER", &desk)
        #expect(desk.state.isStreamPanelActive)
        #expect(desk.state.overviewStreams.sort == .publisher)
        let isDescending = desk.state.overviewStreams.isDescending
        _ = press(isDescending ? "PUBLISHER▼" : "PUBLISHER▲", &desk)
        #expect(desk.state.overviewStreams.isDescending != isDescending)
    }

    @Test func `a click on a header sorts the history too`() {
        var desk = Desk(view: .history)
        _ = press("LASTED", &desk)
        #expect(desk.state.ended.sort == .lasted)
        #expect(desk.state.ended.rows.isDescending)
        _ = press("LASTED▼", &desk)
        #expect(!desk.state.ended.rows.isDescending)
    }

    @Test func `in graphs it reads the curves where it points`() {
        var desk = Desk(view: .graphs)
        _ = desk.state.reduce(.mouse(Mouse(.drag, x: 60, y: 15)), desk.live, at: desk.now)
        #expect(desk.state.graphs.focus == 1)
        let scale = desk.state.graphScale(desk.live, ScreenLayout(desk.state))
        #expect(scale.column(of: desk.state.graphs.cursor ?? 0) == 51)
        _ = desk.state.reduce(.mouse(Mouse(.press, x: 118, y: 15)), desk.live, at: desk.now)
        #expect(desk.state.graphs.cursor == nil)
    }

    @Test func `switched off it does nothing`() {
        var desk = Desk()
        desk.type(":set mouse off")
        desk.press(.enter)
        #expect(!desk.state.usesMouse)
        _ = press("3 Streams", &desk)
        #expect(desk.state.page == .view(.connections))
    }

    @Test(arguments: ViewKind.allCases, [(1, 1), (60, 20), (80, 24), (120, 40), (200, 60)])
    func `no cell of any view is out of bounds`(view: ViewKind, size: (Int, Int)) {
        var desk = Desk(view: view, width: size.0, height: size.1)
        for y in stride(from: -1, to: size.1 + 2, by: 1) {
            for x in stride(from: -1, to: size.0 + 2, by: 7) {
                for act in [Mouse.Act.press, .wheelUp, .wheelDown, .drag] {
                    _ = desk.state.reduce(.mouse(Mouse(act, x: x, y: y)), desk.live, at: desk.now)
                }
                desk.press(.escape)
                desk.state.go(to: .view(view))
            }
        }
        #expect(desk.state.page == .view(view))
    }
}
