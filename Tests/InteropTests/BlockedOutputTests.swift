import Foundation
import Testing

extension InteropTests {
    /// A standard output that nobody reads.
    @Suite(needsFFmpeg) struct BlockedOutputTests {
        @Test func `media flows on and the lost lines are counted`() async throws {
            let clip = try await Clip.make(.plain)
            let port = try freePort()
            let path = try #require(Tool.rtmpTop)
            // A thousand chunks a second fill pipe and queue before the clip is over.
            let server = try RunningProgram(
                path,
                [
                    "--headless", "--listen", "127.0.0.1:\(port)", "--chunk-size", "128",
                    "--trace", "role:pub | role:play",
                    "--stats", "50ms",
                ], output: .unreadPipe)
            try await eventually("a listening server") { (try? RawPeer(port: port)) != nil }
            let url = "rtmp://127.0.0.1:\(port)/live/blocked"
            let publisher = try FFmpeg.publish(
                clip, to: url, options: ["-stream_loop", "3"])
            let player = try FFmpeg.play(url)
            #expect(try await publisher.exit(within: 60) == 0)
            #expect(try await player.program.exit(within: 10) == 0)
            let played = try await Packets(of: player.file)
            #expect(try await played.video.count > Packets(of: clip.url).video.count * 3)
            server.readPipe()
            try await eventually("a line that counts the lost ones") {
                HeadlessServer.Event.all(in: server.outputText).contains { $0.name == "missed" }
            }
            server.send(SIGTERM)
            #expect(try await server.exit() == 0)
            try await eventually("the last line") {
                HeadlessServer.Event.all(in: server.outputText).last?.name == "server.stop"
            }
        }
    }
}
