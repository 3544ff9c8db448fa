import CursesTerminal
import Posix

/// What signals from outside mean: SIGTERM and SIGINT end gracefully, a second one ends at once; SIGHUP
/// has the certificate read anew.
enum SignalPlan {
    static let signals: [Signal] = [.terminate, .interrupt, .hangup, .windowChanged]

    /// Called first in the program, before any other thread exists.
    static func block() {
        Signals.block(signals)
    }

    /// A console does not stop for `^Z`, since that would stop every stream: it leaves the terminal.
    /// Called before any other thread exists.
    static func blockForConsole() {
        Signals.block(ofConsole)
    }

    private static let ofConsole: [Signal] = [.stop, .resume, .user1]

    /// - Parameters:
    ///   - reload: SIGHUP asks for what is read from files.
    ///   - hear: what a console does of its own.
    ///   - changed: runs when a wait for keys should end: the end is wanted, the window has a new
    ///     size.
    static func start(
        _ ending: Ending, reload: @escaping @Sendable () -> Void = {},
        hear: (@Sendable (Signal) -> Void)? = nil,
        changed: @escaping @Sendable () -> Void
    ) throws(PosixError) -> Signals {
        try Signals(hear == nil ? signals : signals + ofConsole) { signal in
            switch signal {
            case .terminate, .interrupt:
                guard ending.request(.signal) else {
                    TerminalGuard.restore()
                    ProcessExit.now(130)
                }
                // The thread that draws gives the terminal back, so that no frame comes after it.
                changed()
            case .windowChanged:
                changed()
            case .hangup:
                // A lost terminal is found by the console itself; reading anew does no harm then.
                reload()
            case .stop, .resume, .user1:
                hear?(signal)
                changed()
            case .user2:
                break
            }
        }
    }
}
