import Console
import Monitor
import Telemetry
import Testing

/// The kill flow (DESIGN §12, P5): nothing is closed by a slip.
@Suite struct KillStoryTests {
    private func desk(on id: SessionID, _ live: Snapshot = Demo().snapshot(at: 0)) -> Desk {
        var desk = Desk(live)
        while desk.state.connections.rows.cursor != id { desk.press(.down) }
        return desk
    }

    private func dialog(_ desk: Desk) -> KillDialog? {
        if case .kill(let kill) = desk.state.dialog { kill } else { nil }
    }

    @Test func `the dialog opens on Cancel, so Enter does nothing`() {
        var desk = desk(on: 3)
        desk.type("K")
        desk.draw()
        #expect(dialog(desk)?.focus == .cancel)
        #expect(desk.press(.enter) == [])
        #expect(desk.state.dialog == nil)
    }

    @Test func `a storm of K y before anything is drawn closes nothing`() {
        var desk = desk(on: 3)
        #expect(desk.type("KyKyKy").isEmpty)
        #expect(dialog(desk)?.target.id == 3)
    }

    @Test func `K y with the dialog drawn closes once and the second K is refused`() {
        var desk = desk(on: 12)
        desk.type("K")
        desk.draw()
        #expect(desk.type("y") == [.close(12, .close)])
        desk.receive { $0.close(12) }
        desk.type("K")
        desk.draw()
        #expect(desk.state.dialog == nil)
        #expect(desk.type("y") == [])
        #expect(desk.screen.contains("#12 has already ended; nothing was done"))
    }

    @Test func `the result is said with its time and its reason`() {
        var desk = desk(on: 12)
        desk.press(.function(9))
        desk.draw()
        desk.type("y")
        desk.receive(after: 41) { $0.close(12, why: "killed") }
        #expect(desk.screen.contains("#12 closed in 41 ms (admin: killed)"))
    }

    @Test func `a session that will not go is told of`() {
        var desk = desk(on: 12)
        desk.type("K")
        desk.draw()
        desk.type("y")
        desk.receive(after: 2500)
        #expect(desk.screen.contains("#12 is still open 2 s after it was asked to close"))
    }

    @Test func `the dialog names the stream that ends and the players that lose it`() {
        var desk = desk(on: 3)
        desk.type("K")
        let screen = desk.screen
        #expect(screen.contains("Kill session #3"))
        #expect(screen.contains("live/cam1 ends;  2 players (#9 #12) lose the stream."))
        #expect(screen.contains("[ ] also kick its 2 players"))
        #expect(screen.contains("[ Cancel ]    [ Kick #3 ]"))
    }

    @Test func `a publisher is kicked by default, others are closed`() {
        var publisher = desk(on: 3)
        publisher.type("K")
        publisher.draw()
        #expect(publisher.type("y") == [.close(3, .kick(holdSeconds: 60))])
        var idle = desk(on: 18)
        idle.type("K")
        idle.draw()
        #expect(idle.type("y") == [.close(18, .close)])
    }

    @Test func `way, hold time and players are chosen with Tab, blank and digits`() {
        var desk = desk(on: 3)
        desk.type("K")
        desk.draw()
        // From Cancel back: players, reset, hold.
        desk.press(.backTab)
        desk.type(" ")
        desk.press(.backTab, .backTab, .backspace, .backspace)
        desk.type("300")
        #expect(
            desk.type("y") == [
                .close(3, .kick(holdSeconds: 300)), .close(9, .kick(holdSeconds: 300)),
                .close(12, .kick(holdSeconds: 300)),
            ])
    }

    @Test func `the kill button takes Enter but no blank`() {
        var desk = desk(on: 3)
        desk.type("K")
        desk.draw()
        desk.press(.tab)
        #expect(dialog(desk)?.focus == .confirm)
        #expect(desk.type(" ") == [])
        #expect(dialog(desk) != nil)
        #expect(desk.press(.enter) == [.close(3, .kick(holdSeconds: 60))])
    }

    @Test func `reset is the third way`() {
        var desk = desk(on: 9)
        desk.type("K")
        desk.draw()
        desk.press(.tab, .tab, .tab, .tab)
        #expect(dialog(desk)?.focus == .way(.reset))
        desk.type(" ")
        #expect(desk.type("y") == [.close(9, .reset)])
    }

    @Test func `a target that ends meanwhile is told of and nothing is done`() {
        var desk = desk(on: 3)
        desk.type("K")
        desk.draw()
        desk.receive { $0.close(3) }
        #expect(desk.screen.contains("#3 has ended by itself"))
        #expect(desk.type("y") == [])
        #expect(desk.state.dialog == nil)
        #expect(desk.screen.contains("nothing was done"))
    }

    @Test func `the dialog stays with its session when rows change places`() {
        var desk = desk(on: 3)
        desk.type("K")
        desk.draw()
        let order = desk.state.connections.rows.order
        desk.receive(after: 60_000) {
            $0.change(18) { $0.bitsPerSecondOut = 90_000_000 }
        }
        #expect(desk.state.connections.rows.order == order)
        #expect(desk.type("y") == [.close(3, .kick(holdSeconds: 60))])
    }

    @Test(arguments: [(9, false), (8, false)])
    func `up to ten players need no number`(players: Int, expected: Bool) {
        var live = Demo().snapshot(at: 0)
        live.streams[0].players = []
        live.addPlayers(players + 1, to: "live/cam1", from: 100)
        var desk = desk(on: 3, live)
        desk.type("K")
        #expect((dialog(desk)?.requiredNumber(desk.live) != nil) == expected)
    }

    @Test func `more than ten players need their number typed`() {
        var live = Demo().snapshot(at: 0)
        live.streams[0].players = []
        live.addPlayers(214, to: "live/cam1", from: 100)
        var desk = desk(on: 3, live)
        desk.type("K")
        desk.draw()
        #expect(desk.screen.contains("type 214 to kick 214 players"))
        #expect(desk.type("y") == [])
        desk.type("213")
        #expect(desk.type("y") == [])
        desk.press(.backspace)
        #expect(desk.type("4y") == [.close(3, .kick(holdSeconds: 60))])
    }

    @Test func `read-only has no kill: not by key, not in hints, not in help`() {
        var desk = Desk(isReadOnly: true)
        desk.type("K")
        #expect(desk.state.dialog == nil)
        #expect(desk.screen.contains("read-only"))
        #expect(!desk.screen.contains("Kill"))
        desk.type("?")
        #expect(!desk.screen.contains("kill session"))
    }

    @Test func `Esc and n are no; Backspace, Delete, ^D and ^K never kill`() {
        for key in [Key.escape, .character("n")] {
            var desk = desk(on: 3)
            desk.type("K")
            desk.draw()
            #expect(desk.press(key) == [])
            #expect(desk.state.dialog == nil)
        }
        for key in [
            Key.backspace, .delete, .control("d"), .control("k"), .character("d"), .character("x"),
        ] {
            var desk = desk(on: 3)
            #expect(
                desk.press(key, .character("y"), .enter).allSatisfy { intent in
                    if case .close = intent { false } else { true }
                })
            #expect(desk.state.dialog == nil)
        }
    }

    @Test func `while paused the live session is killed, and that is said`() {
        var desk = desk(on: 12)
        desk.type("pK")
        desk.draw()
        #expect(desk.type("y") == [.close(12, .close)])
        #expect(desk.screen.contains("the live session: the view is paused"))
    }

    @Test func `on a stream its publisher is meant`() {
        var desk = Desk(view: .streams)
        desk.type("K")
        #expect(dialog(desk)?.target.id == 3)
    }

    @Test func `a dialog that does not fit takes no yes`() {
        var desk = desk(on: 3)
        desk.type("K")
        desk.draw()
        _ = desk.state.reduce(.resize(width: 40, height: 10), desk.live, at: desk.now)
        desk.draw()
        #expect(desk.type("y") == [])
        desk.press(.escape)
        #expect(desk.state.dialog == nil)
    }

    @Test func `quitting asks when somebody is connected`() {
        var desk = Desk()
        #expect(desk.type("q") == [])
        desk.draw()
        #expect(desk.screen.contains("2 publishers and 3 players will be closed"))
        #expect(desk.press(.enter) == [])
        desk.type("q")
        desk.draw()
        #expect(desk.type("y") == [.quit])
    }

    @Test func `^C twice within two seconds quits, later it does not`() {
        var desk = Desk()
        #expect(desk.press(.control("c"), .control("c")) == [.quit])
        var slow = Desk()
        slow.press(.control("c"))
        slow.receive(after: 2500)
        #expect(slow.press(.control("c")) == [])
    }

    @Test func `without sessions quitting is at once`() {
        var empty = Demo(sessions: 0).snapshot(at: 0)
        empty.server.connections = 0
        var desk = Desk(empty)
        #expect(desk.type("q") == [.quit])
    }
}
