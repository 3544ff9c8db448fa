import Monitor
import Telemetry

/// Commands about sessions, streams and who may come (DESIGN §9).
extension ConsoleState {
    mutating func killCommand(
        _ words: CommandWords, _ live: Snapshot, at now: UInt64
    ) throws(CommandFault) -> [Intent] {
        let id = try session(words.word(1), live)
        guard let row = live.session(id), row.isOpen else {
            throw CommandFault(at: words.word(1).position, "#\(id) has already ended")
        }
        var kill = KillDialog(.session, [row], holdSeconds: settings.killHoldSeconds)
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
                    (0...KillDialog.holdMaximum).contains(seconds)
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

    mutating func liftCommand(
        _ words: CommandWords, at now: UInt64
    ) throws(CommandFault) -> [Intent] {
        let name = words.rest(from: 1).trimmed
        guard let hold = holds.first(where: { $0.name.description == name }) else {
            throw CommandFault(
                at: words.word(1).position, "expected a name that is held; :holds lists them")
        }
        return lift(hold.name, at: now)
    }

    mutating func noteCommand(
        _ words: CommandWords, _ live: Snapshot, at now: UInt64
    ) throws(CommandFault) -> [Intent] {
        let id = try session(words.word(1), live)
        let text = words.rest(from: 2).trimmed
        say(text.isEmpty ? "no note on #\(id) any more" : "noted on #\(id)", .sevOk, at: now)
        return [.note(id, text.isEmpty ? nil : SafeText(text))]
    }

    mutating func reconnectCommand(
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

    mutating func recordCommand(
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

    mutating func traceCommand(
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
}
