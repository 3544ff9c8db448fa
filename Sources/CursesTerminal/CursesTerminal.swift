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
    private var painter: Painter
    private var isOpen = false

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
        precondition(!isOpen, "a terminal is stopped before it is let go")
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
        do {
            return try File.openTerminal("/proc/self/fd/1")
        } catch {
            // After `su` the terminal's file belongs to somebody else, but it still controls us.
        }
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
        isOpen = true
    }

    /// Leaves the screen and gives the terminal back as it was; all state stays for `resume`.
    package func suspend() {
        guard isOpen else { return }
        isOpen = false
        TerminalGuard.restore()
        cncurses_close()
    }

    /// Takes the terminal again, which may have another size now.
    package func resume() throws(TerminalError) {
        guard !isOpen else { return }
        try open()
    }

    /// Gives the terminal back for good. It may be called again.
    package func stop() {
        suspend()
    }

    // MARK: Drawing

    /// What roles look like from the next frame on; in colours the terminal has.
    package var theme: Theme {
        get { painter.theme }
        set { painter.change(to: newValue) }
    }

    /// Sends what differs from the frame before; with nothing changed, nothing is written.
    package func draw(_ surface: Surface) {
        guard isOpen, painter.paint(surface) else { return }
        if hasSynchronizedOutput { write("\u{1b}[?2026h") }
        let cursor = surface.cursor
        cncurses_show(Int32(clamping: cursor?.x ?? -1), Int32(clamping: cursor?.y ?? -1))
        if hasSynchronizedOutput { write("\u{1b}[?2026l") }
    }

    /// Lets the next frame send every cell, because something else has written on the terminal.
    package func redraw() {
        guard isOpen else { return }
        painter.forget()
    }

    private func write(_ text: String) {
        // A terminal that is gone is found by the next wait for keys.
        try? file.writeAll(text)
    }

    // MARK: Input

    /// The next key, a new size, or that the terminal is gone.
    ///
    /// nil: the time is over, or somebody signalled `wakeup`. Without a timeout it waits for ever.
    package func nextInput(timeoutMilliseconds: Int? = nil) -> Input? {
        guard isOpen else { return .hangup }
        if let key = keys.next() { return .key(key) }
        if let resize = resize() { return resize }
        var events = [PollEvent](repeating: PollEvent(), count: 2)
        let timeout = timeoutMilliseconds.map {
            Int64(clamping: $0).multipliedReportingOverflow(by: 1_000_000)
        }
        do {
            let count = try poller.wait(
                into: &events,
                timeoutNanoseconds: timeout.map { $0.overflow ? .max : $0.partialValue })
            for event in events.prefix(count) {
                if event.token == Self.wakeupToken {
                    wakeup.drain()
                } else if event.isHangup || event.isError || hasEnded {
                    return .hangup
                }
            }
        } catch {
            return .hangup
        }
        return resize() ?? keys.next().map(Input.key)
    }

    /// A terminal that is readable and has nothing to read has ended.
    private var hasEnded: Bool { (TerminalDevice.unreadBytes(file.descriptor) ?? 0) == 0 }

    private func resize() -> Input? {
        guard let size = TerminalDevice.size(of: file.descriptor), size != (width, height)
        else { return nil }
        (width, height) = size
        cncurses_resize(Int32(clamping: width), Int32(clamping: height))
        painter.forget()
        return .resize(width: width, height: height)
    }
}
