import Console
import Monitor
import Telemetry
import Testing

/// The configuration (DESIGN §24).
@Suite struct SettingsFileTests {
    @Test func `what is printed is read as what it was`() {
        var settings = Settings()
        settings.theme = "solarized \"light\"\\"
        settings.glyphs = .ascii
        settings.view = .history
        settings.usesMouse = false
        settings.rateWindow = .ten
        settings.refresh = 0.5
        settings.showsHints = false
        settings.filter = "role:pub & stream~\"^live/\""
        settings.killHoldSeconds = 90
        settings.preset = .htop
        settings.keys = [.init(.character("x"), .kill), .init(.character("\""), nil)]
        let parsed = SettingsFile.parse(SettingsFile.text(settings), file: "config.toml")
        #expect(parsed.faults == [])
        #expect(Set(parsed.settings.keys) == Set(settings.keys))
        var same = parsed.settings
        same.keys = settings.keys
        #expect(same == settings)
    }

    @Test func `an empty file is the default`() {
        let parsed = SettingsFile.parse("", file: "config.toml")
        #expect(parsed.settings == Settings())
        #expect(parsed.faults == [])
    }

    @Test(arguments: [
        (
            "[console]\nrefresh = 3",
            "config.toml: line 2: console.refresh: expected one of 10 4 2 1"
        ),
        ("[console]\n\nmouse = 7", "config.toml: line 3: console.mouse: expected true or false"),
        ("[console]\ncolour = 1", "config.toml: line 2: console.colour: there is no such setting"),
        ("console = 1", "config.toml: line 1: console: expected a table [console]"),
        ("[console", "config.toml: line 1: "),
        ("[keys]\n\"K\" = \"explode\"", "config.toml: line 2: keys.K: there is no action"),
        ("[keys]\n\"Esc\" = \"kill\"", "config.toml: line 2: keys.Esc: Esc keeps its meaning"),
        ("[connections.width]\nstream = 0", "connections.width: stream: expected a width"),
        ("[connections]\nfilter = \"role:\"", "config.toml: line 2: connections.filter: expected"),
    ])
    func `a fault names file, line and key, and the rest counts`(text: String, fault: String) {
        let parsed = SettingsFile.parse(text, file: "config.toml")
        #expect(parsed.faults.count == 1)
        #expect(parsed.faults.first?.contains(fault) == true, "\(parsed.faults)")
        #expect(parsed.settings == Settings())
    }

    @Test func `columns, widths and keys are taken`() {
        let parsed = SettingsFile.parse(
            """
            [connections]
            columns = ["!", "id", "stream", "gop", "tcurl"]
            sort = "gop asc"
            [connections.width]
            stream = 24
            [keys]
            preset = "htop"
            "x" = "kill"
            """, file: "config.toml")
        #expect(parsed.faults == [])
        var options = ConsoleState.Options()
        options.settings = parsed.settings
        options.view = .connections
        let live = Demo().snapshot(at: 0)
        var state = ConsoleState(options: options)
        _ = state.reduce(.resize(width: 120, height: 40), live, at: live.takenAtNanoseconds)
        _ = state.absorb(live, at: live.takenAtNanoseconds)
        let screen = ConsoleView.draw(live, state, width: 120, height: 40).text()
        #expect(screen.contains("ID   STREAM"))
        #expect(screen.contains("GOP s"))
        #expect(state.connections.rows.order.suffix(2) == [3, 4])
        _ = state.reduce(.key(.character("x")), live, at: live.takenAtNanoseconds)
        guard case .kill = state.dialog else {
            Issue.record("x does not kill")
            return
        }
    }

    @Test func `save hands out the settings in force`() {
        var desk = Desk()
        desk.type("b:set kill.hold 90s")
        desk.press(.enter)
        desk.type(":save")
        guard case .save(nil, let text)? = desk.press(.enter).first else {
            Issue.record("nothing to save")
            return
        }
        #expect(text.contains("hold = \"90s\""))
        #expect(text.contains("rate_window = \"10s\""))
        desk.type(":save /tmp/other.toml")
        guard case .save("/tmp/other.toml", _)? = desk.press(.enter).first else {
            Issue.record("not to that file")
            return
        }
    }
}
