import Console
import CursesTerminal
import Monitor
import Posix
import Telemetry

extension ConsoleRun {
    /// `^Z`, `:detach`, SIGTSTP: the terminal is the shell's, the server serves on and tells what
    /// happens line by line, until Enter brings the console back as it was (console design, §21).
    ///
    /// The process is not stopped: that would stop every stream.
    mutating func detach(_ live: Snapshot) {
        guard !state.isTerminalLost else { return }
        terminal.suspend()
        source.tell(.console("detached"))
        let listen = live.server.listen.joined(separator: " ")
        terminal.say(
            "serving on \(listen), \(live.server.connections) sessions; "
                + "Enter shows the console, Ctrl-C ends")
        var log = DetachedLog(after: live.journal)
        while ending.reason == nil, !hasEnded(at: Clock.monotonicNanoseconds()) {
            switch terminal.nextInput(timeoutMilliseconds: 250) {
            case .key(.enter):
                do {
                    try terminal.resume()
                    source.tell(.console("resumed"))
                    state.didReturn(at: source.now())
                } catch {
                    lose()
                }
                return
            case .hangup: return lose()
            case .key, .paste, .mouse, .resize, nil: break
            }
            let newest = source.newest()
            // The terminal is left already, and taken again by Enter alone.
            if wishes.take().snapshot { writeViews(newest) }
            if !isQuiet { log.lines(of: newest, state).forEach(terminal.say) }
        }
    }

    /// The terminal is gone: the server serves on, and SIGUSR1 has its files all the same.
    mutating func serveUnseen() -> Ending.Reason {
        while ending.reason == nil, !hasEnded(at: Clock.monotonicNanoseconds()) {
            if wishes.take().snapshot { writeViews(source.newest()) }
            ending.rest(untilNanoseconds: end)
        }
        return ending.reason ?? .duration
    }

    /// The terminal is gone: nothing is drawn any more.
    private mutating func lose() {
        _ = state.reduce(.hangup, source.newest(), at: source.now())
    }
}

/// What signals want of the console, from the thread that hears them to the one that draws.
final class ConsoleWishes: Sendable {
    struct Wishes {
        var detach = false
        /// The process was stopped and goes on: the terminal may be in any state.
        var comeBack = false
        /// All views, as files.
        var snapshot = false
    }

    private let wishes = Lock(Wishes())

    func hear(_ signal: Signal) {
        wishes.withLock { wishes in
            switch signal {
            case .stop: wishes.detach = true
            case .resume: wishes.comeBack = true
            case .user1: wishes.snapshot = true
            case .interrupt, .terminate, .hangup, .user2, .windowChanged: break
            }
        }
    }

    func take() -> Wishes {
        wishes.withLock { wishes in
            defer { wishes = Wishes() }
            return wishes
        }
    }
}
