package import Telemetry

extension StreamRow: FilterSubject {
    package static let filterFields: [FilterField<StreamRow>] = [
        .text("stream") { row, _ in row.key },
        .words("state") { row, _ in [row.state.word] },
        .number("players") { row, _ in Double(row.players.count) },
        .number("in") { row, _ in row.bitsPerSecondIn },
        .number("out") { row, _ in row.bitsPerSecondOut },
        .number("up", .seconds) { row, _ in Double(row.upNanoseconds) / 1e9 },
        .number("gop", .seconds) { row, _ in row.recentGOPs.last.map { Double($0) / 1000 } },
        .number("fps") { row, snapshot in row.publisher(in: snapshot)?.framesPerSecond },
        .number("av", .milliseconds) { row, snapshot in
            row.publisher(in: snapshot)?.audioVideoMilliseconds
        },
        .number("clock", .partsPerMillion) { row, snapshot in
            row.publisher(in: snapshot)?.clock?.partsPerMillion
        },
        .number("queue") { row, snapshot in
            row.sessions(in: snapshot).reduce(0) { $0 + Double($1.queueBytes) }
        },
        .text("client") { row, snapshot in row.publisher(in: snapshot)?.client },
        .text("codec") { row, snapshot in row.codecs(nil, snapshot) },
        .text("vcodec") { row, snapshot in row.codecs(.video, snapshot) },
        .text("acodec") { row, snapshot in row.codecs(.audio, snapshot) },
        .number("width") { row, snapshot in row.video(snapshot)?.width.map { Double($0) } },
        .number("height") { row, snapshot in row.video(snapshot)?.height.map { Double($0) } },
        .text("meta") { row, snapshot in row.publisher(in: snapshot)?.facts.metadata },
    ]

    package static let filterFlags: [FilterFlag<StreamRow>] = [
        FilterFlag("slow") { row, snapshot in row.sessions(in: snapshot).contains(where: \.isSlow)
        },
        FilterFlag("closed") { row, _ in row.state.word == "ended" },
        FilterFlag("odd") { row, _ in row.key.isEscaped },
    ]

    package func filterTexts(in snapshot: Snapshot) -> [SafeText] {
        var texts = [key, SafeText(state.word)]
        for text in [publisher(in: snapshot)?.client, codecs(nil, snapshot)] {
            if let text { texts.append(text) }
        }
        return texts
    }

    package static func filterSamples(in snapshot: Snapshot) -> [StreamRow] {
        Array(snapshot.streams.prefix(500))
    }

    package func concerns(_ sessions: ClosedRange<SessionID>) -> Bool {
        publisher.map(sessions.contains) ?? false || players.contains(where: sessions.contains)
    }

    private func publisher(in snapshot: Snapshot) -> SessionRow? {
        publisher.flatMap { snapshot.session($0) }
    }

    private func sessions(in snapshot: Snapshot) -> [SessionRow] {
        players.compactMap { snapshot.session($0) }
    }

    private func video(_ snapshot: Snapshot) -> MediaConfiguration? {
        publisher(in: snapshot)?.facts.configurations.first {
            $0.configuration.kind == .video
        }?.configuration
    }

    private func codecs(_ kind: MediaConfiguration.Kind?, _ snapshot: Snapshot) -> SafeText? {
        let found = publisher(in: snapshot)?.facts.configurations.map(\.configuration).filter {
            kind == nil || $0.kind == kind
        }
        guard let found, !found.isEmpty else { return nil }
        return SafeText(found.map(\.words).joined(separator: " "))
    }
}

extension StreamRow.State {
    /// The STATE column.
    package var word: String {
        switch self {
        case .live: "live"
        case .waiting: "waiting"
        case .ended: "ended"
        }
    }
}
