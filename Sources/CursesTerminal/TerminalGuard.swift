import CNcurses
import Posix

/// Gives the terminal back as it was, once, whatever way the process ends: by `stop`, by exit, or
/// by a crash in any thread, which also leaves a line that names its signal.
package enum TerminalGuard {
    /// Saves the terminal's modes; false: there is no terminal.
    static func arm(_ file: borrowing File, reset: [UInt8], program: String) -> Bool {
        cncurses_guard_arm(file.descriptor, reset, reset.count, program)
    }

    /// Any thread, any time; false: it is given back already.
    @discardableResult
    package static func restore() -> Bool { cncurses_guard_restore() }
}
