package import Monitor

extension Snapshot {
    /// Nobody is connected, nobody was within the last minute: time alone changes what is shown.
    package var isQuiet: Bool { sessions.isEmpty && streams.isEmpty }

    /// There is more to show than what `shown` has: not so where nobody is connected and nothing has
    /// happened within the second that the clock shows.
    package func hasNews(since shown: Snapshot) -> Bool {
        guard isQuiet, shown.isQuiet else { return true }
        return journal.endNumber != shown.journal.endNumber
            || trace.endNumber != shown.trace.endNumber
            || wallClockMilliseconds / 1000 != shown.wallClockMilliseconds / 1000
    }
}
