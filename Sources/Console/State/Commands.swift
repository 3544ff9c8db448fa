import Monitor
import Telemetry

/// What the commands of `:` do (DESIGN §9): the same as keys, or what needs an argument.
extension ConsoleState {
    mutating func run(
        _ line: String, _ live: Snapshot, at now: UInt64
    ) throws(CommandFault) -> [Intent] {
        let words = CommandWords(line.trimmed)
        let name = words.word(0).text
        if let number = Int(name), let view = ViewKind(rawValue: number) {
            return act(.view(view), live, at: now)
        }
        guard let row = CommandTable.row(named: name) else {
            guard let action = KeyMap.action(named: name) else {
                throw CommandFault(at: 0, "expected a command; Tab shows which there are")
            }
            if words.count > 1 {
                throw CommandFault(at: words[1].position, "\(name) takes nothing behind it")
            }
            return act(action, live, at: now)
        }
        if row.isAct, isReadOnly {
            say("read-only: sessions cannot be changed from here", .sevWarn, at: now)
            return []
        }
        switch row.name {
        case "inspect": inspect(try session(words.word(1), live), frozen ?? live, at: now)
        case "filter": try filterCommand(words, at: now)
        case "sort": try sortCommand(words)
        case "cols": try columnsCommand(words, at: now)
        case "find": try findCommand(words, live, at: now)
        case "goto": try goToCommand(words, frozen ?? live, at: now)
        case "theme":
            let name = try required(words.rest(from: 1), "a theme", at: words.word(1).position)
            return [.theme(name)]
        case "save":
            let path = words.rest(from: 1).trimmed
            let text = SettingsFile.text(currentSettings)
            return [.save(path: path.isEmpty ? nil : path, text: text)]
        case "kill": return try killCommand(words, live, at: now)
        case "holds": openHolds()
        case "lift": return try liftCommand(words, at: now)
        case "note": return try noteCommand(words, live, at: now)
        case "reconnect": return try reconnectCommand(words, live, at: now)
        case "record": return try recordCommand(words, live, at: now)
        case "trace": return try traceCommand(words, live, at: now)
        case "write": return try writeCommand(words, live)
        case "snap":
            let path = try required(words.rest(from: 1), "a file", at: words.word(1).position)
            let screen = ConsoleView.draw(live, self, width: width, height: height).text()
            return [.write(path: path, text: screen)]
        case "set": return try setCommand(words, at: now)
        case "map": try mapCommand(words, at: now)
        case "messages": go(to: .view(.events))
        case "detach": return [.detach]
        case "quit!": return [.quit]
        default: try helpCommand(words, at: now)
        }
        return []
    }

    // MARK: Arguments

    func session(
        _ word: CommandWords.Word, _ live: Snapshot
    ) throws(CommandFault) -> SessionID {
        guard let id = SessionID(word.text.drop { $0 == "#" }) else {
            throw CommandFault(at: word.position, "expected the number of a session")
        }
        guard live.session(id) != nil || kept[id] != nil else {
            throw CommandFault(at: word.position, "there is no session #\(id)")
        }
        return id
    }

    func required(
        _ text: String, _ what: String, at position: Int
    ) throws(CommandFault) -> String {
        let text = text.trimmed
        guard !text.isEmpty else { throw CommandFault(at: position, "expected \(what)") }
        return text
    }
}
