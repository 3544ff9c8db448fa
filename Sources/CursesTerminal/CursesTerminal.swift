import CNcurses
package import Console
package import Posix

/// The one place that draws on a terminal and reads its keys. Owned by the main thread.
///
/// Between `start` and `stop` the terminal is ours: its alternate screen, without echo and flow
/// control. `TerminalGuard` gives it back in every other case.
package final class CursesTerminal {
    package struct Options: Sendable {
        /// The terminal to draw on; nil: the one behind standard output.
        package var path: String?
        package var term: String?
        /// Whose character set to write; empty: the environment's.
        package var locale = ""
        /// Ask for the background and for synchronized output, which takes up to 100 ms.
        package var asksTerminal = true
        /// Pasted text comes as such, not as keys.
        package var takesPastes = true
        /// Begins the line a crash leaves behind.
        package var program = "rtmp-top"

        package init(path: String? = nil, term: String? = Environment["TERM"]) {
            self.path = path
            self.term = term
        }
    }

    /// How many colours a theme may use.
    package let depth: ColourDepth
    /// Characters beyond ASCII can be shown.
    package let isUTF8: Bool
    /// The terminal's background, if it told; nil: unknown.
    package let ground: Theme.Ground?
    /// Ends a wait for input; any thread may signal it.
    package let wakeup: Wakeup
    package private(set) var width: Int
    package private(set) var height: Int

    private let options: Options
    private let type: TerminalType
    private let file: File
    private let poller: Poller
    private let hasSynchronizedOutput: Bool
    private var keys = KeyReader()
    /// ncurses may hold keys that it has read already: the terminal does not tell of them again.
    private var mayHaveKeys = false
    private var painter: Painter
    private var phase = Phase.stopped

    private enum Phase {
        case open
        /// The terminal is the shell's for now, and a line typed there calls the console back.
        case suspended
        case stopped
    }

    /// Takes the terminal over.
    package static func start(
        _ options: Options, theme: Theme
    ) throws(TerminalError) -> CursesTerminal {
        let terminal = try CursesTerminal(options, theme: theme)
        try terminal.open()
        return terminal
    }

    private init(_ options: Options, theme: Theme) throws(TerminalError) {
        let file = try Self.openTerminal(options.path)
        let type = try TerminalType(term: options.term, descriptor: file.descriptor)
        cncurses_set_locale(options.locale)
        let answers =
            options.asksTerminal && type.hasAlternateScreen
            ? TerminalQuery.ask(file) : TerminalQuery.Answers()
        do {
            wakeup = try Wakeup()
            poller = try Poller()
            try poller.add(file.descriptor, token: Self.keysToken, .readable)
            try poller.add(wakeup.descriptor, token: Self.wakeupToken, .readable)
        } catch {
            throw .cannotOpen(path: options.path ?? "/dev/tty", error)
        }
        (width, height) = Self.size(of: file)
        self.options = options
        self.type = type
        self.file = file
        depth = type.depth
        isUTF8 = cncurses_is_utf8()
        ground = answers.ground ?? TerminalQuery.ground(colourFGBG: Environment["COLORFGBG"])
        hasSynchronizedOutput = answers.hasSynchronizedOutput
        painter = Painter(theme: theme, type: type)
    }

    deinit {
        precondition(phase != .open, "a terminal is stopped before it is let go")
    }

    private static let keysToken: UInt64 = 1
    private static let wakeupToken: UInt64 = 2

    /// Standard output's own terminal first: a harness may have given us one that does not control
    /// the process, and then /dev/tty would be another.
    private static func openTerminal(_ path: String?) throws(TerminalError) -> File {
        if let path {
            let file: File
            do {
                file = try File.openTerminal(path)
            } catch {
                throw .cannotOpen(path: path, error)
            }
            guard TerminalDevice.isTerminal(file.descriptor) else {
                throw .notATerminal(path: path)
            }
            return file
        }
        guard TerminalDevice.isTerminal(1) else { throw .noTerminal }
        // After `su` the terminal's file belongs to somebody else, but it still controls us.
        if let file = try? File.openTerminal("/proc/self/fd/1") { return file }
        do {
            return try File.openTerminal("/dev/tty")
        } catch {
            throw .cannotOpen(path: "/dev/tty", error)
        }
    }

    /// A serial line does not know its size, and then has the one all terminals once had.
    private static func size(of file: borrowing File) -> (Int, Int) {
        guard let size = TerminalDevice.size(of: file.descriptor) else { return (80, 24) }
        return (size.columns, size.rows)
    }

    // MARK: Life cycle

    private func open() throws(TerminalError) {
        (width, height) = Self.size(of: file)
        guard TerminalGuard.arm(file, reset: type.reset, program: options.program) else {
            throw .cannotStart(type.name)
        }
        guard
            cncurses_open(
                type.name, file.descriptor, Int32(clamping: width), Int32(clamping: height))
        else {
            TerminalGuard.restore()
            throw .cannotStart(type.name)
        }
        painter.forget()
        mayHaveKeys = true
        phase = .open
        guard type.hasAlternateScreen else { return }
        if options.takesPastes { write("\u{1b}[?2004h") }
        if usesMouse { askForMouse() }
    }

    /// Clicks, the wheel and dragging are reported. What is switched on here the guard's reset
    /// switches off.
    package var usesMouse = false {
        didSet {
            guard phase == .open, type.hasAlternateScreen, usesMouse != oldValue else { return }
            if usesMouse { askForMouse() } else { write("\u{1b}[?1006l\u{1b}[?1002l\u{1b}[?1000l") }
        }
    }

    private func askForMouse() { write("\u{1b}[?1000h\u{1b}[?1002h\u{1b}[?1006h") }

    private func close() {
        guard phase == .open else { return }
        TerminalGuard.restore()
        cncurses_close()
    }

    /// Leaves the screen and gives the terminal back as it was; all state stays for `resume`.
    package func suspend() {
        close()
        phase = .suspended
    }

    /// Takes the terminal again, which may have another size now.
    package func resume() throws(TerminalError) {
        close()
        try open()
    }

    /// Gives the terminal back for good. It may be called again.
    package func stop() {
        close()
        phase = .stopped
    }

    // MARK: Drawing

    /// What roles look like from the next frame on, in the nearest colours the terminal has.
    package var theme: Theme {
        get { painter.theme }
        set { painter.change(to: newValue) }
    }

    /// Sends what differs from the frame before; with nothing changed, nothing is written.
    package func draw(_ surface: Surface) {
        guard phase == .open, painter.paint(surface) else { return }
        if hasSynchronizedOutput { write("\u{1b}[?2026h") }
        let cursor = surface.cursor
        cncurses_show(Int32(clamping: cursor?.x ?? -1), Int32(clamping: cursor?.y ?? -1))
        if hasSynchronizedOutput { write("\u{1b}[?2026l") }
    }

    /// Lets the next frame send every cell, because something else has written on the terminal.
    package func redraw() {
        painter.forget()
    }

    /// Puts text into the terminal's clipboard; false: it has none, or the text is too long for it.
    package func copy(_ text: String) -> Bool {
        guard phase == .open, type.hasAlternateScreen, text.utf8.count <= Clipboard.bytesMaximum
        else { return false }
        write(Clipboard.sequence(text))
        return true
    }

    /// A line on the terminal while it is the shell's.
    package func say(_ line: String) {
        guard phase == .suspended else { return }
        write(line + "\n")
    }

    private func write(_ text: String) {
        // A terminal that is gone is found by the next wait for keys.
        try? file.writeAll(text)
    }

    // MARK: Input

    /// The next key, a new size, or that the terminal is gone; suspended, Enter for a line typed.
    ///
    /// nil: the time is over, or somebody signalled `wakeup`. Without a timeout it waits for ever.
    package func nextInput(timeoutMilliseconds: Int32? = nil) -> Input? {
        switch phase {
        case .open:
            if mayHaveKeys, let input = keys.next() { return input }
            mayHaveKeys = false
            switch wait(timeoutMilliseconds) {
            case .gone: return .hangup
            case .readable where hasEnded: return .hangup
            case .readable:
                mayHaveKeys = true
                return resize() ?? keys.next()
            case .nothing: return resize()
            }
        case .suspended:
            switch wait(timeoutMilliseconds) {
            case .gone: return .hangup
            case .readable: return nextLine()
            case .nothing: return nil
            }
        case .stopped:
            return .hangup
        }
    }

    private enum Cause {
        case nothing
        case readable
        case gone
    }

    private func wait(_ timeoutMilliseconds: Int32?) -> Cause {
        var events = [PollEvent](repeating: PollEvent(), count: 2)
        let timeout = timeoutMilliseconds.map { Int64($0) * 1_000_000 }
        guard let count = try? poller.wait(into: &events, timeoutNanoseconds: timeout) else {
            // epoll fails only for what it was never given; to go on would be to spin.
            return .gone
        }
        var cause = Cause.nothing
        for event in events.prefix(count) {
            if event.token == Self.wakeupToken {
                wakeup.drain()
            } else {
                cause = event.isHangup || event.isError ? .gone : .readable
            }
        }
        return cause
    }

    /// The terminal is the shell's now and gives whole lines; an end of file is no line.
    private func nextLine() -> Input? {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { line in
            guard let result = try? file.read(into: line) else {
                // EIO: the terminal went away between the wait and the read.
                return .hangup
            }
            guard case .bytes(let count) = result else { return nil }
            return line[..<count].contains(UInt8(ascii: "\n")) ? .key(.enter) : nil
        }
    }

    /// A terminal that is readable and has nothing to read has ended.
    private var hasEnded: Bool { (TerminalDevice.unreadBytes(file.descriptor) ?? 0) == 0 }

    private func resize() -> Input? {
        guard let size = TerminalDevice.size(of: file.descriptor), size != (width, height)
        else { return nil }
        (width, height) = size
        cncurses_resize(Int32(clamping: width), Int32(clamping: height))
        mayHaveKeys = true
        painter.forget()
        return .resize(width: width, height: height)
    }
}
