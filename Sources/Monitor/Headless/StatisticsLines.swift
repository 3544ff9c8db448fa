import Telemetry

/// The figures of one snapshot as `stats.*` lines: the same numbers as on the screen.
struct StatisticsLines {
    let snapshot: Snapshot
    let startedAtNanoseconds: UInt64

    var server: [UInt8] {
        let figures = snapshot.server
        var object = begin("stats.server")
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
        return object.line
    }

    func line(for stream: StreamRow) -> [UInt8] {
        var object = begin("stats.stream")
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
        return object.line
    }

    func line(for session: SessionRow) -> [UInt8] {
        var object = begin("stats.session")
        object.add("s", session.id)
        object.add("role", session.facts.role.rawValue.lowercased())
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
        return object.line
    }

    private func begin(_ name: String) -> JSONObject {
        JSONObject(
            name, wallClockMilliseconds: snapshot.wallClockMilliseconds,
            atNanoseconds: snapshot.takenAtNanoseconds, startedAtNanoseconds: startedAtNanoseconds)
    }
}
