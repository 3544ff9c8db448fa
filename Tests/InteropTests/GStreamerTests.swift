import Foundation
import Testing

extension InteropTests {
    /// GStreamer's rtmp2 elements: transaction 0, type 3 headers after type 0, first onStatus on the
    /// stream (RTMP.md §5.1, CH-6).
    @Suite(
        needsFFmpeg, .enabled(if: Tool.gstLaunch.isInstalled, "GStreamer is not installed"))
    struct GStreamerTests {
        @Test func `what rtmp2sink publishes ffmpeg plays`() async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer()
            let player = try FFmpeg.play(server.url("live/gst"))
            try await server.event("rtmp.play")
            let publisher = try RunningProgram(
                .gstLaunch,
                [
                    "-q", "filesrc", "location=\(clip.url.path)", "!", "flvdemux", "name=d",
                    "flvmux", "name=m", "streamable=true", "!", "rtmp2sink",
                    "location=\(server.url("live/gst"))",
                    "d.video", "!", "queue", "!", "h264parse", "!", "m.video",
                    "d.audio", "!", "queue", "!", "aacparse", "!", "m.audio",
                ])
            #expect(try await publisher.exit() == 0, "\(publisher.errorText)")
            #expect(try await player.program.exit(within: 10) == 0)
            let played = try await Clip.packets(of: player.file)
            let source = try await Clip.packets(of: clip.url)
            #expect(played.count { $0.kind == "video" } == source.count { $0.kind == "video" })
            #expect(try await server.stop() == 0)
        }

        @Test func `what ffmpeg publishes rtmp2src plays`() async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer()
            let file = try temporaryFolder().appendingPathComponent("gst.flv")
            let player = try RunningProgram(
                .gstLaunch,
                [
                    "-q", "-e", "rtmp2src", "location=\(server.url("live/tog"))", "!", "filesink",
                    "location=\(file.path)",
                ])
            try await server.event("rtmp.play")
            let publisher = try FFmpeg.publish(clip, to: server.url("live/tog"))
            #expect(try await publisher.exit() == 0)
            _ = try await player.exit(within: 10)
            let played = try await Clip.packets(of: file)
            let source = try await Clip.packets(of: clip.url)
            #expect(
                played.filter { $0.kind == "video" } == source.filter { $0.kind == "video" })
            #expect(try await server.stop() == 0)
        }
    }
}
