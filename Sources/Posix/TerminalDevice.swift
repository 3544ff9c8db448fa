import CPosix
import Glibc

/// What a descriptor says about the terminal behind it.
package enum TerminalDevice {
    package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// nil if there is no terminal, or it does not know its size.
    package static func size(of descriptor: Int32) -> (columns: Int, rows: Int)? {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard cposix_window_size(descriptor, &columns, &rows) == 0, columns > 0, rows > 0
        else { return nil }
        return (Int(columns), Int(rows))
    }
}

/// The variables the process was started with.
package enum Environment {
    /// Not while another thread changes them; this program changes none.
    package static subscript(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
