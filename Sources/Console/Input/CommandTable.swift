/// What `:` takes, once: name, arguments, help (DESIGN §9). Every action of the keys is one too.
enum CommandTable {
    /// What completes an argument.
    enum Argument: Sendable {
        case session
        case stream
        case filter
        case column
        case format
        case command
        case action
        case setting
        case theme
        case hold
        case words([String])
        case text
    }

    struct Row: Sendable {
        let name: String
        let usage: String
        let help: String
        var arguments: [Argument] = []
        /// It changes a session: refused in a read-only console.
        var isAct = false
    }

    static let rows: [Row] = [
        Row(name: "inspect", usage: "N", help: "open a session", arguments: [.session]),
        Row(
            name: "filter", usage: "[EXPR]", help: "filter this view; nothing: all rows",
            arguments: [.filter]),
        Row(
            name: "sort", usage: "COLUMN [asc|desc]", help: "sort this table",
            arguments: [.column, .words(["asc", "desc"])]),
        Row(
            name: "cols", usage: "COLUMN,COLUMN...", help: "which columns, in which order",
            arguments: [.column]),
        Row(
            name: "find", usage: "[EXPR]", help: "the next line that matches; nothing is hidden",
            arguments: [.filter]),
        Row(
            name: "goto", usage: "HH:MM[:SS[.mmm]]|#N",
            help: "in a log: the first line from then on", arguments: [.text]),
        Row(name: "theme", usage: "NAME", help: "another theme", arguments: [.theme]),
        Row(
            name: "save", usage: "[FILE]", help: "the settings in force, into the configuration",
            arguments: [.text]),
        Row(
            name: "kill", usage: "N [close|kick|reset] [hold=60s] [players]",
            help: "close a session (asks)",
            arguments: [
                .session, .words(["close", "kick", "reset"]), .words(["hold=", "players"]),
                .words(["players"]),
            ], isAct: true),
        Row(name: "holds", usage: "", help: "who may not come back yet, and lifting it"),
        Row(
            name: "lift", usage: "NAME", help: "let a kicked name in again", arguments: [.hold],
            isAct: true),
        Row(
            name: "note", usage: "N [TEXT]", help: "what you say of a session; nothing: no more",
            arguments: [.session, .text]),
        Row(
            name: "reconnect", usage: "N|all [URL]", help: "ask clients to connect anew",
            arguments: [.session], isAct: true),
        Row(
            name: "trace", usage: "on|off [EXPR]", help: "record chunks of what matches",
            arguments: [.words(["on", "off"]), .filter]),
        Row(
            name: "record", usage: "on|off [STREAM]",
            help: "a stream into FLV files; nothing: the one here",
            arguments: [.words(["on", "off"]), .stream], isAct: true),
        Row(
            name: "write", usage: "txt|ansi|csv|json|jsonl|md|hex|pcapng FILE",
            help: "this view into a new file",
            arguments: [.format, .text]),
        Row(name: "snap", usage: "FILE", help: "this screen into a new file", arguments: [.text]),
        Row(
            name: "set", usage: "KEY VALUE, or KEY?", help: "a setting, until the end",
            arguments: [.setting, .text]),
        Row(
            name: "map", usage: "KEY ACTION", help: "what a key does; none: nothing",
            arguments: [.text, .action]),
        Row(name: "messages", usage: "", help: "what was said here: the events"),
        Row(name: "quit!", usage: "", help: "end at once, without asking"),
        Row(name: "help", usage: "[COMMAND]", help: "help", arguments: [.command]),
    ]

    static func row(named name: String) -> Row? { rows.first { $0.name == name } }

    /// Names of commands and of actions, in order.
    static let names: [String] = {
        let actions = KeyMap.standardRows.filter { !$0.scopes.isDisjoint(with: .views) }
            .map(\.action.name)
        return Set(rows.map(\.name) + actions).subtracting(["command"]).sorted()
    }()

    /// What help says of a command: its own row, or that of the key.
    static func help(of name: String) -> String? {
        if let row = row(named: name) {
            return "\(row.name) \(row.usage)".trimmed + ": " + row.help
        }
        guard let action = KeyMap.action(named: name),
            let row = KeyMap.standardRows.first(where: { $0.action == action })
        else { return nil }
        return "\(name): \(row.help) (\(row.keyNames))"
    }
}

extension String {
    var trimmed: String {
        let start = drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}
