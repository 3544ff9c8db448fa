import Monitor
import Telemetry

/// What the keys do to the server: trace, kill, quit. Everything that ends something asks first.
extension ConsoleState {
    // MARK: Trace

    mutating func toggleTrace(_ live: Snapshot, at now: UInt64) -> [Intent] {
        let targets: Set<SessionID>
        switch page {
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
        case .view(.overview), .view(.connections), .inspector, .help:
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
        guard !options.isReadOnly else {
            say("read-only: sessions cannot be closed from here", .sevWarn, at: now)
            return
        }
        var id = cursorSession
        switch page {
        case .view(.streams):
            if case .stream(let key) = streams.cursor { id = publisher(of: key, live) }
        case .view(.overview) where isStreamPanelActive:
            id = publisher(of: overviewStreams.streams.cursor, live)
        default: break
        }
        guard let id else {
            say("nothing here to close: no session under the cursor", .sevWarn, at: now)
            return
        }
        guard let row = live.session(id), row.isOpen else {
            say("#\(id) has already ended; nothing was done", .sevWarn, at: now)
            return
        }
        dialog = .kill(KillDialog(row))
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
        let id = kill.target.id
        guard !kill.hasEnded, live.isOpen(id) else {
            dialog = nil
            say("#\(id) has already ended; nothing was done", .sevWarn, at: now)
            return []
        }
        guard kill.isNumberRight(live) else { return [] }
        dialog = nil
        let intents = kill.intents(live)
        for case .close(let closed, _) in intents { pendingKills[closed] = now }
        let live = isPaused ? " (the live session: the view is paused)" : ""
        say("#\(id): \(kill.way.word) asked for\(live)", at: now)
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
        if live.server.connections == 0 { return [.quit] }
        prompt = nil
        dialog = .quit(QuitDialog(openedAtNanoseconds: now))
        isDialogDrawn = false
        return []
    }

    mutating func answer(_ quit: QuitDialog, _ action: Action?) -> [Intent] {
        var quit = quit
        switch action {
        case .yes:
            dialog = nil
            return [.quit]
        case .no: dialog = nil
        case .open, .toggle:
            dialog = nil
            return quit.focus == .quit ? [.quit] : []
        case .left, .right, .up, .down, .nextPanel, .previousPanel:
            quit.focus = quit.focus == .stay ? .quit : .stay
            dialog = .quit(quit)
        default: break
        }
        return []
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
