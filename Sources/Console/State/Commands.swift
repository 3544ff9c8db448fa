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
        if row.isAct, options.isReadOnly {
            say("read-only: sessions cannot be changed from here", .sevWarn, at: now)
            return []
        }
        switch row.name {
        case "inspect": inspect(try session(words.word(1), live), frozen ?? live, at: now)
        case "filter": try filterCommand(words, at: now)
        case "sort": try sortCommand(words)
        case "kill": return try killCommand(words, live, at: now)
        case "holds": openHolds()
        case "lift": return try liftCommand(words, at: now)
        case "reconnect": return try reconnectCommand(words, live, at: now)
        case "trace": return try traceCommand(words, live, at: now)
        case "write": return try writeCommand(words, live)
        case "snap":
            let path = try required(words.rest(from: 1), "a file", at: words.word(1).position)
            let screen = ConsoleView.draw(live, self, width: width, height: height).text()
            return [.write(path: path, text: screen)]
        case "set": try setCommand(words, at: now)
        case "map": try mapCommand(words, at: now)
        case "messages": go(to: .view(.events))
        case "quit!": return [.quit]
        default: try helpCommand(words, at: now)
        }
        return []
    }

    // MARK: Sessions

    private func session(
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

    private mutating func killCommand(
        _ words: CommandWords, _ live: Snapshot, at now: UInt64
    ) throws(CommandFault) -> [Intent] {
        let id = try session(words.word(1), live)
        guard let row = live.session(id), row.isOpen else {
            throw CommandFault(at: words.word(1).position, "#\(id) has already ended")
        }
        var kill = KillDialog(.session, [row], holdSeconds: options.killHoldSeconds)
        for index in 2..<max(words.count, 2) {
            let word = words[index]
            switch word.text {
            case "": break
            case "close": kill.way = .close
            case "kick": kill.way = .kick
            case "reset": kill.way = .reset
            case "players": kill.alsoPlayers = true
            case let hold where hold.hasPrefix("hold="):
                guard let seconds = Self.seconds(hold.dropFirst(5)),
                    seconds <= KillDialog.holdMaximum
                else { throw CommandFault(at: word.position, "expected a time such as hold=60s") }
                kill.hold = LineEditor("\(seconds)")
                kill.way = .kick
            default:
                throw CommandFault(
                    at: word.position, "expected close, kick, reset, hold=60s or players")
            }
        }
        dialog = .kill(kill)
        isDialogDrawn = false
        return []
    }

    private static func seconds(_ text: Substring) -> Int? {
        guard let unit = text.last, !unit.isNumber else { return Int(text) }
        guard let number = Int(text.dropLast()), number < 1_000_000 else { return nil }
        switch unit {
        case "s": return number
        case "m": return number * 60
        case "h": return number * 3600
        default: return nil
        }
    }

    private mutating func liftCommand(
        _ words: CommandWords, at now: UInt64
    ) throws(CommandFault) -> [Intent] {
        let name = words.rest(from: 1).trimmed
        guard let hold = holds.first(where: { $0.name.description == name }) else {
            throw CommandFault(
                at: words.word(1).position, "expected a name that is held; :holds lists them")
        }
        return lift(hold.name, at: now)
    }

    private mutating func reconnectCommand(
        _ words: CommandWords, _ live: Snapshot, at now: UInt64
    ) throws(CommandFault) -> [Intent] {
        let url = words.rest(from: 2).trimmed
        let target = url.isEmpty ? nil : url
        if words.word(1).text == "all" {
            say("every client that can is asked to reconnect", at: now)
            return [.reconnect(nil, tcURL: target)]
        }
        let id = try session(words.word(1), live)
        say("#\(id) is asked to reconnect, if it can", at: now)
        return [.reconnect(id, tcURL: target)]
    }

    private mutating func traceCommand(
        _ words: CommandWords, _ live: Snapshot, at now: UInt64
    ) throws(CommandFault) -> [Intent] {
        let position = words.word(1).position
        switch words.word(1).text {
        case "off":
            traced = []
            say("trace stopped", at: now)
        case "on":
            let text = words.rest(from: 2)
            let predicate: FilterPredicate<SessionRow>
            do {
                predicate = try FilterPredicate(text)
            } catch {
                throw CommandFault(
                    at: words.word(2).position + error.position, "expected \(error.expected)")
            }
            let found = live.sessions.filter { $0.isOpen && predicate.matches($0, in: live) }
            traced = Set(found.map(\.id))
            say("tracing \(Format.count(found.count, "session")): 4 shows the chunks", at: now)
        default: throw CommandFault(at: position, "expected on or off")
        }
        return [.trace(traced)]
    }

    // MARK: Views

    private mutating func filterCommand(
        _ words: CommandWords, at now: UInt64
    ) throws(CommandFault) {
        guard filterLine != nil else {
            throw CommandFault(at: 0, "there is nothing to filter here")
        }
        do {
            try applyFilter(words.rest(from: 1))
        } catch {
            throw CommandFault(
                at: words.word(1).position + error.position, "expected \(error.expected)")
        }
    }

    private mutating func sortCommand(_ words: CommandWords) throws(CommandFault) {
        guard let table = sortedTable else {
            throw CommandFault(at: 0, "there is no table to sort here")
        }
        let word = words.word(1)
        guard let index = table.sortNames.firstIndex(of: word.text.lowercased()) else {
            throw CommandFault(
                at: word.position, "expected " + table.sortNames.joined(separator: " "))
        }
        var isDescending: Bool?
        switch words.word(2).text {
        case "": break
        case "asc": isDescending = false
        case "desc": isDescending = true
        default: throw CommandFault(at: words.word(2).position, "expected asc or desc")
        }
        withSort { table in
            table.chooseSort(index)
            if let isDescending, table.isDescending != isDescending { table.reverse() }
        }
    }

    private func writeCommand(
        _ words: CommandWords, _ live: Snapshot
    ) throws(CommandFault) -> [Intent] {
        guard let form = ViewForm(rawValue: words.word(1).text) else {
            throw CommandFault(
                at: words.word(1).position,
                "expected " + ViewForm.allCases.map(\.rawValue).joined(separator: " "))
        }
        let path = try required(words.rest(from: 2), "a file", at: words.word(2).position)
        guard form != .txt else {
            let screen = ConsoleView.draw(live, self, width: width, height: height).text()
            return [.write(path: path, text: screen)]
        }
        guard let table = ViewExport(live, self) else {
            throw CommandFault(at: 0, "this page has no rows: txt writes the screen")
        }
        return [.write(path: path, text: table.text(form))]
    }

    private func required(
        _ text: String, _ what: String, at position: Int
    ) throws(CommandFault) -> String {
        let text = text.trimmed
        guard !text.isEmpty else { throw CommandFault(at: position, "expected \(what)") }
        return text
    }

    // MARK: The console itself

    private mutating func setCommand(
        _ words: CommandWords, at now: UInt64
    ) throws(CommandFault) {
        let word = words.word(1)
        let isQuestion = word.text.hasSuffix("?")
        let name = isQuestion ? String(word.text.dropLast()) : word.text
        guard let setting = SettingTable.setting(named: name) else {
            throw CommandFault(at: word.position, "expected a setting; Tab shows which there are")
        }
        var changed = currentSettings
        guard !isQuestion, words.count > 2 else {
            say("\(setting.name) = \(setting.literal(changed))", at: now)
            return
        }
        if setting.name == "console.readonly", options.isReadOnly {
            throw CommandFault(at: word.position, "a read-only console stays read-only")
        }
        if let reason = setting.change(&changed, to: words.rest(from: 2).trimmed) {
            throw CommandFault(at: words.word(2).position, "expected \(reason)")
        }
        apply(changed)
        say("\(setting.name) = \(setting.literal(changed))", .sevOk, at: now)
    }

    private mutating func mapCommand(
        _ words: CommandWords, at now: UInt64
    ) throws(CommandFault) {
        let key = words.word(1)
        let action = words.word(2)
        switch KeyMap.Change.parse(key: key.text, action: action.text) {
        case .success(let change):
            settings.keys.removeAll { $0.key == change.key }
            settings.keys.append(change)
            applyKeys()
            say("\(change.key.name) = \(change.action?.name ?? "none")", .sevOk, at: now)
        case .failure(let fault):
            let isKey = Key(name: key.text) == nil
            throw CommandFault(at: isKey ? key.position : action.position, fault.description)
        }
    }

    private mutating func helpCommand(
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

/// The forms a view can be written in.
package enum ViewForm: String, CaseIterable, Sendable {
    case txt
    case csv
    case json
    case jsonl
    case md
}
