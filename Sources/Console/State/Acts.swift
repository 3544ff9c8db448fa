import Monitor
import Telemetry

/// What the keys do to the server: trace, kill, quit. Everything that ends something asks first.
extension ConsoleState {
    // MARK: Trace

    mutating func toggleTrace(_ live: Snapshot, at now: UInt64) -> [Intent] {
        let targets: Set<SessionID>
        switch page {
        case .view(.overview) where !marks.isEmpty, .view(.connections) where !marks.isEmpty,
            .view(.streams) where !marks.isEmpty:
            targets = marks
        case .view(.overview) where isStreamPanelActive:
            targets = sessions(ofStream: overviewStreams.streams.cursor, live)
        case .view(.streams):
            if case .stream(let key) = streams.cursor {
                targets = sessions(ofStream: key, live)
            } else {
                targets = Set([cursorSession].compactMap { $0 })
            }
        case .view(.trace):
            targets = Set(
                [(frozen ?? live).trace[traceLog.cursor]?.record.session].compactMap { $0 })
        case .view(.events):
            targets = Set([(frozen ?? live).journal[eventLog.cursor]?.session].compactMap { $0 })
        case .view(.overview), .view(.connections), .view(.graphs), .view(.history), .inspector,
            .help:
            targets = Set([cursorSession].compactMap { $0 })
        }
        let open = targets.filter { live.isOpen($0) }
        traced = traced.filter { live.isOpen($0) }
        guard !open.isEmpty else {
            say("nothing here to trace: no open session under the cursor", .sevWarn, at: now)
            return []
        }
        let names = open.sorted().prefix(5).map { "#\($0)" }.joined(separator: " ")
        if open.isSubset(of: traced) {
            traced.subtract(open)
            say("trace of \(names) stopped", at: now)
        } else {
            traced.formUnion(open)
            say("tracing \(names): 4 shows the chunks", .sevOk, at: now)
        }
        return [.trace(traced)]
    }

    private func sessions(ofStream key: String?, _ live: Snapshot) -> Set<SessionID> {
        guard let row = live.streams.first(where: { $0.key.description == key }) else { return [] }
        return Set(row.players + [row.publisher].compactMap { $0 })
    }

    // MARK: Kill

    mutating func openKill(_ live: Snapshot, at now: UInt64) {
        guard !isReadOnly else {
            say("read-only: sessions cannot be closed from here", .sevWarn, at: now)
            return
        }
        let targets = killTargets(live)
        guard let first = targets.first else {
            say("nothing here to close: no session under the cursor", .sevWarn, at: now)
            return
        }
        let rows = targets.compactMap { live.session($0) }.filter(\.isOpen)
        guard !rows.isEmpty else {
            say("#\(first) has already ended; nothing was done", .sevWarn, at: now)
            return
        }
        open(
            KillDialog(
                rows.count > 1 ? .marked : .session, rows, holdSeconds: settings.killHoldSeconds))
    }

    /// Marked sessions where there are tables, else the one under the cursor; of a stream its
    /// publisher.
    private func killTargets(_ live: Snapshot) -> [SessionID] {
        switch page {
        case .view(.overview) where !marks.isEmpty, .view(.connections) where !marks.isEmpty,
            .view(.streams) where !marks.isEmpty:
            return marks.sorted()
        case .view(.streams):
            if case .stream(let key) = streams.cursor {
                return [publisher(of: key, live)].compactMap { $0 }
            }
        case .view(.overview) where isStreamPanelActive:
            return [publisher(of: overviewStreams.streams.cursor, live)].compactMap { $0 }
        default: break
        }
        return [cursorSession].compactMap { $0 }
    }

    /// `A`: all players of the stream under the cursor, or of the session's stream.
    mutating func openKillPlayers(_ live: Snapshot, at now: UInt64) {
        guard !isReadOnly else {
            say("read-only: sessions cannot be closed from here", .sevWarn, at: now)
            return
        }
        let key = streamHere(live)
        guard let key, let stream = live.streams.first(where: { $0.key.description == key }) else {
            say("nothing here to close: no stream under the cursor", .sevWarn, at: now)
            return
        }
        let rows = stream.players.compactMap { live.session($0) }.filter(\.isOpen)
        guard !rows.isEmpty else {
            say("\(stream.key) has no players", .sevWarn, at: now)
            return
        }
        open(
            KillDialog(.players(of: stream.key), rows, holdSeconds: settings.killHoldSeconds))
    }

    private mutating func open(_ kill: KillDialog) {
        dialog = .kill(kill)
        isDialogDrawn = false
    }

    private func publisher(of key: String?, _ live: Snapshot) -> SessionID? {
        live.streams.first { $0.key.description == key }?.publisher
    }

    mutating func answer(
        _ kill: KillDialog, _ key: Key, _ action: Action?, _ live: Snapshot, at now: UInt64
    ) -> [Intent] {
        var kill = kill
        defer { if dialog != nil { dialog = .kill(kill) } }
        switch action {
        case .no: dialog = nil
        case .yes: return confirm(kill, live, at: now)
        case .open, .toggle:
            if kill.focus == .cancel {
                dialog = nil
            } else if kill.press() {
                // The kill button takes Enter only; a blank is too easily typed.
                if action == .open { return confirm(kill, live, at: now) }
            }
        case .down, .right, .nextPanel: kill.move(by: 1, live)
        case .up, .left, .previousPanel: kill.move(by: -1, live)
        case .backspace: kill.erase()
        default:
            if case .character(let scalar) = key { kill.type(scalar, live) }
        }
        return []
    }

    mutating func confirm(
        _ kill: KillDialog, _ live: Snapshot, at now: UInt64
    ) -> [Intent] {
        guard !kill.targets.isEmpty, kill.targets.contains(where: { live.isOpen($0.id) }) else {
            dialog = nil
            let verb = kill.asked.count == 1 ? "has" : "have"
            let who = kill.asked.count == 1 ? "#\(kill.target.id)" : "all of them"
            say("\(who) \(verb) already ended; nothing was done", .sevWarn, at: now)
            return []
        }
        guard kill.isNumberRight(live) else { return [] }
        dialog = nil
        let intents = kill.intents(live)
        for case .close(let closed, _) in intents { pendingKills[closed] = now }
        killBatch = KillBatch(total: intents.count, askedAtNanoseconds: now)
        if case .marked = kill.subject { unmarkAll() }
        let note = isPaused ? " (the live session: the view is paused)" : ""
        say("\(kill.name): \(kill.way.word) asked for\(note)", at: now)
        return intents
    }

    // MARK: Quit

    /// `q` at the top and `^C`: asks, unless nobody would be hurt; `^C` again within 2 s quits.
    mutating func leave(_ live: Snapshot, at now: UInt64) -> [Intent] {
        if case .quit(let quit) = dialog {
            guard now &- quit.openedAtNanoseconds < 2_000_000_000 else { return [] }
            dialog = nil
            return [.quit]
        }
        if live.server.connections == 0 || !settings.confirmsQuit { return [.quit] }
        prompt = nil
        command = nil
        dialog = .quit(QuitDialog(openedAtNanoseconds: now))
        isDialogDrawn = false
        return []
    }

    mutating func answer(_ quit: QuitDialog, _ action: Action?) -> [Intent] {
        switch action {
        case .yes: return press(QuitDialog.Field.quit)
        case .no: dialog = nil
        case .open, .toggle: return press(quit.focus)
        case .right, .down, .nextPanel: move(quit, by: 1)
        case .left, .up, .previousPanel: move(quit, by: -1)
        default: break
        }
        return []
    }

    /// A button of the quit dialog.
    mutating func press(_ field: QuitDialog.Field) -> [Intent] {
        dialog = nil
        switch field {
        case .stay: return []
        case .detach: return [.detach]
        case .quit: return [.quit]
        }
    }

    private mutating func move(_ quit: QuitDialog, by step: Int) {
        var quit = quit
        let fields = QuitDialog.Field.allCases
        let next = (quit.focus.rawValue + step + fields.count) % fields.count
        quit.focus = fields[next]
        dialog = .quit(quit)
    }
}

extension KillDialog.Way {
    package var word: String {
        switch self {
        case .close: "close"
        case .kick: "kick"
        case .reset: "reset"
        }
    }
}

extension ConsoleState {
    /// The stream under the cursor, or that of the session there.
    func streamHere(_ live: Snapshot) -> String? {
        switch page {
        case .view(.streams):
            switch streams.cursor {
            case .stream(let stream), .session(_, let stream): stream
            case nil: nil
            }
        case .view(.overview) where isStreamPanelActive: overviewStreams.streams.cursor
        default: cursorSession.flatMap { live.session($0)?.facts.stream?.description }
        }
    }
}
