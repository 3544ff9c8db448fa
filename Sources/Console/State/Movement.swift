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
        } else if inspectors[index].focus == .chunkStreams {
            inspectors[index].chunkTop = max(inspectors[index].chunkTop + rows, 0)
        } else {
            inspectors[index].entry = max(inspectors[index].entry + rows, 0)
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
        case .help: helpTop = last ? HelpView.lineCount : 0
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
        case .view(.trace), .view(.events), .view(.graphs), .inspector, .help: break
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
        case .view(.streams), .view(.trace), .view(.events), .view(.graphs), .help: break
        }
    }
}
