import Monitor
import Telemetry

/// How the cursor moves, and from panel to panel.
extension ConsoleState {
    func distance(_ action: Action) -> Int {
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

    mutating func move(by rows: Int, _ drawn: Snapshot, at now: UInt64) {
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
        case .view(.history): ended.rows.move(by: rows, now: now)
        case .view(.graphs): break
        case .help: helpTop = max(helpTop + rows, 0)
        case .inspector: moveInInspector(by: rows)
        }
    }

    mutating func moveInInspector(by rows: Int) {
        guard let index = inspectorIndex else { return }
        if inspectors[index].isTreeOpen {
            inspectors[index].treeTop = max(inspectors[index].treeTop + rows, 0)
            return
        }
        switch inspectorFocus {
        case .chunkStreams:
            inspectors[index].chunkTop = max(inspectors[index].chunkTop + rows, 0)
        case .commands: inspectors[index].entry = max(inspectors[index].entry + rows, 0)
        default:
            guard ScreenLayout(self).isInspectorPaged, !inspectors[index].isZoomed else { return }
            inspectors[index].chooseOnPage(by: rows.signum())
        }
    }

    mutating func moveToEnd(_ last: Bool, _ drawn: Snapshot, at now: UInt64) {
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
        case .view(.history): ended.rows.moveToEnd(last, now: now)
        case .view(.graphs): break
        case .help: helpTop = last ? .max : 0
        case .inspector: moveInInspector(by: last ? 1_000_000 : -1_000_000)
        }
    }

    mutating func sideways(_ right: Bool, _ drawn: Snapshot) {
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
        case .view(.history): ended.columnOffset = max(ended.columnOffset + (right ? 1 : -1), 0)
        case .view(.events):
            eventShift = min(max(eventShift + (right ? 1 : -1), 0), EventsView.shiftMaximum)
        case .view(.trace), .view(.graphs), .inspector, .help: break
        }
        let last = SessionColumn.allCases.count - 3
        overviewSessions.columnOffset = min(overviewSessions.columnOffset, last)
        connections.columnOffset = min(connections.columnOffset, last)
        ended.columnOffset = min(ended.columnOffset, EndedColumn.allCases.count - 3)
        overviewStreams.columnOffset = min(
            overviewStreams.columnOffset, StreamColumn.allCases.count - 3)
    }

    mutating func changePanel(by step: Int) {
        switch page {
        case .view(.overview): isStreamPanelActive.toggle()
        case .view(.connections): settings.showsPreview.toggle()
        case .view(.history): ended.isPostMortemShown.toggle()
        case .inspector:
            guard let index = inspectorIndex else { return }
            inspectors[index].turn(by: step, isPaged: ScreenLayout(self).isInspectorPaged)
        case .help:
            // From section to section, around.
            let page = HelpView.Page(self, ScreenLayout(self))
            let tops = page.sections.filter { $0 <= page.lastTop }
            helpTop =
                step > 0
                ? tops.first { $0 > page.first } ?? 0
                : tops.last { $0 < page.first } ?? tops.last ?? 0
        case .view(.streams), .view(.trace), .view(.events), .view(.graphs): break
        }
    }
}
