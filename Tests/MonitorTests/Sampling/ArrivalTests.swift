import Monitor
import Telemetry
import Testing

/// CLOCK and LATE (console design, §6.1, §6.3), the kernel's figures and notes.
@Suite struct ArrivalTests {
    private let server = ObservedServer()

    /// A publisher whose clock goes so many millionths fast, with jitter that repeats.
    private func run(
        _ probe: ConnectionProbe, seconds: Double, partsPerMillion: Double,
        jitterMilliseconds: [UInt64] = [0], aheadMilliseconds: Double = 0
    ) -> Snapshot {
        var step = 0
        let start = ObservedServer.startedAt
        return server.run(seconds: seconds) {
            let arrived =
                server.now - jitterMilliseconds[step % jitterMilliseconds.count] * 1_000_000
            step += 1
            let passed = Double(server.now - start) / 1e6
            let media = passed * (1 + partsPerMillion / 1e6) + aheadMilliseconds
            probe.videoFrames.add(1)
            // From just below 2^32 on: the wrap is no jump.
            probe.videoTimestamp.set(UInt64(UInt32(truncatingIfNeeded: Int64(media) - 30_000)))
            probe.videoAtNanoseconds.set(arrived)
        }
    }

    @Test(arguments: [0.0, 3000, -3000])
    func `CLOCK is the slope of media time over a minute of arrivals`(drift: Double) throws {
        let probe = server.accept(1, role: .publisher, stream: "live/cam1")
        let early = run(probe, seconds: 14, partsPerMillion: drift)
        #expect(early.session(1)?.clock == nil)
        let short = run(probe, seconds: 16, partsPerMillion: drift)
        #expect(short.session(1)?.clock?.isFull == false)
        let full = try #require(
            run(probe, seconds: 40, partsPerMillion: drift).session(1)?.clock)
        #expect(full.isFull)
        #expect(abs(full.partsPerMillion - drift) < 20, "\(full)")
    }

    @Test func `jitter of single messages hardly turns the slope`() throws {
        let probe = server.accept(1, role: .publisher, stream: "live/cam1")
        let snapshot = run(
            probe, seconds: 70, partsPerMillion: 0, jitterMilliseconds: [0, 18, 4, 11, 20, 2, 7])
        let clock = try #require(snapshot.session(1)?.clock)
        #expect(abs(clock.partsPerMillion) < 60, "\(clock)")
    }

    @Test func `a jump of the timestamps begins a new minute`() throws {
        let probe = server.accept(1, role: .publisher, stream: "live/cam1")
        _ = run(probe, seconds: 70, partsPerMillion: 0)
        let jumped = run(probe, seconds: 5, partsPerMillion: 0, aheadMilliseconds: 9000)
        #expect(jumped.session(1)?.clock == nil)
        let again = run(probe, seconds: 20, partsPerMillion: 0, aheadMilliseconds: 9000)
        #expect(again.session(1)?.clock?.isFull == false)
    }

    @Test func `only what is published has a clock and is late`() {
        let probe = server.accept(1, role: .player, stream: "live/cam1")
        let snapshot = run(probe, seconds: 30, partsPerMillion: 0)
        #expect(snapshot.session(1)?.clock == nil)
        #expect(snapshot.session(1)?.lateNanoseconds == nil)
    }

    @Test func `LATE is the most of the last ten seconds`() throws {
        let probe = server.accept(1, role: .publisher, stream: "live/cam1")
        #expect(server.tick().session(1)?.lateNanoseconds == nil)
        probe.videoFrames.set(2)
        #expect(server.tick().session(1)?.lateNanoseconds == 0)
        probe.lateNanoseconds.note(40_000_000)
        probe.lateNanoseconds.note(1_200_000_000)
        probe.lateNanoseconds.note(3_000_000)
        #expect(server.run(seconds: 5).session(1)?.lateNanoseconds == 1_200_000_000)
        probe.lateNanoseconds.note(200_000_000)
        #expect(server.run(seconds: 5).session(1)?.lateNanoseconds == 1_200_000_000)
        #expect(server.run(seconds: 1).session(1)?.lateNanoseconds == 200_000_000)
        #expect(server.run(seconds: 5).session(1)?.lateNanoseconds == 0)
    }

    @Test func `the kernel's figures are known once it was asked`() throws {
        let probe = server.accept(1, role: .player, stream: "live/cam1")
        let before = try #require(server.tick().session(1))
        #expect(before.congestionWindow == nil && before.sendQueueBytes == nil)
        probe.rttMicroseconds.set(3000)
        probe.congestionWindow.set(24)
        probe.unacknowledgedBytes.set(34_752)
        probe.receiveQueueBytes.set(7)
        probe.sendQueueBytes.set(245_000)
        let row = try #require(server.run(seconds: 1).session(1))
        #expect(row.congestionWindow == 24)
        #expect(row.unacknowledgedBytes == 34_752)
        #expect(row.receiveQueueBytes == 7)
        #expect(row.sendQueueBytes == 245_000)
    }

    @Test func `a note stays with its session, also after that has ended`() throws {
        let probe = server.accept(1, role: .player, stream: "live/cam1")
        server.tick()
        server.sampler.write(note: "reads slowly", of: 1)
        let row = try #require(server.run(seconds: 1).session(1))
        #expect(row.note == "reads slowly")
        #expect(try FilterPredicate<SessionRow>("note:slow").matches(row, in: server.tick()))
        server.close(probe, server.facts(.player, "live/cam1"))
        #expect(server.run(seconds: 1).ended.first?.note == "reads slowly")
        server.sampler.write(note: nil, of: 1)
        #expect(server.run(seconds: 1).ended.first?.note == nil)
    }
}
