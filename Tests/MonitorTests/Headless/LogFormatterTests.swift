import Monitor
import Telemetry
import Testing

@Suite struct LogFormatterTests {
    private let server = ObservedServer()

    @Test func `a text line is time, level, source, session, event and detail`() {
        var log = LogFormatter(format: .text)
        server.tell(.serverStart(listen: [":1935"], version: "0.1.0", pid: 4711))
        server.tell(.handshakeDone(12, kind: "simple", tookNanoseconds: 149_000_000))
        server.tell(.chunkSize(12, .inward, bytes: 4096))
        let lines = log.lines(of: server.tick()).map { String(decoding: $0, as: UTF8.self) }
        #expect(
            lines == [
                "2026-11-21T14:00:00.000Z info  server server.start "
                    + "listening on :1935  version 0.1.0  pid 4711\n",
                "2026-11-21T14:00:00.000Z info  rtmp   #12 hs.done simple, 149 ms\n",
            ])
        #expect(log.lines(of: server.tick()).isEmpty)
    }

    @Test func `the JSON log has the lines of the JSON output`() {
        var log = LogFormatter(format: .json, level: .debug)
        var writer = EventWriter(level: .debug)
        server.tell(.serverStart(listen: [":1935"], version: "0.1.0", pid: 4711))
        server.tell(.chunkSize(12, .inward, bytes: 4096))
        let snapshot = server.tick()
        #expect(log.lines(of: snapshot) == writer.lines(of: snapshot))
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_795_269_751_135, "2026-11-21T14:02:31.135Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func `the wall clock knows the calendar`(milliseconds: Int64, shown: String) {
        #expect(WallClock(milliseconds: milliseconds).iso8601 == shown)
    }

    @Test(arguments: [
        (
            CloseReport.Who.peer, "fin", "publish", UInt64(6060), Event.Level.info,
            "because in publish after 1h41m (5.87 GB in, 41.0 kB out)"
        ),
        (
            .us, "slow-player", "play", 251, .warn,
            "because in play after 4m11s (5.87 GB in, 41.0 kB out)"
        ),
        (
            .admin, "reset", "play", 6, .info,
            "because in play after 6.0 s (5.87 GB in, 41.0 kB out)"
        ),
        (
            .us, "shutdown", "play", 6, .info,
            "because in play after 6.0 s (5.87 GB in, 41.0 kB out)"
        ),
    ])
    func `an end is said as people read it`(
        who: CloseReport.Who, why: String, state: String, seconds: UInt64, level: Event.Level,
        detail: String
    ) {
        let words = EventWords(
            .close(
                1,
                CloseReport(
                    who: who, why: why, detail: "because", state: state,
                    lastedNanoseconds: seconds * 1_000_000_000, bytesIn: 5_870_000_000,
                    bytesOut: 41_000)))
        #expect(words.detail.description == detail)
        #expect(words.level == level)
    }
}
