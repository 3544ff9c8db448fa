import Telemetry
import Testing

@testable import Monitor

/// Bounds of what is kept of sessions, ended ones and seconds (DESIGN §5.9, §20).
@Suite struct EndedSessionsTests {
    @Test func `black boxes of the longest ended are let go first, and counted`() {
        var ended = EndedSessions()
        let quarter = EndedSessions.blackBoxByteLimit / 4
        for id in SessionID(1)...4 {
            #expect(ended.append(.ended(id), blackBoxBytes: quarter) == [])
        }
        #expect(ended.append(.ended(5), blackBoxBytes: quarter + 1) == [1, 2])
        #expect(ended.rows.map(\.id) == [1, 2, 3, 4, 5])
        #expect(ended.takeKept() == nil)
    }

    @Test func `with thousands of sessions each keeps fewer seconds, but a minute`() {
        #expect(SessionSecond.capacity(sessions: 1000) == 300)
        #expect(SessionSecond.capacity(sessions: 3000) == 116)
        #expect(SessionSecond.capacity(sessions: 1_000_000) == 60)
        var history = [1, 2, 3]
        history.push(9, after: 2, of: 0, limit: 4)
        #expect(history == [3, 0, 0, 9])
        history.push(8, after: 100, of: 0, limit: 4)
        #expect(history == [0, 0, 0, 8])
    }
}

extension SessionRow {
    fileprivate static func ended(_ id: SessionID) -> SessionRow {
        SessionRow(
            id: id, facts: ConnectionFacts(), peer: "", listener: "", acceptedAtNanoseconds: 0,
            upNanoseconds: 0, bytesIn: 0, bytesOut: 0)
    }
}
