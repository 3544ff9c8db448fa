import Console
import Monitor
import Testing

@testable import rtmp_top

/// Slow terminals, and what is left on one (console design, §20, §21).
@Suite struct DrawPaceTests {
    private static let second: UInt64 = 1_000_000_000

    @Test func `three slow frames in turn halve the rate, ten fast seconds bring it back`() {
        var pace = DrawPace()
        var now: UInt64 = 0
        func frames(_ count: Int, took milliseconds: UInt64) {
            for _ in 0..<count {
                now += Self.second / 4
                pace.note(tookNanoseconds: milliseconds * 1_000_000, at: now)
            }
        }
        frames(2, took: 60)
        frames(1, took: 1)
        frames(2, took: 60)
        #expect(pace.halvings == 0)
        frames(1, took: 60)
        #expect(pace.halvings == 1)
        frames(3, took: 60)
        #expect(pace.halvings == 2)
        frames(40, took: 1)
        #expect(pace.halvings == 2)
        frames(1, took: 1)
        #expect(pace.halvings == 1)
        frames(40, took: 1)
        #expect(pace.halvings == 0)
        frames(30, took: 60)
        #expect(pace.halvings == DrawPace.halvingsMaximum)
    }

    @Test func `the farewell says what was served, and the errors`() {
        let lines = Farewell.lines(Demo().snapshot(at: 0), log: "a.log")
        #expect(
            lines.suffix(2) == [
                "served 31 sessions in 02:13:44: 7.84 GB in, 11.9 GB out, 212 frames dropped",
                "log: a.log",
            ])
        #expect(lines.dropLast(2).allSatisfy { $0.contains(" error ") })
        #expect(lines.count <= 7)
    }
}
