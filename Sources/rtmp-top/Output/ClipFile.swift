import Console
import Posix

/// Where `Y` puts what it copies, for terminals without a clipboard (console design, §14).
enum ClipFile {
    static func write(_ text: String) -> ViewFile.Outcome {
        guard
            let state = Environment["XDG_STATE_HOME"]
                ?? Environment["HOME"].map({ $0 + "/.local/state" })
        else { return .init(words: "neither XDG_STATE_HOME nor HOME is set", hasFailed: true) }
        let path = state + "/rtmp-top/clip.txt"
        do {
            try File.replace(path, with: text)
            return .init(words: "\(path): \(text.utf8.count) bytes written", hasFailed: false)
        } catch {
            return .init(words: "\(path): \(error.reason)", hasFailed: true)
        }
    }
}
