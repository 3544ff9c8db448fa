import CPosix
import Glibc

/// A terminal without a screen: whoever holds `controller` types the keys and reads the output.
package struct PseudoTerminal: ~Copyable, Sendable {
    package let controller: File
    package let terminal: File
    /// What another program opens as its terminal.
    package let path: String

    package init(columns: Int, rows: Int) throws(PosixError) {
        var ends: (controller: Int32, terminal: Int32) = (-1, -1)
        var name = [CChar](repeating: 0, count: 64)
        guard
            cposix_open_pseudo_terminal(
                &ends.controller, &ends.terminal, Int32(clamping: columns), Int32(clamping: rows),
                &name, name.count) == 0
        else { throw PosixError("openpty") }
        controller = File(adopting: ends.controller)
        terminal = File(adopting: ends.terminal)
        path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    package func resize(columns: Int, rows: Int) throws(PosixError) {
        let controller = controller.descriptor
        guard
            cposix_set_window_size(controller, Int32(clamping: columns), Int32(clamping: rows)) == 0
        else { throw PosixError("ioctl") }
    }
}
