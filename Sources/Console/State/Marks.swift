import Monitor
import Telemetry

/// Rows that are acted on together, and what is written of them.
extension ConsoleState {
    /// Marks the row under the cursor, or unmarks it, and goes to the next.
    mutating func toggleMark(_ drawn: Snapshot, at now: UInt64) {
        guard let id = cursorSession, drawn.isOpen(id) else {
            say("only open sessions can be marked", at: now)
            return
        }
        if marks.remove(id) == nil { marks.insert(id) }
        marksChanged()
        move(by: 1, drawn, at: now)
    }

    mutating func unmarkAll() {
        marks = []
        marksChanged()
    }

    /// `a`: the command that writes it, with what is there already.
    mutating func openNote(_ drawn: Snapshot, at now: UInt64) {
        guard let id = cursorSession else {
            return say("no session under the cursor to write of", at: now)
        }
        let row = drawn.ended.first { $0.id == id } ?? Scene(drawn, self).session(id)
        openCommand("note \(id) \(row?.note?.description ?? "")")
    }

    /// A session that has ended is acted on no more.
    mutating func dropEndedMarks(_ live: Snapshot) {
        guard !marks.isEmpty else { return }
        let open = marks.filter { live.isOpen($0) }
        guard open.count < marks.count else { return }
        marks = open
        marksChanged()
    }

    /// `~marked` may stand in a filter.
    private mutating func marksChanged() {
        overviewSessions.rows.isStale = true
        connections.rows.isStale = true
    }
}
