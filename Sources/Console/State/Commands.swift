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
        case "set": try setCommand(words, at: now)
        case "map": try mapCommand(words, at: now)
        case "messages": go(to: .view(.events))
        case "detach": return [.detach]
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

    private mutating func noteCommand(
        _ words: CommandWords, _ live: Snapshot, at now: UInt64
    ) throws(CommandFault) -> [Intent] {
        let word = words.word(1)
        guard let id = SessionID(word.text.drop { $0 == "#" }),
            live.session(id) != nil || live.ended.contains(where: { $0.id == id })
        else { throw CommandFault(at: word.position, "expected the number of a session") }
        let text = words.rest(from: 2).trimmed
        say(text.isEmpty ? "no note on #\(id) any more" : "noted on #\(id)", .sevOk, at: now)
        return [.note(id, text.isEmpty ? nil : SafeText(text))]
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

    private mutating func recordCommand(
        _ words: CommandWords, _ live: Snapshot, at now: UInt64
    ) throws(CommandFault) -> [Intent] {
        let isOn: Bool
        switch words.word(1).text {
        case "on": isOn = true
        case "off": isOn = false
        default: throw CommandFault(at: words.word(1).position, "expected on or off")
        }
        let name = words.rest(from: 2).trimmed
        let wanted = name.isEmpty ? streamHere(live) : name
        guard let stream = live.streams.first(where: { $0.key.description == wanted }) else {
            throw CommandFault(
                at: words.word(2).position, name.isEmpty ? "expected a stream" : "no such stream")
        }
        if isOn, stream.publisher == nil {
            throw CommandFault(at: words.word(2).position, "nobody publishes \(stream.key)")
        }
        let isRecorded = stream.recording?.isUnderWay ?? false
        guard isOn != isRecorded else {
            say("\(stream.key) is \(isOn ? "" : "not ")recorded", .sevWarn, at: now)
            return []
        }
        return [.record(stream.key, isOn: isOn)]
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

    private mutating func columnsCommand(
        _ words: CommandWords, at now: UInt64
    ) throws(CommandFault) {
        guard page == .view(.connections) || page == .view(.overview) else {
            throw CommandFault(at: 0, "the columns of connections are chosen where they are shown")
        }
        var changed = currentSettings
        let setting = SettingTable.setting(named: "connections.columns")
        if let reason = setting?.change(&changed, to: words.rest(from: 1).trimmed) {
            throw CommandFault(at: words.word(1).position, "expected \(reason)")
        }
        if page == .view(.overview) {
            overviewSessions.choice.shown = changed.columns.shown
        } else {
            connections.choice.shown = changed.columns.shown
        }
    }

    private mutating func findCommand(
        _ words: CommandWords, _ live: Snapshot, at now: UInt64
    ) throws(CommandFault) {
        guard findLine != nil else {
            throw CommandFault(at: 0, "there are no lines to find here: 4 and 5 have some")
        }
        let text = words.rest(from: 1).trimmed
        if !text.isEmpty {
            do {
                try setFind(FilterLine(text: text))
            } catch {
                throw CommandFault(
                    at: words.word(1).position + error.position, "expected \(error.expected)")
            }
        }
        find(forward: true, frozen ?? live, at: now)
    }

    /// A time of today or the last of yesterday, or the first line of a session.
    private mutating func goToCommand(
        _ words: CommandWords, _ drawn: Snapshot, at now: UInt64
    ) throws(CommandFault) {
        let word = words.word(1)
        switch page {
        case .view(.trace), .view(.events): break
        default: throw CommandFault(at: 0, "there are no lines to go to here: 4 and 5 have some")
        }
        let isTrace = page == .view(.trace)
        let log = isTrace ? traceLog : eventLog
        let matches: (Int) -> Bool
        if word.text.hasPrefix("#"), let id = SessionID(word.text.dropFirst()) {
            matches = { number in
                let session =
                    isTrace ? drawn.trace[number]?.record.session : drawn.journal[number]?.session
                return session == id
            }
        } else if let wanted = wallClock(at: word.text, drawn) {
            matches = { number in
                let time =
                    isTrace
                    ? drawn.trace[number]?.wallClockMilliseconds
                    : drawn.journal[number]?.wallClockMilliseconds
                return time.map { $0 >= wanted } ?? false
            }
        } else {
            throw CommandFault(at: word.position, "expected a time such as 14:02 or a session, #3")
        }
        let found = (0..<log.count).lazy.compactMap { log.number(at: $0) }.first(where: matches)
        guard let found else {
            say("no line shown here is from \(word.text) on", .sevWarn, at: now)
            return
        }
        if isTrace { traceLog.go(to: found) } else { eventLog.go(to: found) }
    }

    /// The newest such time of day that is not to come.
    private func wallClock(at text: String, _ drawn: Snapshot) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard (2...3).contains(parts.count), let hour = parts[0], let minute = parts[1],
            (0..<24).contains(hour), (0..<60).contains(minute)
        else { return nil }
        var second: Int64 = 0
        if parts.count == 3 {
            guard let given = parts[2], (0..<60).contains(given) else { return nil }
            second = given
        }
        let day: Int64 = 86_400_000
        let offset = Int64(options.utcOffsetSeconds) * 1000
        let local = drawn.wallClockMilliseconds + offset
        let wanted = local - local % day + (hour * 3600 + minute * 60 + second) * 1000
        return (wanted > local ? wanted - day : wanted) - offset
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
        if form == .txt || form == .ansi {
            let screen = ConsoleView.draw(live, self, width: width, height: height)
            return form == .txt
                ? [.write(path: path, text: screen.text())] : [.writeScreen(path: path, screen)]
        }
        guard let table = ViewExport(live, self) else {
            throw CommandFault(at: 0, "this page has no rows: txt and ansi write the screen")
        }
        return [.write(path: path, text: masked(table.text(form), frozen ?? live))]
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
    case ansi
    case csv
    case json
    case jsonl
    case md
}
