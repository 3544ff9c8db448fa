package import Telemetry

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
        .number("rtx") { row, _ in row.retransmits.map { Double($0) } },
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
            row.handshakeNanoseconds.map { Double($0) / 1e6 }
        },
        .number("clock", .partsPerMillion) { row, _ in row.clock?.partsPerMillion },
        .number("late", .milliseconds) { row, _ in row.lateNanoseconds.map { Double($0) / 1e6 } },
        .number("rcvq") { row, _ in row.receiveQueueBytes.map { Double($0) } },
        .number("sndq") { row, _ in row.sendQueueBytes.map { Double($0) } },
        .number("cwnd") { row, _ in row.congestionWindow.map { Double($0) } },
        .number("unack") { row, _ in row.unacknowledgedBytes.map { Double($0) } },
        .number("bytes.in") { row, _ in Double(row.bytesIn) },
        .number("bytes.out") { row, _ in Double(row.bytesOut) },
        .text("note") { row, _ in row.note },
        .words("who") { row, _ in row.facts.close.map { [$0.who.rawValue] } ?? [] },
        .text("why") { row, _ in row.facts.close.map { SafeText($0.why) } },
    ]

    package static let filterFlags: [FilterFlag<SessionRow>] = [
        FilterFlag("slow") { row, _ in row.isSlow },
        FilterFlag("warn") { row, _ in row.facts.close?.level == .warn },
        FilterFlag("err") { row, _ in row.facts.close?.level == .error },
        FilterFlag("closed") { row, _ in row.closedAtNanoseconds != nil },
        FilterFlag("new") { row, _ in row.upNanoseconds < 10_000_000_000 },
        FilterFlag("marked") { row, snapshot in snapshot.marked.contains(row.id) },
        FilterFlag("armed") { row, _ in row.facts.isTraced },
        FilterFlag("odd") { row, snapshot in
            row.filterTexts(in: snapshot).contains(where: \.isEscaped)
        },
    ]

    package func filterTexts(in snapshot: Snapshot) -> [SafeText] {
        var texts: [SafeText] = [
            SafeText(peer), SafeText(facts.role.rawValue), SafeText(facts.state),
        ]
        for text in [facts.app, facts.stream, client, facts.flashVersion, facts.tcURL, note] {
            if let text { texts.append(text) }
        }
        return texts
    }

    package static func filterSamples(in snapshot: Snapshot) -> [SessionRow] {
        Array(snapshot.sessions.prefix(500))
    }

    package func concerns(_ sessions: ClosedRange<SessionID>) -> Bool {
        sessions.contains(id)
    }

    /// From accept to the last byte of C2.
    package var handshakeNanoseconds: UInt64? {
        facts.handshake.c2AtNanoseconds.map { $0.grown(since: acceptedAtNanoseconds) }
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
