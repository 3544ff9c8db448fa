import Console
import Monitor
import Telemetry
import Testing

/// View 7: sessions that ended, who ended them and why (DESIGN §5.9).
@Suite struct HistoryStoryTests {
    @Test func `the newest end stands first, with who and why`() {
        let desk = Desk(view: .history)
        #expect(desk.state.ended.rows.order == [16, 2, 14, 11, 10, 8, 7])
        let line = desk.lines(with: "#11 ").first
        #expect(line?.contains("13:51:44 #11") == true)
        #expect(line?.contains("us    nothing received for 30 s") == true)
        #expect(desk.screen.contains("by peer: reset by the peer, waiting in hs:C1"))
        #expect(desk.screen.contains("7 ended"))
    }

    @Test func `the cursor's session is taken apart below, and Tab hides that`() {
        var desk = Desk(view: .history)
        desk.press(.down, .down)
        #expect(desk.screen.contains("#14 PLAY live/cam1   VLC 3.0"))
        #expect(desk.screen.contains("8.00 MB = 10640 ms of media not sent"))
        desk.press(.tab)
        #expect(!desk.screen.contains("of media not sent"))
    }

    @Test func `Enter opens the inspector of a session that ended, and asks for its black box`() {
        var desk = Desk(view: .history)
        desk.press(.down)
        #expect(desk.press(.enter) == [.inspect([2])] || desk.state.page == .inspector(2))
        #expect(desk.state.page == .inspector(2))
        #expect(desk.screen.contains("#2 PUB live/studio"))
        #expect(desk.screen.contains("closed by peer: fin"))
        desk.press(.escape)
        #expect(desk.state.page == .view(.history))
        #expect(desk.state.ended.rows.cursor == 2)
    }

    @Test func `it is filtered by who and why, and sorted by any column`() {
        var desk = Desk(view: .history)
        desk.type("/who:us & why:slow")
        #expect(desk.state.ended.rows.order == [14])
        desk.press(.enter)
        #expect(desk.screen.contains("1 of 7 match"))
        desk.type("\\")
        desk.receive(after: 3000)
        desk.type(":sort lasted asc")
        desk.press(.enter)
        desk.receive(after: 3000)
        #expect(desk.state.ended.rows.order == [8, 10, 16, 14, 7, 11, 2])
    }

    @Test func `nothing is killed or marked here`() {
        var desk = Desk(view: .history)
        desk.type("K U")
        #expect(desk.state.dialog == nil)
        #expect(desk.state.marks.isEmpty)
    }

    @Test func `before the first end it says so`() {
        var live = Demo().snapshot(at: 0)
        live.ended = []
        #expect(Desk(live, view: .history).screen.contains("no session has ended yet"))
    }
}
