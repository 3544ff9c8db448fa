import Monitor
import Telemetry
import Testing

@testable import Console

/// View 6: curves, their scale and the cursor that reads them (DESIGN §5.8).
@Suite struct GraphStoryTests {
    @Test func `a column is a mean of whole seconds that stays what it was while it moves`() {
        let history = (0..<10).map(Double.init)
        let scale = GraphScale(seconds: 9, width: 3, endSecond: 10)
        #expect(scale.secondsPerColumn == 3)
        #expect((0..<3).map(scale.second(ofColumn:)) == [3, 6, 9])
        #expect(scale.means(of: history) { $0 } == [4, 7, 9])
        let later = GraphScale(seconds: 9, width: 3, endSecond: 12)
        #expect(later.means(of: history + [10, 11]) { $0 } == [4, 7, 10])
        #expect(later.column(of: 8) == 1)
        #expect(later.column(of: 2) == nil)
    }

    @Test func `what was not measured is a gap, and what has been forgotten too`() {
        let history = [.nan, .nan, 2, 4]
        let scale = GraphScale(seconds: 8, width: 4, endSecond: 104)
        #expect(scale.means(of: history) { $0 } == [nil, nil, nil, 3])
    }

    @Test(arguments: [
        ([0.0], 1.0), ([0.3], 1), ([14.2], 15), ([9.9e6], 10e6), ([2.0e6, 1], 2e6),
        ([.infinity], 1),
    ])
    func `the top of a scale is a round number`(values: [Double], top: Double) {
        #expect(GraphsView.top(values, isSigned: false) == top)
    }

    @Test func `the cursor reads all curves at one second, which passes with the time`() {
        var desk = Desk(view: .graphs)
        #expect(desk.lines(with: "In b/s").first?.contains("now 8.52M") == true)
        desk.press(.left)
        let second = desk.live.server.historyEnd - 4
        #expect(desk.state.graphs.cursor == second)
        #expect(desk.lines(with: "Out b/s").first?.contains("cursor ") == true)
        #expect(desk.screen.contains("at 14:02:27"))
        desk.receive(after: 9000) { $0.server.historyEnd += 9 }
        #expect(desk.screen.contains("at 14:02:27"))
        desk.press(.end)
        #expect(desk.state.graphs.cursor == nil)
    }

    @Test func `plus and minus zoom here, and leave the refresh alone`() {
        var desk = Desk(view: .graphs)
        #expect(desk.screen.contains("05:30  1 col = 3 s"))
        desk.type("---")
        #expect(desk.screen.contains("1h00m  1 col = 33 s"))
        desk.type("+")
        #expect(desk.screen.contains("31:10  1 col = 17 s"))
        #expect(desk.state.settings.refresh == 4)
    }

    @Test func `a shows the session that was looked at, and asks for its seconds`() {
        var desk = Desk(view: .connections)
        desk.type("/#3")
        desk.press(.enter)
        desk.type("6")
        #expect(desk.type("a") == [.inspect([3])])
        #expect(desk.screen.contains("#3 PUB live/cam1"))
        #expect(desk.lines(with: "A-V ms").first?.contains("now +12") == true)
        desk.press(.enter)
        #expect(desk.state.page == .inspector(3))
        desk.press(.escape)
        desk.type("a")
        #expect(desk.screen.contains("Send queue, ms of media  the player furthest behind"))
    }

    @Test func `curves that find no room come with Tab`() {
        var desk = Desk(view: .graphs, width: 80, height: 24)
        #expect(!desk.screen.contains("Connections  open"))
        for _ in 0..<5 { desk.press(.tab) }
        #expect(desk.screen.contains("Connections  open"))
        desk.press(.tab)
        #expect(desk.screen.contains("In b/s  all peers"))
    }

    @Test func `a logarithmic scale lifts what is small`() {
        var desk = Desk(view: .graphs)
        let before = desk.screen
        desk.type("u")
        #expect(desk.screen != before)
        #expect(desk.screen.contains("log"))
    }
}
