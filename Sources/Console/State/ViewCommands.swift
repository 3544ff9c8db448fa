import Monitor
import Telemetry

/// Commands about what a view shows, and taking it away in a file (DESIGN §9, §14).
extension ConsoleState {
    mutating func filterCommand(
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

    mutating func sortCommand(_ words: CommandWords) throws(CommandFault) {
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

    mutating func columnsCommand(
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

    mutating func findCommand(
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
    mutating func goToCommand(
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
        } else if let time = WallClock.millisecondOfDay(word.text) {
            let wanted = newest(time, drawn)
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
    private func newest(_ millisecondOfDay: Int64, _ drawn: Snapshot) -> Int64 {
        let offset = Int64(options.utcOffsetSeconds) * 1000
        let local = drawn.wallClockMilliseconds + offset
        let today = WallClock(milliseconds: local).millisecondOfDay
        let ago = today - millisecondOfDay
        return drawn.wallClockMilliseconds - (ago < 0 ? ago + WallClock.dayMilliseconds : ago)
    }

    func writeCommand(
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
        if form == .hex || form == .pcapng {
            guard page == .view(.trace), let export = TraceExport(live, self) else {
                throw CommandFault(
                    at: words.word(1).position, "expected lines of the trace, view 4, for that")
            }
            return form == .hex
                ? [.write(path: path, text: export.hex)]
                : [.writeBytes(path: path, export.capture.bytes)]
        }
        guard let table = ViewExport(live, self) else {
            throw CommandFault(at: 0, "this page has no rows: txt and ansi write the screen")
        }
        return [.write(path: path, text: masked(table.text(form), frozen ?? live))]
    }
}
