import Foundation
import Testing

extension InteropTests {
    /// `rtmp-client` as people call it.
    @Suite(.enabled(if: Tool.rtmpClient != nil, "rtmp-client was not built"))
    struct RtmpClientTests {
        // MARK: Exit codes

        @Test(arguments: [
            ["publish", "-i", "/nonexistent.flv", "rtmp://localhost/live/a"],
            ["publish", "-i", "/dev/null", "rtmp://localhost/live/a"],
            ["publish", "--loop", "rtmp://localhost/live/a"],
            ["play", "http://localhost/live/a"],
            ["play", "--ca-file", "/nonexistent", "rtmps://localhost:1/live/a"],
            ["play", "--for", "5", "rtmp://localhost/live/a"], ["play"], ["repair", "/dev/null"],
            ["dance"], ["play", "a", "--url", "b"],
        ])
        func `wrong usage and unreadable files end with 2 and a sentence`(
            arguments: [String]
        ) async throws {
            let program = try RtmpClient.run(arguments[0], Array(arguments.dropFirst()))
            #expect(try await program.exit() == 2, "\(program.errorText)")
            #expect(!program.errorText.isEmpty)
        }

        @Test func `what a server refuses ends with 1 and its code`() async throws {
            let server = try await HeadlessServer(["--play-wait", "0s"])
            for command in ["play", "probe"] {
                let program = try RtmpClient.run(command, [server.url("live/none")])
                #expect(try await program.exit() == 1)
                #expect(program.errorText.contains("NetStream.Play.StreamNotFound"))
            }
            #expect(try await server.stop() == 0)
        }

        @Test(needsFFmpeg) func `a stream that falls silent ends with 3`() async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer()
            let publisher = try RtmpClient.run(
                "publish", ["--fast", server.url("live/a")],
                reading: "(cat \(clip.url.path); exec sleep 8)")
            try await server.event("media.config")
            let probe = try RtmpClient.run(
                "probe", ["--json", "--stall", "1s", "--for", "1m", server.url("live/a")])
            let player = try RtmpClient.run("play", ["--stall", "1s", server.url("live/a")])
            #expect(try await probe.exit() == 3, "\(probe.errorText)")
            #expect(probe.outputText.contains("\"silent\":true"))
            #expect(probe.errorText.contains("no media came for 1 s"))
            #expect(try await player.exit() == 3, "\(player.errorText)")
            #expect(try await publisher.exit() == 0, "\(publisher.errorText)")
            #expect(try await server.stop() == 0)
        }

        /// The server is stopped, so that the goodbye lasts the second it may.
        @Test(needsFFmpeg) func `a second interrupt ends at once with 130`() async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer()
            let publisher = try RtmpClient.run(
                "publish", ["--loop", "-i", clip.url.path, server.url("live/a")])
            try await server.event("stream.start")
            server.program.send(SIGSTOP)
            defer { server.program.send(SIGCONT) }
            publisher.send(SIGINT)
            publisher.send(SIGTERM)
            #expect(try await publisher.exit() == 130)
        }

        @Test(
            arguments: [
                ([], false), (["-v"], true), (["--log-level", "debug"], true),
                (["--log-level", "warn"], false),
            ] as [([String], Bool)])
        func `what the server says is told when asked for`(
            options: [String], isTold: Bool
        ) async throws {
            let server = try await HeadlessServer(["--play-wait", "0s"])
            let program = try RtmpClient.run("play", options + [server.url("live/none")])
            #expect(try await program.exit() == 1)
            #expect(program.errorText.contains("connect accepted by") == isTold)
            #expect(try await server.stop() == 0)
        }

        // MARK: Round trips

        @Test(needsFFmpeg) func `a pipe from ffmpeg and a pipe to ffmpeg`() async throws {
            let clip = try await Clip.make(.reordered)
            let server = try await HeadlessServer()
            let file = try temporaryFolder().appendingPathComponent("played.mkv")
            let player = try RtmpClient.run(
                "play", [server.url("live/pipe")],
                into: "ffmpeg -nostdin -loglevel error -i - -map 0 -c copy \(file.path)")
            try await server.event("rtmp.play")
            let publisher = try RtmpClient.run(
                "publish", [server.url("live/pipe")],
                reading: "ffmpeg -nostdin -loglevel error -re -i \(clip.url.path) -c copy -f flv -")
            #expect(try await publisher.exit() == 0, "\(publisher.errorText)")
            #expect(try await player.exit() == 0, "\(player.errorText)")
            #expect(try await Packets(of: file) == Packets(of: clip.url))
            try await server.event("stream.end") { $0["why"] as? String == "unpublish" }
            #expect(try await server.stop() == 0)
        }

        @Test(needsFFmpeg) func `an interrupted publisher says goodbye, its player ends well`()
            async throws
        {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer()
            let file = try temporaryFolder().appendingPathComponent("played.flv")
            let player = try RtmpClient.run("play", ["-o", file.path, server.url("live/a")])
            try await server.event("rtmp.play")
            let publisher = try RtmpClient.run(
                "publish", ["--loop", "-i", clip.url.path, server.url("live/a")])
            try await server.event("stream.start")
            publisher.send(SIGINT)
            #expect(try await publisher.exit() == 0, "\(publisher.errorText)")
            try await server.event("stream.end") { $0["why"] as? String == "unpublish" }
            #expect(try await player.exit() == 0, "\(player.errorText)")
            #expect(try await server.stop() == 0)
        }

        @Test(
            needsFFmpeg,
            .enabled(if: Tool.nginx.isInstalled, "nginx is not installed"))
        func `through nginx-rtmp and back`() async throws {
            let clip = try await Clip.make(.plain)
            let folder = try temporaryFolder()
            let nginx = try await Nginx("application live { live on; }", in: folder)
            let file = folder.appendingPathComponent("played.flv")
            // nginx never says that a stream is over.
            let player = try RtmpClient.run(
                "play", ["-v", "-o", file.path, "--for", "3s", nginx.url("live/a")])
            try await eventually("the play") { player.errorText.contains("Play.Start") }
            let publisher = try RtmpClient.run(
                "publish", ["-i", clip.url.path, nginx.url("live/a")])
            #expect(try await publisher.exit() == 0, "\(publisher.errorText)")
            #expect(try await player.exit() == 0, "\(player.errorText)")
            let (played, whole) = try await (Packets(of: file), Packets(of: clip.url))
            #expect(played.isPart(of: whole) && played.video.count > 50, "\(played)")
        }

        // MARK: Probe and repair

        @Test(needsFFmpeg) func `probe tells what a stream is`() async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer()
            let publisher = try RtmpClient.run(
                "publish", ["--loop", "-i", clip.url.path, server.url("live/a")])
            try await server.event("stream.start")
            let probe = try RtmpClient.run(
                "probe", ["--json", "--for", "3s", server.url("live/a?token=secret")])
            #expect(try await probe.exit() == 0, "\(probe.errorText)")
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(probe.outputText.utf8))
                    as? [String: Any])
            #expect(report["playable"] as? Bool == true)
            #expect(report["handshake"] as? String == "simple")
            #expect(report["error"] is NSNull)
            #expect((report["url"] as? String)?.contains("secret") == false)
            let tracks = try #require(report["tracks"] as? [[String: Any]])
            let video = try #require(tracks.first { $0["kind"] as? String == "video" })
            #expect(video["codec"] as? String == "H.264" && video["width"] as? Int == 320)
            #expect(video["fps"] as? Double == 25)
            #expect(video["gop_ms"] as? Double == 1000)
            let audio = try #require(tracks.first { $0["kind"] as? String == "audio" })
            #expect(audio["codec"] as? String == "AAC-LC" && audio["rate"] as? Int == 48000)

            let table = try RtmpClient.run("probe", ["--for", "500ms", server.url("live/a")])
            #expect(try await table.exit() == 0, "\(table.errorText)")
            #expect(table.outputText.contains("H.264, Constrained Baseline"))
            publisher.send(SIGTERM)
            #expect(try await publisher.exit() == 0)
            #expect(try await server.stop() == 0)
        }

        @Test(needsFFmpeg) func `repair makes a cut file whole, and leaves it alone then`()
            async throws
        {
            let clip = try await Clip.make(.plain)
            let file = try temporaryFolder().appendingPathComponent("cut.flv")
            let bytes = try Data(contentsOf: clip.url)
            try bytes.prefix(bytes.count * 2 / 3).write(to: file)
            let repair = try RtmpClient.run("repair", [file.path])
            #expect(try await repair.exit() == 0)
            #expect(repair.outputText.contains("repaired"), "\(repair.outputText)")
            let repaired = try Data(contentsOf: file)
            #expect(repaired.count <= bytes.count * 2 / 3)
            #expect(try await Packets(of: file).isPart(of: Packets(of: clip.url)))
            // What cannot be repaired keeps nothing else from it.
            let finished = try RtmpClient.run(
                "repair", ["/dev/null", "/dev/null/x", clip.url.path])
            #expect(try await finished.exit() == 2)
            #expect(finished.outputText.contains(": whole"), "\(finished.outputText)")
            #expect(finished.errorText.split(separator: "\n").count == 2)
            #expect(try Data(contentsOf: clip.url) == bytes)
            let again = try RtmpClient.run("repair", [file.path])
            #expect(try await again.exit() == 0)
            #expect(again.outputText.contains(": whole"), "\(again.outputText)")
            #expect(try Data(contentsOf: file) == repaired)
        }
    }
}
