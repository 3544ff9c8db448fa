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
        case .paste(let text): paste(text, live, at: now)
        case .mouse(let mouse): intents = point(mouse, live, at: now)
        }
        arrange(frozen ?? live, at: now)
        return intents + followInspected()
    }

    mutating func press(_ key: Key, _ live: Snapshot, at now: UInt64) -> [Intent] {
        let action = keys.action(for: key, in: scope)
        if action == .leave { return leave(live, at: now) }
        // Keys typed before the dialog was drawn were meant for something else; no is always safe.
        if isDialogGrave, !isDialogDrawn, action != .no { return [] }
        switch dialog {
        case .kill(let kill): return answer(kill, key, action, live, at: now)
        case .quit(let quit): return answer(quit, action)
        case .sort(let menu):
            answer(menu, key, action)
            return []
        case .columns(let chooser):
            answer(chooser, key, action)
            return []
        case .themes(let picker): return answer(picker, action)
        case .holds(let index): return answerHolds(index, action, at: now)
        case .choice(let menu): return answer(menu, key, action)
        case nil: break
        }
        if let command { return edit(command, key, action, live, at: now) }
        if let prompt {
            edit(prompt, key, action, live)
            return []
        }
        if page == .view(.trace), let letter = traceView.wantedLetter {
            takeLetter(letter, key, at: now)
            return []
        }
        guard let action else { return [] }
        return act(action, live, at: now)
    }

    mutating func act(_ action: Action, _ live: Snapshot, at now: UInt64) -> [Intent] {
        let drawn = frozen ?? live
        if ScreenLayout(self).size == .tiny, !action.isForTinyScreens { return [] }
        if page == .view(.trace), actInTrace(action, drawn, at: now) { return [] }
        if page == .view(.graphs), actInGraphs(action, drawn, at: now) { return [] }
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
        case .find: openPrompt(isFind: true)
        case .findNext, .findPrevious: find(forward: action == .findNext, drawn, at: now)
        case .errorsOnly: toggleErrorsOnly()
        case .zoomPanel: zoomPanel()
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
        case .hints: settings.showsHints.toggle()
        case .help:
            helpFilter = FilterLine()
            if page == .help { back() } else { go(to: .help) }
        case .redraw: return [.redraw]
        case .trace: return toggleTrace(live, at: now)
        case .kill: openKill(live, at: now)
        case .killPlayers: openKillPlayers(live, at: now)
        case .markRow: toggleMark(drawn, at: now)
        case .unmark: unmarkAll()
        case .note: openNote(drawn, at: now)
        case .copy, .copyToFile: openCopyMenu(toFile: action == .copyToFile, live, at: now)
        case .write: openWriteMenu(live)
        case .mask: toggleMask(at: now)
        case .detach: return [.detach]
        case .columns: openColumns(at: now)
        case .rateWindow:
            settings.rateWindow = settings.rateWindow.next
            overviewSessions.rows.isStale = true
            connections.rows.isStale = true
        case .themes: openThemes(at: now)
        case .command: openCommand()
        case .repeatCommand: return repeatCommand(live, at: now)
        case .quit:
            if case .view = page { return leave(live, at: now) }
            back()
        case .leave: return leave(live, at: now)
        case .yes, .no, .toggle, .lineStart, .lineEnd, .eraseBefore, .eraseAfter, .eraseWord,
            .backspace, .deleteForward, .older, .newer, .complete, .completeBack, .yank, .mark,
            .goToMark, .hexMode, .deltaMode, .treeOrList, .inspect,
            .zoomIn, .zoomOut, .logScale, .subject:
            break
        }
        return []
    }
}
