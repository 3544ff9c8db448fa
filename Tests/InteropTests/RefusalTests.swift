import Foundation
import Testing

extension InteropTests {
    /// Wrong usage and what is in the way: exit codes of `--help`'s page and one sentence.
    @Suite struct RefusalTests {
        @Test(arguments: [
            (["--idle-timeout", "soon"], "--idle-timeout"),
            (["--tls-listen", ":1"], "--tls-listen"),
            (["--headless", "--listen", "nowhere"], "--listen"),
            (["--theme", "no-such-theme", "--print-theme", "no-such-theme"], "no-such-theme"),
            (["--snapshot", "nothing"], "nothing"),
            (["--headless", "--trace", "((("], "--trace"),
            (["--headless", "--events", "/nonexistent/x"], "--events /nonexistent/x"),
            (["--headless", "--log", "/nonexistent/x"], "--log /nonexistent/x"),
            (["--snapshot", "overview", "--log", "/nonexistent/x"], "--log /nonexistent/x"),
        ])
        func `wrong usage ends with 2 and a sentence`(
            options: [String], word: String
        ) async throws {
            let program = try RunningProgram(try #require(Tool.rtmpTop), options)
            #expect(try await program.exit() == 2)
            #expect(program.errorText.contains(word))
            #expect(program.errorText.split(separator: "\n").count == 1)
            #expect(program.outputText.isEmpty)
        }

        @Test func `without a terminal it says so and ends with 2`() async throws {
            let program = try RunningProgram(
                try #require(Tool.rtmpTop), ["--listen", "127.0.0.1:0"])
            #expect(try await program.exit() == 2)
            #expect(program.errorText.contains("--headless"))
        }

        @Test func `a port in use ends with 3 and names it`() async throws {
            let server = try await HeadlessServer()
            let program = try RunningProgram(
                try #require(Tool.rtmpTop),
                ["--headless", "--listen", "127.0.0.1:\(server.port)"])
            #expect(try await program.exit() == 3)
            #expect(program.errorText.contains("127.0.0.1:\(server.port)"))
            #expect(program.outputText.isEmpty)
            #expect(try await server.stop() == 0)
        }
    }
}
