import Console
import Posix
import Testing

@testable import CursesTerminal

/// On real pseudo-terminals. Serialized: ncurses has one screen and one thread at a time.
@Suite(.serialized) struct CursesTerminalTests {
    static let leaveAlternateScreen = "\u{1b}[?1049l"

    private func start(
        _ fake: FakeTerminal, theme: Theme = Theme(name: "plain"), term: String = "xterm-256color"
    ) throws -> CursesTerminal {
        var options = fake.options
        options.term = term
        return try CursesTerminal.start(options, theme: theme)
    }

    private func surface(_ terminal: CursesTerminal, _ text: String) -> Surface {
        var surface = Surface(width: terminal.width, height: terminal.height)
        surface.put(text, x: 0, y: 0)
        return surface
    }

    // MARK: Life cycle

    @Test
    func `stopping restores the modes, and leaves the alternate screen with the cursor shown`()
        throws
    {
        let fake = try FakeTerminal()
        let before = try fake.modes()
        let terminal = try start(fake)
        #expect(try fake.modes() != before)
        terminal.draw(surface(terminal, "hello"))
        let entered = try fake.output(until: "hello")
        #expect(entered.contains("\u{1b}[?1049h"))

        terminal.stop()
        #expect(try fake.modes() == before)
        let left = try fake.output(until: Self.leaveAlternateScreen)
        // DESIGN §21, in its order.
        var rest = left[...]
        for sequence in [
            "\u{1b}[?2026l", "\u{1b}[?1006l", "\u{1b}[?1003l", "\u{1b}[?1002l", "\u{1b}[?1000l",
            "\u{1b}[?2004l", "\u{1b}[?1004l", "\u{1b}[?1l", "\u{1b}[m", "\u{1b}[39;49m",
            "\u{1b}[?25h", "\u{1b}[0 q", Self.leaveAlternateScreen,
        ] {
            let range = try #require(rest.firstRange(of: sequence), "\(sequence.debugDescription)")
            rest = rest[range.upperBound...]
        }
    }

    @Test func `the terminal is given back once, whoever is first`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        #expect(TerminalGuard.restore())
        #expect(!TerminalGuard.restore())
        terminal.stop()
        terminal.stop()
        try fake.scribble("END")
        let left = try fake.output(until: "END")
        #expect(left.ranges(of: Self.leaveAlternateScreen).count == 1)
    }

    @Test func `raw mode takes flow control and signals for keys`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        try fake.type("\u{3}\u{13}\u{11}\u{1a}")
        for letter in ["c", "s", "q", "z"] as [Unicode.Scalar] {
            #expect(terminal.nextInput(timeoutMilliseconds: 10_000) == .key(.control(letter)))
        }
    }

    @Test func `a suspended console comes back with the whole screen`() throws {
        let fake = try FakeTerminal()
        let before = try fake.modes()
        let terminal = try start(fake)
        let frame = surface(terminal, "state")
        terminal.draw(frame)
        _ = try fake.output(until: "state")

        terminal.suspend()
        #expect(try fake.modes() == before)
        _ = try fake.output(until: Self.leaveAlternateScreen)
        terminal.draw(frame)
        try fake.scribble("shell")
        #expect(try !fake.output(until: "shell").contains("state"))

        try fake.resize(columns: 50, rows: 12)
        try terminal.resume()
        #expect(terminal.width == 50)
        #expect(terminal.height == 12)
        terminal.draw(frame)
        #expect(try fake.output(until: "state").contains("\u{1b}[?1049h"))
        terminal.stop()
        #expect(try fake.modes() == before)
    }

    @Test func `a line typed at a suspended console calls it back`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        terminal.suspend()
        #expect(terminal.nextInput(timeoutMilliseconds: 0) == nil)
        try fake.type("K\r")
        #expect(terminal.nextInput(timeoutMilliseconds: 10_000) == .key(.enter))
        #expect(terminal.nextInput(timeoutMilliseconds: 0) == nil)
        try fake.type("\u{4}")
        #expect(terminal.nextInput(timeoutMilliseconds: 10_000) == nil)
        try terminal.resume()
        try fake.type("K")
        #expect(terminal.nextInput(timeoutMilliseconds: 10_000) == .key(.character("K")))
        terminal.suspend()
        fake.hangUp()
        #expect(terminal.nextInput() == .hangup)
    }

    @Test(arguments: ["xterm-256color", "screen-256color", "tmux-256color", "linux", "vt100"])
    func `it draws on every usual terminal`(term: String) throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake, term: term)
        terminal.draw(surface(terminal, "usual"))
        _ = try fake.output(until: "usual")
        terminal.stop()
    }

    @Test(arguments: [
        (nil, TerminalError.termMissing),
        ("", .termMissing),
        ("no-such-terminal", .termUnknown("no-such-terminal")),
        ("dumb", .termTooPoor("dumb")),
    ])
    func `a TERM that cannot be drawn on is refused by name`(
        term: String?, error: TerminalError
    ) throws {
        let fake = try FakeTerminal()
        let before = try fake.modes()
        var options = fake.options
        options.term = term
        #expect(throws: error) {
            try CursesTerminal.start(options, theme: Theme(name: "plain")).stop()
        }
        #expect(error.description.contains("TERM"))
        #expect(error.description.contains("--headless"))
        #expect(try fake.modes() == before)
    }

    @Test func `an unknown relative of xterm is taken for one`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake, term: "xterm-of-tomorrow")
        #expect(terminal.depth == .indexed)
        terminal.stop()
    }

    @Test func `what is no terminal is refused by its path`() {
        #expect(throws: TerminalError.notATerminal(path: "/dev/null")) {
            try CursesTerminal.start(.init(path: "/dev/null"), theme: Theme(name: "plain")).stop()
        }
        let missing = TerminalError.cannotOpen(
            path: "/nonexistent", PosixError("open", code: 2))
        #expect(throws: missing) {
            try CursesTerminal.start(.init(path: "/nonexistent"), theme: Theme(name: "plain"))
                .stop()
        }
        #expect(
            missing.description
                == "the terminal /nonexistent cannot be opened: No such file or directory")
    }

    // MARK: Drawing

    @Test func `a surface is written as UTF-8 in the theme's colours`() throws {
        let fake = try FakeTerminal()
        let theme = try #require(try BuiltInThemes.theme(named: "dark"))
        let terminal = try start(fake, theme: theme)
        defer { terminal.stop() }
        var frame = Surface(width: terminal.width, height: terminal.height)
        frame.put("─live ● 東京 é", x: 0, y: 0)
        frame.put("broken", x: 3, y: 2, role: .sevError)
        terminal.draw(frame)
        let text = try fake.output(until: "broken")
        #expect(text.contains("─live ● 東京 é"))
        #expect(text.contains("38;5;"))
        #expect(text.contains("\u{1b}[0;1m"))
    }

    @Test func `nothing is written when nothing changed, and little for little`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        var frame = surface(terminal, "abcdefghijklmnopqrstuvwxyz")
        terminal.draw(frame)
        _ = try fake.output(until: "xyz")
        try fake.scribble("<")
        _ = try fake.output(until: "<")

        terminal.draw(frame)
        try fake.scribble(">")
        #expect(try fake.output(until: ">") == ">")

        frame.put("M", x: 12, y: 0)
        terminal.draw(frame)
        let difference = try fake.output(until: "M")
        #expect(difference.utf8.count < 20)
        #expect(!difference.contains("a"))
    }

    @Test func `redraw writes everything again`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        let frame = surface(terminal, "again")
        terminal.draw(frame)
        _ = try fake.output(until: "again")
        terminal.redraw()
        terminal.draw(frame)
        _ = try fake.output(until: "again")
    }

    @Test func `a new theme recolours what stands`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        let frame = surface(terminal, "colour")
        terminal.draw(frame)
        #expect(try !fake.output(until: "colour").contains("\u{1b}[31m"))
        terminal.theme = try ThemeFile.parse(
            "name = \"red\"\n[roles]\ntext = \"red\"\n", file: "red.toml"
        ).theme
        terminal.draw(frame)
        #expect(try fake.output(until: "colour").contains("\u{1b}[31m"))
    }

    @Test func `the cursor stands where the surface has it, or is hidden`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        var frame = surface(terminal, "prompt")
        terminal.draw(frame)
        try fake.scribble("|")
        #expect(try fake.output(until: "|").contains("\u{1b}[?25l"))
        frame.cursor = .init(x: 4, y: 3)
        terminal.draw(frame)
        let shown = try fake.output(until: "\u{1b}[?25h")
        #expect(!shown.contains("prompt"))
        try fake.scribble("|")
        let moved = shown + (try fake.output(until: "|"))
        #expect(moved.contains("\u{1b}[4;5H") || moved.contains("\u{1b}[4d"))
    }

    @Test(arguments: [(1, 1), (2, 1), (1, 5), (250, 80)])
    func `any size is drawn within its cells`(columns: Int, rows: Int) throws {
        let fake = try FakeTerminal(columns: columns, rows: rows)
        let terminal = try start(fake)
        #expect(terminal.width == columns)
        #expect(terminal.height == rows)
        var frame = Surface(width: columns, height: rows)
        frame.fill(frame.bounds, "#", role: .text)
        terminal.draw(frame)
        // A surface of the size before a resize is larger than the terminal.
        var large = Surface(width: columns + 7, height: rows + 3)
        large.fill(large.bounds, "@", role: .text)
        terminal.draw(large)
        terminal.stop()
        let text = try fake.output(until: Self.leaveAlternateScreen)
        #expect(text.contains("#"))
        #expect(text.contains("@"))
    }

    @Test func `what the C library counts otherwise is drawn as a question mark`() throws {
        let fake = try FakeTerminal()
        var options = fake.options
        options.locale = "C"
        let terminal = try CursesTerminal.start(options, theme: Theme(name: "plain"))
        defer { terminal.stop() }
        #expect(!terminal.isUTF8)
        terminal.draw(surface(terminal, "a●b東c"))
        #expect(try fake.output(until: "c").hasSuffix("a?b??c"))
    }

    // MARK: Keys

    @Test(arguments: [
        ("j", [Key.character("j")]), ("é", [.character("é")]),
        ("東x", [.character("東"), .character("x")]),
        ("\u{1b}[A", [.up]), ("\u{1b}OB", [.down]), ("\u{1b}[C\u{1b}OD", [.right, .left]),
        ("\u{1b}[H\u{1b}[F", [.home, .end]), ("\u{1b}[5~\u{1b}[6~", [.pageUp, .pageDown]),
        ("\u{1b}[2~\u{1b}[3~", [.insert, .delete]),
        ("\u{1b}OP\u{1b}[11~", [.function(1), .function(1)]),
        ("\u{1b}[20~", [.function(9)]), ("\u{1b}[24~", [.function(12)]),
        ("\r", [.enter]), ("\n", [.enter]), ("\t\u{1b}[Z", [.tab, .backTab]),
        ("\u{7f}\u{8}", [.backspace, .backspace]), ("\u{1b}", [.escape]),
        ("\u{1b}j", [.escape, .character("j")]), ("\u{1b}[", [.escape, .character("[")]),
        ("\u{1}\u{6}\u{1a}", [.control("a"), .control("f"), .control("z")]),
        ("\u{1b}[1;2P\u{1b}[99;9Kx", [.character("x")]),
    ])
    func `keys arrive under their names`(typed: String, keys: [Key]) throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        try fake.type(typed)
        var read: [Key] = []
        while read.count < keys.count,
            case .key(let key)? = terminal.nextInput(timeoutMilliseconds: 10_000)
        {
            read.append(key)
        }
        #expect(read == keys)
        #expect(terminal.nextInput(timeoutMilliseconds: 0) == nil)
    }

    @Test(arguments: [
        ("\u{1b}[<0;10;5M", Mouse(.press, x: 9, y: 4)),
        ("\u{1b}[<0;10;5m", Mouse(.release, x: 9, y: 4)),
        ("\u{1b}[<32;11;5M", Mouse(.drag, x: 10, y: 4)),
        ("\u{1b}[<2;1;1M", Mouse(.pressRight, x: 0, y: 0)),
        ("\u{1b}[<64;40;10M", Mouse(.wheelUp, x: 39, y: 9)),
        ("\u{1b}[<69;223;1M", Mouse(.wheelDown, x: 222, y: 0)),
    ])
    func `the mouse is told with its cell`(typed: String, mouse: Mouse) throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        try fake.type(typed)
        #expect(terminal.nextInput(timeoutMilliseconds: 10_000) == .mouse(mouse))
    }

    @Test(arguments: [
        "\u{1b}[<0;10M", "\u{1b}[<0;0;5M", "\u{1b}[<35;1;1M",
        "\u{1b}[<0;99999999999999999999;1M",
    ])
    func `what is no report of the mouse means nothing`(typed: String) throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        try fake.type(typed + "x")
        #expect(terminal.nextInput(timeoutMilliseconds: 10_000) == .key(.character("x")))
    }

    @Test func `what is pasted comes as text, whatever keys are in it`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        try fake.type("\u{1b}[200~q\u{1b}y東\tK\u{1b}[201~j")
        #expect(
            terminal.nextInput(timeoutMilliseconds: 10_000) == .paste("q\u{1b}y東\tK"))
        #expect(terminal.nextInput(timeoutMilliseconds: 10_000) == .key(.character("j")))
    }

    @Test func `a paste whose end got lost ends with Control C`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        try fake.type("\u{1b}[200~abc\u{3}j")
        #expect(terminal.nextInput(timeoutMilliseconds: 10_000) == .key(.control("c")))
        #expect(terminal.nextInput(timeoutMilliseconds: 10_000) == .key(.character("j")))
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"),
        ("#12 \u{fc}", "IzEyIMO8"),
    ])
    func `what is copied goes to the terminal in OSC 52 (RFC 4648, 10)`(
        text: String, coded: String
    ) throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        #expect(terminal.copy(text))
        _ = try fake.output(until: "\u{1b}]52;c;\(coded)\u{7}")
        #expect(!terminal.copy(String(repeating: "x", count: 75_000)))
    }

    @Test func `a terminal without a clipboard says so`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake, term: "vt100")
        defer { terminal.stop() }
        #expect(!terminal.copy("text"))
    }

    @Test func `the mouse is asked for only while it is wanted`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        let opened = try fake.output(until: "\u{1b}[?2004h")
        #expect(!opened.contains("\u{1b}[?1000h"))
        terminal.usesMouse = true
        _ = try fake.output(until: "\u{1b}[?1000h\u{1b}[?1002h\u{1b}[?1006h")
        terminal.usesMouse = false
        _ = try fake.output(until: "\u{1b}[?1006l\u{1b}[?1002l\u{1b}[?1000l")
    }

    @Test func `half a UTF-8 character waits for its other half`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        try fake.type(bytes: [0xE6, 0x9D])
        #expect(terminal.nextInput(timeoutMilliseconds: 200) == nil)
        try fake.type(bytes: [0xB1])
        #expect(terminal.nextInput(timeoutMilliseconds: 10_000) == .key(.character("東")))
    }

    @Test func `waiting ends with the time, or with a signal from another thread`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        #expect(terminal.nextInput(timeoutMilliseconds: 0) == nil)
        let wakeup = terminal.wakeup
        let thread = try Thread.start(name: "waker") { wakeup.signal() }
        #expect(terminal.nextInput() == nil)
        thread.join()
    }

    @Test func `a new size is told once, and drawn to`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        defer { terminal.stop() }
        terminal.draw(surface(terminal, "before"))
        _ = try fake.output(until: "before")
        try fake.resize(columns: 60, rows: 20)
        #expect(terminal.nextInput(timeoutMilliseconds: 0) == .resize(width: 60, height: 20))
        #expect(terminal.nextInput(timeoutMilliseconds: 0) == nil)
        var frame = Surface(width: 60, height: 20)
        frame.put("corner", x: 50, y: 19)
        terminal.draw(frame)
        #expect(try fake.output(until: "corner").contains("\u{1b}[20;"))
    }

    @Test func `a terminal that is gone is told, again and again, without waiting`() throws {
        let fake = try FakeTerminal()
        let terminal = try start(fake)
        fake.hangUp()
        for _ in 0..<3 { #expect(terminal.nextInput() == .hangup) }
        terminal.draw(Surface(width: 40, height: 10))
        terminal.stop()
        #expect(terminal.nextInput() == .hangup)
    }

    // MARK: Questions

    @Test func `the terminal's answers are used, and frames are then sent whole`() throws {
        let fake = try FakeTerminal()
        var options = fake.options
        options.asksTerminal = true
        try fake.type("\u{1b}]11;rgb:ffff/ffff/eeee\u{1b}\\\u{1b}[?2026;2$y\u{1b}[?62c")
        let terminal = try CursesTerminal.start(options, theme: Theme(name: "plain"))
        defer { terminal.stop() }
        #expect(terminal.ground == .light)
        terminal.draw(surface(terminal, "whole"))
        let frame = try fake.output(until: "\u{1b}[?2026l")
        let opening = try #require(frame.firstRange(of: "\u{1b}[?2026h"))
        #expect(frame[opening.upperBound...].contains("whole"))
    }
}
