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
            let before = try await screen.state
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
            #expect(try await screen.state == before)
        }

        @Test func `a file it cannot write is refused in a sentence, on a terminal too`()
            async throws
        {
            let screen = try await Screen(width: 120, height: 40)
            let log = try temporaryFolder().appendingPathComponent("log")
            try await screen.run(
                "\(try Self.rtmpTop) --listen 127.0.0.1:0 --log \(log.path) "
                    + "--events /nonexistent/x; echo code $?")
            try await screen.waitFor("--events /nonexistent/x: No such file", "code 2")
        }

        /// What one may be looking at, and the keys that lead there.
        private static let kinds: [(name: String, keys: [String], shown: String)] = [
            ("table", ["2"], "[2 Conn"), ("dialog", ["2", "K"], "What happens"),
            ("menu", ["2", "y"], "Copy to the clipboard"), ("prompt", ["2", "/", "x"], "/x"),
            ("help", ["?"], "row down"),
        ]
        /// And what the shell says of the end.
        private static let signals = [
            (SIGTERM, 0), (SIGINT, 0), (SIGQUIT, 131), (SIGSEGV, 139), (SIGABRT, 134),
        ]

        /// Starts it on a new terminal: the terminal as it was, and the number of the process.
        private func start(_ screen: Screen, _ options: String) async throws -> (
            Screen.State, Int32
        ) {
            let before = try await screen.state
            let note = try temporaryFolder().appendingPathComponent("pid")
            let command = "echo $$ > \(note.path); exec \(try Self.rtmpTop) \(options)"
            try await screen.run("ulimit -c 0; sh -c '\(command)'; echo ended=$?")
            try await screen.waitFor("rtmp-top", "LIVE")
            let words = try String(contentsOf: note, encoding: .utf8).split(separator: "\n")
            return (before, try #require(words.first.flatMap { Int32($0) }))
        }

        /// Presses what leads to the kind of screen, and tells what stands there.
        @discardableResult
        private func show(_ name: String, on screen: Screen) async throws -> String {
            let kind = try #require(Self.kinds.first { $0.name == name })
            for key in kind.keys { try await screen.press(key) }
            try await screen.waitFor(kind.shown)
            return kind.shown
        }

        @Test(arguments: signals, kinds.map(\.name))
        func `a signal leaves the terminal as it was, whatever is on it`(
            signal: (number: Int32, code: Int), kind: String
        ) async throws {
            let screen = try await Screen(width: 80, height: 24)
            let (before, identifier) = try await start(screen, "--demo 7")
            try await show(kind, on: screen)
            kill(identifier, signal.number)
            try await screen.waitFor("ended=\(signal.code)")
            #expect(try await screen.state == before)
        }

        @Test(arguments: kinds.map(\.name))
        func `a stop from outside leaves the terminal and not the server, Enter comes back`(
            kind: String
        ) async throws {
            let screen = try await Screen(width: 80, height: 24)
            let (before, identifier) = try await start(screen, "--demo 7")
            let shown = try await show(kind, on: screen)
            let during = try await screen.state
            #expect(during != before)
            kill(identifier, SIGTSTP)
            try await screen.waitFor("serving on", "Enter shows the console")
            #expect(try await screen.state == before)
            try await screen.press("Enter")
            try await screen.waitFor(shown)
            // Stopped for good, the shell has the terminal in its own way; going on, it is ours.
            kill(identifier, SIGCONT)
            try await screen.waitFor(shown)
            try await eventually("the terminal as it was") { try await screen.state == during }
            kill(identifier, SIGTERM)
            try await screen.waitFor("ended=0")
            #expect(try await screen.state == before)
        }

        @Test(arguments: kinds.map(\.name))
        func `a hang-up by signal changes nothing, whatever is on the screen`(
            kind: String
        ) async throws {
            let screen = try await Screen(width: 80, height: 24)
            let (before, identifier) = try await start(screen, "--demo 7")
            try await show(kind, on: screen)
            let during = try await screen.state
            kill(identifier, SIGHUP)
            // It answers keys as before: the next is read after the signal.
            try await screen.press("Escape", "Escape", "5")
            try await screen.waitFor("[5 Events")
            #expect(try await screen.isAlternate)
            #expect(try await screen.state.modes == during.modes)
            kill(identifier, SIGTERM)
            try await screen.waitFor("ended=0")
            #expect(try await screen.state == before)
        }

        @Test func `C-z detaches, and Enter comes back to what happened meanwhile`() async throws {
            let screen = try await Screen(width: 80, height: 24)
            let port = try freePort()
            let (before, identifier) = try await start(screen, "--listen 127.0.0.1:\(port)")
            kill(identifier, SIGHUP)
            try await screen.press("2")
            try await screen.waitFor("[2 Conn")
            try await screen.press("C-z")
            try await screen.waitFor("serving on 127.0.0.1:", "0 sessions")
            #expect(try await screen.state == before)
            // Nobody stops it here either, and what happens is told in lines.
            try await screen.press("C-z")
            let peer = try RawPeer(port: port)
            try await screen.waitFor("session.accept")
            withExtendedLifetime(peer) {}
            try await screen.press("Enter")
            try await screen.waitFor("[2 Conn", "hs:C0")
            try await screen.press(":")
            try await screen.run("quit!")
            try await screen.waitFor("ended=0")
            #expect(try await screen.state == before)
        }

        @Test func `a terminal that goes away leaves the server serving`() async throws {
            let port = try freePort()
            let folder = try temporaryFolder()
            var screen: Screen? = try await Screen(width: 80, height: 24)
            try await screen?.run("export XDG_STATE_HOME=\(folder.path)")
            let (_, identifier) = try await start(
                try #require(screen), "--listen 127.0.0.1:\(port)")
            defer { kill(identifier, SIGTERM) }
            screen = nil
            try await eventually("a server without its terminal") {
                kill(identifier, 0) == 0 && (try? RawPeer(port: port)) != nil
            }
            // Nobody sees its views any more but in files.
            kill(identifier, SIGUSR1)
            try await eventually("the views of a console without its terminal") {
                let path = folder.appendingPathComponent("rtmp-top/views.txt")
                return (try? String(contentsOf: path, encoding: .utf8))?.contains("Overview")
                    == true
            }
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
    }
}
