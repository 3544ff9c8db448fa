import Monitor

/// What the reader of JSON Lines is owed: each event and chunk once, figures at their times.
struct EventFeed {
    /// Snapshots come four times a second: the nearest one is on time.
    private static let slackNanoseconds: UInt64 = 125_000_000

    private var writer: EventWriter
    private let statisticsPeriodNanoseconds: UInt64?
    private let sessionLimit: Int
    private var nextStatisticsAt: UInt64?

    /// - Parameter sessionLimit: lines of sessions at a time.
    init(
        _ writer: EventWriter, statisticsPeriodNanoseconds: UInt64?, sessionLimit: Int = .max
    ) {
        self.writer = writer
        self.sessionLimit = sessionLimit
        self.statisticsPeriodNanoseconds = statisticsPeriodNanoseconds
    }

    mutating func lines(of snapshot: Snapshot) -> LineBatch {
        var lines = writer.lines(of: snapshot)
        if let period = statisticsPeriodNanoseconds {
            let now = snapshot.takenAtNanoseconds
            let due = nextStatisticsAt ?? now + period
            nextStatisticsAt = due
            let isFresh = snapshot.readAtNanoseconds == now
            if isFresh, now + min(Self.slackNanoseconds, period / 2) >= due {
                nextStatisticsAt = max(due + period, now)
                lines.append(writer.statistics(of: snapshot, sessionLimit: sessionLimit))
            }
        }
        return lines
    }

    /// Whose chunks need be recorded from now on, and whose not; nil: as before.
    mutating func takeTraceChange() -> TraceChange? {
        writer.takeTraceChange()
    }

    /// The line that stands for lines nobody took in time.
    func missed(_ count: UInt64, at snapshot: Snapshot) -> [UInt8] {
        writer.missed(count, what: "lines", at: snapshot)
    }
}
