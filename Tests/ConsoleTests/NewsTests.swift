import Monitor
import Telemetry
import Testing

@testable import Console

/// When a screen is drawn anew (DESIGN §20).
@Suite struct NewsTests {
    /// A server with nobody on it, half past a second.
    private let shown: Snapshot = {
        var live = Demo().snapshot(at: 0)
        live.sessions = []
        live.streams = []
        live.wallClockMilliseconds = 1_000_500
        return live
    }()

    @Test func `where nobody is connected, time alone is news once a second`() {
        var live = shown
        live.takenAtNanoseconds += 250_000_000
        live.wallClockMilliseconds += 250
        #expect(!live.hasNews(since: shown))
        live.wallClockMilliseconds += 250
        #expect(live.hasNews(since: shown))
    }

    @Test func `whoever comes, is there or has just gone is news`() {
        var live = shown
        live.tell(.console("resumed"))
        #expect(live.hasNews(since: shown))
        live = shown
        live.sessions = Array(Demo().snapshot(at: 0).sessions.prefix(1))
        #expect(live.hasNews(since: shown))
        #expect(live.hasNews(since: live))
        #expect(shown.hasNews(since: live))
    }
}
