import Console
import Monitor
import Telemetry
import Testing

/// The command line of `:` (DESIGN §9).
@Suite struct CommandTests {
    @discardableResult
    private func run(_ command: String, _ desk: inout Desk) -> [Intent] {
        desk.type(":")
        return desk.type(command) + desk.press(.enter)
    }

    @Test(arguments: [("3", ViewKind.streams), ("events", .events), ("messages", .events)])
    func `a view is gone to by number or name`(command: String, view: ViewKind) {
        var desk = Desk()
        run(command, &desk)
        #expect(desk.state.page == .view(view))
        #expect(desk.state.command == nil)
    }

    @Test func `every action of the keys is a command`() {
        var desk = Desk()
        run("pause", &desk)
        #expect(desk.state.isPaused)
        run("reverse-sort", &desk)
        #expect(!desk.state.connections.rows.isDescending)
        run("help", &desk)
        #expect(desk.state.page == .help)
    }

    @Test func `inspect, filter and sort take what they need`() {
        var desk = Desk()
        run("filter role:play", &desk)
        #expect(desk.screen.contains("filter: role:play   3 of 7 match"))
        run("sort id asc", &desk)
        #expect(desk.state.connections.rows.order == [9, 12, 15])
        run("sort id desc", &desk)
        #expect(desk.state.connections.rows.order == [15, 12, 9])
        run("filter", &desk)
        #expect(desk.state.connections.rows.order.count == 7)
        run("inspect 12", &desk)
        #expect(desk.state.page == .inspector(12))
    }

    @Test(arguments: [
        ("nonsense", 0), ("inspect x", 8), ("inspect 99", 8), ("sort nowhere", 5),
        ("sort id up", 8), ("filter role:pub & (", 19), ("kill 2", 5), ("kill 3 gently", 7),
        ("kill 3 hold=x", 7), ("kill 3 hold=-5", 7), ("note x", 5), ("set colour red", 4),
        ("set refresh 3", 12), ("map NoKey kill", 4),
        ("map x nothing", 6), ("write png f", 6), ("write csv", 9), ("trace maybe", 6),
        ("trace on in>fast", 12), ("pause now", 6), ("lift nobody", 5),
        ("record", 6), ("record maybe", 7), ("record on live/none", 10), ("help nonsense", 5),
    ])
    func `a fault stays in the prompt with the cursor on it`(command: String, position: Int) {
        var desk = Desk()
        #expect(run(command, &desk) == [])
        #expect(desk.state.command?.fault?.position == position)
        #expect(desk.state.command?.line.textBeforeCursor.unicodeScalars.count == position)
        desk.press(.escape)
        #expect(desk.state.command == nil)
    }

    @Test func `kill opens the dialog with what was said, and asks`() {
        var desk = Desk()
        #expect(run("kill 3 kick hold=2m players", &desk) == [])
        desk.draw()
        #expect(desk.screen.contains("[ 120 ] s"))
        #expect(
            desk.type("y") == [
                .close(3, .kick(holdSeconds: 120)), .close(9, .kick(holdSeconds: 120)),
                .close(12, .kick(holdSeconds: 120)),
            ])
    }

    @Test func `what changes sessions is refused in a read-only console`() {
        for command in ["kill 3", "lift x", "reconnect all", "record on"] {
            var desk = Desk(isReadOnly: true)
            #expect(run(command, &desk) == [])
            #expect(desk.state.dialog == nil)
            #expect(desk.screen.contains("read-only"))
        }
    }

    @Test func `reconnect asks one or all, and says where to`() {
        var desk = Desk()
        #expect(run("reconnect 3", &desk) == [.reconnect(3, tcURL: nil)])
        #expect(
            run("reconnect all rtmp://b/live", &desk) == [.reconnect(nil, tcURL: "rtmp://b/live")])
    }

    @Test func `a stream is recorded, and shown to be`() {
        var desk = Desk()
        #expect(run("record on live/cam1", &desk) == [.record("live/cam1", isOn: true)])
        #expect(run("record off live/cam1", &desk) == [])
        #expect(desk.screen.contains("live/cam1 is not recorded"))
        desk.receive { live in
            var recording = RecordingRow(
                facts: RecordingFacts(state: .writing, path: "r/cam1.flv"))
            recording.bytes = 1_500_000
            recording.milliseconds = 12_000
            for index in live.streams.indices where live.streams[index].key == "live/cam1" {
                live.streams[index].recording = recording
            }
        }
        #expect(run("record on live/cam1", &desk) == [])
        #expect(desk.screen.contains("live/cam1 is recorded"))
        run("streams", &desk)
        #expect(desk.screen.contains("rec   1.50 MB  00:12  r/cam1.flv"))
        #expect(run("record off live/cam1", &desk) == [.record("live/cam1", isOn: false)])
        run("inspect 3", &desk)
        #expect(desk.screen.contains("rec 1.50 MB  00:12"))
    }

    @Test func `trace is armed by a filter and disarmed`() {
        var desk = Desk()
        #expect(run("trace on role:pub", &desk) == [.trace([3, 4])])
        #expect(run("trace off", &desk) == [.trace([])])
    }

    @Test func `write hands over the rows that are shown, snap the screen`() throws {
        var desk = Desk()
        run("filter #12", &desk)
        guard case .write(let path, let text)? = run("write csv a b.csv", &desk).first else {
            Issue.record("nothing to write")
            return
        }
        #expect(path == "a b.csv")
        #expect(text.split(separator: "\n").count == 2)
        guard case .write(_, let screen)? = run("snap s.txt", &desk).first else {
            Issue.record("nothing to write")
            return
        }
        #expect(screen.contains("2 Connections"))
    }

    @Test func `set changes a setting, and a question tells it`() {
        var desk = Desk()
        run("set refresh 1", &desk)
        #expect(desk.state.settings.refresh == 1)
        #expect(desk.screen.contains("console.refresh = 1.0"))
        run("set connections.columns id,client,up", &desk)
        #expect(desk.lines(with: "ID   CLIENT").count == 1)
        run("set hints off", &desk)
        #expect(!desk.state.settings.showsHints)
        run("set console.hints?", &desk)
        #expect(desk.screen.contains("console.hints = false"))
    }

    @Test func `a setting changes nothing but itself`() {
        var desk = Desk()
        run("filter role:play", &desk)
        desk.type("\\")
        #expect(desk.state.filterLine?.isOn == false)
        run("set hints off", &desk)
        #expect(desk.state.filterLine?.isOn == false)
        #expect(desk.state.connections.rows.order.count == 7)
        run("set connections.filter #3", &desk)
        #expect(desk.state.connections.rows.order == [3])
    }

    @Test func `what keys change is what set tells, and save writes`() throws {
        var desk = Desk()
        desk.type("+bM")
        run("sort id asc", &desk)
        for (name, value) in [
            ("refresh", "10.0"), ("rate_window", "\"10s\""), ("stream_key", "true"),
            ("connections.sort", "\"id asc\""),
        ] {
            run("set \(name)?", &desk)
            #expect(desk.screen.contains("= \(value)"), "\(name)")
        }
        guard case .save(_, let text)? = run("save", &desk).first else {
            Issue.record("nothing to save")
            return
        }
        #expect(SettingsFile.parse(text, file: "x").settings == desk.state.currentSettings)
    }

    @Test func `a theme is set once it is worn, and saved as it was asked for`() throws {
        var desk = Desk()
        #expect(run("set console.theme ./mine.toml", &desk) == [.theme("./mine.toml")])
        #expect(desk.state.currentSettings.theme == "auto")
        desk.state.wears("mine", from: "./mine.toml")
        guard case .save(_, let text)? = run("save", &desk).first else {
            Issue.record("nothing to save")
            return
        }
        #expect(text.contains("theme = \"./mine.toml\""))
        #expect(run("set console.theme ./mine.toml", &desk) == [])
    }

    @Test func `nothing unlocks a read-only console`() {
        var desk = Desk(isReadOnly: true)
        run("set hints off", &desk)
        run("set readonly false", &desk)
        desk.press(.escape)
        desk.type("K")
        #expect(desk.state.dialog == nil)
    }

    @Test func `map gives a key another meaning, in hints and help too`() {
        var desk = Desk()
        run("map x kill", &desk)
        desk.type("x")
        #expect(desk.state.dialog != nil)
        desk.press(.escape)
        run("map j none", &desk)
        let cursor = desk.state.connections.rows.cursor
        desk.type("j")
        #expect(desk.state.connections.rows.cursor == cursor)
    }

    @Test(arguments: [
        ("insp", "inspect"), ("kill 3 ki", "kill 3 kick"), ("sort rt", "sort rt"),
        ("filter role:pu", "filter role:pub"), ("set console.re", "set console.re"),
        ("write c", "write csv"), ("trace on cli", "trace on client"),
        ("map x revers", "map x reverse-sort"),
        ("inspect 1", "inspect 1"),
    ])
    func `Tab completes as far as there is one way`(typed: String, completed: String) {
        var desk = Desk()
        desk.type(":")
        desk.type(typed)
        desk.press(.tab)
        let text = desk.state.command?.line.text ?? ""
        #expect(text.hasPrefix(completed), "\(text)")
    }

    @Test func `Tab goes through what there is and back`() {
        var desk = Desk()
        desk.type(":inspect 1")
        desk.press(.tab)
        #expect(desk.state.command?.line.text == "inspect 12")
        desk.press(.tab)
        #expect(desk.state.command?.line.text == "inspect 15")
        desk.press(.backTab)
        #expect(desk.state.command?.line.text == "inspect 12")
        #expect(desk.screen.contains("12 15 17 18"))
    }

    @Test func `a filter is completed too`() {
        var desk = Desk()
        desk.type("/role:pu")
        desk.press(.tab)
        #expect(desk.state.prompt?.line.text == "role:pub")
        #expect(Set(desk.state.connections.rows.order) == [3, 4])
    }

    @Test func `older commands come back, and the last is done again`() {
        var desk = Desk()
        run("sort id asc", &desk)
        run("sort role", &desk)
        desk.type(":")
        desk.press(.up, .up)
        #expect(desk.state.command?.line.text == "sort id asc")
        desk.press(.enter)
        #expect(desk.state.connections.sort == .id)
        run("sort up", &desk)
        desk.press(.control("r"))
        #expect(desk.state.connections.sort == .up)
    }

    @Test func `what is pasted is text, whatever keys its letters are`() {
        var desk = Desk()
        _ = desk.state.reduce(.paste("Ky\n"), desk.live, at: desk.now)
        #expect(desk.state.dialog == nil)
        desk.type("/")
        _ = desk.state.reduce(.paste("role:pub\nin>5M"), desk.live, at: desk.now)
        #expect(desk.state.prompt?.line.text == "role:pub in>5M")
        #expect(desk.state.connections.rows.order == [3])
    }

    @Test func `what was erased is put back`() {
        var desk = Desk()
        desk.type(":one two")
        desk.press(.control("w"), .control("a"), .control("y"))
        #expect(desk.state.command?.line.text == "twoone ")
    }
}

/// Presets and changes of keys (DESIGN §8).
@Suite struct KeyChangeTests {
    @Test func `with htop's keys k kills and arrows move`() {
        let keys = KeyMap(preset: .htop)
        #expect(keys.action(for: .character("k"), in: .connections) == .kill)
        #expect(keys.action(for: .up, in: .connections) == .up)
        #expect(keys.action(for: .character("j"), in: .connections) == nil)
        #expect(keys.action(for: .function(9), in: .connections) == .kill)
    }

    @Test(arguments: KeyMap.Preset.allCases)
    func `no key means two things in one place with any preset`(preset: KeyMap.Preset) {
        let keys = KeyMap(preset: preset)
        for scope in KeyScope.each {
            let here = keys.rows.filter { $0.scopes.contains(scope) }.flatMap(\.keys)
            #expect(Set(here).count == here.count)
        }
    }

    @Test(arguments: [
        ("<", "kill"), ("Esc", "kill"), ("^C", "none"), ("Q Q", "pause"), ("x", "no"),
    ])
    func `a change is checked`(key: String, action: String) {
        let result = KeyMap.Change.parse(key: key, action: action)
        if key == "<" {
            #expect((try? result.get())?.action == .kill)
        } else {
            #expect((try? result.get()) == nil)
        }
    }

    @Test func `a key that is taken loses its old meaning where the new one is`() {
        let keys = KeyMap(changes: [.init(.character("e"), .kill)])
        #expect(keys.action(for: .character("e"), in: .connections) == .kill)
        #expect(keys.action(for: .character("e"), in: .events) == .errorsOnly)
    }
}
