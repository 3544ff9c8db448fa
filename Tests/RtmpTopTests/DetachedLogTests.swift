import Console
import Monitor
import Telemetry
import Testing

@testable import rtmp_top

/// What is told in lines while the console is off its terminal (console design, §21).
@Suite struct DetachedLogTests {
    private var live = Demo().snapshot(at: 0)

    private mutating func tell(_ detail: String, level: Event.Level = .info) {
        live.journal.append(
            JournalEntry(
                wallClockMilliseconds: live.wallClockMilliseconds,
                event: Event(atNanoseconds: live.takenAtNanoseconds, kind: .console("resumed")),
                level: level, source: "test", session: nil, name: "test.event",
                detail: SafeText(detail)))
    }

    @Test mutating func `what nobody wants printed hides no line behind it`() {
        var log = DetachedLog(after: live.journal)
        tell("one")
        tell("two", level: .debug)
        tell("three", level: .warn)
        let lines = log.lines(of: live, ConsoleState())
        #expect(lines.count == 2)
        #expect(lines.first?.hasSuffix("one") == true)
        #expect(lines.last?.hasSuffix("three") == true)
        #expect(log.lines(of: live, ConsoleState()).isEmpty)
    }

    @Test mutating func `of many only the newest are printed`() {
        var log = DetachedLog(after: live.journal)
        for number in 0..<50 { tell("line \(number)") }
        let lines = log.lines(of: live, ConsoleState())
        #expect(lines.count == 20)
        #expect(lines.first?.hasSuffix("line 30") == true)
    }

    @Test mutating func `keys are hidden as on the screen`() {
        live.streams[0].key = "live/abcd-efgh"
        var log = DetachedLog(after: live.journal)
        tell("publishes live/abcd-efgh")
        var options = ConsoleState.Options()
        options.settings.masksKeys = true
        let lines = log.lines(of: live, ConsoleState(options: options))
        #expect(lines.first?.hasSuffix("publishes live/abcd*****") == true)
    }

    @Test func `a rest ends with a stir, a wait only with a reason`() throws {
        let ending = try Ending()
        ending.stir()
        ending.rest(untilNanoseconds: nil)
        #expect(ending.reason == nil)
        ending.stir()
        ending.request(.quit)
        #expect(ending.wait() == .quit)
        ending.rest(untilNanoseconds: nil)
    }
}
