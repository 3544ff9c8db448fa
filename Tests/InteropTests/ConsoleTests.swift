import Foundation
import Testing

extension InteropTests {
    /// The console on a real terminal: specs/002-console, "Terminal life cycle".
    @Suite(.enabled(if: Tool.tmux.isInstalled, "tmux is not installed")) struct ConsoleTests {
        @Test(needsFFmpeg, arguments: [(120, 40), (80, 24)])
        func `it shows the stream, inspects it, kills it and leaves the terminal as it was`(
            width: Int, height: Int
        ) async throws {
            let screen = try await Screen(width: width, height: height)
            let port = try freePort()
            let before = try await Self.terminalSettings(screen)
            try await screen.run("\(try Self.rtmpTop) --listen 127.0.0.1:\(port)")
            try await screen.waitFor("rtmp-top", "LIVE")
            #expect(try await screen.isAlternate)

            let clip = try await Clip.make(.long)
            let publisher = try FFmpeg.publish(clip, to: "rtmp://127.0.0.1:\(port)/live/shown")
            try await screen.waitFor("live/shown", "H.264")

            try await screen.press("2")
            try await screen.waitFor("#1", "PUB", "live/shown")
            try await screen.press("Enter")
            try await screen.waitFor("#1", "127.0.0.1")
            try await screen.press("3")
            try await screen.waitFor("live/shown")
            try await screen.press("5")
            try await screen.waitFor("stream.start")
            try await screen.press("2")
            try await screen.waitFor("PUB")
            try await screen.press("K")
            try await screen.waitFor("session #1", "What happens")
            try await screen.press("y")
            _ = try await publisher.exit()
            try await screen.waitFor("CLOSED")

            try await screen.press("q")
            try await Self.confirmQuit(screen)
            try await screen.waitFor("ready$")
            #expect(try await !screen.isAlternate)
            #expect(try await Self.terminalSettings(screen) == before)
        }

        @Test(arguments: [SIGTERM, SIGINT, SIGSEGV])
        func `a signal leaves the terminal as it was`(signal: Int32) async throws {
            let screen = try await Screen(width: 80, height: 24)
            let before = try await Self.terminalSettings(screen)
            let note = try temporaryFolder().appendingPathComponent("pid")
            let start = "echo $$ > \(note.path); exec \(try Self.rtmpTop) --listen 127.0.0.1:0"
            try await screen.run("sh -c '\(start)'")
            try await screen.waitFor("rtmp-top", "LIVE")
            let words = try String(contentsOf: note, encoding: .utf8).split(separator: "\n")
            let identifier = try #require(words.first.flatMap { Int32($0) })
            kill(identifier, signal)
            try await eventually("the end of the process") { kill(identifier, 0) != 0 }
            try await screen.waitFor("ready$")
            #expect(try await !screen.isAlternate)
            #expect(try await Self.terminalSettings(screen) == before)
        }

        @Test func `it follows the size of its terminal`() async throws {
            let screen = try await Screen(width: 120, height: 40)
            try await screen.run("\(try Self.rtmpTop) --demo 7")
            try await screen.waitFor("LIVE", "Overview")
            try await screen.resize(width: 48, height: 9)
            try await screen.waitFor("60 x 20", "48 x 9")
            try await screen.resize(width: 80, height: 24)
            try await screen.waitFor("7 conns", "live/cam1")
        }

        private static var rtmpTop: String {
            get throws {
                guard let path = Tool.rtmpTop else {
                    throw Impatience(description: "rtmp-top was not built")
                }
                return path
            }
        }

        private static func confirmQuit(_ screen: Screen) async throws {
            let text = try await screen.text
            if text.contains("Quit"), !text.contains("ready$") {
                try await screen.press("y")
            }
        }

        /// What `stty -g` says now.
        private static func terminalSettings(_ screen: Screen) async throws -> String {
            try await screen.run("clear; echo settings=$(stty -g)=")
            let settings = /settings=([0-9a-f:]+)=/
            let text = try await screen.waitFor("settings") {
                $0.replacing("\n", with: "").contains(settings)
            }
            let match = text.replacing("\n", with: "").firstMatch(of: settings)
            return match.map { String($0.1) } ?? ""
        }
    }
}
