import Console
import Posix

/// Files of the state directory: what `Y` copies for terminals without a clipboard, and the views that
/// SIGUSR1 asks for (console design, §14, §21).
enum StateFile {
    static func write(_ text: String, to name: String) -> Outcome {
        guard
            let state = Environment["XDG_STATE_HOME"]
                ?? Environment["HOME"].map({ $0 + "/.local/state" })
        else { return Outcome("neither XDG_STATE_HOME nor HOME is set", hasFailed: true) }
        let path = "\(state)/rtmp-top/\(name)"
        do {
            try File.replace(path, with: text)
            return Outcome("\(path): \(text.utf8.count) bytes written")
        } catch {
            return Outcome("\(path): \(error.reason)", hasFailed: true)
        }
    }
}
