import Monitor
import Telemetry

/// The trace as other programs read it: the lines shown, or all chunks of their sessions from the first
/// of them to the last (DESIGN §14).
struct TraceExport {
    private let snapshot: Snapshot
    private let lines: [Int]
    private let utcOffsetSeconds: Int
    private let mask: KeyMask?

    /// nil: there are no lines.
    init?(_ live: Snapshot, _ state: ConsoleState) {
        snapshot = state.frozen ?? live
        let log = state.traceLog
        lines = (0..<log.count).compactMap { log.number(at: $0) }
        utcOffsetSeconds = state.options.utcOffsetSeconds
        mask = state.settings.masksKeys ? KeyMask(snapshot, ofBytes: true) : nil
        if lines.isEmpty { return nil }
    }

    var hex: String {
        TraceHexDump.text(
            lines, of: snapshot.trace, utcOffsetSeconds: utcOffsetSeconds, hides: hidden)
    }

    var capture: TraceCapture {
        var sessions: Set<SessionID> = []
        for line in lines {
            if let record = snapshot.trace[line]?.record { sessions.insert(record.session) }
        }
        return TraceCapture(
            snapshot, sessions: sessions, lines: lines[0]..<lines[lines.count - 1] + 1,
            hides: hidden)
    }

    /// Names of streams.
    private func hidden(_ payload: [UInt8]) -> [Range<Int>] {
        mask?.hidden(in: payload.map { Unicode.Scalar($0) }) ?? []
    }
}
