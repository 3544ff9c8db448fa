/// Where arguments come from: the command line in all its spellings, the environment below it.
///
/// Names are those of the long options. The short spellings of other servers (`-listen`, one dash,
/// long name) mean the same as two dashes.
struct CommandLineSource {
    /// Options that take a value, then those that do not.
    static let valued: Set<String> = [
        "listen", "addr", "tls-listen", "tls-cert", "tls-key", "threads", "chunk-size",
        "ack-window", "max-message-size",
        "handshake-timeout", "connect-timeout", "idle-timeout", "ping-interval",
        "max-connections", "max-connections-per-ip", "max-handshakes",
        "gop-cache", "window", "window-time",
        "slow-policy", "slow-limit", "slow-limit-time", "flush-interval", "publish-conflict",
        "silent-after", "publisher-per-room", "play-wait", "record", "record-dir", "record-segment",
        "theme", "view", "filter", "glyphs",
        "tty", "config", "demo", "print-theme", "snapshot", "size", "format", "after", "every",
        "events", "stats",
        "max-sessions", "clock", "for", "trace", "trace-level", "expect", "within", "exit-when",
        "script", "keys",
        "log-level", "log-format", "log",
    ]
    static let flags: Set<String> = [
        "record-all", "no-record-all", "headless", "ascii", "readonly", "schema", "no-mouse",
        "no-config",
        "print-config",
        "quiet", "lean", "calm",
    ]
    /// Flags that `--no-…` takes back, since a configuration may have set them.
    private static let invertible: Set<String> = ["record-all"]
    private static let asked: Set<String> = ["help", "version", "generate-completion-script"]

    /// The command line with one-dash spellings of long names written with two.
    static func normalised(_ arguments: [String]) -> [String] {
        var isPastOptions = false
        return arguments.map { argument in
            if argument == "--" { isPastOptions = true }
            guard !isPastOptions, argument.hasPrefix("-"), !argument.hasPrefix("--"),
                let name = longName(in: argument.dropFirst())
            else { return argument }
            return valued.contains(name) || flags.contains(name) || asked.contains(name)
                ? "-" + argument : argument
        }
    }

    /// What the environment asks for and the command line does not, each as one option.
    ///
    /// `listen` and `addr` are one option: given on the command line, neither counts here.
    static func inherited(
        environment: (String) -> String?, commandLine: [String]
    ) throws -> [InheritedOption] {
        var given = Set(
            commandLine.filter { $0.hasPrefix("--") }.compactMap { longName(in: $0.dropFirst(2)) })
        if !given.isDisjoint(with: ["listen", "addr"]) { given.formUnion(["listen", "addr"]) }
        given.formUnion(invertible.filter { given.contains("no-\($0)") })
        return try valued.union(flags).subtracting(given).sorted().compactMap { name in
            let variable = "RTMP_TOP_" + name.uppercased().replacing("-", with: "_")
            guard let value = environment(variable), !value.isEmpty else { return nil }
            if valued.contains(name) {
                return InheritedOption(variable: variable, arguments: ["--\(name)=\(value)"])
            }
            guard let isSet = try? truth(value) else {  // The variable is named here instead.
                throw WrongValue("\(variable): give true or false, not '\(value)'")
            }
            guard isSet || invertible.contains(name) else { return nil }
            return InheritedOption(
                variable: variable, arguments: [isSet ? "--\(name)" : "--no-\(name)"])
        }
    }

    struct InheritedOption: Equatable {
        let variable: String
        let arguments: [String]
    }

    private static func longName(in text: Substring) -> String? {
        let name = text.prefix { $0 != "=" }
        return name.count > 1 ? String(name) : nil
    }
}
