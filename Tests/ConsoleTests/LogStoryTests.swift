import Console
import Monitor
import Telemetry
import Testing

/// Following, filtering and stopping in the events and the trace (DESIGN §11).
@Suite struct LogStoryTests {
    @Test func `a log follows until one moves up, and counts what came meanwhile`() {
        var desk = Desk(view: .events)
        let last = desk.live.journal.endNumber - 1
        #expect(desk.state.eventLog.cursor == last)
        desk.press(.up)
        desk.receive { for _ in 0..<5 { $0.tell(.serverStop(why: "quit")) } }
        #expect(desk.state.eventLog.cursor == last - 1)
        #expect(desk.screen.contains("+5 newer"))
        desk.type("G")
        #expect(desk.state.eventLog.cursor == last + 5)
        #expect(desk.screen.contains("following"))
        desk.receive { $0.tell(.serverStop(why: "quit")) }
        #expect(desk.state.eventLog.cursor == last + 6)
    }

    @Test func `a filtered log takes only lines that match, also later ones`() {
        var desk = Desk(view: .events)
        desk.type("/level:warn")
        desk.press(.enter)
        let before = desk.state.eventLog.count
        desk.receive {
            $0.tell(.serverStop(why: "quit"))
            $0.tell(.serverStop(why: "quit"), level: .warn)
        }
        #expect(desk.state.eventLog.count == before + 1)
        desk.type("\\")
        #expect(desk.state.eventLog.count == desk.live.journal.count)
        desk.type("\\")
        #expect(desk.state.eventLog.count == before + 1)
    }

    @Test func `e shows warnings and errors alone`() {
        var desk = Desk(view: .events)
        desk.type("e")
        #expect(desk.state.eventLog.count == 2)
        #expect(desk.screen.contains("only warnings"))
    }

    @Test func `lines that the ring lets go leave the cursor on the oldest left`() {
        var desk = Desk(view: .events)
        desk.live.journal = LogTail(capacity: 512, segmentCapacity: 256)
        desk.receive { for _ in 0..<300 { $0.tell(.serverStop(why: "quit")) } }
        desk.type("g")
        #expect(desk.state.eventLog.cursor == 0)
        desk.receive { for _ in 0..<600 { $0.tell(.serverStop(why: "quit")) } }
        #expect(desk.live.journal.firstNumber > 0)
        #expect(desk.state.eventLog.cursor == desk.live.journal.firstNumber)
        #expect(!desk.screen.isEmpty)
    }

    @Test func `Enter on a line goes to its session or says it is gone`() {
        var desk = Desk(view: .events)
        desk.press(.enter)
        #expect(desk.state.page == .inspector(18))
        desk.press(.escape)
        desk.receive { $0.forget(18) }
        desk.press(.enter)
        #expect(desk.state.page == .view(.events))
        #expect(desk.screen.contains("#18 is no longer kept"))
    }

    @Test func `the trace is filtered by session`() {
        var desk = Desk(view: .trace)
        let all = desk.state.traceLog.count
        desk.type("/#4")
        #expect(desk.state.traceLog.count == 0)
        #expect(desk.screen.contains("0 of \(desk.live.trace.count) match"))
        desk.press(.backspace)
        desk.type("3")
        #expect(desk.state.traceLog.count == 6)
        desk.press(.backspace, .backspace)
        #expect(desk.state.traceLog.count == all)
    }

    @Test func `warnings on the overview are the newest first`() {
        var desk = Desk(view: .overview)
        desk.receive { $0.tell(.serverStop(why: "quit"), level: .error) }
        let lines = desk.screen.split(separator: "\n")
        #expect(lines[10].contains("✗ 14:02:31 test.event  something happened"))
        #expect(lines[11].contains("#16 session.close"))
    }

    @Test func `what an event says is read to its end`() {
        var desk = Desk(view: .events, width: 80, height: 24)
        #expect(desk.lines(with: "#18").first?.contains("203.0.113.5/live") == false)
        desk.press(.right)
        #expect(desk.lines(with: "▸").first?.contains("tcUrl") == true)
        desk.press(.right)
        desk.press(.left)
        desk.press(.left)
        #expect(desk.screen.contains("SOURCE"))
    }
}
