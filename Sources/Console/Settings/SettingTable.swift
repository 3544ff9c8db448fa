import Monitor

/// A setting: its name, what it takes, what it is for.
struct Setting: Sendable {
    /// `console.theme`
    let name: String
    let help: String
    /// As TOML writes it.
    let literal: @Sendable (Settings) -> String
    /// Takes a value; what it answers is what was expected instead.
    let change: @Sendable (inout Settings, SettingValue) -> String?

    /// From words that somebody typed.
    func change(_ settings: inout Settings, to text: String) -> String? {
        change(&settings, SettingValue(typed: text))
    }
}

/// A value as it was written.
enum SettingValue: Hashable, Sendable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([String])

    /// `true` and `4` may be meant as what they look like or as text: whoever takes them knows.
    init(typed text: String) {
        self = .text(text)
    }

    var text: String? {
        switch self {
        case .text(let text): text
        case .number, .flag, .list: nil
        }
    }

    var flag: Bool? {
        switch self {
        case .flag(let flag): flag
        case .text(let text):
            switch text {
            case "true", "on", "yes": true
            case "false", "off", "no": false
            default: nil
            }
        case .number, .list: nil
        }
    }

    var number: Double? {
        switch self {
        case .number(let number): number
        case .text(let text): Double(text)
        case .flag, .list: nil
        }
    }

    var list: [String]? {
        switch self {
        case .list(let list): list
        case .text(let text):
            text.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
        case .number, .flag: nil
        }
    }
}

/// Every setting once: `:set` and its completion are made from it.
enum SettingTable {
    static let settings: [Setting] = [
        Setting(
            name: "console.theme", help: "name, file or auto",
            literal: { quoted($0.theme) },
            change: { settings, value in
                guard let name = value.text, !name.isEmpty else { return "the name of a theme" }
                settings.theme = name
                return nil
            }),
        words("console.glyphs", "auto unicode ascii; at the start", \.glyphs),
        Setting(
            name: "console.view", help: "the first one", literal: { quoted($0.view.name) },
            change: { settings, value in
                guard let view = value.text.flatMap(ViewKind.init(name:)) else {
                    return "one of " + ViewKind.allCases.map(\.name).joined(separator: " ")
                }
                settings.view = view
                return nil
            }),
        flag(
            "console.mouse", "clicks and the wheel; Shift leaves them to the terminal", \.usesMouse),
        Setting(
            name: "console.rate_window", help: "of IN and OUT: 1s 10s 60s",
            literal: { quoted("\($0.rateWindow.rawValue)s") },
            change: { settings, value in
                guard let text = value.text, text.hasSuffix("s"),
                    let window = Int(text.dropLast()).flatMap(RateWindow.init(rawValue:))
                else { return "\"1s\", \"10s\" or \"60s\"" }
                settings.rateWindow = window
                return nil
            }),
        Setting(
            name: "console.refresh", help: "frames for new data a second: 10 4 2 1 0.5 0.2",
            literal: { "\($0.refresh)" },
            change: { settings, value in
                guard let rate = value.number, ConsoleState.refreshRates.contains(rate) else {
                    return "one of 10 4 2 1 0.5 0.2"
                }
                settings.refresh = rate
                return nil
            }),
        flag("console.graphs", "bars in overview, streams and panels", \.showsGraphs),
        Setting(
            name: "console.cursor", help: "shown hidden; on what is chosen",
            literal: { quoted($0.showsCursor ? "shown" : "hidden") },
            change: { settings, value in
                guard let word = value.text, ["shown", "hidden"].contains(word) else {
                    return "shown or hidden"
                }
                settings.showsCursor = word == "shown"
                return nil
            }),
        Setting(
            name: "console.redraw", help: "everything anew every so many seconds; 0 never",
            literal: { Format.fixed($0.redrawSeconds, 0) },
            change: { settings, value in
                guard let seconds = value.number, (0...86_400).contains(seconds) else {
                    return "seconds, 0 to 86400"
                }
                settings.redrawSeconds = seconds.rounded()
                return nil
            }),
        flag("console.hints", "the row of keys at the bottom", \.showsHints),
        flag("console.confirm_quit", "ask while somebody is connected", \.confirmsQuit),
        words("console.on_hangup", "serve quit; when the terminal is gone", \.onHangup),
        flag("console.readonly", "refuse every act that changes a session", \.isReadOnly),
        Setting(
            name: "connections.columns", help: "in their order",
            literal: { listed($0.columns.shown.map(\.name)) },
            change: { settings, value in
                guard let names = value.list, !names.isEmpty else { return "names of columns" }
                var shown: [SessionColumn] = []
                // The mark in front is always there.
                for name in names where name != "!" {
                    guard let column = SessionColumn(name: name), !shown.contains(column) else {
                        return "each once, of "
                            + SessionColumn.allCases.map(\.name).joined(separator: " ")
                    }
                    shown.append(column)
                }
                guard !shown.isEmpty else { return "names of columns" }
                settings.columns.shown = shown
                return nil
            }),
        Setting(
            name: "connections.sort", help: "column and asc or desc",
            literal: { quoted("\($0.sort.column.name) \($0.sort.isDescending ? "desc" : "asc")") },
            change: { settings, value in
                let words = value.text?.split(separator: " ").map(String.init) ?? []
                guard let column = words.first.flatMap(SessionColumn.init(name:)),
                    words.count == 1 || words.count == 2 && ["asc", "desc"].contains(words[1])
                else { return "a column, then asc or desc" }
                let isDescending = words.count == 2 ? words[1] == "desc" : !column.isText
                settings.sort = .init(column: column, isDescending: isDescending)
                return nil
            }),
        Setting(
            name: "connections.filter", help: "as / takes it", literal: { quoted($0.filter) },
            change: { settings, value in
                guard let text = value.text else { return "a filter" }
                do throws(FilterError) {
                    _ = try FilterPredicate<SessionRow>(text)
                } catch {
                    return "\(error.expected) at column \(error.position + 1) of the filter"
                }
                settings.filter = text
                return nil
            }),
        flag("connections.preview", "below the table", \.showsPreview),
        Setting(
            name: "kill.hold", help: "how long a kicked name is refused",
            literal: { quoted("\($0.killHoldSeconds)s") },
            change: { settings, value in
                guard let text = value.text, text.hasSuffix("s"),
                    let seconds = Int(text.dropLast()),
                    (0...KillDialog.holdMaximum).contains(seconds)
                else { return "a time such as \"60s\"" }
                settings.killHoldSeconds = seconds
                return nil
            }),
        flag("mask.stream_key", "names of streams hidden after four characters", \.masksKeys),
        words("keys.preset", "vim htop; then \"KEY\" = \"ACTION\"", \.preset),
    ]

    static let names = settings.map(\.name)

    /// By its whole name, or by the last part where that says which.
    static func setting(named name: String) -> Setting? {
        if let exact = settings.first(where: { $0.name == name }) { return exact }
        let short = settings.filter { $0.name.hasSuffix("." + name) }
        return short.count == 1 ? short[0] : nil
    }

    // MARK: Rows of a kind

    private static func flag(
        _ name: String, _ help: String,
        _ path: any WritableKeyPath<Settings, Bool> & Sendable
    ) -> Setting {
        Setting(
            name: name, help: help, literal: { "\($0[keyPath: path])" },
            change: { settings, value in
                guard let flag = value.flag else { return "true or false" }
                settings[keyPath: path] = flag
                return nil
            })
    }

    private static func words<Word: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ help: String,
        _ path: any WritableKeyPath<Settings, Word> & Sendable
    ) -> Setting {
        Setting(
            name: name, help: help, literal: { quoted($0[keyPath: path].rawValue) },
            change: { settings, value in
                guard let word = value.text.flatMap(Word.init(rawValue:)) else {
                    return Word.allCases.map(\.rawValue).joined(separator: " or ")
                }
                settings[keyPath: path] = word
                return nil
            })
    }

    // MARK: TOML

    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func listed(_ texts: [String]) -> String {
        "[" + texts.map(quoted).joined(separator: ", ") + "]"
    }
}
