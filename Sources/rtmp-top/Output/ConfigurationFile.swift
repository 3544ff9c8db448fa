import Console
import Posix

/// The settings on disk: read at the start, written only when somebody says `:save`
/// (DESIGN §24).
struct ConfigurationFile {
    private static let bytesMaximum = 1 << 20

    let settings: Settings
    /// What was wrong in it, a line each; the rest counts.
    let faults: [String]
    /// What keeps a server from doing what the file wants of it, which is then not started: of a file that
    /// is no TOML nobody knows what it wanted, but a console shows that.
    let serverFault: String?
    /// Where `:save` writes when it is not told.
    private let path: String?

    /// The file that was asked for must be there; those of the user and the system may be.
    init(
        _ options: ConsoleOptions, isHeadless: Bool = false,
        environment: (String) -> String? = { Environment[$0] }
    ) throws(Failure) {
        let home =
            environment("XDG_CONFIG_HOME") ?? environment("HOME").map { $0 + "/.config" }
        let own = home.map { $0 + "/rtmp-top/config.toml" }
        let found = try Self.find(options, own)
        let parsed = found.map { SettingsFile.parse($0.text, file: $0.file) } ?? .init()
        (settings, faults, path) = (parsed.settings, parsed.faults, options.config ?? own)
        serverFault =
            parsed.recordFault ?? (isHeadless && !parsed.isReadable ? parsed.faults.first : nil)
    }

    private static func find(
        _ options: ConsoleOptions, _ own: String?
    ) throws(Failure) -> (file: String, text: String)? {
        guard !options.noConfig else { return nil }
        if let file = options.config {
            do throws(PosixError) {
                return (file, try read(file))
            } catch {
                throw .usage("--config: \(file): \(error.reason)")
            }
        }
        for file in [own, "/etc/rtmp-top/config.toml"].compactMap({ $0 }) {
            // A file that is not there, or not ours to read, is passed over.
            if let text = try? read(file) { return (file, text) }
        }
        return nil
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
