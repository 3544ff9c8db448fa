import Console
import Monitor
import Telemetry

/// What happened, line by line, while the terminal is the shell's (console design, §21).
struct DetachedLog {
    /// Whoever looks away for long reads the newest lines only.
    private static let linesMaximum = 20

    private var told: Int

    init(after journal: LogTail<JournalEntry>) {
        told = journal.endNumber
    }

    /// What is new since the last call, with keys hidden as the console hides them.
    mutating func lines(of live: Snapshot, _ state: ConsoleState) -> [String] {
        let start = max(told, live.journal.firstNumber)
        told = max(start, live.journal.endNumber)
        let news = (start..<told).compactMap { live.journal[$0] }.filter { $0.level <= .info }
        return state.masked(news.suffix(Self.linesMaximum).map(LogFormatter.text), live)
    }
}
