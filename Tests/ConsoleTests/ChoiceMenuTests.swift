import Monitor
import Telemetry
import Testing

@testable import Console

/// What `y`, `Y`, `w` and `M` do (DESIGN §8, §14, §15).
@Suite struct ChoiceMenuTests {
    private func menu(_ desk: Desk) -> ChoiceMenu? {
        if case .choice(let menu) = desk.state.dialog { menu } else { nil }
    }

    private func item(_ name: String, _ desk: Desk) -> String? {
        menu(desk)?.items.first { $0.name == name }?.text
    }

    @Test func `y offers what the row under the cursor has, and a letter copies it`() throws {
        var desk = Desk()
        desk.type("y")
        #expect(item("id", desk) == "#9")
        #expect(item("stream", desk) == "live/cam1")
        #expect(item("peer", desk) == "192.0.2.44:51544")
        #expect(item("tcUrl", desk) == "rtmp://203.0.113.5/live")
        #expect(item("line", desk)?.contains("#9   PLAY play") == true)
        #expect(item("JSON", desk)?.hasPrefix("{\"id\":9,\"role\":\"PLAY\"") == true)
        #expect(item("JSON", desk)?.split(separator: "\n").count == 1)
        #expect(
            desk.type("p") == [.copy("192.0.2.44:51544", name: "peer", toFile: false)])
        #expect(desk.state.dialog == nil)
        #expect(desk.type("Yi") == [.copy("#9", name: "id", toFile: true)])
    }

    @Test(arguments: ViewKind.allCases)
    func `every view has something to copy, and Esc copies nothing`(view: ViewKind) {
        var desk = Desk(view: view)
        #expect(desk.type("y").isEmpty)
        #expect(menu(desk)?.items.isEmpty == false)
        #expect(desk.press(.escape).isEmpty)
        #expect(desk.state.dialog == nil)
    }

    @Test func `the tree of a command and of a message can be copied`() {
        var desk = Desk()
        desk.type(":inspect 3")
        desk.press(.enter)
        desk.type("y")
        #expect(item("tree", desk)?.contains("  app  string \"live\"\n") == true)
        desk.press(.escape)
        desk.type("4")
        desk.press(.home, .down, .down, .down, .enter)
        desk.type("y")
        #expect(item("tree", desk)?.contains("basic header") == true)
    }

    @Test func `w offers the forms, and the command it opens says where`() {
        var desk = Desk()
        desk.type("w")
        #expect(menu(desk)?.items.map(\.name) == ["txt", "ansi", "csv", "json", "jsonl", "md"])
        desk.type("c")
        #expect(
            desk.state.command?.line.text == "write csv rtmp-top-connections-20261121T140231.csv")
        guard case .write(_, let text)? = desk.press(.enter).first else {
            Issue.record("nothing written")
            return
        }
        #expect(text.split(separator: "\n").count == 8)
        desk.type("?w")
        #expect(menu(desk)?.items.map(\.name) == ["txt", "ansi"])
    }

    @Test func `ansi writes the screen itself, and marked rows stand for all`() {
        var desk = Desk()
        let screen = desk.screen
        desk.type(":write ansi a.ansi")
        guard case .writeScreen("a.ansi", let surface)? = desk.press(.enter).first else {
            Issue.record("no screen")
            return
        }
        #expect(
            surface.text().split(separator: "\n").dropLast(2)
                == screen.split(separator: "\n").dropLast(2))
        desk.type("  :write csv a.csv")
        guard case .write(_, let text)? = desk.press(.enter).first else {
            Issue.record("nothing written")
            return
        }
        #expect(text.split(separator: "\n").count == 3)
    }

    /// A server whose streams have names like keys.
    private func secretive(view: ViewKind, width: Int = 120) -> Desk {
        var live = Demo().snapshot(at: 0)
        for index in live.sessions.indices where live.sessions[index].facts.stream != nil {
            live.sessions[index].facts.stream = "live/abcd-efgh-ijkl"
        }
        live.streams[0].key = "live/abcd-efgh-ijkl"
        return Desk(live, view: view, width: width)
    }

    @Test(arguments: [ViewKind.overview, .connections, .streams, .graphs], [80, 120, 200])
    func `M hides stream keys after four characters, cut ones too`(view: ViewKind, width: Int) {
        var desk = secretive(view: view, width: width)
        #expect(desk.screen.contains("abcd-") || view == .graphs)
        desk.type("M")
        #expect(!desk.screen.contains("abcd-"))
        #expect(desk.screen.contains("abcd*") || view == .graphs)
        desk.type("M")
        #expect(desk.screen.contains("abcd-") || view == .graphs)
    }

    @Test func `what is hidden is hidden in copies and files too`() {
        var desk = secretive(view: .connections)
        desk.type("My")
        #expect(item("stream", desk) == "live/abcd**********")
        #expect(item("JSON", desk)?.contains("efgh") == false)
        desk.press(.escape)
        desk.type(":write csv a.csv")
        guard case .write(_, let text)? = desk.press(.enter).first else {
            Issue.record("nothing written")
            return
        }
        #expect(!text.contains("efgh"))
        #expect(text.contains("live/abcd*"))
    }
}
