import FoundationEssentials
import Monitor
import Telemetry
import Testing

@testable import rtmp_top

@Suite struct EventOutputTests {
    @Test func `events go to the end of a file, a line each, until the last`() throws {
        let path = FileManager.default.temporaryDirectory.path() + "rtmp-top-\(UUID()).jsonl"
        try "before\n".write(toFile: path, atomically: true, encoding: .utf8)
        let arguments = try Arguments.read(["--headless", "--events", path]).output
        let output = try EventOutput(arguments, nil)
        let registry = ProbeRegistry()
        let lanes = Lanes(events: 8, messages: 8, trace: 8)
        registry.add(lanes)
        let sampler = Sampler(registry: registry, startedAtNanoseconds: 1) { ProcessFigures() }
        lanes.events.put(
            Event(
                atNanoseconds: 1,
                kind: .serverStart(listen: ["127.0.0.1:1935"], version: "1", pid: 1)))
        lanes.events.put(Event(atNanoseconds: 2, kind: .hold("live/cam1", seconds: 60)))
        output.write(sampler.tick(nowNanoseconds: 3, wallClockMilliseconds: 0))
        output.finish(withinNanoseconds: 10_000_000_000)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.first == "before")
        #expect(lines.dropFirst().first?.contains("server.start") == true)
        #expect(lines.last?.contains("admin.hold") == true)
    }

    @Test func `chunks are written of those whom --trace names`() throws {
        let path = FileManager.default.temporaryDirectory.path() + "rtmp-top-\(UUID()).jsonl"
        let arguments = try Arguments.read(
            ["--headless", "--events", path, "--trace", "id=2"])
        let output = try EventOutput(arguments.output, Filters(arguments))
        let registry = ProbeRegistry()
        let lanes = Lanes(events: 8, messages: 8, trace: 8)
        registry.add(lanes)
        let sampler = Sampler(registry: registry, startedAtNanoseconds: 1) { ProcessFigures() }
        lanes.events.put(
            Event(atNanoseconds: 1, kind: .serverStart(listen: [], version: "1", pid: 1)))
        for id in [1, 2] as [SessionID] {
            registry.add(
                ConnectionProbe(id: id, peer: "", listener: "", acceptedAtNanoseconds: 1))
            lanes.trace.put(
                TraceRecord(
                    session: id, direction: .inward, atNanoseconds: 2, offset: 0,
                    chunkStreamID: 4, form: 0, headerBytes: 12, payloadBytes: 0,
                    messageLength: 0, messageType: 8, messageStreamID: 1, timestamp: 0,
                    timestampDelta: 0, messageNumber: 1, chunkIndex: 1, chunkCount: 1,
                    head: (0, 0, 0, 0), headCount: 0))
        }
        output.write(sampler.tick(nowNanoseconds: 3, wallClockMilliseconds: 0))
        output.finish(withinNanoseconds: 10_000_000_000)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.last?.contains("\"trace.chunk\",\"s\":2,") == true)
    }

    @Test func `an output that something else kept from being used ends by itself`() throws {
        let output = try EventOutput(Arguments.read(["--events", "/dev/null"]).output, nil)
        _ = consume output
    }

    @Test func `a file that cannot be written is refused at the start`() throws {
        let arguments = try Arguments.read(["--events", "/nonexistent/x.jsonl"]).output
        #expect(throws: Failure.self) { try EventOutput(arguments, nil) }
    }
}

extension Arguments {
    /// A command line that is right, without any environment.
    static func read(_ arguments: [String]) throws -> Arguments {
        let reading = CommandLineReading(arguments: arguments, environment: { _ in nil })
        guard case .run(let read) = reading else {
            throw WrongValue("\(reading)")
        }
        return read
    }
}
