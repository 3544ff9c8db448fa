import Telemetry

/// Everything that was told, in the order it happened, as lines.
///
/// Owned by the sampler. Bounded by its tail; the lines themselves are shared with snapshots.
struct Journal {
    private(set) var tail = LogTail<JournalEntry>(capacity: 20_000)

    /// Adds events in time order. `now` and `wallClock` are the same instant on both clocks.
    mutating func append(
        _ events: [Event], nowNanoseconds now: UInt64, wallClockMilliseconds wallClock: Int64
    ) {
        for event in events {
            let age = now > event.atNanoseconds ? now - event.atNanoseconds : 0
            tail.append(
                JournalEntry(event, wallClockMilliseconds: wallClock - Int64(age / 1_000_000)))
        }
    }
}
