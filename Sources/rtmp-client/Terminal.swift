import Posix
import Telemetry

/// Words for the person who started the program, on standard error.
enum Terminal {
    static let isAttached = TerminalDevice.isTerminal(2)

    /// One sentence, under the program's name. What a server said in it cannot draw on the terminal.
    static func say(_ sentence: String) {
        write("\(isAttached ? "\r\u{1B}[K" : "")rtmp-client: \(SafeText(sentence))\n")
    }

    /// A line that the next one takes the place of.
    static func draw(_ line: String) {
        write("\r\(line)\u{1B}[K")
    }

    static func write(_ text: String) {
        // Nobody is left to be told that this failed.
        guard let file = try? File(duplicating: 2) else { return }
        try? file.writeAll(text)
    }
}
