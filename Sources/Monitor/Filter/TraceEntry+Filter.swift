package import Telemetry

extension TraceEntry: FilterSubject {
    package static let filterFields: [FilterField<TraceEntry>] = [
        .number("sess") { entry, _ in Double(entry.record.session) },
        .words("dir") { entry, _ in [entry.record.direction.word] },
        .number("csid") { entry, _ in Double(entry.record.chunkStreamID) },
        .number("fmt") { entry, _ in Double(entry.record.form) },
        .number("msid") { entry, _ in Double(entry.record.messageStreamID) },
        .words("type") { entry, _ in [TraceDecoder.typeWord(entry.record)] },
        .words("kind") { entry, _ in [TraceDecoder.kind(of: entry.record)] },
        .number("len") { entry, _ in Double(entry.record.messageLength) },
        .number("ts", .milliseconds) { entry, _ in Double(entry.record.timestamp) },
        .number("dts", .milliseconds) { entry, _ in Double(entry.record.timestampDelta) },
        .text("info") { entry, _ in TraceDecoder.info(for: entry.record) },
        FilterField("at", .time { entry, _ in entry.wallClockMilliseconds }),
        FilterField("hex", .bytes { entry, _ in entry.record.kept }),
    ]

    package static let filterFlags: [FilterFlag<TraceEntry>] = [
        FilterFlag("key") { entry, _ in TraceDecoder.isKeyframe(entry.record) },
        FilterFlag("cfg") { entry, _ in TraceDecoder.isConfiguration(entry.record) },
        FilterFlag("odd") { entry, _ in TraceDecoder.info(for: entry.record).isEscaped },
    ]

    package func filterTexts(in snapshot: Snapshot) -> [SafeText] {
        [SafeText(TraceDecoder.typeWord(record)), TraceDecoder.info(for: record)]
    }

    package static func filterSamples(in snapshot: Snapshot) -> [TraceEntry] {
        snapshot.trace.newest(500)
    }

    package func concerns(_ sessions: ClosedRange<SessionID>) -> Bool {
        sessions.contains(record.session)
    }
}
