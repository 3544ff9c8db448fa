import Monitor
import Synchronization
import Telemetry
import Testing

@Suite struct SamplerTests {
    private let server = ObservedServer()

    @Test func `rates are of the last second`() throws {
        let probe = server.accept(1, role: .publisher, stream: "live/cam1")
        server.run(seconds: 3) { probe.bytesIn.add(50_000) }
        let fast = try #require(server.run(seconds: 1) { probe.bytesIn.add(100_000) }.session(1))
        #expect(fast.bitsPerSecondIn == 3_200_000)
        let still = try #require(server.run(seconds: 1).session(1))
        #expect(still.bitsPerSecondIn == 0)
        #expect(still.bytesIn == 1_000_000)
    }

    @Test func `a window not yet full is computed over the time there is`() throws {
        let probe = server.accept(1)
        let row = try #require(server.run(seconds: 0.5) { probe.bytesOut.add(1000) }.session(1))
        #expect(row.bitsPerSecondOut == 32_000)
    }

    @Test func `the first look at a session is no burst`() throws {
        let probe = server.accept(1)
        server.pass(milliseconds: 1)
        probe.bytesIn.add(3073)
        let row = try #require(server.tick().session(1))
        #expect(row.bitsPerSecondIn == 3073 * 8 * 4)
    }

    @Test func `frames a second are counted over two seconds`() throws {
        let probe = server.accept(1, role: .publisher, stream: "live/cam1")
        #expect(server.tick().session(1)?.framesPerSecond == nil)
        var looks = 0
        let row = try #require(
            server.run(seconds: 4) {
                looks += 1
                // 30 a second, in lumps: the window must smooth them.
                probe.videoFrames.add(looks.isMultiple(of: 2) ? 15 : 0)
            }.session(1))
        #expect(row.framesPerSecond == 30)
    }

    @Test func `A-V is the change of alignment since the first seconds (§6.3)`() throws {
        let probe = server.accept(1, role: .publisher, stream: "live/cam1")
        var time: UInt64 = 0
        func media(audioAhead: UInt64) {
            time += 250
            probe.videoFrames.add(8)
            probe.audioFrames.add(12)
            probe.videoTimestamp.set(time)
            probe.audioTimestamp.set(time + audioAhead)
        }
        #expect(server.tick().session(1)?.audioVideoMilliseconds == nil)
        let early = server.run(seconds: 6) { media(audioAhead: 40) }
        #expect(early.session(1)?.audioVideoMilliseconds == 0)
        let later = server.run(seconds: 4) { media(audioAhead: 52) }
        #expect(later.session(1)?.audioVideoMilliseconds == 12)
        server.sampler.setInspected([1])
        #expect(server.tick().inspected[1]?.audioVideoAtStart == 40)
    }

    @Test func `A-V survives the wrap of timestamps`() throws {
        let probe = server.accept(1, role: .publisher, stream: "live/cam1")
        probe.videoFrames.add(1)
        probe.audioFrames.add(1)
        probe.videoTimestamp.set(0xFFFF_FFF0)
        probe.audioTimestamp.set(0x0000_0010)
        #expect(server.run(seconds: 6).session(1)?.audioVideoMilliseconds == 0)
        probe.videoTimestamp.set(0x0000_0010)
        #expect(server.run(seconds: 6).session(1)?.audioVideoMilliseconds == -32)
    }

    @Test func `keyframes make the list of the last eight GOPs`() throws {
        let probe = server.accept(1, role: .publisher, stream: "live/cam1")
        server.registry.add(StreamProbe(key: "live/cam1", createdAtNanoseconds: server.now))
        server.tick()
        for length in 1...10 {
            probe.keyframes.add(1)
            probe.gopMilliseconds.set(UInt64(length * 100))
            probe.keyframeAtNanoseconds.set(server.now)
            server.run(seconds: 0.5)
        }
        let snapshot = server.tick()
        #expect(snapshot.streams[0].recentGOPs == [300, 400, 500, 600, 700, 800, 900, 1000])
        #expect(snapshot.session(1)?.gopMilliseconds == 1000)
        #expect(snapshot.session(1)?.keyframeAgeNanoseconds == 500_000_000)
    }

    @Test func `segments sent again are counted over ten seconds`() throws {
        let probe = server.accept(1, role: .player, stream: "live/cam1")
        #expect(server.tick().session(1)?.retransmits == nil)
        probe.rttMicroseconds.set(188_000)
        probe.retransmits.set(5)
        #expect(server.run(seconds: 1).session(1)?.retransmits == 5)
        let busy = server.run(seconds: 8) { probe.retransmits.add(1) }
        #expect(busy.session(1)?.retransmits == 37)
        #expect(server.run(seconds: 11).session(1)?.retransmits == 0)
        #expect(server.tick().session(1)?.rttMicroseconds == 188_000)
    }

    @Test func `a player nothing came for in half a minute has its rate as soon as something does`()
        throws
    {
        let probe = server.accept(1, role: .player, stream: "live/cam1")
        probe.bytesOut.set(4000)
        let still = try #require(server.run(seconds: 30).session(1))
        #expect(still.bitsPerSecondOut == 0)
        #expect(still.upNanoseconds == 30 * ObservedServer.second)
        #expect(still.idleNanoseconds == 30 * ObservedServer.second)
        let moving = try #require(
            server.run(seconds: 1) { probe.bytesOut.add(250_000) }.session(1))
        #expect(abs(moving.bitsPerSecondOut - 8_000_000) < 2_000_000)
        #expect(moving.bytesOut == 1_004_000)
    }

    @Test func `windows say what is owed in both directions (§6.4)`() throws {
        let probe = server.accept(1, role: .publisher, stream: "live/cam1")
        probe.bytesIn.set(1_100_000)
        probe.acknowledgedIn.set(100_000)
        probe.windowIn.set(2_500_000)
        probe.bytesOut.set(3000)
        probe.acknowledgedOut.set(4000)
        probe.windowOut.set(2_500_000)
        let row = try #require(server.tick().session(1))
        #expect(row.unacknowledgedIn == 1_000_000)
        // An acknowledgement of bytes that were never sent counts as none owed.
        #expect(row.unacknowledgedOut == 0)
        #expect(row.acknowledgementPercent == 40)
    }

    @Test func `histories hold sixty seconds`() throws {
        let probe = server.accept(1)
        let snapshot = server.run(seconds: 70) { probe.bytesIn.add(250) }
        let row = try #require(snapshot.session(1))
        #expect(row.historyIn.count == 60)
        #expect(row.historyIn.allSatisfy { $0 == 8000 })
        #expect(snapshot.server.history.count == 70)
    }

    @Test(arguments: [(true, 3), (false, 0)])
    func `seconds are remembered where somebody may draw them`(keeps: Bool, count: Int) throws {
        let server = ObservedServer(keepsHistory: keeps)
        let probe = server.accept(1, role: .player, stream: "live/a")
        server.sampler.setInspected([1])
        let snapshot = server.run(seconds: 3) { probe.bytesOut.add(25_000) }
        #expect(snapshot.sessions[0].bitsPerSecondOut == 800_000)
        #expect(snapshot.sessions[0].historyOut.count == count)
        #expect(snapshot.inspected[1]?.history.count == count)
    }

    @Test func `what was shown stays as it was, also while sessions come and close`() throws {
        let first = server.accept(1, role: .player, stream: "live/a")
        first.bytesOut.add(1000)
        let before = server.run(seconds: 1)
        first.bytesOut.add(1000)
        let second = server.accept(2, role: .publisher, stream: "live/a")
        let between = server.run(seconds: 1)
        server.close(first, server.facts(.player, "live/a"))
        second.bytesIn.add(500)
        let after = server.run(seconds: 1)
        #expect(before.sessions.map(\.bytesOut) == [1000])
        #expect(between.sessions.map(\.id) == [1, 2])
        #expect(between.sessions.map(\.bytesOut) == [2000, 0])
        #expect(after.sessions.map(\.id) == [2, 1])
        #expect(after.sessions.map(\.bytesIn) == [500, 0])
    }

    @Test func `a ping moves the bytes of a session that stands still, and no rate`() throws {
        let probe = server.accept(1, role: .player, stream: "live/cam1")
        probe.bytesOut.add(3000)
        server.run(seconds: 30)
        probe.bytesOut.add(18)
        probe.bytesIn.add(18)
        let pinged = try #require(server.run(seconds: 0.25).session(1))
        #expect(pinged.bytesOut == 3018)
        #expect(pinged.bitsPerSecondOut == 0)
        let after = server.run(seconds: 1) { probe.bytesOut.add(250) }
        #expect(abs((after.session(1)?.bitsPerSecondOut ?? 0) - 8000) < 2000)
    }

    @Test func `little that comes again and again is shown as the rate it is`() {
        let probe = server.accept(1, role: .player, stream: "live/cam1")
        server.run(seconds: 30)
        let snapshot = server.run(seconds: 3) { probe.bytesOut.add(20) }
        #expect(snapshot.session(1)?.bitsPerSecondOut == 640)
    }

    @Test func `the seconds of a session that stood still for long are all there`() throws {
        server.sampler.setInspected([1])
        let probe = server.accept(1, role: .player, stream: "live/cam1")
        server.run(seconds: 700)
        server.run(seconds: 1) { probe.bytesOut.add(250) }
        let snapshot = server.run(seconds: 1)
        let history = try #require(snapshot.inspected[1]?.history)
        #expect(history.map(\.bitsOut) == Array(repeating: 0, count: 298) + [8000, 0])
        #expect(snapshot.session(1)?.historyOut.suffix(3) == [0, 8000, 0])
    }

    @Test func `what moved since the last look is told as one drop`() throws {
        let probe = server.accept(12, role: .player, stream: "live/cam1")
        server.tick()
        probe.skippedVideo.add(30)
        probe.skippedAudio.add(7)
        probe.skipReason.set(SkipReason.window.probeCode)
        let snapshot = server.run(seconds: 1)
        let drops = snapshot.journal.all.filter { $0.name == "media.drop" }
        #expect(drops.count == 1)
        guard case .drop(12, "live/cam1", 37, .window)? = drops.first?.event.kind else {
            Issue.record("\(String(describing: drops.first))")
            return
        }
    }

    @Test func `a closed session stays a minute as a closed row, with its report`() throws {
        let probe = server.accept(1, role: .publisher, stream: "live/cam1")
        let facts = server.facts(.publisher, "live/cam1")
        _ = server.accept(2)
        server.run(seconds: 2) { probe.bytesIn.add(1000) }
        probe.skippedVideo.add(3)
        server.close(probe, facts)
        let closed = server.run(seconds: 1)
        #expect(closed.sessions.map(\.id) == [2, 1])
        let row = try #require(closed.sessions.last)
        #expect(row.facts.role == .closed)
        #expect(row.facts.close?.why == "fin")
        #expect(row.upNanoseconds == 2 * ObservedServer.second)
        #expect(row.bitsPerSecondIn == 0)
        #expect(closed.server.connections == 1)
        #expect(closed.server.closed == 1)
        // The last drop is told, and before the end.
        #expect(closed.journal.all.map(\.name) == ["media.drop", "session.close"])
        #expect(server.run(seconds: 58).sessions.map(\.id) == [2, 1])
        let gone = server.run(seconds: 2)
        #expect(gone.sessions.map(\.id) == [2])
        #expect(gone.server.bytesIn == 8000)
        #expect(gone.server.skippedVideo == 3)
    }

    @Test func `of a thousand that come and go the newest are kept, and totals stay right`() {
        for id in SessionID(1)...1200 {
            let probe = server.accept(id)
            probe.bytesIn.add(10)
            server.close(probe, server.facts(.idle))
            if id % 100 == 0 { server.run(seconds: 0.25) }
        }
        let snapshot = server.run(seconds: 0.25)
        #expect(snapshot.sessions.map(\.id) == Array(701...1200))
        #expect(snapshot.ended.map(\.id) == Array(701...1200))
        #expect(snapshot.server.bytesIn == 12_000)
    }

    @Test func `an ended session is kept as it stood: role, stream, queue, seconds, black box`()
        throws
    {
        let probe = server.accept(1, role: .player, stream: "live/cam1")
        server.lanes.messages.put(
            CapturedMessage(
                session: 1, direction: .inward, atNanoseconds: server.now, type: 3,
                messageStreamID: 0, timestamp: 0, payload: [0, 0, 0, 1], payloadBytes: 4))
        probe.queueBytes.set(4_120_000)
        probe.queueMilliseconds.set(5440)
        server.run(seconds: 3) { probe.bytesOut.add(1000) }
        // The stream was left before the end.
        probe.facts.post(Shared(server.facts(.idle)))
        server.tick()
        server.close(probe, server.facts(.idle))
        let snapshot = server.run(seconds: 90)
        let row = try #require(snapshot.session(1))
        #expect(row.facts.role == .player)
        #expect(row.facts.stream == "live/cam1")
        #expect(row.queueMilliseconds == 5440)
        #expect(row.facts.close?.why == "fin")
        #expect(snapshot.server.queueBytes == 0)
        server.sampler.setInspected([1])
        let detail = try #require(server.tick().inspected[1])
        #expect(detail.commands.map(\.name) == ["Ack"])
        #expect(detail.history.map(\.queueMilliseconds) == [5440, 5440, 5440])
    }

    @Test func `of a session that came and went between two looks the report says what it was`() {
        for (id, state, role) in [
            (SessionID(1), "play", ConnectionFacts.Role.player), (2, "publish", .publisher),
            (3, "hs:C1", .handshaking), (4, "ready", .idle),
        ] {
            let probe = server.accept(id)
            var facts = server.facts(.idle)
            facts.state = state
            server.close(probe, facts)
            #expect(server.tick().ended.last?.facts.role == role)
        }
    }

    @Test func `a second nobody looked at is a gap, not a zero`() {
        let probe = server.accept(1)
        server.sampler.setInspected([1])
        server.run(seconds: 2) { probe.bytesIn.add(1000) }
        server.pass(milliseconds: 3000)
        let snapshot = server.tick()
        #expect(snapshot.server.historyEnd == 5)
        #expect(
            snapshot.server.history.map(\.connections.isFinite) == [true, true, false, false, true])
        #expect(snapshot.inspected[1]?.history.count == 5)
        #expect(snapshot.inspected[1]?.history[3].bitsIn.isNaN == true)
    }

    @Test func `server totals and rates include sessions that closed`() throws {
        let probe = server.accept(1)
        server.tick()
        server.pass(milliseconds: 500)
        probe.bytesIn.add(1_000_000)
        server.close(probe, server.facts(.idle))
        let snapshot = server.tick()
        #expect(snapshot.server.bytesIn == 1_000_000)
        #expect(snapshot.server.bitsPerSecondIn == 16_000_000)
        #expect(server.run(seconds: 90).server.bytesIn == 1_000_000)
    }

    @Test func `a stream is its publisher, its players and what its probe says`() throws {
        let stream = StreamProbe(key: "live/cam1", createdAtNanoseconds: server.now)
        server.registry.add(stream)
        let publisher = server.accept(1, role: .publisher, stream: "live/cam1")
        let player = server.accept(2, role: .player, stream: "live/cam1")
        let other = server.accept(3, role: .player, stream: "live/other")
        stream.windowBytes.set(1_480_000)
        let snapshot = server.run(seconds: 2) {
            publisher.bytesIn.add(1000)
            player.bytesOut.add(2000)
            other.bytesOut.add(3000)
        }
        let row = try #require(snapshot.streams.first { $0.key == "live/cam1" })
        #expect(row.publisher == 1)
        #expect(row.players == [2])
        #expect(row.bitsPerSecondIn == 32_000)
        #expect(row.bitsPerSecondOut == 64_000)
        #expect(row.windowBytes == 1_480_000)
        #expect(row.state.word == "live")
        // Nobody published it yet, and no probe told of it.
        #expect(snapshot.streams.first { $0.key == "live/other" }?.state.word == "waiting")
    }

    @Test func `a stream shows its newest recording, as far as the disk has it`() throws {
        server.registry.add(StreamProbe(key: "live/cam1", createdAtNanoseconds: server.now))
        _ = server.accept(1, role: .publisher, stream: "live/cam1")
        let first = RecordingProbe(stream: "live/cam1")
        first.hasEnded.store(true, ordering: .releasing)
        server.registry.add(first)
        #expect(server.tick().streams.first?.recording?.facts.state == .waiting)
        let second = RecordingProbe(stream: "live/cam1")
        second.facts.post(RecordingFacts(state: .writing, path: "r/a.flv"))
        second.bytes.set(1000)
        second.milliseconds.set(40)
        second.skippedFrames.set(3)
        server.registry.add(second)
        let recording = try #require(server.run(seconds: 1).streams.first?.recording)
        #expect(recording.facts == RecordingFacts(state: .writing, path: "r/a.flv"))
        #expect(recording.bytes == 1000 && recording.milliseconds == 40)
        #expect(recording.skippedFrames == 3)
    }

    @Test func `a stream that was forgotten comes back without its recording`() throws {
        for name in ["live/a", "live/b", "live/c"] as [SafeText] {
            server.registry.add(StreamProbe(key: name, createdAtNanoseconds: server.now))
        }
        let stream = StreamProbe(key: "live/cam1", createdAtNanoseconds: server.now)
        server.registry.add(stream)
        let recording = RecordingProbe(stream: "live/cam1")
        server.registry.add(recording)
        func shown(_ snapshot: Snapshot) -> StreamRow? {
            snapshot.streams.first { $0.key == "live/cam1" }
        }
        #expect(shown(server.tick())?.recording != nil)
        recording.hasEnded.store(true, ordering: .releasing)
        stream.hasEnded.store(true, ordering: .releasing)
        #expect(shown(server.run(seconds: 30))?.recording != nil)
        #expect(shown(server.run(seconds: 40)) == nil)
        server.registry.add(StreamProbe(key: "live/cam1", createdAtNanoseconds: server.now))
        let row = try #require(shown(server.tick()))
        #expect(row.recording == nil)
    }

    @Test func `an ended stream stays a minute and says why`() throws {
        let stream = StreamProbe(key: "live/studio", createdAtNanoseconds: server.now)
        server.registry.add(stream)
        let probe = server.accept(2, role: .publisher, stream: "live/studio")
        let facts = server.facts(.publisher, "live/studio")
        server.tell(.streamStart(stream: "live/studio", publisher: 2))
        server.run(seconds: 72)
        server.close(probe, facts)
        server.tell(.streamEnd(stream: "live/studio", why: "closed"))
        stream.hasEnded.store(true, ordering: .releasing)
        let ended = server.run(seconds: 41)
        guard case .ended(let why, let ago)? = ended.streams.first?.state else {
            Issue.record("\(ended.streams)")
            return
        }
        #expect(why == "published by #2 for 1m12s; closed by the peer")
        #expect(ago == 41 * ObservedServer.second)
        #expect(server.run(seconds: 20).streams.isEmpty)
    }

    @Test func `a stream that begins again takes the row of the one that ended`() throws {
        let old = StreamProbe(key: "live/cam1", createdAtNanoseconds: server.now)
        server.registry.add(old)
        server.tick()
        old.hasEnded.store(true, ordering: .releasing)
        server.run(seconds: 1)
        server.registry.add(StreamProbe(key: "live/cam1", createdAtNanoseconds: server.now))
        _ = server.accept(5, role: .publisher, stream: "live/cam1")
        let snapshot = server.run(seconds: 1)
        #expect(snapshot.streams.map(\.state.word) == ["live"])
        #expect(snapshot.streams[0].publisher == 5)
    }

    @Test func `events of several threads come in the order of their times`() throws {
        let other = Lanes(events: 8, messages: 1, trace: 1)
        server.registry.add(other)
        let base = server.now
        for (lane, offset) in [(server.lanes, 1), (other, 2), (other, 4), (server.lanes, 3)] {
            lane.events.put(
                Event(
                    atNanoseconds: base + UInt64(offset) * 1_000_000,
                    kind: .note(.info, source: "server", "\(offset)")))
        }
        // One of the future waits until its time has come.
        server.pass(milliseconds: 3)
        #expect(server.tick().journal.all.map(\.detail) == ["1", "2", "3"])
        server.pass(milliseconds: 250)
        let lines = server.tick().journal.all
        #expect(lines.map(\.detail) == ["1", "2", "3", "4"])
        #expect(lines[3].wallClockMilliseconds == server.wallClock(at: base + 4_000_000))
    }

    @Test func `a full lane is told as lost events, once`() throws {
        let server = ObservedServer(lanes: Lanes(events: 4, messages: 1, trace: 1))
        server.tick()
        for _ in 0..<10 { server.tell(.note(.info, source: "server", "x")) }
        let snapshot = server.run(seconds: 1)
        let missed = snapshot.journal.all.filter { $0.name == "missed" }
        #expect(missed.map(\.detail) == ["6 events lost"])
        #expect(missed.map(\.level) == [.warn])
        #expect(server.tick().server.missed == 6)
    }

    @Test func `CPU is of one core, over the second between two readings`() throws {
        server.setProcess(ProcessFigures(cpuNanoseconds: 500_000_000))
        #expect(server.tick().server.cpuPercent == nil)
        server.setProcess(
            ProcessFigures(
                cpuNanoseconds: 531_000_000, residentBytes: 41_000_000, openDescriptors: 19,
                descriptorLimit: 65_536))
        let figures = server.run(seconds: 1).server
        #expect(try #require(figures.cpuPercent).rounded(.toNearestOrEven) == 3)
        #expect(figures.residentBytes == 41_000_000)
        #expect(figures.openDescriptors == 19)
    }

    @Test func `only inspected sessions have detail, and their workers are told so`() throws {
        let probe = server.accept(3)
        server.tick()
        server.sampler.setInspected([3, 4])
        #expect(isInspected(probe))
        // One that is not there yet is told as soon as it is.
        let later = server.accept(4)
        server.tick()
        #expect(isInspected(later))
        probe.detail.post(ConnectionDetail())
        let snapshot = server.tick()
        #expect(Set(snapshot.inspected.keys) == [3, 4])
        #expect(snapshot.inspected[3]?.detail != nil)
        #expect(snapshot.inspected[4]?.detail == nil)
        server.sampler.setInspected([])
        #expect(!isInspected(probe))
        #expect(server.tick().inspected.isEmpty)
    }

    @Test func `the start tells version, addresses and time`() {
        server.pass(milliseconds: 40)
        server.tell(.serverStart(listen: ["127.0.0.1:19350"], version: "0.1.0", pid: 4711))
        server.pass(milliseconds: 10)
        let figures = server.tick().server
        #expect(figures.listen == ["127.0.0.1:19350"])
        #expect(figures.version == "0.1.0")
        #expect(figures.upNanoseconds == 10_000_000)
    }

    @Test func `ids that come out of order are still found`() {
        for id: SessionID in [5, 3, 9, 1] { _ = server.accept(id) }
        let snapshot = server.tick()
        #expect(snapshot.sessions.map(\.id) == [1, 3, 5, 9])
        #expect(snapshot.session(9)?.id == 9)
        #expect(snapshot.session(4) == nil)
    }

    private func isInspected(_ probe: ConnectionProbe) -> Bool {
        probe.isInspected.load(ordering: .relaxed)
    }
}
