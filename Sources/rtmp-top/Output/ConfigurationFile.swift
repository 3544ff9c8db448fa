import Console
import Posix

/// The settings of the console on disk: read at the start, written only when somebody says `:save`
/// (DESIGN §24).
struct ConfigurationFile {
    private static let bytesMaximum = 1 << 20

    let settings: Settings
    /// What was wrong in it, a line each; the rest counts.
    let faults: [String]
    /// Where `:save` writes when it is not told.
    private let path: String?

    /// The file that was asked for must be there; those of the user and the system may be.
    init(
        _ options: ConsoleOptions, environment: (String) -> String? = { Environment[$0] }
    ) throws(Failure) {
        let home =
            environment("XDG_CONFIG_HOME") ?? environment("HOME").map { $0 + "/.config" }
        let own = home.map { $0 + "/rtmp-top/config.toml" }
        guard !options.noConfig else {
            (settings, faults, path) = (Settings(), [], own)
            return
        }
        if let file = options.config {
            do {
                let parsed = SettingsFile.parse(try Self.read(file), file: file)
                (settings, faults, path) = (parsed.settings, parsed.faults, file)
            } catch {
                throw .usage("--config: \(file): \(error.reason)")
            }
            return
        }
        for file in [own, "/etc/rtmp-top/config.toml"].compactMap({ $0 }) {
            // A file that is not there, or not ours to read, is passed over.
            guard let text = try? Self.read(file) else { continue }
            let parsed = SettingsFile.parse(text, file: file)
            (settings, faults, path) = (parsed.settings, parsed.faults, own)
            return
        }
        (settings, faults, path) = (Settings(), [], own)
    }

    /// Through a file of its own, so that a full disk leaves the old one; that one is kept as `.bak`.
    func save(_ text: String, to other: String?) -> Outcome {
        guard let path = other ?? path else {
            return Outcome("neither HOME nor a file was given", hasFailed: true)
        }
        do {
            try File.replace(path, with: text)
            return Outcome("\(path): settings saved")
        } catch {
            return Outcome("\(path): \(error.reason)", hasFailed: true)
        }
    }

    private static func read(_ path: String) throws(PosixError) -> String {
        String(decoding: try File.readAll(path, limit: bytesMaximum), as: UTF8.self)
    }
}
