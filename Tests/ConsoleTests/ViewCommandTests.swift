import Console
import Monitor
import Telemetry
import Testing

/// Commands that move and dress the console (DESIGN §9).
@Suite struct ViewCommandTests {
    @discardableResult
    private func run(_ command: String, _ desk: inout Desk) -> [Intent] {
        desk.type(":")
        return desk.type(command) + desk.press(.enter)
    }

    @Test func `find and goto move in a log, and hide nothing`() {
        var desk = Desk(view: .events)
        let count = desk.state.eventLog.count
        run("goto 14:01:03", &desk)
        let line = desk.state.eventLog.cursor
        #expect(desk.live.journal[line].map { $0.detail.description.contains("26 frames") } == true)
        run("find event:play", &desk)
        #expect(desk.state.eventLog.cursor != line)
        #expect(desk.state.eventLog.count == count)
        run("goto #16", &desk)
        #expect(desk.live.journal[desk.state.eventLog.cursor]?.session == 16)
    }

    @Test func `goto takes a time as a log shows it`() throws {
        var desk = Desk(view: .trace)
        desk.press(.up, .up, .up)
        let entry = try #require(desk.live.trace[desk.state.traceLog.cursor])
        desk.press(.end)
        run("goto " + WallClock(milliseconds: entry.wallClockMilliseconds).time, &desk)
        #expect(desk.state.command == nil)
        let cursor = try #require(desk.live.trace[desk.state.traceLog.cursor])
        #expect(cursor.wallClockMilliseconds == entry.wallClockMilliseconds)
    }

    @Test(arguments: ["25:00", "14", "14:60", "14:02:60", "14:02:", "14:02:24.", "+1:02", "1e1:02"])
    func `what is no time of day is refused by goto and by filters`(text: String) {
        var desk = Desk(view: .events)
        run("goto \(text)", &desk)
        #expect(desk.screen.contains("expected a time such as 14:02"))
        #expect(throws: FilterError.self) { try FilterPredicate<JournalEntry>("at>\(text)") }
    }

    @Test func `a theme is asked for by name, and worn while one looks at it`() {
        var desk = Desk()
        #expect(run("theme nord", &desk) == [.theme("nord")])
        desk.type("T")
        #expect(desk.state.dialog == nil)
        desk.state = ConsoleState(
            options: {
                var options = ConsoleState.Options()
                options.themeNames = ["dark", "light", "nord"]
                return options
            }())
        _ = desk.state.reduce(.resize(width: 120, height: 40), desk.live, at: desk.now)
        desk.type("T")
        #expect(desk.press(.down) == [.theme("light")])
        desk.state.wears("light", from: "light")
        #expect(desk.press(.escape) == [.theme("auto")])
        #expect(desk.state.dialog == nil)
        desk.type("T")
        #expect(desk.press(.down, .enter) == [.theme("nord"), .theme("nord")])
    }
}
