package import Posix

/// Why the console cannot have the terminal, as one sentence for a person.
package enum TerminalError: Error, Equatable, Sendable, CustomStringConvertible {
    case noTerminal
    case notATerminal(path: String)
    case cannotOpen(path: String, PosixError)
    case termMissing
    case termUnknown(String)
    case termTooPoor(String)
    case cannotStart(String)

    package var description: String {
        switch self {
        case .noTerminal:
            "standard output is no terminal; use --headless, --snapshot, or --tty PATH"
        case .notATerminal(let path):
            "--tty \(path) is no terminal"
        case .cannotOpen(let path, let error):
            "the terminal \(path) cannot be opened: \(error.reason)"
        case .termMissing:
            "TERM is not set, so the console cannot be drawn; set it, or use --headless"
        case .termUnknown(let term):
            "TERM is \"\(term)\", which this machine does not know; set another, or use --headless"
        case .termTooPoor(let term):
            "TERM is \"\(term)\", a terminal that cannot place text; set another, or use --headless"
        case .cannotStart(let term):
            "ncurses cannot start on this terminal (TERM \"\(term)\"); use --headless"
        }
    }
}
