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

    /// Bytes that have been typed and not read; nil if there is no terminal any more.
    package static func unreadBytes(_ descriptor: Int32) -> Int? {
        var count: Int32 = 0
        return cposix_readable_bytes(descriptor, &count) == 0 ? Int(count) : nil
    }
}

/// How a terminal treats what is typed and written: its termios.
package struct TerminalModes: Equatable, Sendable {
    private let raw: termios

    /// The modes of now.
    package init(of descriptor: Int32) throws(PosixError) {
        var modes = termios()
        guard tcgetattr(descriptor, &modes) == 0 else { throw PosixError("tcgetattr") }
        raw = modes
    }

    private init(_ raw: termios) {
        self.raw = raw
    }

    /// The same without echo, lines, signals and flow control: every byte as it was typed.
    package var asTyped: TerminalModes {
        var modes = raw
        cfmakeraw(&modes)
        return TerminalModes(modes)
    }

    package func apply(to descriptor: Int32) throws(PosixError) {
        var modes = raw
        guard uninterrupted({ tcsetattr(descriptor, TCSANOW, &modes) }) == 0 else {
            throw PosixError("tcsetattr")
        }
    }

    package static func == (left: TerminalModes, right: TerminalModes) -> Bool {
        withUnsafeBytes(of: left.raw.c_cc) { leftKeys in
            withUnsafeBytes(of: right.raw.c_cc) { rightKeys in
                leftKeys.elementsEqual(rightKeys)
                    && (left.raw.c_iflag, left.raw.c_oflag, left.raw.c_cflag, left.raw.c_lflag)
                        == (
                            right.raw.c_iflag, right.raw.c_oflag, right.raw.c_cflag,
                            right.raw.c_lflag
                        )
            }
        }
    }
}

/// The variables the process was started with.
package enum Environment {
    /// Not while another thread changes them; this program changes none.
    package static subscript(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
