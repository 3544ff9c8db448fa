import Posix

/// What `:write` and `:snap` put on disk: new files, readable by their owner alone (DESIGN §14).
enum ViewFile {
    struct Outcome {
        let words: String
        let hasFailed: Bool
    }

    static func write(_ text: String, to path: String) -> Outcome {
        do {
            try File.createNew(path).writeAll(text)
            return Outcome(words: "\(path): \(text.utf8.count) bytes written", hasFailed: false)
        } catch {
            return Outcome(words: "\(path): \(error.reason)", hasFailed: true)
        }
    }
}
