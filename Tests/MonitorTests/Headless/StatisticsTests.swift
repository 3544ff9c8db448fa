import Monitor
import Telemetry
import Testing

/// The numbers of `stats.*` are those of the snapshot, and those are what was sent.
@Suite struct StatisticsTests {
    private let server = ObservedServer()

    private func statistics(_ snapshot: Snapshot) throws -> [JSONReader.Value] {
        var writer = EventWriter()
        _ = writer.lines(of: snapshot)
        return try writer.statistics(of: snapshot).map { try JSONReader.line($0) }
    }

    @Test func `a limit leaves those that move most, in order of number`() throws {
        server.tell(.serverStart(listen: [":1935"], version: "0.1.0", pid: 1))
        let probes = (1...5).map { server.accept($0) }
        let snapshot = server.run(seconds: 2) {
            for probe in probes { probe.bytesIn.add(probe.id == 2 ? 9000 : 100 * Int(probe.id)) }
        }
        var writer = EventWriter()
        _ = writer.lines(of: snapshot)
        let lines = try writer.statistics(of: snapshot, sessionLimit: 2).map {
            try JSONReader.line($0)
        }
        #expect(lines.compactMap { $0["s"] } == [.number(2), .number(5)])
    }

    @Test func `a session's line is its row`() throws {
        server.tell(.serverStart(listen: [":1935"], version: "0.1.0", pid: 1))
        let probe = server.accept(3, role: .publisher, stream: "live/cam1")
        probe.windowIn.set(2_500_000)
        probe.windowOut.set(5_000_000)
        probe.rttMicroseconds.set(14_249)
        probe.gopMilliseconds.set(2000)
        let snapshot = server.run(seconds: 4) {
            probe.bytesIn.add(187_500)
            probe.bytesOut.add(10)
            probe.videoFrames.add(15)
            probe.acknowledgedIn.set(1_000_000)
        }
        let line = try #require(try statistics(snapshot).last)
        let row = try #require(snapshot.session(3))
        #expect(
            line.keys == [
                "v", "t", "ms", "ev", "s", "role", "stream", "in_b", "out_b", "in_bps", "out_bps",
                "fps", "gop_ms", "av_ms", "rtt_ms", "queue_b", "queue_ms", "drop", "ack_in",
                "ack_out", "win_in", "win_out", "tls", "cipher",
            ])
        #expect(line["s"] == .number(3))
        #expect(line["role"] == .text("pub"))
        #expect(line["stream"] == .text("live/cam1"))
        #expect(line["in_b"] == .number(3_000_000))
        #expect(line["in_b"] == .number(Double(row.bytesIn)))
        #expect(line["in_bps"] == .number(6_000_000))
        #expect(line["in_bps"] == .number(row.bitsPerSecondIn))
        #expect(line["out_bps"] == .number(row.bitsPerSecondOut))
        #expect(line["fps"] == .number(60))
        #expect(line["fps"] == .number(try #require(row.framesPerSecond)))
        #expect(line["gop_ms"] == .number(2000))
        #expect(line["av_ms"] == .null)
        #expect(line["rtt_ms"] == .number(14.2))
        #expect(line["ack_in"] == .number(2_000_000))
        #expect(line["ack_in"] == .number(Double(row.unacknowledgedIn)))
        #expect(line["ack_out"] == .number(160))
        #expect(line["win_in"] == .number(2_500_000))
        #expect(line["win_out"] == .number(5_000_000))
    }

    @Test func `the server's and the stream's lines are their rows`() throws {
        server.setProcess(
            ProcessFigures(cpuNanoseconds: 0, residentBytes: 41_000_000, openDescriptors: 19))
        server.tell(.serverStart(listen: [":1935"], version: "0.1.0", pid: 1))
        let publisher = server.accept(1, role: .publisher, stream: "live/cam1")
        let player = server.accept(2, role: .player, stream: "live/cam1")
        let snapshot = server.run(seconds: 2) {
            publisher.bytesIn.add(1000)
            player.bytesOut.add(2000)
        }
        let lines = try statistics(snapshot)
        #expect(
            lines.map { $0["ev"] }
                == [
                    "stats.server", "stats.stream", "stats.session",
                    "stats.session",
                ].map { .text($0) })
        let total = lines[0]
        #expect(total["connections"] == .number(2))
        #expect(total["publishers"] == .number(1))
        #expect(total["players"] == .number(1))
        #expect(total["in_bps"] == .number(snapshot.server.bitsPerSecondIn))
        #expect(total["out_bps"] == .number(64_000))
        #expect(total["in_b"] == .number(8000))
        #expect(total["rss_b"] == .number(41_000_000))
        #expect(total["cpu_pct"] == .number(0))
        let stream = lines[1]
        #expect(stream["stream"] == .text("live/cam1"))
        #expect(stream["publishers"] == .number(1))
        #expect(stream["players"] == .number(1))
        #expect(stream["in_bps"] == .number(snapshot.streams[0].bitsPerSecondIn))
        #expect(stream["out_bps"] == .number(64_000))
    }

    @Test func `what is unknown is null, and the closed have no line`() throws {
        server.tell(.serverStart(listen: [":1935"], version: "0.1.0", pid: 1))
        let probe = server.accept(1)
        let gone = server.accept(2)
        server.close(gone, server.facts(.idle))
        _ = probe
        let lines = try statistics(server.tick())
        #expect(lines.count == 2)
        #expect(lines[0]["cpu_pct"] == .null)
        #expect(lines[1]["stream"] == .null)
        #expect(lines[1]["fps"] == .null)
        #expect(lines[1]["rtt_ms"] == .null)
    }
}
