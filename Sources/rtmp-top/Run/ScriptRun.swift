import Console
import Monitor
import Posix

/// `--script` and `--keys`: keys from a file drive the console (console design, §23).
enum ScriptRun {
    private static let frameNanoseconds: UInt64 = 250_000_000
    private static let fileBytesMaximum = 1 << 20

    /// nil: none was given.
    static func script(_ options: OutputOptions) throws(Failure) -> KeyScript? {
        let text: String
        let name: String
        if let keys = options.keys {
            (text, name) = (keys, "--keys")
        } else if let path = options.script {
            name = "--script \(path)"
            do {
                text = String(
                    decoding: try File.readAll(path, limit: fileBytesMaximum), as: UTF8.self)
            } catch {
                throw .usage("\(name): \(error.reason)")
            }
        } else {
            return nil
        }
        do {
            return try KeyScript(text)
        } catch {
            throw .usage("\(name), \(error)")
        }
    }

    /// A console that nobody sees: the same state and the same screens as on a terminal.
    static func run(
        _ script: KeyScript, _ arguments: Arguments, _ source: ConsoleRun.Source, _ ending: Ending
    ) throws(Failure) {
        var options = ConsoleState.Options()
        options.glyphs = ThemeChoice.glyphs(
            arguments.console, isUTF8: ThemeChoice.isUTF8 { Environment[$0] }, term: nil)
        var live = source.newest()
        let configuration = try ConfigurationFile(arguments.console)
        let size = arguments.output.size
        var state = try ConsoleSetup.state(
            arguments, configuration.settings, live, options, width: size.width,
            height: size.height)
        let theme = try ThemeLibrary.ofThisProgram().theme(arguments.console.theme ?? "dark")
        let files = ConsoleFiles(configuration: configuration)
        var player = ScriptPlayer(script)
        func perform(_ intents: [Intent]) {
            for intent in intents {
                switch intent {
                // There is no terminal, and so no clipboard.
                case .redraw, .theme, .detach, .copy(_, _, toFile: false): break
                case .write, .writeBytes, .writeScreen, .save, .copy(_, _, toFile: true):
                    if let outcome = files.write(intent, theme: theme) {
                        state.report(outcome, at: source.now())
                    }
                case .quit: ending.request(.quit)
                case .close, .trace, .inspect, .lift, .record, .reconnect, .note:
                    source.perform(intent)
                }
            }
        }
        while ending.reason == nil {
            let now = source.now()
            let outcome = try player.advance(now: now, live: live, theme: theme) {
                ConsoleView.draw(live, state, width: state.width, height: state.height)
            }
            switch outcome {
            case .input(let input):
                perform(state.reduce(input, live, at: live.takenAtNanoseconds))
            case .rest(let until):
                source.rest(min(until, now + frameNanoseconds), ending)
                live = source.newest()
                perform(state.absorb(live, at: live.takenAtNanoseconds))
            case .quit: ending.request(.quit)
            case .done: return
            }
            state.didDraw()
        }
    }
}

/// Goes through a script a step at a time; time and screens are its owner's.
struct ScriptPlayer {
    enum Outcome {
        case input(Input)
        case rest(untilNanoseconds: UInt64)
        case quit
        case done
    }

    private static let patienceNanoseconds: UInt64 = 10_000_000_000

    private let lines: [KeyScript.Line]
    private var next = 0
    private var waitingSince: UInt64?

    init(_ script: KeyScript) {
        lines = script.lines
    }

    mutating func advance(
        now: UInt64, live: Snapshot, theme: Theme, screen: () -> Surface
    ) throws(Failure) -> Outcome {
        while next < lines.count {
            let line = lines[next]
            switch line.step {
            case .wait(let milliseconds):
                let until = (waitingSince ?? now) + milliseconds * 1_000_000
                guard now >= until else {
                    waitingSince = waitingSince ?? now
                    return .rest(untilNanoseconds: until)
                }
            case .waitUntil(let condition):
                let since = waitingSince ?? now
                if !condition.holds(in: live) {
                    guard now < since + Self.patienceNanoseconds else {
                        let values = condition.findings(in: live).map { "\n  \($0)" }.joined()
                        throw .expectation(
                            "script line \(line.number): 10 s passed and this did not come true: "
                                + "\(condition)\(values)")
                    }
                    waitingSince = since
                    return .rest(untilNanoseconds: now + 50_000_000)
                }
            case .input(let input):
                next += 1
                return .input(input)
            case .snap(let name) where name.hasSuffix(".ansi"):
                try write(screen().ansi(theme: theme), to: name, line)
            case .snap(let name): try write(screen().text(), to: name + ".txt", line)
            case .expect(let text):
                let shown = screen().text()
                guard shown.contains(text) else {
                    throw .expectation(
                        "script line \(line.number): \"\(text)\" is not on the screen\n\(shown)")
                }
            case .quit:
                next = lines.count
                return .quit
            }
            waitingSince = nil
            next += 1
        }
        return .done
    }

    private func write(
        _ screen: String, to path: String, _ line: KeyScript.Line
    ) throws(Failure) {
        do {
            try File.create(path).writeAll(screen)
        } catch {
            throw .usage("script line \(line.number): \(path): \(error.reason)")
        }
    }
}
