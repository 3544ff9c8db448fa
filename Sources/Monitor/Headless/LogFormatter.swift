package import Telemetry

/// The journal as log lines for people, or as the same JSON Lines that scripts read
/// (console design, §22). Owned by the thread that writes the log.
package struct LogFormatter {
    package enum Format: Sendable {
        case text
        case json
    }

    private let format: Format
    private let level: Event.Level
    private var nextEvent = 0
    private var json = EventWriter()

    package init(format: Format, level: Event.Level = .info) {
        self.format = format
        self.level = level
        json = EventWriter(level: level)
    }

    /// All that is new since the last call and not above the level.
    package mutating func lines(of snapshot: Snapshot) -> [[UInt8]] {
        guard format == .text else { return json.lines(of: snapshot) }
        nextEvent = max(nextEvent, snapshot.journal.firstNumber)
        var lines: [[UInt8]] = []
        while let entry = snapshot.journal[nextEvent] {
            nextEvent += 1
            if entry.level <= level { lines.append(Array((Self.text(entry) + "\n").utf8)) }
        }
        return lines
    }

    /// `2026-11-21T13:58:20.031Z info  rtmp   #12 hs.done simple, 149 ms`
    package static func text(_ entry: JournalEntry) -> String {
        let time = WallClock(milliseconds: entry.wallClockMilliseconds).iso8601
        let session = entry.session.map { "#\($0) " } ?? ""
        return "\(time) \(padded(entry.level.word, 5)) \(padded(entry.source, 6)) "
            + "\(session)\(entry.name) \(entry.detail)"
    }

    private static func padded(_ word: String, _ width: Int) -> String {
        word + String(repeating: " ", count: max(width - word.utf8.count, 0))
    }
}
