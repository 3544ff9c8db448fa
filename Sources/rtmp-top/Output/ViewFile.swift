import Console
import Posix

/// What `:write` and `:snap` put on disk: new files, readable by their owner alone (DESIGN §14).
enum ViewFile {
    static func write(_ text: String, to path: String) -> Outcome {
        do {
            try File.createNew(path).writeAll(text)
            return Outcome("\(path): \(text.utf8.count) bytes written")
        } catch {
            return Outcome("\(path): \(error.reason)", hasFailed: true)
        }
    }
}
