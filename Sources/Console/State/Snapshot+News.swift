package import Monitor

extension Snapshot {
    /// There is more to show than what `shown` has: not so where nobody is connected and nothing has
    /// happened within the second that the clock shows.
    package func hasNews(since shown: Snapshot) -> Bool {
        guard sessions.isEmpty, streams.isEmpty, shown.sessions.isEmpty, shown.streams.isEmpty
        else { return true }
        return journal.endNumber != shown.journal.endNumber
            || trace.endNumber != shown.trace.endNumber
            || wallClockMilliseconds / 1000 != shown.wallClockMilliseconds / 1000
    }
}
