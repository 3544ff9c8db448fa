import Console
import CursesTerminal
import Monitor
import Posix
import RTMPServer
import Telemetry

/// Starts the console over a live server or over made-up sessions, and ends both in order.
struct ConsoleSetup {
    private let arguments: Arguments
    private let themes: ThemeLibrary
    private let ending: Ending
    private let configuration: ConfigurationFile

    /// A missing terminal, a view, a filter or a theme that cannot be had is refused here, before
    /// anything starts.
    init(
        _ arguments: Arguments, _ configuration: ConfigurationFile, _ themes: ThemeLibrary,
        _ ending: Ending
    ) throws(Failure) {
        guard arguments.console.tty != nil || TerminalDevice.isTerminal(1) else {
            throw .usage("\(TerminalError.noTerminal)")
        }
        SignalPlan.blockForConsole()
        self.arguments = arguments
        self.themes = themes
        self.ending = ending
        self.configuration = configuration
        if let theme = arguments.console.theme { _ = try themes.theme(theme) }
        let nothing = Snapshot(
            takenAtNanoseconds: 0, wallClockMilliseconds: 0, server: ServerFigures())
        _ = try Self.state(
            arguments, configuration.settings, nothing, ConsoleState.Options(), width: 80,
            height: 24)
        _ = try ScriptRun.script(arguments.output)
    }

    /// The engine, then its console; the terminal is given back before peers are told.
    func runLive() throws(Failure) {
        let newest = try Failure.unlessStarted(NewestSnapshot.init)
        let log = arguments.output.log == nil ? nil : try LogOutput(arguments.output)
        let events = arguments.output.events == nil ? nil : try EventOutput(arguments.output, nil)
        defer {
            events?.finish(withinNanoseconds: 1_000_000_000)
            log?.finish()
        }
        let service = try Service.start(
            ServerConfiguration(arguments.server, tracesFromAccept: false),
            arguments.recording.recordings,
            readPeriodNanoseconds: SamplerLoop.periodNanoseconds
        ) { snapshot in
            newest.set(snapshot)
            log?.write(snapshot)
            events?.write(snapshot)
        }
        let source = ConsoleRun.Source.live(service, newest)
        let reason: Ending.Reason
        do {
            let narrator = service.newNarrator()
            reason = try show(source) { line in
                narrator.tell(.note(.warn, source: "stderr", SafeText(bytes: line.utf8)))
            }
        } catch {
            service.stop(.quit)
            throw error
        }
        service.stop(reason)
        if let last = newest.get() {
            for line in Farewell.lines(last, log: arguments.output.log) { print(line) }
        }
    }

    /// Takes the terminal, shows the console until the end is wanted, gives the terminal back.
    ///
    /// `note` gets, on another thread, what a library prints, which would paint over the screen.
    func show(
        _ source: ConsoleRun.Source, note: @escaping @Sendable (String) -> Void
    ) throws(Failure) -> Ending.Reason {
        let terminal: CursesTerminal
        do {
            terminal = try CursesTerminal.start(
                CursesTerminal.Options(path: arguments.console.tty), theme: Theme(name: "mono"))
        } catch {
            throw .usage("\(error)")
        }
        defer { terminal.stop() }
        let streams = try Failure.unlessStarted { () throws(PosixError) in
            try StandardStreams.capture([1, 2], note)
        }
        defer { streams.end() }
        let wakeup = terminal.wakeup
        let wishes = ConsoleWishes()
        let signals = try Failure.unlessStarted { () throws(PosixError) in
            try SignalPlan.start(
                ending, reload: source.reloadCertificate, hear: wishes.hear,
                changed: {
                    wakeup.signal()
                    ending.stir()
                })
        }
        defer { signals.stop() }
        let wardrobe = Wardrobe(
            library: themes,
            automatic: ThemeChoice.name(
                hasNoColour: ThemeChoice.hasNoColour { Environment[$0] }, depth: terminal.depth,
                ground: terminal.ground))
        let worn = theme(of: wardrobe, on: terminal, note)
        terminal.theme = try wardrobe.theme(worn)
        configuration.faults.forEach(note)
        var options = ConsoleState.Options()
        options.themeName = terminal.theme.name
        options.themeNames = themes.known
        options.utcOffsetSeconds = LocalTime.utcOffsetSeconds()
        options.glyphs = ThemeChoice.glyphs(
            arguments.console, configuration.settings.glyphs, isUTF8: terminal.isUTF8,
            term: Environment["TERM"])
        let end = arguments.output.duration.map { Clock.monotonicNanoseconds() + $0.nanoseconds }
        var settings = configuration.settings
        settings.theme = worn
        let state = try Self.state(
            arguments, settings, source.newest(), options, width: terminal.width,
            height: terminal.height)
        let script = try ScriptRun.script(arguments.output)
        var run = ConsoleRun(
            terminal, state, source, ending, wishes, wardrobe: wardrobe,
            files: ConsoleFiles(configuration: configuration),
            isQuiet: arguments.console.quiet, endNanoseconds: end, script: script)
        return try run.run()
    }

    /// The one that was asked for, else that of the configuration, else what becomes the terminal. A
    /// theme that only the configuration names and that is not there is told of, and no reason not
    /// to start.
    private func theme(
        of wardrobe: Wardrobe, on terminal: CursesTerminal, _ note: (String) -> Void
    ) -> String {
        if let theme = arguments.console.theme { return theme }
        if arguments.console.lean, terminal.depth != .mono { return "sixteen" }
        let theme = configuration.settings.theme
        do {
            _ = try wardrobe.theme(theme)
            return theme
        } catch {
            note("configuration: \(error.sentence)")
            return "auto"
        }
    }

    /// The console as it opens, on the view and with the filter that were asked for.
    static func state(
        _ arguments: Arguments, _ settings: Settings, _ snapshot: Snapshot,
        _ options: ConsoleState.Options, width: Int, height: Int
    ) throws(Failure) -> ConsoleState {
        do {
            var options = options
            options.settings = settings
            if arguments.console.readonly { options.settings.isReadOnly = true }
            if arguments.console.noMouse { options.settings.usesMouse = false }
            if arguments.console.lean || arguments.console.calm { options.settings.refresh = 1 }
            if arguments.console.lean { options.settings.showsGraphs = false }
            var state = try SnapshotText.state(
                snapshot, view: arguments.console.view ?? settings.view.name,
                options: options, filter: arguments.console.filter ?? "", width: width,
                height: height)
            if arguments.console.calm { state.holdOrders() }
            return state
        } catch {
            switch error {
            case .unknownView, .unknownSession: throw .usage("--view: \(error)")
            case .filter: throw .usage("--filter: \(error)")
            }
        }
    }
}
