import Console
import Monitor
import Telemetry
import Testing

/// Marks, kills of many, holds and columns (DESIGN §6, §8, §12).
@Suite struct MarkStoryTests {
    private func dialog(_ desk: Desk) -> KillDialog? {
        if case .kill(let kill) = desk.state.dialog { kill } else { nil }
    }

    @Test func `marked sessions are killed together, and each once`() {
        var desk = Desk()
        desk.type("  ")
        #expect(desk.state.marks == [9, 12])
        #expect(desk.lines(with: "* #9 ").count + desk.lines(with: "*#9 ").count == 1)
        desk.type("K")
        desk.draw()
        #expect(desk.screen.contains("Kill 2 marked sessions"))
        #expect(desk.type("y") == [.close(9, .close), .close(12, .close)])
        #expect(desk.state.marks.isEmpty)
        desk.receive(after: 100) { $0.close(9) }
        #expect(desk.screen.contains("1 of 2 sessions closed in 100 ms"))
        desk.receive(after: 100) { $0.close(12) }
        #expect(desk.screen.contains("2 sessions closed in 200 ms"))
    }

    @Test func `a marked session that ends is not killed any more`() {
        var desk = Desk()
        desk.type("  K")
        desk.draw()
        desk.receive { $0.close(9) }
        #expect(dialog(desk)?.hasEnded == false)
        #expect(desk.type("y") == [.close(12, .close)])
    }

    @Test func `a writes a note, which is changed and taken away the same way`() {
        var desk = Desk()
        desk.type("a")
        #expect(desk.state.command?.line.text == "note 9 ")
        desk.type("too \u{1b}slow")
        #expect(desk.press(.enter) == [.note(9, "too slow")])
        desk.receive { $0.change(9) { $0.note = "too slow" } }
        desk.type(":cols id,note")
        desk.press(.enter)
        #expect(desk.lines(with: "#9 ").first?.contains("too slow") == true)
        desk.type("a")
        #expect(desk.state.command?.line.text == "note 9 too slow")
        desk.press(.control("w"), .control("w"))
        #expect(desk.press(.enter) == [.note(9, nil)])
        desk.type(":note 99 x")
        desk.press(.enter)
        #expect(desk.screen.contains("there is no session #99"))
    }

    @Test func `the menu of sorts has a letter for every column`() {
        var desk = Desk()
        let count = desk.state.sortedTable?.sortTitles.count ?? 0
        #expect((27...52).contains(count))
        desk.type("sA")
        #expect(desk.state.sortedTable?.sortIndex == 26)
    }

    @Test func `U unmarks, and a mark goes with its session`() {
        var desk = Desk()
        desk.type("  U")
        #expect(desk.state.marks.isEmpty)
        desk.press(.home)
        desk.type(" ")
        desk.receive { $0.close(9) }
        #expect(desk.state.marks.isEmpty)
    }

    @Test func `marked rows are found by the filter`() {
        var desk = Desk()
        desk.type("  /~marked")
        #expect(Set(desk.state.connections.rows.order) == [9, 12])
    }

    @Test func `marked sessions are traced together`() {
        var desk = Desk()
        desk.type("  ")
        #expect(desk.type("t") == [.trace([9, 12])])
    }

    @Test func `A kicks all players of the stream and leaves its publisher`() {
        var desk = Desk(view: .streams)
        desk.type("A")
        desk.draw()
        #expect(desk.screen.contains("Kill all players of live/cam1"))
        #expect(desk.screen.contains("live/cam1 goes on; nobody else is affected."))
        #expect(
            desk.type("y") == [
                .close(9, .kick(holdSeconds: 60)), .close(12, .kick(holdSeconds: 60)),
            ])
    }

    @Test func `more than ten at once need their number typed`() {
        var live = Demo().snapshot(at: 0)
        live.streams[0].players = []
        live.addPlayers(214, to: "live/cam1", from: 100)
        var desk = Desk(live, view: .streams)
        desk.type("A")
        desk.draw()
        #expect(desk.screen.contains("type 214 to kick 214 players"))
        #expect(desk.type("y") == [])
        #expect(desk.type("214y").count == 214)
    }

    @Test func `A is not there in a read-only console`() {
        var desk = Desk(view: .streams, isReadOnly: true)
        desk.type("A")
        #expect(desk.state.dialog == nil)
    }

    @Test func `a storm of keys closes nothing and loses no cursor`() {
        var desk = Desk()
        for _ in 0..<50 {
            let isClosing = desk.type(" KyAyK y").contains { intent in
                if case .close = intent { true } else { false }
            }
            #expect(!isClosing)
        }
        desk.press(.escape)
        #expect(desk.state.connections.rows.cursor != nil)
    }

    @Test func `holds are listed with the time left, lifted, and end by themselves`() {
        var desk = Desk()
        desk.receive { $0.tell(.hold("live/cam1", seconds: 60)) }
        desk.receive { $0.tell(.hold("live/cam2 for 192.0.2.44", seconds: 5)) }
        desk.type(":holds")
        desk.press(.enter)
        desk.draw()
        #expect(desk.lines(with: "live/cam2 for 192.0.2.44").count == 1)
        #expect(desk.press(.enter) == [.lift("live/cam1")])
        desk.receive { $0.tell(.lift("live/cam1")) }
        #expect(desk.state.holds.map(\.name) == ["live/cam2 for 192.0.2.44"])
        desk.receive(after: 5000)
        #expect(desk.state.holds.isEmpty)
        #expect(desk.screen.contains("nobody is held"))
    }

    @Test func `columns are shown, hidden, moved and widened, and Esc restores them`() {
        var desk = Desk()
        desk.type("c")
        desk.draw()
        #expect(desk.screen.contains("[x] STATE"))
        desk.press(.down)
        desk.type(" ")
        #expect(!desk.state.connections.choice.shown.contains(.role))
        desk.press(.escape)
        #expect(desk.state.connections.choice == .standard)
        desk.type("c>")
        #expect(desk.state.connections.choice.shown.prefix(2) == [.role, .id])
        desk.type("++")
        #expect(desk.state.connections.choice.widths[.id] == 6)
        desk.press(.enter)
        #expect(desk.state.dialog == nil)
        #expect(desk.lines(with: "ROLE ID").count == 1)
    }
}
