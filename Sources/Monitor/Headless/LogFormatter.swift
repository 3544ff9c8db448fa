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
    package mutating func lines(of snapshot: Snapshot) -> LineBatch {
        guard format == .text else { return json.lines(of: snapshot) }
        nextEvent = max(nextEvent, snapshot.journal.firstNumber)
        var lines = LineBatch()
        let end = snapshot.journal.endNumber
        nextEvent = snapshot.journal.scan(nextEvent..<max(end, nextEvent)) { _, entry in
            if entry.level <= level { lines.appendText { Self.write(entry, into: &$0) } }
            return true
        }
        return lines
    }

    /// `2026-11-21T13:58:20.031Z info  rtmp   #12 hs.done simple, 149 ms`
    package static func text(_ entry: JournalEntry) -> String {
        var bytes: [UInt8] = []
        write(entry, into: &bytes)
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    /// The same with the line's end.
    private static func write(_ entry: JournalEntry, into bytes: inout [UInt8]) {
        WallClock(milliseconds: entry.wallClockMilliseconds).writeISO8601(to: &bytes)
        bytes.append(UInt8(ascii: " "))
        append(entry.level.word, width: 5, to: &bytes)
        append(entry.source, width: 6, to: &bytes)
        if let session = entry.session {
            bytes.append(UInt8(ascii: "#"))
            bytes.append(digits: session)
            bytes.append(UInt8(ascii: " "))
        }
        append(entry.name, width: 0, to: &bytes)
        bytes += entry.detail.description.utf8
        bytes.append(UInt8(ascii: "\n"))
    }

    /// A word and the blank behind it.
    private static func append(_ word: String, width: Int, to bytes: inout [UInt8]) {
        bytes += word.utf8
        bytes += repeatElement(UInt8(ascii: " "), count: max(width - word.utf8.count, 0) + 1)
    }
}
