import Telemetry

/// The figures of one snapshot as `stats.*` lines: the same numbers as on the screen.
struct StatisticsLines {
    private let snapshot: Snapshot
    private let startedAtNanoseconds: UInt64
    /// What every line of a session begins with.
    private let session: JSONObject

    init(snapshot: Snapshot, startedAtNanoseconds: UInt64) {
        self.snapshot = snapshot
        self.startedAtNanoseconds = startedAtNanoseconds
        session = JSONObject(
            "stats.session", wallClockMilliseconds: snapshot.wallClockMilliseconds,
            atNanoseconds: snapshot.takenAtNanoseconds, startedAtNanoseconds: startedAtNanoseconds)
    }

    func writeServer(into object: inout JSONObject) {
        let figures = snapshot.server
        begin("stats.server", &object)
        object.add("connections", figures.connections)
        object.add("publishers", figures.publishers)
        object.add("players", figures.players)
        object.add("in_bps", Rounded.whole(figures.bitsPerSecondIn))
        object.add("out_bps", Rounded.whole(figures.bitsPerSecondOut))
        object.add("rss_b", figures.residentBytes)
        object.add("cpu_pct", tenths: figures.cpuPercent)
        object.add("idle", figures.idle)
        object.add("handshaking", figures.handshaking)
        object.add("accepted", figures.accepted)
        object.add("closed", figures.closed)
        object.add("refused", figures.refused)
        object.add("hs_failed", figures.handshakesFailed)
        object.add("in_b", figures.bytesIn)
        object.add("out_b", figures.bytesOut)
        object.add("queue_b", figures.queueBytes)
        object.add("drop", figures.skippedVideo)
        object.add("fds", figures.openDescriptors)
        object.add("missed", figures.missed)
    }

    func write(_ stream: StreamRow, into object: inout JSONObject) {
        begin("stats.stream", &object)
        object.add("stream", stream.key)
        object.add("publishers", stream.publisher == nil ? 0 : 1)
        object.add("players", stream.players.count)
        object.add("in_bps", Rounded.whole(stream.bitsPerSecondIn))
        object.add("out_bps", Rounded.whole(stream.bitsPerSecondOut))
        object.add("gop_ms", stream.recentGOPs.last)
        object.add("window_b", stream.windowBytes)
        object.add("window_messages", stream.windowMessages)
        object.add("up_ms", stream.upNanoseconds / 1_000_000)
        let recording = stream.recording
        object.add("record", recording.map { SafeText($0.facts.state.rawValue) })
        object.add("record_path", recording?.facts.path)
        object.add("record_b", recording?.bytes)
        object.add("record_ms", recording?.milliseconds)
    }

    func write(_ session: SessionRow, into object: inout JSONObject) {
        object.add(contentsOf: self.session)
        object.add("s", session.id)
        object.add("role", session.facts.role.lineWord)
        object.add("stream", session.facts.stream)
        object.add("in_b", session.bytesIn)
        object.add("out_b", session.bytesOut)
        object.add("in_bps", Rounded.whole(session.bitsPerSecondIn))
        object.add("out_bps", Rounded.whole(session.bitsPerSecondOut))
        object.add("fps", tenths: session.framesPerSecond)
        object.add("gop_ms", session.gopMilliseconds)
        object.add("av_ms", session.audioVideoMilliseconds.map(Rounded.whole))
        object.add("rtt_ms", tenths: session.rttMicroseconds.map { Double($0) / 1000 })
        object.add("queue_b", session.queueBytes)
        object.add("queue_ms", session.queueMilliseconds)
        object.add("drop", session.skippedVideo)
        object.add("ack_in", session.unacknowledgedIn)
        object.add("ack_out", session.unacknowledgedOut)
        object.add("win_in", session.windowIn)
        object.add("win_out", session.windowOut)
        object.add("tls", session.facts.tls?.version)
        object.add("cipher", session.facts.tls?.cipher)
    }

    private func begin(_ name: String, _ object: inout JSONObject) {
        object.begin(
            name, wallClockMilliseconds: snapshot.wallClockMilliseconds,
            atNanoseconds: snapshot.takenAtNanoseconds, startedAtNanoseconds: startedAtNanoseconds)
    }
}

extension ConnectionFacts.Role {
    fileprivate var lineWord: String {
        switch self {
        case .handshaking: "hs"
        case .idle: "idle"
        case .publisher: "pub"
        case .player: "play"
        case .publisherAndPlayer: "pub+"
        case .closed: "closed"
        }
    }
}
