import Telemetry

/// Who plays a stream, and how much goes out to them.
struct Audience {
    private(set) var players: [SessionID] = []
    private(set) var bitsPerSecondOut = 0.0

    mutating func add(_ player: SessionID, bitsPerSecondOut bits: Double) {
        players.append(player)
        bitsPerSecondOut += bits
    }
}

/// What the sampler remembers of one stream, and for a minute after its end.
struct StreamTracker {
    let key: SafeText
    /// nil: known only by what its sessions say.
    private let probe: StreamProbe?
    private let createdAtNanoseconds: UInt64
    private var recentGOPs: [UInt64] = []
    private var newestPublisher: SessionID?
    private var publishedSince: UInt64?
    /// Of the newest end of publishing.
    private var ending: (why: String, atNanoseconds: UInt64)?
    private(set) var endedAtNanoseconds: UInt64?

    init(_ probe: StreamProbe) {
        key = probe.key
        self.probe = probe
        createdAtNanoseconds = probe.createdAtNanoseconds
    }

    init(key: SafeText, createdAtNanoseconds: UInt64) {
        self.key = key
        probe = nil
        self.createdAtNanoseconds = createdAtNanoseconds
    }

    mutating func started(by publisher: SessionID, atNanoseconds at: UInt64) {
        newestPublisher = publisher
        publishedSince = at
        recentGOPs = []
    }

    mutating func ended(why: String, atNanoseconds at: UInt64) {
        ending = (why, at)
    }

    /// The row, made of the probe and of the rows of its sessions.
    mutating func row(
        publisher: SessionRow?, newGOPs: [UInt64], audience: Audience,
        nowNanoseconds now: UInt64,
        closed: (SessionID) -> CloseReport?
    ) -> StreamRow {
        let isLive = publisher != nil
        if let publisher {
            newestPublisher = publisher.id
            publishedSince = publisher.facts.startedAtNanoseconds ?? publishedSince
        }
        recentGOPs += newGOPs
        recentGOPs.removeFirst(max(recentGOPs.count - StreamRow.recentGOPLimit, 0))
        let hasEnded = probe?.isOver ?? (!isLive && audience.players.isEmpty)
        if hasEnded, !isLive, audience.players.isEmpty {
            endedAtNanoseconds = endedAtNanoseconds ?? ending?.atNanoseconds ?? now
        } else {
            endedAtNanoseconds = nil
        }
        var row = StreamRow(
            key: key, state: state(isLive, now, closed), publisher: publisher?.id,
            players: audience.players)
        row.bitsPerSecondIn = publisher?.bitsPerSecondIn ?? 0
        row.bitsPerSecondOut = audience.bitsPerSecondOut
        let since = isLive ? publishedSince ?? createdAtNanoseconds : createdAtNanoseconds
        row.upNanoseconds = (endedAtNanoseconds ?? now).grown(since: since)
        row.windowBytes = probe?.windowBytes.read() ?? 0
        row.windowMessages = probe?.windowMessages.read() ?? 0
        row.recentGOPs = recentGOPs
        return row
    }

    private func state(
        _ isLive: Bool, _ now: UInt64, _ closed: (SessionID) -> CloseReport?
    ) -> StreamRow.State {
        guard let endedAt = endedAtNanoseconds else { return isLive ? .live : .waiting }
        return .ended(why: epitaph(endedAt, closed), agoNanoseconds: now.grown(since: endedAt))
    }

    /// `published by #2 for 1h12m; closed by the peer`
    private func epitaph(_ endedAt: UInt64, _ closed: (SessionID) -> CloseReport?) -> String {
        guard let publisher = newestPublisher else { return "nobody published it" }
        let lasted = publishedSince.map {
            " for "
                + Rounded.duration(nanoseconds: (ending?.atNanoseconds ?? endedAt).grown(since: $0))
        }
        let why: String?
        if let report = closed(publisher) {
            why = report.detail.description
        } else {
            why = ending.map { EventWords.streamEnd($0.why) }
        }
        return "published by #\(publisher)\(lasted ?? "")" + (why.map { "; " + $0 } ?? "")
    }
}
