import Console
import CursesTerminal
import Monitor
import Posix
import Telemetry

/// The console on its terminal: the main thread waits for keys, new data and the end.
///
/// New data is drawn as often as the console wants, a key at once. While a write to the terminal
/// blocks, this thread blocks and nothing else; afterwards only the newest snapshot is drawn.
struct ConsoleRun {
    let terminal: CursesTerminal
    let source: Source
    let ending: Ending
    private let wardrobe: Wardrobe
    private let files: ConsoleFiles
    var state: ConsoleState
    let wishes: ConsoleWishes
    /// No lines of events while the console is detached.
    let isQuiet: Bool
    let end: UInt64?
    private var script: ScriptPlayer?
    private var workDrawnAt: UInt64 = 0
    private var pace = DrawPace()
    private var redrawnAt = Clock.monotonicNanoseconds()
    private var themeReadAt = Clock.monotonicNanoseconds()
    /// What was read of the theme that is worn.
    private var themeText: String?

    init(
        _ terminal: CursesTerminal, _ state: ConsoleState, _ source: Source, _ ending: Ending,
        _ wishes: ConsoleWishes, wardrobe: Wardrobe,
        files: ConsoleFiles, isQuiet: Bool, endNanoseconds: UInt64?, script: KeyScript?
    ) {
        self.wishes = wishes
        self.isQuiet = isQuiet
        self.wardrobe = wardrobe
        self.files = files
        self.terminal = terminal
        self.source = source
        self.ending = ending
        self.state = state
        end = endNanoseconds
        self.script = script.map(ScriptPlayer.init)
    }

    /// Until the end is wanted. A terminal that goes away leaves the server serving.
    mutating func run() throws(Failure) -> Ending.Reason {
        var live = source.newest()
        take(.resize(width: terminal.width, height: terminal.height), live)
        var frameDue = Clock.monotonicNanoseconds()
        var isFirst = true
        var isResting = false
        while ending.reason == nil, !state.isTerminalLost {
            let now = Clock.monotonicNanoseconds()
            if hasEnded(at: now) { return .duration }
            hear(wishes.take(), live)
            if now >= frameDue {
                let newest = source.newest()
                let hasNews = isFirst || newest.hasNews(since: live)
                isFirst = false
                live = newest
                if hasNews { show(live, at: now) }
                isResting = mayRest(live)
                frameDue = isResting ? .max : now + period
            }
            let scriptDue = try play(live, at: now)
            guard ending.reason == nil else { break }
            let hadWork = state.hasWork
            if hadWork { work(live, at: now) }
            if isResting { source.awaitNewer?(live, terminal.wakeup) }
            let wait = min(frameDue, end ?? .max, max(scriptDue, now)) - min(now, frameDue)
            if let input = terminal.nextInput(
                timeoutMilliseconds: hadWork ? 0 : Int32(clamping: wait / 1_000_000 + 1))
            {
                take(input, live)
                draw(live)
            } else if isResting {
                frameDue = 0
            }
        }
        terminal.stop()
        if state.isTerminalLost {
            source.tell(.console("lost"))
            if !source.outlivesTerminal || state.endsOnHangup { return .quit }
        }
        return serveUnseen()
    }

    private mutating func show(_ live: Snapshot, at now: UInt64) {
        perform(state.absorb(live, at: now))
        renew(at: now)
        draw(live)
        pace.note(
            tookNanoseconds: Clock.monotonicNanoseconds() - now, at: Clock.monotonicNanoseconds())
        state.halvings = pace.halvings
    }

    private var period: UInt64 { UInt64(1_000_000_000 / state.drawnHertz) }

    /// There is no need to look for a newer snapshot before one ends the wait for keys.
    private func mayRest(_ live: Snapshot) -> Bool {
        live.isQuiet && period <= 1_000_000_000 && source.awaitNewer != nil
    }

    func hasEnded(at now: UInt64) -> Bool { end.map { now >= $0 } ?? false }

    private mutating func hear(_ wishes: ConsoleWishes.Wishes, _ live: Snapshot) {
        if wishes.snapshot { writeViews(live) }
        if wishes.detach {
            detach(live)
        } else if wishes.comeBack {
            // Whoever stopped us has set the terminal as it pleased.
            terminal.suspend()
            do {
                try terminal.resume()
            } catch {
                _ = state.reduce(.hangup, live, at: source.now())
            }
        } else {
            return
        }
        draw(live)
    }

    /// Does what the script says now, and says when it goes on.
    private mutating func play(_ live: Snapshot, at now: UInt64) throws(Failure) -> UInt64 {
        while var player = script, ending.reason == nil {
            let screen = {
                ConsoleView.draw(live, state, width: state.width, height: state.height)
            }
            let outcome = try player.advance(
                now: now, live: live, theme: terminal.theme, screen: screen)
            script = player
            switch outcome {
            case .input(let input):
                take(input, live)
                draw(live)
            case .rest(let until): return until
            case .quit: ending.request(.quit)
            case .done: script = nil
            }
        }
        return .max
    }

    /// A step of what takes long; what it found is shown now and then, and at its end.
    private mutating func work(_ live: Snapshot, at now: UInt64) {
        state.work(live, at: now)
        guard !state.hasWork || now >= workDrawnAt + 50_000_000 else { return }
        workDrawnAt = now
        draw(live)
    }

    private mutating func take(_ input: Input, _ live: Snapshot) {
        perform(state.reduce(input, live, at: Clock.monotonicNanoseconds()))
        terminal.usesMouse = state.usesMouse
    }

    private mutating func wear(_ source: String) {
        do {
            let theme = try wardrobe.theme(source)
            terminal.theme = theme
            themeText = nil
            state.wears(theme.name, from: source)
        } catch {
            report(Outcome(error.sentence, hasFailed: true))
        }
    }

    /// What is done now and then: everything drawn anew, a theme that was saved read anew.
    private mutating func renew(at now: UInt64) {
        if let period = state.redrawNanoseconds, now - redrawnAt >= period {
            redrawnAt = now
            terminal.redraw()
        }
        guard now - themeReadAt >= 2_000_000_000 else { return }
        themeReadAt = now
        // A file that is being written, or gone, leaves the theme as it is.
        let source = state.settings.theme
        guard let text = try? wardrobe.text(source) else { return }
        defer { themeText = text }
        guard let themeText, themeText != text else { return }
        do {
            terminal.theme = try wardrobe.theme(source)
            state.wears(terminal.theme.name, from: source)
            report(Outcome("theme \(terminal.theme.name) read anew"))
        } catch {
            report(Outcome(error.sentence, hasFailed: true))
        }
    }

    private mutating func draw(_ live: Snapshot) {
        guard !state.isTerminalLost, ending.reason == nil else { return }
        terminal.draw(
            ConsoleView.draw(live, state, width: terminal.width, height: terminal.height))
        state.didDraw()
    }

    private mutating func perform(_ intents: [Intent]) {
        for intent in intents {
            switch intent {
            case .redraw: terminal.redraw()
            case .quit: ending.request(.quit)
            case .write, .writeBytes, .writeScreen, .save, .copy(_, _, toFile: true):
                report(files.write(intent, theme: terminal.theme))
            case .copy(let text, let name, toFile: false): report(copy(text, name))
            case .detach: detach(source.newest())
            case .theme(let name): wear(name)
            case .close, .trace, .inspect, .lift, .record, .reconnect, .note:
                source.perform(intent)
            }
        }
    }

    private func copy(_ text: String, _ name: String) -> Outcome {
        let count = text.utf8.count
        guard terminal.copy(text) else {
            return Outcome(
                "this terminal takes no clipboard of \(count) bytes: Y writes a file",
                hasFailed: true)
        }
        return Outcome(
            "\(name): \(count) bytes to the clipboard; where it takes none, Y writes a file")
    }

    /// SIGUSR1: every view as text, for whoever cannot reach the keyboard.
    mutating func writeViews(_ live: Snapshot) {
        let views = SnapshotText.views(live, as: state, width: 120, height: 40)
        report(StateFile.write(views, to: "views.txt"))
    }

    private mutating func report(_ outcome: Outcome?) {
        if let outcome { state.report(outcome, at: source.now()) }
    }
}
