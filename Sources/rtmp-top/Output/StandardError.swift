import Posix

/// Words for the person who started the program.
enum StandardError {
    /// One sentence, under the program's name.
    static func say(_ sentence: String) {
        write("rtmp-top: \(sentence)\n")
    }

    static func write(_ text: String) {
        // Nobody is left to be told that this failed.
        guard let file = try? File(duplicating: 2) else { return }
        try? file.writeAll(text)
    }
}
