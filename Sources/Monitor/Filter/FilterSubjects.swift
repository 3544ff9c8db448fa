package import Telemetry

// Which names the lines of each table go by (console design, §10).

extension SessionRow: FilterSubject {
    package static let filterFields: [FilterField<SessionRow>] = [
        .number("id") { row, _ in Double(row.id) },
        .words("role") { row, _ in row.facts.role.filterWords },
        .words("state") { row, _ in [row.facts.state] },
        .text("app") { row, _ in row.facts.app },
        .text("stream") { row, _ in row.facts.stream },
        FilterField("peer", .address { row, _ in row.peer }),
        .number("port") { row, _ in row.peer.split(separator: ":").last.flatMap { Double($0) } },
        .text("client") { row, _ in row.client },
        .text("flashver") { row, _ in row.facts.flashVersion },
        .text("tcurl") { row, _ in row.facts.tcURL },
        .number("in") { row, _ in row.bitsPerSecondIn },
        .number("out") { row, _ in row.bitsPerSecondOut },
        .number("fps") { row, _ in row.framesPerSecond },
        .number("q", .milliseconds) { row, _ in Double(row.queueMilliseconds) },
        .number("queue") { row, _ in Double(row.queueBytes) },
        .number("drop") { row, _ in Double(row.skippedVideo) },
        .number("rtt", .milliseconds) { row, _ in row.rttMicroseconds.map { Double($0) / 1000 } },
        .number("rtx") { row, _ in row.retransmits.map(Double.init) },
        .number("ack", .percent) { row, _ in row.acknowledgementPercent },
        .number("chunk.in") { row, _ in Double(row.chunkSizeIn) },
        .number("chunk.out") { row, _ in Double(row.chunkSizeOut) },
        .number("up", .seconds) { row, _ in Double(row.upNanoseconds) / 1e9 },
        .number("idle", .seconds) { row, _ in Double(row.idleNanoseconds) / 1e9 },
        .number("av", .milliseconds) { row, _ in row.audioVideoMilliseconds },
        .number("gop", .seconds) { row, _ in row.gopMilliseconds.map { Double($0) / 1000 } },
        .number("ttff", .milliseconds) { row, _ in
            row.firstFrameNanoseconds.map { Double($0) / 1e6 }
        },
        .number("hs", .milliseconds) { row, _ in
            row.facts.handshake.c2AtNanoseconds.map {
                Double($0.grown(since: row.acceptedAtNanoseconds)) / 1e6
            }
        },
        .number("rcvq") { row, snapshot in
            snapshot.inspected[row.id]?.detail?.tcp.map { Double($0.receiveQueueBytes) }
        },
        .number("sndq") { row, snapshot in
            snapshot.inspected[row.id]?.detail?.tcp.map { Double($0.sendQueueBytes) }
        },
        .number("bytes.in") { row, _ in Double(row.bytesIn) },
        .number("bytes.out") { row, _ in Double(row.bytesOut) },
    ]

    package static let filterFlags: [FilterFlag<SessionRow>] = [
        FilterFlag("slow") { row, _ in row.isSlow },
        FilterFlag("warn") { row, _ in row.facts.close?.level == .warn },
        FilterFlag("err") { row, _ in row.facts.close?.level == .error },
        FilterFlag("closed") { row, _ in row.closedAtNanoseconds != nil },
        FilterFlag("armed") { row, _ in row.facts.isTraced },
        FilterFlag("odd") { row, snapshot in
            row.filterTexts(in: snapshot).contains(where: \.isEscaped)
        },
    ]

    package func filterTexts(in snapshot: Snapshot) -> [SafeText] {
        var texts: [SafeText] = [
            SafeText(peer), SafeText(facts.role.rawValue), SafeText(facts.state),
        ]
        for text in [facts.app, facts.stream, client, facts.flashVersion, facts.tcURL] {
            if let text { texts.append(text) }
        }
        return texts
    }

    package func concerns(_ sessions: ClosedRange<SessionID>) -> Bool {
        sessions.contains(id)
    }

    /// A player with more than a second of media waiting for it.
    package var isSlow: Bool { queueMilliseconds > 1000 }

    /// The fuller of the two acknowledgement windows (console design, §6.4).
    package var acknowledgementPercent: Double? {
        let inward = windowIn > 0 ? 100 * Double(unacknowledgedIn) / Double(windowIn) : nil
        let outward = windowOut > 0 ? 100 * Double(unacknowledgedOut) / Double(windowOut) : nil
        guard let inward else { return outward }
        return max(inward, outward ?? 0)
    }
}

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

extension TraceEntry: FilterSubject {
    package static let filterFields: [FilterField<TraceEntry>] = [
        .number("sess") { entry, _ in Double(entry.record.session) },
        .words("dir") { entry, _ in [entry.record.direction.word] },
        .number("csid") { entry, _ in Double(entry.record.chunkStreamID) },
        .number("fmt") { entry, _ in Double(entry.record.form) },
        .number("msid") { entry, _ in Double(entry.record.messageStreamID) },
        .words("type") { entry, _ in [TraceDecoder.typeWord(entry.record.messageType)] },
        .words("kind") { entry, _ in [TraceDecoder.kind(of: entry.record.messageType)] },
        .number("len") { entry, _ in Double(entry.record.messageLength) },
        .number("ts", .milliseconds) { entry, _ in Double(entry.record.timestamp) },
        .number("dts", .milliseconds) { entry, _ in Double(entry.record.timestampDelta) },
        .text("info") { entry, _ in TraceDecoder.info(for: entry.record) },
        FilterField("at", .time { entry, _ in entry.wallClockMilliseconds }),
        FilterField("hex", .bytes { entry, _ in entry.record.headBytes }),
    ]

    package static let filterFlags: [FilterFlag<TraceEntry>] = [
        FilterFlag("key") { entry, _ in TraceDecoder.isKeyframe(entry.record) },
        FilterFlag("cfg") { entry, _ in TraceDecoder.isConfiguration(entry.record) },
        FilterFlag("odd") { entry, _ in TraceDecoder.info(for: entry.record).isEscaped },
    ]

    package func filterTexts(in snapshot: Snapshot) -> [SafeText] {
        [SafeText(TraceDecoder.typeWord(record.messageType)), TraceDecoder.info(for: record)]
    }

    package func concerns(_ sessions: ClosedRange<SessionID>) -> Bool {
        sessions.contains(record.session)
    }
}

extension JournalEntry: FilterSubject {
    package static let filterFields: [FilterField<JournalEntry>] = [
        .words("level") { entry, _ in [entry.level.word] },
        .words("source") { entry, _ in [entry.source] },
        .text("event") { entry, _ in SafeText(entry.name) },
        .text("detail") { entry, _ in entry.detail },
        .number("sess") { entry, _ in entry.session.map(Double.init) },
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

extension ConnectionFacts.Role {
    /// Who publishes and plays is found as either.
    fileprivate var filterWords: [String] {
        let words: [ConnectionFacts.Role]
        switch self {
        case .publisherAndPlayer: words = [.publisher, .player, .publisherAndPlayer]
        case .handshaking, .idle, .publisher, .player, .closed: words = [self]
        }
        return words.map(\.rawValue)
    }
}

extension Snapshot {
    /// The row of a session. Open ones stand in front, by id.
    package func session(_ id: SessionID) -> SessionRow? {
        let openCount = sessions.partitioningIndex { $0.closedAtNanoseconds != nil }
        let open = sessions[..<openCount]
        let position = open.partitioningIndex { $0.id >= id }
        if position < open.endIndex, open[position].id == id { return open[position] }
        return sessions[openCount...].first { $0.id == id }
    }
}

extension RandomAccessCollection {
    /// The first index from which on `belongs` holds, for a collection parted by it.
    fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Index {
        var low = startIndex
        var count = self.count
        while count > 0 {
            let half = count / 2
            let middle = index(low, offsetBy: half)
            if belongs(self[middle]) {
                count = half
            } else {
                low = index(after: middle)
                count -= half + 1
            }
        }
        return low
    }
}
