import Monitor
import Telemetry
import Testing

/// CLI.md "headless output"; console design §23.
@Suite struct EventWriterTests {
    private let server = ObservedServer()

    private func start() {
        server.tell(.serverStart(listen: ["127.0.0.1:19350"], version: "0.1.0", pid: 4711))
    }

    private func text(_ lines: LineBatch) -> [String] {
        lines.map { String(decoding: $0, as: UTF8.self) }
    }

    private func names(_ lines: LineBatch) throws -> [String] {
        try lines.map { line in
            guard case .text(let name)? = try JSONReader.line(line)["ev"] else { return "?" }
            return name
        }
    }

    @Test func `the first line is the one of CLI.md, byte for byte`() {
        var writer = EventWriter()
        start()
        #expect(
            text(writer.lines(of: server.tick())) == [
                #"{"v":1,"t":"2026-11-21T14:00:00.000Z","ms":0,"ev":"server.start","#
                    + #""listen":["127.0.0.1:19350"],"tls_listen":[],"version":"0.1.0","pid":4711}"#
                    + "\n"
            ])
    }

    @Test func `lines told before the start come after it, and none after the stop`() throws {
        var writer = EventWriter()
        server.tell(.accept(1, peer: "192.0.2.1:5000", listener: ":1935", isTLS: false))
        #expect(writer.lines(of: server.tick()).isEmpty)
        server.pass(milliseconds: 10)
        start()
        server.pass(milliseconds: 10)
        server.tell(.serverStop(why: "signal"))
        server.tell(.note(.error, source: "server", "too late"))
        let lines = writer.lines(of: server.tick())
        #expect(try names(lines) == ["server.start", "session.accept", "server.stop"])
        server.tell(.note(.error, source: "server", "too late"))
        #expect(writer.lines(of: server.tick()).isEmpty)
        #expect(writer.statistics(of: server.tick()).isEmpty)
    }

    @Test func `each event comes once`() throws {
        var writer = EventWriter()
        start()
        #expect(writer.lines(of: server.tick()).count == 1)
        #expect(writer.lines(of: server.tick()).isEmpty)
        server.tell(.handshakeDone(1, kind: "simple", tookNanoseconds: 149_000_000))
        #expect(try names(writer.lines(of: server.tick())) == ["hs.done"])
    }

    /// Every kind once, and the keys that CLI.md and the console design promise behind v, t, ms, ev.
    static let kinds: [(Event.Kind, String, [String])] = [
        (
            .serverStart(listen: [":1935"], version: "0", pid: 1), "server.start",
            ["listen", "tls_listen", "version", "pid"]
        ),
        (.serverStop(why: "signal"), "server.stop", ["why"]),
        (
            .accept(1, peer: "p:1", listener: ":1935", isTLS: true), "session.accept",
            ["s", "level", "peer", "listener", "tls"]
        ),
        (.refused(peer: "p:1", why: "per-ip"), "session.refused", ["level", "peer", "why"]),
        (
            .secured(1, version: "TLSv1.3", cipher: "c", tookNanoseconds: 1), "tls.done",
            ["s", "level", "version", "cipher", "took_ms"]
        ),
        (
            .certificate(file: "f", isTaken: false, detail: "d"), "tls.certificate",
            ["level", "file", "taken", "detail"]
        ),
        (
            .handshakeDone(1, kind: "complex", tookNanoseconds: 1), "hs.done",
            ["s", "level", "kind", "took_ms"]
        ),
        (
            .handshakeFail(1, why: "tls", gotBytes: 5), "hs.fail", ["s", "level", "why", "got_b"]
        ),
        (
            .connect(1, app: "live", tcURL: "u", flashVersion: "f", objectEncoding: 0),
            "rtmp.connect",
            ["s", "level", "app", "flashver", "tcurl", "object_encoding", "client"]
        ),
        (
            .publish(1, stream: "a/b", accepted: true, code: "c"), "rtmp.publish",
            ["s", "level", "stream", "accepted", "code"]
        ),
        (
            .play(1, stream: "a/b", accepted: false, code: "c"), "rtmp.play",
            ["s", "level", "stream", "accepted", "code"]
        ),
        (
            .pause(1, stream: "a/b", isPaused: true), "rtmp.pause",
            ["s", "level", "stream", "paused"]
        ),
        (.unknownCommand(1, name: "x"), "rtmp.unknown", ["s", "level", "command"]),
        (.streamStart(stream: "a/b", publisher: 1), "stream.start", ["s", "level", "stream"]),
        (.streamEnd(stream: "a/b", why: "unpublish"), "stream.end", ["level", "stream", "why"]),
        (
            .mediaConfiguration(
                1, stream: "a/b", track: 0, MediaConfiguration(kind: .video, codec: "H.264")),
            "media.config", ["s", "level", "stream", "track", "kind", "codec", "detail"]
        ),
        (.metadata(1, stream: "a/b", "m"), "media.meta", ["s", "level", "stream", "metadata"]),
        (
            .firstFrame(1, stream: "a/b", afterNanoseconds: 1), "media.first",
            ["s", "level", "stream", "after_ms"]
        ),
        (
            .drop(1, stream: "a/b", frames: 3, why: .queueTime), "media.drop",
            ["s", "level", "stream", "frames", "why"]
        ),
        (
            .acknowledgementWindow(1, .inward, bytes: 1), "ctrl.ack_window",
            ["s", "level", "dir", "value"]
        ),
        (.chunkSize(1, .outward, bytes: 1), "ctrl.chunk_size", ["s", "level", "dir", "value"]),
        (
            .bandwidth(1, .inward, bytes: 1, limit: "hard"), "ctrl.bandwidth",
            ["s", "level", "dir", "value", "limit"]
        ),
        (
            .userControl(1, .inward, event: "ping-request", value: 1), "ctrl.user",
            ["s", "level", "dir", "event", "value"]
        ),
        (
            .close(1, report), "session.close",
            ["s", "level", "who", "why", "detail", "state", "lasted_ms", "in_b", "out_b"]
        ),
        (
            .recordStart(stream: "a/b", path: "r/a.flv"), "record.start",
            ["level", "stream", "path"]
        ),
        (
            .recordSegment(stream: "a/b", file, next: "r/b.flv"), "record.segment",
            ["level", "stream", "path", "bytes", "duration_ms", "next"]
        ),
        (
            .recordEnd(stream: "a/b", file, files: 2, why: "ended"), "record.end",
            ["level", "stream", "path", "bytes", "duration_ms", "files", "why"]
        ),
        (
            .recordFail(stream: "a/b", file, why: "full"), "record.fail",
            ["level", "stream", "path", "bytes", "duration_ms", "why"]
        ),
        (.recordSkip(stream: "a/b", frames: 3), "record.skip", ["level", "stream", "frames"]),
        (
            .recordRepair(file, cutBytes: 3), "record.repair",
            ["level", "path", "bytes", "duration_ms", "cut_b"]
        ),
        (.kill(1, "closed"), "admin.kill", ["s", "level", "detail"]),
        (.hold("live/cam1", seconds: 60), "admin.hold", ["level", "stream", "hold_s"]),
        (.lift("live/cam1"), "admin.lift", ["level", "stream"]),
        (
            .reconnect(1, isAsked: true, tcURL: "rtmp://b/live"), "admin.reconnect",
            ["s", "level", "asked", "tcurl"]
        ),
        (
            .timestampJump(1, stream: "live/cam1", kind: .audio, from: 40, to: 9000), "media.jump",
            ["s", "level", "stream", "kind", "from", "to"]
        ),
        (.console("lost"), "console.lost", ["level"]),
        (.console("detached"), "console.detached", ["level"]),
        (.console("resumed"), "console.resumed", ["level"]),
        (.sessionNote(1, "slow"), "admin.note", ["s", "level", "detail"]),
        (.trace("#3"), "admin.trace", ["level", "detail"]),
        (.missed(3, what: "events"), "missed", ["level", "count", "what"]),
        (.note(.warn, source: "net", "text"), "note", ["level", "source", "detail"]),
    ]

    static let file = RecordedFile(path: "r/a.flv", bytes: 1_000_000, milliseconds: 12_000)

    static let report = CloseReport(
        who: .peer, why: "tcp-reset", detail: "reset by the peer", state: "hs:C1",
        lastedNanoseconds: 6_012_000_000, bytesIn: 812, bytesOut: 0)

    @Test(arguments: kinds.indices)
    func `every event is JSON with its keys in their order`(index: Int) throws {
        let (kind, name, keys) = Self.kinds[index]
        let event = Event(atNanoseconds: ObservedServer.startedAt, kind: kind)
        let words = EventWords(kind)
        let entry = JournalEntry(
            wallClockMilliseconds: 0, event: event, level: words.level, source: words.source,
            session: words.session, name: words.name, detail: words.detail)
        let value = try JSONReader.line(EventWriter().line(for: entry))
        #expect(words.name == name)
        #expect(value.keys == ["v", "t", "ms", "ev"] + keys)
        #expect(value["v"] == .number(1))
        #expect(value["ev"] == .text(name))
        #expect(!words.detail.description.isEmpty)
        #expect(LogFormatter.text(entry).contains(name))
    }

    @Test func `an end says who, why and how much`() throws {
        var writer = EventWriter()
        start()
        server.pass(milliseconds: 7000)
        server.tell(.close(16, Self.report))
        #expect(
            text(writer.lines(of: server.tick())).last
                == #"{"v":1,"t":"2026-11-21T14:00:07.000Z","ms":7000,"ev":"session.close","s":16,"#
                + #""level":"warn","who":"peer","why":"tcp-reset","detail":"reset by the peer","#
                + #""state":"hs:C1","lasted_ms":6012,"in_b":812,"out_b":0}"# + "\n")
    }

    @Test(arguments: [
        (CloseReport.Who.peer, "fin", "publish", Event.Level.info),
        (.peer, "tcp-reset", "play", .info), (.peer, "tcp-reset", "publish", .warn),
        (.us, "slow-player", "play", .warn), (.admin, "reset", "play", .info),
        (.us, "shutdown", "hs:C0", .info), (.us, "ping-timeout", "paused", .warn),
    ])
    func `an end that players mean by a reset is no warning`(
        who: CloseReport.Who, why: String, state: String, level: Event.Level
    ) {
        let report = CloseReport(
            who: who, why: why, detail: "", state: state, lastedNanoseconds: 1, bytesIn: 0,
            bytesOut: 0)
        #expect(EventWords(.close(1, report)).level == level)
    }

    @Test func `a track says what its sequence header said`() throws {
        var configuration = MediaConfiguration(kind: .video, codec: "H.264")
        configuration.profile = "High"
        configuration.level = "4.2"
        configuration.width = 1920
        configuration.height = 1080
        var writer = EventWriter()
        start()
        server.tell(.mediaConfiguration(3, stream: "live/cam1", track: 0, configuration))
        let line = try JSONReader.line(try #require(writer.lines(of: server.tick()).last))
        #expect(
            line["detail"]
                == .object([
                    ("profile", .text("High")), ("level", .text("4.2")), ("width", .number(1920)),
                    ("height", .number(1080)),
                ]))
    }

    @Test func `hostile names stay one line of valid JSON`() throws {
        var writer = EventWriter()
        start()
        let hostile = SafeText("a\"b\\c\n{\u{1b}]0;x\u{7}\u{202e}")
        server.tell(.publish(3, stream: hostile, accepted: true, code: "c"))
        let lines = writer.lines(of: server.tick())
        let line = try #require(lines.last)
        #expect(line.filter { $0 == UInt8(ascii: "\n") }.count == 1)
        #expect(
            try JSONReader.line(line)["stream"]
                == .text(#"a"b\\c\n{\x1b]0;x\x07\u{202e}"#))
    }

    @Test func `levels and sessions are filtered`() throws {
        _ = server.accept(1, role: .publisher, stream: "live/cam1")
        _ = server.accept(2, role: .player, stream: "live/cam1")
        var warnings = EventWriter(level: .warn)
        var publishers = EventWriter(sessions: try FilterPredicate("role:pub"))
        start()
        server.tell(.publish(1, stream: "live/cam1", accepted: true, code: "ok"))
        server.tell(.play(2, stream: "live/cam1", accepted: false, code: "no"))
        server.tell(.streamEnd(stream: "live/cam1", why: "unpublish"))
        let snapshot = server.tick()
        #expect(try names(warnings.lines(of: snapshot)) == ["server.start", "rtmp.play"])
        // What is nobody's is everybody's.
        #expect(
            try names(publishers.lines(of: snapshot))
                == ["server.start", "rtmp.publish", "stream.end"])
        #expect(
            try names(publishers.statistics(of: snapshot))
                == ["stats.server", "stats.stream", "stats.session"])
    }

    @Test func `a writer that comes too late says how many events went`() throws {
        var writer = EventWriter()
        start()
        _ = writer.lines(of: server.tick())
        for _ in 0..<400 {
            for _ in 0..<60 { server.tell(.note(.info, source: "server", "x")) }
            server.tick()
        }
        let lines = writer.lines(of: server.tick())
        let first = try JSONReader.line(lines[0])
        #expect(first["ev"] == .text("missed"))
        // All that was told, less what is told now and the start.
        #expect(first["count"] == .number(Double(400 * 60 - (lines.count - 1))))
    }
}
