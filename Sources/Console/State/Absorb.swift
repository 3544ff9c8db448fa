package import Monitor
import Telemetry

/// How the state follows what happens.
extension ConsoleState {
    /// Takes a new snapshot; called for each, before it is drawn.
    package mutating func absorb(_ live: Snapshot, at now: UInt64) -> [Intent] {
        if let message, message.untilNanoseconds <= now { self.message = nil }
        followKills(live, at: now)
        dropEndedMarks(live)
        dropHolds(endedBefore: now)
        arrange(frozen ?? live, at: now)
        return followInspected()
    }

    /// Orders tables and logs anew after new data or another filter, and keeps cursors in view.
    mutating func arrange(_ drawn: Snapshot, at now: UInt64) {
        var drawn = drawn
        drawn.marked = marks
        remember(drawn)
        collectWarnings(drawn.journal)
        let mayReorder = dialog == nil
        // Only tables that are looked at: the others are arranged when their page is opened.
        switch page {
        case .view(.overview):
            overviewSessions.arrange(
                drawn, now: now, mayReorder: mayReorder, window: settings.rateWindow)
            overviewStreams.arrange(drawn, now: now, mayReorder: mayReorder)
        case .view(.connections), .inspector:
            connections.arrange(
                drawn, now: now, mayReorder: mayReorder, window: settings.rateWindow)
        case .view(.streams):
            streams.arrange(drawn, now: now, mayReorder: mayReorder)
            streams.settle(drawn)
        case .view(.history): ended.arrange(drawn, now: now, mayReorder: mayReorder)
        case .view(.trace), .view(.events), .view(.graphs), .help: break
        }
        absorbLogs(drawn)
        if wantsFind {
            wantsFind = false
            find(forward: true, drawn, at: now)
        }
        followTrace(drawn)
        scroll(drawn)
    }

    func eventMatcher(_ drawn: Snapshot) -> ((JournalEntry) -> Bool)? {
        let filter = eventFilter.active
        guard filter != nil || eventErrorsOnly else { return nil }
        let errorsOnly = eventErrorsOnly
        return { entry in
            (!errorsOnly || entry.level <= .warn) && (filter?.matches(entry, in: drawn) ?? true)
        }
    }

    private mutating func collectWarnings(_ journal: LogTail<JournalEntry>) {
        let first = max(warningsSeenTo, journal.firstNumber)
        for number in first..<max(journal.endNumber, first) {
            guard let entry = journal[number], entry.level <= .warn else { continue }
            // The end of a failed handshake says again what its failure said.
            if case .close = entry.event.kind, case .handshakeFail? = warnings.last?.event.kind,
                warnings.last?.session == entry.session
            {
                continue
            }
            warnings.append(entry)
        }
        warningsSeenTo = max(journal.endNumber, warningsSeenTo)
        if warnings.count > Self.warningLimit {
            warnings.removeFirst(warnings.count - Self.warningLimit)
        }
    }

    /// Keeps the rows that are looked at, for when their sessions are gone.
    private mutating func remember(_ drawn: Snapshot) {
        var wanted = Set(inspectors.map(\.id))
        for cursor in [overviewSessions.rows.cursor, connections.rows.cursor] {
            if let cursor { wanted.insert(cursor) }
        }
        for id in wanted {
            if let row = drawn.session(id) { kept[id] = row.remembering(kept[id]) }
        }
        if kept.count > wanted.count { kept = kept.filter { wanted.contains($0.key) } }
        for index in inspectors.indices {
            if let detail = drawn.inspected[inspectors[index].id] {
                inspectors[index].keptDetail = detail
            }
        }
    }

    mutating func scroll(_ drawn: Snapshot) {
        let layout = ScreenLayout(self)
        overviewSessions.rows.scroll(rows: layout.overviewSessionRows)
        overviewStreams.streams.scroll(rows: layout.overviewStreamRows)
        connections.rows.scroll(rows: layout.connectionRows)
        eventLog.scroll(rows: layout.logRows)
        ended.rows.scroll(rows: layout.historyRows)
        let curveCount = curves(drawn).count
        graphs.scroll(count: curveCount, rows: layout.graphRows(of: curveCount))
        if page == .view(.streams) {
            streams.top = streams.firstVisible(streams.lines(drawn), rows: layout.streamRows)
        }
        if page == .help { helpTop = HelpView.Page(self, layout).first }
        if let index = inspectorIndex { scrollInspector(index, layout: layout) }
    }

    private mutating func scrollInspector(_ index: Int, layout: ScreenLayout) {
        let detail = inspectors[index].keptDetail
        let count = detail?.commands.count ?? 0
        inspectors[index].entry = min(inspectors[index].entry, max(count - 1, 0))
        inspectors[index].top = Scroll.first(
            top: inspectors[index].top, cursor: inspectors[index].entry, count: count,
            rows: layout.commandRows)
        let tree =
            detail?.commands.isEmpty == false
            ? detail?.commands[inspectors[index].entry].tree.count ?? 0 : 0
        inspectors[index].treeTop = Scroll.first(
            top: inspectors[index].treeTop, cursor: nil, count: tree, rows: layout.treeRows)
        inspectors[index].chunkTop = Scroll.first(
            top: inspectors[index].chunkTop, cursor: nil,
            count: detail?.detail?.chunkStreams.count ?? 0, rows: layout.chunkStreamRows)
    }

    /// Reports how the acts that were asked for ended, and what became of the dialog's target.
    private mutating func followKills(_ live: Snapshot, at now: UInt64) {
        let first = max(journalSeenTo ?? live.journal.endNumber, live.journal.firstNumber)
        for number in first..<max(live.journal.endNumber, first) {
            guard let entry = live.journal[number] else { continue }
            followHold(entry, at: now)
            if case .close(let id, let report) = entry.event.kind,
                let asked = pendingKills.removeValue(forKey: id)
            {
                reportClosed(id, report, asked: asked, after: entry.event.atNanoseconds, at: now)
            }
        }
        journalSeenTo = live.journal.endNumber
        reportOverdue(live, at: now)
        guard case .kill(var kill) = dialog else { return }
        let ended = kill.targets.filter { !live.isOpen($0.id) }
        guard !ended.isEmpty else { return }
        kill.ended.formUnion(ended.map(\.id))
        if kill.hasEnded { kill.focus = .cancel }
        dialog = .kill(kill)
    }

    private mutating func reportClosed(
        _ id: SessionID, _ report: CloseReport, asked: UInt64, after: UInt64, at now: UInt64
    ) {
        let took = after &- asked
        let time = took < 1 << 62 ? " in \(Format.briefly(took))" : ""
        guard var batch = killBatch, batch.total > 1 else {
            say("#\(id) closed\(time) (\(report.who.rawValue): \(report.why))", .sevOk, at: now)
            return
        }
        batch.closed += 1
        killBatch = batch
        let done =
            batch.closed == batch.total ? "\(batch.total)" : "\(batch.closed) of \(batch.total)"
        say("\(done) sessions closed\(time)", .sevOk, at: now)
    }

    /// Two seconds after asking: who is still there, and who went without an event that told of it.
    private mutating func reportOverdue(_ live: Snapshot, at now: UInt64) {
        let overdue = pendingKills.filter { now >= $0.value &+ 2_000_000_000 }.keys.sorted()
        guard let first = overdue.first else { return }
        for id in overdue { pendingKills[id] = nil }
        let open = overdue.filter { live.isOpen($0) }
        switch (open.count, overdue.count) {
        case (0, 1): say("#\(first) is closed", .sevOk, at: now)
        case (0, let count): say("\(count) sessions are closed", .sevOk, at: now)
        case (1, _):
            say("#\(open[0]) is still open 2 s after it was asked to close", .sevWarn, at: now)
        case (let count, _):
            say(
                "\(count) sessions are still open 2 s after they were asked to close", .sevWarn,
                at: now)
        }
    }

    /// Asks for the costly detail of exactly the sessions that are shown, also when they have ended:
    /// their black box outlives them while somebody looks.
    mutating func followInspected() -> [Intent] {
        var wanted = Set(inspectors.map(\.id))
        if page == .view(.connections), settings.showsPreview, let cursor = connections.rows.cursor
        {
            wanted.insert(cursor)
        }
        if page == .view(.history), ended.isPostMortemShown, let cursor = ended.rows.cursor {
            wanted.insert(cursor)
        }
        if page == .view(.graphs), case .session(let id) = graphs.subject { wanted.insert(id) }
        guard wanted != inspected else { return [] }
        inspected = wanted
        return [.inspect(wanted)]
    }

    mutating func say(_ text: String, _ role: Role = .text, at now: UInt64) {
        message = Message(text: text, role: role, untilNanoseconds: now &+ 10_000_000_000)
    }
}
