import Console
import Monitor
import Telemetry

/// What stays on the terminal when the console has left it: what was served, and what went wrong.
enum Farewell {
    private static let warningsMaximum = 5

    static func lines(_ last: Snapshot, log: String?) -> [String] {
        let server = last.server
        var lines: [String] = []
        let journal = last.journal
        for number in (journal.firstNumber..<journal.endNumber).reversed() {
            guard let entry = journal[number], entry.level == .error else { continue }
            lines.insert(LogFormatter.text(entry), at: 0)
            if lines.count == warningsMaximum { break }
        }
        lines.append(
            "served \(Format.count(Int(clamping: server.accepted), "session")) in "
                + "\(Format.clock(server.upNanoseconds)): \(Format.bytes(server.bytesIn)) in, "
                + "\(Format.bytes(server.bytesOut)) out, "
                + "\(Format.count(Int(clamping: server.skippedVideo), "frame")) dropped")
        if let log { lines.append("log: \(log)") }
        return lines
    }
}
