/// Commands about the console itself: settings, keys, help (DESIGN §9).
extension ConsoleState {
    mutating func setCommand(
        _ words: CommandWords, at now: UInt64
    ) throws(CommandFault) -> [Intent] {
        let word = words.word(1)
        let isQuestion = word.text.hasSuffix("?")
        let name = isQuestion ? String(word.text.dropLast()) : word.text
        guard let setting = SettingTable.setting(named: name) else {
            throw CommandFault(at: word.position, "expected a setting; Tab shows which there are")
        }
        var changed = currentSettings
        guard !isQuestion, words.count > 2 else {
            say("\(setting.name) = \(setting.literal(changed))", at: now)
            return []
        }
        if setting.name == "console.readonly", isReadOnly {
            throw CommandFault(at: word.position, "a read-only console stays read-only")
        }
        if let reason = setting.change(&changed, to: words.rest(from: 2).trimmed) {
            throw CommandFault(at: words.word(2).position, "expected \(reason)")
        }
        say("\(setting.name) = \(setting.literal(changed))", .sevOk, at: now)
        // A theme is set once it is worn.
        let theme = changed.theme
        changed.theme = settings.theme
        apply(changed)
        return theme == settings.theme ? [] : [.theme(theme)]
    }

    mutating func mapCommand(
        _ words: CommandWords, at now: UInt64
    ) throws(CommandFault) {
        let key = words.word(1)
        let action = words.word(2)
        switch KeyMap.Change.parse(key: key.text, action: action.text) {
        case .success(let change):
            settings.keys.removeAll { $0.key == change.key }
            settings.keys.append(change)
            say("\(change.key.name) = \(change.action?.name ?? "none")", .sevOk, at: now)
        case .failure(let fault):
            let isKey = Key(name: key.text) == nil
            throw CommandFault(at: isKey ? key.position : action.position, fault.description)
        }
    }

    mutating func helpCommand(
        _ words: CommandWords, at now: UInt64
    ) throws(CommandFault) {
        let word = words.word(1)
        guard !word.text.isEmpty else { return go(to: .help) }
        guard let help = CommandTable.help(of: word.text) else {
            throw CommandFault(at: word.position, "there is no command \(word.text)")
        }
        say(help, at: now)
    }
}
