package import Monitor
import Telemetry

/// What keys do in the trace: panes, folding, marks, finding.
extension ConsoleState {
    /// Lines looked at between two frames; with a filter 12 000 take about 4 ms.
    static let scanBudget = 12_000
    static let cheapScanBudget = 200_000

    /// There is something to be done before the next snapshot: call `work` without waiting.
    package var hasWork: Bool {
        switch page {
        case .view(.trace): traceLog.isScanning || search != nil
        case .view(.events): eventLog.isScanning || search != nil
        default: false
        }
    }

    /// A step of a scan or a search.
    package mutating func work(_ live: Snapshot, at now: UInt64) {
        let drawn = frozen ?? live
        absorbLogs(drawn)
        continueSearch(drawn, at: now)
        followTrace(drawn)
    }

    // MARK: Lines

    mutating func absorbLogs(_ drawn: Snapshot) {
        let filter = traceFilter.active
        let unfolded = traceView.unfolded
        let isFlat = traceView.isFlat
        if page == .view(.trace) {
            var folds = traceView.folds
            let isShown: (TraceEntry) -> Bool = { entry in
                if isFlat { return filter?.matches(entry, in: drawn) ?? true }
                if entry.record.chunkIndex > 1, !unfolded.isEmpty,
                    unfolded.contains(.init(entry.record))
                {
                    return true
                }
                guard let filter else { return entry.record.chunkIndex <= 1 }
                return !folds.hides(entry.record) && filter.matches(entry, in: drawn)
                    && folds.shows(entry.record)
            }
            traceLog.absorb(
                drawn.trace, budget: filter == nil ? Self.cheapScanBudget : Self.scanBudget,
                matching: isFlat && filter == nil ? nil : isShown)
            traceView.folds = folds
        }
        eventLog.absorb(drawn.journal, budget: Self.scanBudget, matching: eventMatcher(drawn))
    }

    /// The message under the cursor is taken apart where it can be seen.
    mutating func followTrace(_ drawn: Snapshot) {
        guard page == .view(.trace) else { return }
        let layout = ScreenLayout(self)
        if layout.trace.fields.height > 0, traceLog.count > 0 {
            traceView.take(traceLog.cursor, of: drawn.trace)
        }
        traceLog.scroll(rows: layout.traceRows)
        scrollPanes(layout)
    }

    private mutating func scrollPanes(_ layout: ScreenLayout) {
        let visible = traceView.visibleFields()
        traceView.fieldTop = Scroll.first(
            top: traceView.fieldTop, cursor: visible.lastIndex { $0 <= traceView.field },
            count: visible.count, rows: layout.trace.fields.height - 2)
        guard let decode = traceView.decode, layout.trace.bytes.height > 2 else { return }
        let rows = HexRows(
            decode, whole: traceView.hex == .message, width: layout.trace.bytes.width - 2)
        traceView.byteTop = Scroll.first(
            top: traceView.byteTop, cursor: rows.row(of: traceView.byte), count: rows.rows.count,
            rows: layout.trace.bytes.height - 2)
    }

    // MARK: Keys

    /// True: the key was for this view.
    mutating func actInTrace(_ action: Action, _ drawn: Snapshot, at now: UInt64) -> Bool {
        let layout = ScreenLayout(self)
        let isPaneShown = layout.trace.fields.height > 0
        if traceView.focus != .lines, !isPaneShown { traceView.focus = .lines }
        switch action {
        case .open:
            if traceView.focus == .fields {
                traceView.toggleField()
            } else if traceLog.count > 0 {
                traceView.isOpen = true
                traceView.focus = .fields
            }
        case .back:
            guard traceView.focus != .lines || traceView.isOpen else { return false }
            traceView.focus = .lines
            traceView.isOpen = false
        case .nextPanel, .previousPanel: changePane(by: action == .nextPanel ? 1 : -1, layout)
        case .left, .right:
            switch traceView.focus {
            case .lines: unfold(action == .right, drawn, at: now)
            case .fields: traceView.close(action == .left)
            case .bytes: traceView.moveByte(by: action == .right ? 1 : -1)
            }
        case .up, .down, .pageUp, .pageDown, .halfPageUp, .halfPageDown:
            let rows = distance(action)
            switch traceView.focus {
            case .lines: return false
            case .fields: traceView.moveField(by: rows)
            case .bytes: traceView.moveByte(by: rows * HexRows.perRow(layout.trace.bytes.width - 2))
            }
        case .first, .last:
            guard traceView.focus == .fields else {
                guard traceView.focus == .bytes else { return false }
                traceView.moveByte(by: action == .last ? 1 << 40 : -1 << 40)
                return true
            }
            traceView.moveField(by: action == .last ? 1 << 40 : -1 << 40)
        case .hexMode:
            traceView.hex = traceView.hex.next
            if traceView.hex == .off, traceView.focus == .bytes { traceView.focus = .fields }
        case .deltaMode: traceView.delta = traceView.delta.next
        case .treeOrList:
            traceView.isFlat.toggle()
            traceView.unfolded = []
            traceLog.forgetMatches()
        case .mark, .goToMark:
            traceView.wantedLetter = action == .mark ? .mark : .go
            say(
                action == .mark
                    ? "a letter for this mark" : "to which mark? \(markWords)", at: now)
        case .inspect:
            if let entry = drawn.trace[traceLog.cursor] {
                inspect(entry.record.session, drawn, at: now)
            }
        default: return false
        }
        return true
    }

    private var markWords: String {
        traceView.marks.keys.sorted { $0.value < $1.value }.map { String(Character($0)) }
            .joined(separator: " ")
    }

    private mutating func changePane(by step: Int, _ layout: ScreenLayout) {
        var panes: [TraceViewState.Focus] = []
        if layout.trace.lines.height > 0 { panes.append(.lines) }
        if layout.trace.fields.height > 0 { panes.append(.fields) }
        if layout.trace.bytes.height > 0 { panes.append(.bytes) }
        guard let here = panes.firstIndex(of: traceView.focus), panes.count > 1 else { return }
        traceView.focus = panes[(here + step + panes.count) % panes.count]
    }

    /// Shows or hides the chunks of the message under the cursor.
    private mutating func unfold(_ isUnfolding: Bool, _ drawn: Snapshot, at now: UInt64) {
        guard !traceView.isFlat, let record = drawn.trace[traceLog.cursor]?.record else { return }
        let id = TraceViewState.MessageID(record)
        if isUnfolding {
            guard record.chunkCount > 1 else { return }
            if traceView.unfolded.count >= TraceViewState.unfoldedLimit {
                say("\(TraceViewState.unfoldedLimit) messages are unfolded: v shows all", at: now)
                return
            }
            traceView.unfolded.insert(id)
            traceLog.reveal(chunks(of: record, from: traceLog.cursor, drawn))
        } else if traceView.unfolded.remove(id) != nil {
            var start = traceLog.cursor
            if record.chunkIndex > 1 {
                start =
                    (max(start - Self.messageReach, drawn.trace.firstNumber)..<start).last {
                        drawn.trace[$0].map {
                            $0.record.chunkIndex == 1 && $0.record.isSameMessage(as: record)
                        } ?? false
                    } ?? start
                traceLog.go(to: start)
            }
            traceLog.hide(chunks(of: record, from: start, drawn))
            traceLog.go(to: start)
        }
    }

    private static let messageReach = 4096

    private func chunks(of record: TraceRecord, from line: Int, _ drawn: Snapshot) -> [Int] {
        var numbers: [Int] = []
        _ = drawn.trace.scan(line + 1..<line + Self.messageReach) { number, entry in
            guard entry.record.isSameMessage(as: record) else { return true }
            numbers.append(number)
            return entry.record.chunkIndex < entry.record.chunkCount
        }
        return numbers
    }

    /// The letter after `m` or `'`.
    mutating func takeLetter(_ letter: TraceViewState.Letter, _ key: Key, at now: UInt64) {
        traceView.wantedLetter = nil
        message = nil
        guard case .character(let scalar) = key, scalar.properties.isAlphabetic else { return }
        switch letter {
        case .mark:
            guard traceLog.count > 0 else { return }
            traceView.mark(scalar, line: traceLog.cursor)
            say("mark \(scalar) is set", at: now)
        case .go:
            guard let line = traceView.marks[scalar] else {
                say("there is no mark \(scalar)", .sevWarn, at: now)
                return
            }
            traceLog.go(to: line)
        }
    }
}

extension CaseIterable where Self: Hashable {
    /// The one after it, and after the last the first.
    var next: Self {
        let all = Array(Self.allCases)
        let index = all.firstIndex(of: self) ?? 0
        return all[(index + 1) % all.count]
    }
}
