import RTMP
import Telemetry
import Testing

@testable import Monitor

@Suite struct TraceChoiceTests {
    private let server = ObservedServer(lanes: Lanes(events: 8, messages: 8, trace: 64))

    private func writer(_ trace: String, sessions: String? = nil) throws -> EventWriter {
        server.tell(.serverStart(listen: [], version: "", pid: 1))
        return EventWriter(
            sessions: try sessions.map { try FilterPredicate($0) },
            traced: try FilterPredicate(trace), traceLevel: .chunk)
    }

    private func chunk(_ number: UInt64, of session: SessionID) {
        server.lanes.trace.put(
            TraceRecord(
                session: session, direction: .inward, atNanoseconds: server.now, offset: 3073,
                chunkStreamID: 4, form: 0, headerBytes: 12, payloadBytes: 128, messageLength: 128,
                messageType: 9, messageStreamID: 1, timestamp: 40, timestampDelta: 0,
                messageNumber: number, chunkIndex: 1, chunkCount: 1, head: (0, 0, 0, 0),
                headCount: 0))
    }

    private func change(_ writer: inout EventWriter) -> TraceChange? {
        writer.takeTraceChange()
    }

    /// Lets a quarter of a second pass and gives the `s` and `msg` of the chunks written then.
    private func written(
        _ writer: inout EventWriter, looks: Bool = true
    ) throws -> [[Double]] {
        server.pass(milliseconds: 250)
        let snapshot = server.sampler.tick(
            nowNanoseconds: server.now, wallClockMilliseconds: 0, readsProbes: looks)
        return try writer.lines(of: snapshot).map { try JSONReader.line($0) }
            .filter { $0["ev"] == .text("trace.chunk") }
            .map { line in
                try ["s", "msg"].map { key in
                    guard case .number(let number) = try #require(line[key]) else { return -1 }
                    return number
                }
            }
    }

    @Test func `the beginning of a session is written once it is known to match`() throws {
        var writer = try writer("role:pub")
        let publisher = server.accept(1)
        let player = server.accept(2)
        chunk(1, of: 1)
        chunk(1, of: 2)
        #expect(try written(&writer) == [])
        #expect(change(&writer) == nil)
        chunk(2, of: 1)
        chunk(2, of: 2)
        #expect(try written(&writer, looks: false) == [])
        publisher.facts.post(Shared(server.facts(.publisher, "live/a")))
        player.facts.post(Shared(server.facts(.player, "live/a")))
        chunk(3, of: 1)
        chunk(3, of: 2)
        #expect(try written(&writer) == [[1, 1], [1, 2], [1, 3]])
        let wish = try #require(change(&writer))
        #expect(wish.armed == [])
        #expect(wish.disarmed == [2])
        #expect(change(&writer) == nil)
        // Between two looks the chunks of those that are known come at once.
        chunk(4, of: 1)
        chunk(4, of: 2)
        #expect(try written(&writer, looks: false) == [[1, 4]])
    }

    @Test func `a session is recorded as long as it matches`() throws {
        var writer = try writer("state:paused")
        let player = server.accept(2, role: .player, stream: "live/a")
        chunk(1, of: 2)
        #expect(try written(&writer) == [])
        #expect(change(&writer)?.disarmed == [2])
        var facts = server.facts(.player, "live/a")
        facts.state = "paused"
        player.facts.post(Shared(facts))
        #expect(try written(&writer) == [])
        #expect(change(&writer)?.armed == [2])
        chunk(2, of: 2)
        #expect(try written(&writer) == [[2, 2]])
        facts.state = "play"
        player.facts.post(Shared(facts))
        chunk(3, of: 2)
        #expect(try written(&writer) == [])
        #expect(change(&writer)?.disarmed == [2])
    }

    @Test func `who came and went between two looks is judged by what it did`() throws {
        var writer = try writer("role:pub")
        for (id, role) in [(1, .publisher), (2, .player)] as [(SessionID, ConnectionFacts.Role)] {
            let facts = server.facts(role, "live/a")
            let probe = server.accept(id, role: role, stream: "live/a")
            chunk(1, of: id)
            server.close(probe, facts)
        }
        #expect(try written(&writer) == [[1, 1]])
        #expect(change(&writer) == nil)
    }

    @Test func `--filter and --trace are asked together`() throws {
        var writer = try writer("role:pub", sessions: "id>1")
        for id in [1, 2] as [SessionID] {
            _ = server.accept(id, role: .publisher, stream: "live/\(id)")
            chunk(1, of: id)
        }
        #expect(try written(&writer) == [[2, 1]])
        #expect(change(&writer)?.disarmed == [1])
    }

    @Test func `an expression that says nothing records everybody`() throws {
        var writer = try writer("")
        _ = server.accept(1)
        _ = server.accept(2, role: .player, stream: "live/a")
        chunk(1, of: 1)
        chunk(1, of: 2)
        #expect(try written(&writer) == [[1, 1], [2, 1]])
        #expect(change(&writer) == nil)
    }

    @Test func `the chunks of the last moments stand before server.stop`() throws {
        var writer = try writer("role:pub")
        _ = server.accept(1, role: .publisher, stream: "live/a")
        chunk(1, of: 1)
        server.tell(.serverStop(why: "signal"))
        server.pass(milliseconds: 250)
        let names = try writer.lines(of: server.tick()).map { try JSONReader.line($0)["ev"] }
        #expect(
            names == ["server.start", "trace.chunk", "server.stop"].map { .text($0) })
    }

    @Test func `chunks that are too many to wait are counted`() throws {
        var choice = TraceChoice([try FilterPredicate("role:pub")], waitingLimit: 2)
        _ = server.accept(1, role: .publisher, stream: "live/a")
        // Nobody knows of a session 9, so after a look nothing waits for it.
        let early = [1, 1, 9].enumerated().filter { choice.admits($0.offset, of: $0.element) }
        #expect(early.isEmpty)
        let lost = [choice.takeLost(), choice.takeLost()]
        #expect(lost == [1, 0])
        let first = choice.look(at: server.tick())
        #expect(first == [0, 1])
        let later = [1, 9, 9, 9].map { choice.admits(7, of: $0) }
        #expect(later == [true, false, false, false])
        let lostLater = choice.takeLost()
        #expect(lostLater == 1)
        let second = choice.look(at: server.tick())
        #expect(second == [])
        _ = choice.admits(8, of: 9)
        let lostLast = choice.takeLost()
        #expect(lostLast == 0)
    }
}
