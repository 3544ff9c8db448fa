import Console
import Monitor
import Telemetry
import Testing

/// Cursor, order, filter and pause of the tables (DESIGN §4, §10, §11).
@Suite struct TableStoryTests {
    @Test func `the cursor follows its session through a new order`() {
        var desk = Desk()
        #expect(desk.state.connections.rows.order.first == 9)
        desk.press(.down)
        #expect(desk.state.connections.rows.cursor == 12)
        desk.receive(after: 3000) { $0.change(12) { $0.bitsPerSecondOut = 90_000_000 } }
        #expect(desk.state.connections.rows.order.first == 12)
        #expect(desk.state.connections.rows.cursor == 12)
    }

    @Test func `the order rests two seconds after a movement and changes once a second`() {
        var desk = Desk()
        desk.press(.down)
        let order = desk.state.connections.rows.order
        desk.receive(after: 1900) { $0.change(18) { $0.bitsPerSecondOut = 90_000_000 } }
        #expect(desk.state.connections.rows.order == order)
        desk.receive(after: 200)
        #expect(desk.state.connections.rows.order.first == 18)
        desk.receive(after: 900) { $0.change(3) { $0.bitsPerSecondOut = 99_000_000 } }
        #expect(desk.state.connections.rows.order.first == 18)
        desk.receive(after: 200)
        #expect(desk.state.connections.rows.order.first == 3)
    }

    @Test func `a held order lets new rows in at the end`() {
        var desk = Desk()
        desk.type("o")
        let order = desk.state.connections.rows.order
        desk.receive(after: 5000) {
            $0.change(18) { $0.bitsPerSecondOut = 90_000_000 }
            $0.addPlayers(1, to: "live/cam1", from: 40)
        }
        #expect(desk.state.connections.rows.order == order + [40])
        desk.type("o")
        desk.receive(after: 5000)
        #expect(desk.state.connections.rows.order.first == 18)
    }

    @Test func `a closed row stays until the cursor leaves it`() {
        var desk = Desk()
        desk.press(.down)
        desk.receive(after: 3000) { $0.close(12) }
        #expect(desk.state.connections.rows.cursor == 12)
        #expect(desk.lines(with: "#12 ").first?.contains("PLAY CLOSED  live/cam1") == true)
        #expect(desk.screen.contains("6/6 shown"))
        desk.receive(after: 90_000) { $0.forget(12) }
        #expect(desk.lines(with: "#12 ").first?.contains("CLOSED") == true)
        desk.press(.down)
        #expect(!desk.state.connections.rows.order.contains(12))
        #expect(desk.state.connections.rows.cursor == 15)
    }

    @Test func `a row that closes elsewhere goes at once`() {
        var desk = Desk()
        desk.receive { $0.close(15) }
        #expect(!desk.state.connections.rows.order.contains(15))
        #expect(desk.state.connections.rows.cursor == 9)
    }

    @Test func `pause freezes what is shown and tells how far behind it is`() {
        var desk = Desk()
        desk.type("p")
        desk.receive(after: 7200) {
            $0.change(9) { $0.bitsPerSecondOut = 1 }
            for _ in 0..<3 { $0.tell(.serverStop(why: "quit")) }
        }
        #expect(desk.screen.contains("‖ PAUSED -7.2 s  live +3 events"))
        #expect(desk.lines(with: "#9 ").first?.contains("6.01M") == true)
        desk.press(.down)
        #expect(desk.state.connections.rows.cursor == 12)
        desk.type("p")
        #expect(desk.screen.contains("● LIVE"))
        #expect(desk.lines(with: "#9 ").first?.contains("6.01M") == false)
    }

    @Test func `the sort keys choose, reverse and step`() {
        var desk = Desk()
        desk.type("s")
        desk.draw()
        desk.type("b")
        #expect(desk.state.dialog == nil)
        #expect(desk.state.connections.rows.order == [3, 4, 9, 12, 15, 17, 18])
        desk.type("S")
        #expect(desk.state.connections.rows.order == [18, 17, 15, 12, 9, 4, 3])
        desk.type(">")
        #expect(desk.state.connections.sort == .role)
        desk.type("<<")
        #expect(desk.state.connections.sort == .severity)
    }

    @Test func `views keep their cursor, filter and history`() {
        var desk = Desk()
        desk.press(.down)
        desk.type("/role:play")
        desk.press(.enter)
        desk.type("351")
        #expect(desk.state.page == .view(.overview))
        desk.type("[[[")
        #expect(desk.state.page == .view(.connections))
        #expect(desk.state.connections.rows.cursor == 12)
        #expect(desk.screen.contains("filter: role:play   3 of 7 match"))
        desk.type("]")
        #expect(desk.state.page == .view(.streams))
    }

    @Test func `inspectors are tabs that Esc closes and four at most stay open`() {
        var desk = Desk()
        for _ in 0..<5 {
            desk.press(.enter)
            desk.type("2")
            desk.press(.down)
        }
        #expect(desk.state.inspectors.map(\.id) == [12, 15, 3, 4])
        desk.press(.up, .enter)
        #expect(desk.state.page == .inspector(4))
        desk.type(")")
        #expect(desk.state.page == .inspector(17))
        desk.press(.escape)
        #expect(desk.state.page == .view(.connections))
        #expect(desk.state.inspectors.map(\.id) == [12, 15, 3])
    }

    @Test func `the detail of what is looked at is asked for, and of nothing else`() {
        var desk = Desk()
        #expect(desk.receive() == [])
        #expect(desk.press(.down) == [.inspect([12])])
        #expect(desk.type("5") == [.inspect([])])
        #expect(desk.type("2") == [.inspect([12])])
        #expect(desk.press(.enter) == [])
        #expect(desk.receive { $0.close(12) } == [])
        #expect(desk.screen.contains("closed by admin: fin"))
        #expect(desk.press(.escape, .character("5")) == [.inspect([])])
    }

    @Test func `a console opened on a view asks for its details at the first snapshot`() throws {
        let live = Demo().snapshot(at: 0)
        var state = try SnapshotText.state(live, view: "#3", width: 80, height: 24)
        #expect(state.absorb(live, at: live.takenAtNanoseconds) == [.inspect([3])])
        #expect(state.absorb(live, at: live.takenAtNanoseconds) == [])
    }

    @Test func `t traces and stops, also whole streams`() {
        var desk = Desk()
        #expect(desk.type("t") == [.trace([9])])
        #expect(desk.type("t") == [.trace([])])
        desk.type("3")
        #expect(desk.type("t") == [.trace([3, 9, 12])])
    }

    @Test func `streams fold and the cursor stays within`() {
        var desk = Desk(view: .streams)
        desk.press(.down, .down)
        #expect(desk.state.streams.cursor == .session(9, of: "live/cam1"))
        desk.press(.left)
        #expect(desk.state.streams.cursor == .stream("live/cam1"))
        #expect(desk.lines(with: "#9 ").isEmpty)
        desk.press(.right)
        #expect(!desk.lines(with: "#9 ").isEmpty)
        desk.press(.down, .enter)
        #expect(desk.state.page == .inspector(3))
    }
}
