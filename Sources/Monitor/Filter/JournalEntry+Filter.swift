package import Telemetry

extension JournalEntry: FilterSubject {
    package static let filterFields: [FilterField<JournalEntry>] = [
        .words("level") { entry, _ in [entry.level.word] },
        .words("source") { entry, _ in [entry.source] },
        .text("event") { entry, _ in SafeText(entry.name) },
        .text("detail") { entry, _ in entry.detail },
        .number("sess") { entry, _ in entry.session.map { Double($0) } },
        FilterField("at", .time { entry, _ in entry.wallClockMilliseconds }),
    ]

    package static let filterFlags: [FilterFlag<JournalEntry>] = [
        FilterFlag("err") { entry, _ in entry.level == .error },
        FilterFlag("warn") { entry, _ in entry.level == .warn },
        FilterFlag("closed") { entry, _ in entry.name == "session.close" },
        FilterFlag("odd") { entry, _ in entry.detail.isEscaped },
    ]

    package func filterTexts(in snapshot: Snapshot) -> [SafeText] {
        [SafeText(entryName: self), detail]
    }

    package static func filterSamples(in snapshot: Snapshot) -> [JournalEntry] {
        snapshot.journal.newest(500)
    }

    package func concerns(_ sessions: ClosedRange<SessionID>) -> Bool {
        session.map(sessions.contains) ?? false
    }
}

extension SafeText {
    /// Everything that stands before the detail.
    fileprivate init(entryName entry: JournalEntry) {
        self = "\(entry.level.word) \(entry.source) \(entry.name)"
    }
}
