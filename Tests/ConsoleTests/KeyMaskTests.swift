import Monitor
import Telemetry
import Testing

@testable import Console

/// Which characters of a stream's name are hidden (DESIGN §15).
@Suite struct KeyMaskTests {
    /// Of a server with one stream of this name.
    private func mask(_ name: String) -> KeyMask {
        var live = Demo().snapshot(at: 0)
        live.sessions = []
        live.ended = []
        live.streams = Array(live.streams.prefix(1))
        live.streams[0].key = SafeText("live/" + name)
        return KeyMask(live)
    }

    @Test func `short names and other words stay`() {
        let mask = KeyMask(Demo().snapshot(at: 0))
        #expect(mask.masked("live/cam1 PLAY play cam1") == "live/cam1 PLAY play cam1")
        #expect(mask.masked("live/studio and studi") == "live/stud** and stud*")
    }

    @Test func `of names that begin alike the one that goes on longest is hidden`() {
        var live = Demo().snapshot(at: 0)
        live.streams[0].key = "live/abcd-efgh"
        live.streams[1].key = "live/abcd-xyz"
        #expect(KeyMask(live).masked("abcd-efgh abcd-xyz abcd-e") == "abcd***** abcd**** abcd**")
    }

    @Test(arguments: [
        ("abcdefgh", "abcd****"), ("配信配信配信", "配信配信****"), ("abcd配信e", "abcd*****"),
        ("abcde\u{301}fg", "abcd***"), ("abcd\u{301}efg", "abcd\u{301}***"),
    ])
    func `a screen hides whole characters, wide ones and marks too`(name: String, hidden: String) {
        var surface = Surface(width: 40, height: 1)
        surface.put("x \(name) y", x: 0, y: 0)
        mask(name).mask(&surface)
        #expect(surface.text() == "x \(hidden) y\n")
        #expect(mask(name).masked(name).unicodeScalars.filter { $0 == "*" }.count > 0)
    }

    @Test(arguments: ViewKind.allCases)
    func `the files of SIGUSR1 are dressed as the console is now`(
        view: ViewKind
    ) {
        var live = Demo().snapshot(at: 0)
        for index in live.sessions.indices where live.sessions[index].facts.stream != nil {
            live.sessions[index].facts.stream = "live/abcd-efgh"
        }
        live.streams[0].key = "live/abcd-efgh"
        var desk = Desk(live, view: view)
        #expect(SnapshotText.views(live, as: desk.state, width: 120, height: 40).contains("abcd-"))
        desk.type("M")
        let views = SnapshotText.views(live, as: desk.state, width: 120, height: 40)
        #expect(!views.contains("abcd-"))
        #expect(views.contains("abcd*"))
    }
}
