import CursesTerminal
import Posix

/// What signals from outside mean: SIGTERM and SIGINT end gracefully, a second one ends at once.
enum SignalPlan {
    static let signals: [Signal] = [.terminate, .interrupt, .hangup, .windowChanged]

    /// Called first in the program, before any other thread exists.
    static func block() {
        Signals.block(signals)
    }

    /// `changed` runs when a wait for keys should end: the end is wanted, the window has a new size.
    static func start(
        _ ending: Ending, changed: @escaping @Sendable () -> Void
    ) throws(PosixError) -> Signals {
        try Signals(signals) { signal in
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
                // A lost terminal is found by the console itself; a service has nothing to reload.
                break
            case .user1, .user2, .stop, .resume:
                break
            }
        }
    }
}
