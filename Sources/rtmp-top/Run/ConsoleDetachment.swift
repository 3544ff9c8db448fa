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
        var told = live.journal.endNumber
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
            _ = wishes.take()
            let newest = source.newest()
            // Whoever looks away for long reads the newest lines only.
            told = max(told, newest.journal.endNumber - 20)
            while !isQuiet, let entry = newest.journal[told], entry.level <= .info {
                terminal.say(LogFormatter.text(entry))
                told += 1
            }
            told = max(told, newest.journal.endNumber)
        }
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
