package import Monitor
import Telemetry

/// What keys do.
extension ConsoleState {
    /// Takes one input; `live` is the newest snapshot, frozen views or not.
    package mutating func reduce(_ input: Input, _ live: Snapshot, at now: UInt64) -> [Intent] {
        var intents: [Intent] = []
        switch input {
        case .resize(let width, let height):
            self.width = width
            self.height = height
            isDialogDrawn = false
            intents = [.redraw]
        case .hangup:
            // Nobody sees anything any more; whether the server goes on is not decided here.
            isTerminalLost = true
            return []
        case .key(let key):
            intents = press(key, live, at: now)
        }
        arrange(frozen ?? live, at: now)
        return intents + followInspected(live)
    }

    private mutating func press(_ key: Key, _ live: Snapshot, at now: UInt64) -> [Intent] {
        let action = KeyMap.action(for: key, in: scope)
        if action == .leave { return leave(live, at: now) }
        // Keys typed before the dialog was drawn were meant for something else; no is always safe.
        if isDialogGrave, !isDialogDrawn, action != .no { return [] }
        switch dialog {
        case .kill(let kill): return answer(kill, key, action, live, at: now)
        case .quit(let quit): return answer(quit, action)
        case .sort(let menu):
            answer(menu, key, action)
            return []
        case nil: break
        }
        if let prompt {
            edit(prompt, key, action)
            return []
        }
        guard let action else { return [] }
        return act(action, live, at: now)
    }

    private mutating func act(_ action: Action, _ live: Snapshot, at now: UInt64) -> [Intent] {
        let drawn = frozen ?? live
        if ScreenLayout(self).size == .tiny, !action.isForTinyScreens { return [] }
        switch action {
        case .up, .down, .pageUp, .pageDown, .halfPageUp, .halfPageDown:
            move(by: distance(action), drawn, at: now)
        case .first, .last: moveToEnd(action == .last, drawn, at: now)
        case .left, .right: sideways(action == .right, drawn)
        case .nextPanel, .previousPanel: changePanel(by: action == .nextPanel ? 1 : -1)
        case .open: open(drawn, at: now)
        case .back: back()
        case .view(let view): go(to: .view(view))
        case .historyBack: trailIndex = max(trailIndex - 1, 0)
        case .historyForward: trailIndex = min(trailIndex + 1, trail.count - 1)
        case .previousSession: changeSession(by: -1, drawn)
        case .nextSession: changeSession(by: 1, drawn)
        case .filter: openPrompt()
        case .toggleFilter: toggleFilter(at: now)
        case .errorsOnly: toggleErrorsOnly()
        case .sortMenu: openSortMenu()
        case .reverseSort: withSort { $0.reverse() }
        case .sortLeft: withSort { $0.step(-1) }
        case .sortRight: withSort { $0.step(1) }
        case .holdOrder: withSort { $0.toggleHold() }
        case .pause: frozen = frozen == nil ? live : nil
        case .follow:
            if page == .view(.trace) { traceLog.follow() } else { eventLog.follow() }
        case .faster: changeRefresh(by: -1)
        case .slower: changeRefresh(by: 1)
        case .hints: areHintsShown.toggle()
        case .help:
            if page == .help { back() } else { go(to: .help) }
        case .redraw: return [.redraw]
        case .trace: return toggleTrace(live, at: now)
        case .kill: openKill(live, at: now)
        case .quit:
            if case .view = page { return leave(live, at: now) }
            back()
        case .leave: return leave(live, at: now)
        case .yes, .no, .toggle, .lineStart, .lineEnd, .eraseBefore, .eraseAfter, .eraseWord,
            .backspace, .deleteForward, .older, .newer:
            break
        }
        return []
    }

    /// `q` at the top and `^C`: asks, unless nobody would be hurt; `^C` again within 2 s quits.
    private mutating func leave(_ live: Snapshot, at now: UInt64) -> [Intent] {
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

    private mutating func answer(_ quit: QuitDialog, _ action: Action?) -> [Intent] {
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

    // MARK: Moving

    private func distance(_ action: Action) -> Int {
        let page = max(ScreenLayout(self).pageRows, 1)
        return switch action {
        case .up: -1
        case .down: 1
        case .pageUp: -page
        case .pageDown: page
        case .halfPageUp: -max(page / 2, 1)
        default: max(page / 2, 1)
        }
    }

    private mutating func move(by rows: Int, _ drawn: Snapshot, at now: UInt64) {
        switch page {
        case .view(.overview):
            if isStreamPanelActive {
                overviewStreams.streams.move(by: rows, now: now)
            } else {
                overviewSessions.rows.move(by: rows, now: now)
                overviewSessions.dropEnded(drawn)
            }
        case .view(.connections):
            connections.rows.move(by: rows, now: now)
            connections.dropEnded(drawn)
        case .view(.streams): streams.move(by: rows, drawn, now: now)
        case .view(.trace): traceLog.move(by: rows)
        case .view(.events): eventLog.move(by: rows)
        case .help: helpTop = max(helpTop + rows, 0)
        case .inspector: moveInInspector(by: rows)
        }
    }

    private mutating func moveInInspector(by rows: Int) {
        guard let index = inspectorIndex else { return }
        if inspectors[index].isTreeOpen {
            inspectors[index].treeTop = max(inspectors[index].treeTop + rows, 0)
        } else if inspectors[index].focus == .chunkStreams {
            inspectors[index].chunkTop = max(inspectors[index].chunkTop + rows, 0)
        } else {
            inspectors[index].entry = max(inspectors[index].entry + rows, 0)
        }
    }

    private mutating func moveToEnd(_ last: Bool, _ drawn: Snapshot, at now: UInt64) {
        switch page {
        case .view(.overview):
            if isStreamPanelActive {
                overviewStreams.streams.moveToEnd(last, now: now)
            } else {
                overviewSessions.rows.moveToEnd(last, now: now)
                overviewSessions.dropEnded(drawn)
            }
        case .view(.connections):
            connections.rows.moveToEnd(last, now: now)
            connections.dropEnded(drawn)
        case .view(.streams): streams.moveToEnd(last, drawn, now: now)
        case .view(.trace): traceLog.moveToEnd(last)
        case .view(.events): eventLog.moveToEnd(last)
        case .help: helpTop = last ? HelpView.lineCount : 0
        case .inspector: moveInInspector(by: last ? 1_000_000 : -1_000_000)
        }
    }

    private mutating func sideways(_ right: Bool, _ drawn: Snapshot) {
        switch page {
        case .view(.overview):
            if isStreamPanelActive {
                overviewStreams.columnOffset = max(
                    overviewStreams.columnOffset + (right ? 1 : -1), 0)
            } else {
                overviewSessions.columnOffset = max(
                    overviewSessions.columnOffset + (right ? 1 : -1), 0)
            }
        case .view(.connections):
            connections.columnOffset = max(connections.columnOffset + (right ? 1 : -1), 0)
        case .view(.streams): _ = streams.fold(!right)
        case .view(.trace), .view(.events), .inspector, .help: break
        }
        let last = SessionColumn.allCases.count - 3
        overviewSessions.columnOffset = min(overviewSessions.columnOffset, last)
        connections.columnOffset = min(connections.columnOffset, last)
        overviewStreams.columnOffset = min(
            overviewStreams.columnOffset, StreamColumn.allCases.count - 3)
    }

    private mutating func changePanel(by step: Int) {
        switch page {
        case .view(.overview): isStreamPanelActive.toggle()
        case .view(.connections): isPreviewShown.toggle()
        case .inspector:
            guard let index = inspectorIndex else { return }
            inspectors[index].isTreeOpen = false
            if ScreenLayout(self).isInspectorPaged {
                let count = InspectorState.pageCount
                inspectors[index].page = (inspectors[index].page + step + count) % count
                inspectors[index].focus =
                    inspectors[index].page == InspectorState.chunkPage ? .chunkStreams : .commands
            } else {
                inspectors[index].focus =
                    inspectors[index].focus == .commands ? .chunkStreams : .commands
            }
        case .view(.streams), .view(.trace), .view(.events), .help: break
        }
    }

    // MARK: Pages

    mutating func go(to page: Page) {
        guard page != self.page else { return }
        trail.removeSubrange((trailIndex + 1)...)
        trail.append(page)
        if trail.count > Self.trailLimit { trail.removeFirst() }
        trailIndex = trail.count - 1
    }

    private mutating func back() {
        switch page {
        case .inspector(let id):
            if let index = inspectorIndex, inspectors[index].isTreeOpen {
                inspectors[index].isTreeOpen = false
                return
            }
            inspectors.removeAll { $0.id == id }
            leavePage()
        case .help: leavePage()
        case .view: trailIndex = max(trailIndex - 1, 0)
        }
    }

    /// Goes back and forgets the page that was left.
    private mutating func leavePage() {
        let left = page
        let before = trail[..<trailIndex].filter { $0 != left }
        trail = before.isEmpty ? [.view(.overview)] : before
        trailIndex = trail.count - 1
    }

    private mutating func open(_ drawn: Snapshot, at now: UInt64) {
        switch page {
        case .view(.overview):
            if isStreamPanelActive {
                guard let key = overviewStreams.streams.cursor else { return }
                streams.cursor = .stream(key)
                streams.folded.remove(key)
                go(to: .view(.streams))
            } else if let id = overviewSessions.rows.cursor {
                inspect(id, drawn, at: now)
            }
        case .view(.connections):
            if let id = connections.rows.cursor { inspect(id, drawn, at: now) }
        case .view(.streams):
            switch streams.cursor {
            case .session(let id, _): inspect(id, drawn, at: now)
            case .stream(let key): _ = streams.fold(!streams.folded.contains(key))
            case nil: break
            }
        case .view(.trace):
            if let entry = drawn.trace[traceLog.cursor] {
                inspect(entry.record.session, drawn, at: now)
            }
        case .view(.events):
            if let id = drawn.journal[eventLog.cursor]?.session { inspect(id, drawn, at: now) }
        case .inspector:
            guard let index = inspectorIndex, inspectors[index].focus == .commands,
                inspectors[index].keptDetail?.commands.isEmpty == false
            else { return }
            inspectors[index].isTreeOpen.toggle()
            inspectors[index].treeTop = 0
        case .help: break
        }
    }

    mutating func inspect(_ id: SessionID, _ drawn: Snapshot, at now: UInt64) {
        guard drawn.session(id) != nil || kept[id] != nil else {
            say("#\(id) is no longer kept", .sevWarn, at: now)
            return
        }
        if !inspectors.contains(where: { $0.id == id }) {
            if inspectors.count == Self.inspectorLimit {
                let oldest = inspectors.removeFirst().id
                let here = trailIndex
                trailIndex = trail[...here].filter { $0 != .inspector(oldest) }.count - 1
                trail.removeAll { $0 == .inspector(oldest) }
            }
            var inspector = InspectorState(id)
            inspector.keptDetail = drawn.inspected[id]
            inspectors.append(inspector)
        }
        go(to: .inspector(id))
    }

    /// `(` and `)`: the same tab shows the neighbour in the order of the connections.
    private mutating func changeSession(by step: Int, _ drawn: Snapshot) {
        guard let index = inspectorIndex, !connections.rows.order.isEmpty else { return }
        let order = connections.rows.order
        let here = order.firstIndex(of: inspectors[index].id) ?? (step > 0 ? -1 : 0)
        let id = order[(here + step + order.count) % order.count]
        guard !inspectors.contains(where: { $0.id == id }) else {
            go(to: .inspector(id))
            return
        }
        var next = InspectorState(id)
        next.page = inspectors[index].page
        next.focus = inspectors[index].focus
        next.keptDetail = drawn.inspected[id]
        let old = inspectors[index].id
        inspectors[index] = next
        trail = trail.map { $0 == .inspector(old) ? .inspector(id) : $0 }
    }

    // MARK: Trace

    private mutating func toggleTrace(_ live: Snapshot, at now: UInt64) -> [Intent] {
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

    private mutating func openKill(_ live: Snapshot, at now: UInt64) {
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

    private mutating func answer(
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

    private mutating func confirm(
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
