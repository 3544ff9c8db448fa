import Foundation
import Testing

extension InteropTests {
    /// What scripts may rely on: contracts/events.md.
    @Suite struct HeadlessContractTests {
        @Test func `the first line is server start and the last is server stop`() async throws {
            let server = try await HeadlessServer()
            #expect(server.port > 0)
            #expect(try await server.stop() == 0)
            let events = server.events
            let lines = server.program.outputText.split(separator: "\n")
            #expect(events.count == lines.count, "every line is JSON")
            #expect(events.first?.name == "server.start")
            #expect(events.last?.name == "server.stop")
            let start = try #require(events.first)
            #expect(start["v"] as? Int == 1)
            #expect(start["ms"] as? Int == 0)
            #expect(start["pid"] as? Int == Int(server.program.identifier))
            #expect((start["tls_listen"] as? [String])?.isEmpty == true)
            #expect(start.description.contains(/"t":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/))
        }

        @Test(arguments: [("", true), ("1", false)])
        func `a snapshot is coloured unless NO_COLOR says no`(
            value: String, isColoured: Bool
        ) async throws {
            let path = try #require(Tool.rtmpTop)
            let program = try RunningProgram(
                path, ["--snapshot", "overview", "--demo", "7", "--format", "ansi"],
                environment: ["NO_COLOR": value])
            #expect(try await program.exit() == 0)
            #expect(program.outputText.contains("live/cam1"))
            #expect(program.outputText.contains("38;2;") == isColoured)
        }

        @Test func `it ends by itself after the time of --for`() async throws {
            let server = try await HeadlessServer(["--for", "1s"])
            #expect(try await server.program.exit() == 0)
            #expect(server.events.last?.name == "server.stop")
        }

        @Test func `an interrupt ends it as SIGTERM does`() async throws {
            let server = try await HeadlessServer()
            server.program.send(SIGINT)
            #expect(try await server.program.exit() == 0)
            #expect(server.events.last?.name == "server.stop")
        }

        @Test func `stats lines come for the server without any session`() async throws {
            let server = try await HeadlessServer(["--stats", "250ms"])
            let line = try await server.event("stats.server")
            #expect(line["connections"] as? Int == 0)
            #expect((line["rss_b"] as? Int ?? 0) > 0)
            #expect(try await server.stop() == 0)
        }

        @Test func `the log goes to standard error, as JSON if asked`() async throws {
            let server = try await HeadlessServer(["--log-format", "json", "--log-level", "debug"])
            _ = try RawPeer(port: server.port)
            try await server.event("session.close")
            #expect(try await server.stop() == 0)
            let lines = server.program.errorText.split(separator: "\n")
            #expect(!lines.isEmpty)
            #expect(lines.allSatisfy { HeadlessServer.Event(line: $0) != nil })
        }

        @Test(
            InteropTests.needsFFmpeg,
            arguments: [
                "session.accept", "hs.done", "rtmp.connect", "rtmp.publish", "stream.start",
            ]
        )
        func `a publisher leaves its story in order`(name: String) async throws {
            let story = try await Self.story
            #expect(story.contains { $0.name == name }, "\(story)")
        }

        @Test(InteropTests.needsFFmpeg)
        func `the lines of a session follow its life`() async throws {
            var seen: Set<String> = []
            let story = try await Self.story.filter { $0.session == 1 }.map(\.name)
                .filter { seen.insert($0).inserted }
            let life = [
                "session.accept", "hs.done", "rtmp.connect", "rtmp.publish", "media.config",
                "session.close",
            ]
            #expect(story.filter(life.contains) == life)
        }

        @Test(InteropTests.needsFFmpeg)
        func `armed by --trace it writes a line for every chunk`() async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer(["--trace", "role:pub"])
            let publisher = try FFmpeg.publish(
                clip, to: server.url("live/traced"), options: ["-t", "2"])
            #expect(try await publisher.exit() == 0)
            let line = try await server.event("trace.chunk") { $0["type"] as? Int == 9 }
            for field in ["s", "dir", "at", "csid", "fmt", "hdr_b", "pay_b", "msg"] {
                #expect(line[field] != nil, "\(field) in \(line)")
            }
            #expect(try await server.stop() == 0)
        }

        private static let recorded = Task {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer()
            let publisher = try FFmpeg.publish(
                clip, to: server.url("live/story"), options: ["-t", "1"])
            _ = try await publisher.exit()
            try await server.event("session.close")
            _ = try await server.stop()
            return server.program.outputText
        }

        private static var story: [HeadlessServer.Event] {
            get async throws { HeadlessServer.Event.all(in: try await recorded.value) }
        }
    }
}
