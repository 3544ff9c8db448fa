import Foundation
import Testing

extension InteropTests {
    @Suite(needsFFmpeg) struct PublishAndPlayTests {
        @Test func `a publisher that returns is picked up by players that wait`() async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer()
            let first = try FFmpeg.publish(clip, to: server.url("live/again"))
            #expect(try await first.exit() == 0)
            try await server.event("stream.end") { $0.stream == "live/again" }
            let player = try FFmpeg.play(server.url("live/again"))
            try await server.event("rtmp.play")
            let second = try FFmpeg.publish(clip, to: server.url("live/again"))
            #expect(try await second.exit() == 0)
            #expect(try await player.program.exit(within: 10) == 0)
            #expect(try await Packets(of: player.file) == Packets(of: clip.url))
            #expect(try await server.stop() == 0)
        }

        @Test func `two publishers of two streams do not mix`() async throws {
            let plain = try await Clip.make(.plain)
            let reordered = try await Clip.make(.reordered)
            let server = try await HeadlessServer()
            let one = try FFmpeg.play(server.url("live/one"))
            let two = try FFmpeg.play(server.url("live/two"))
            try await eventually("two waiting players") {
                server.events.count { $0.name == "rtmp.play" } == 2
            }
            let publishers = [
                try FFmpeg.publish(plain, to: server.url("live/one")),
                try FFmpeg.publish(reordered, to: server.url("live/two")),
            ]
            for publisher in publishers { #expect(try await publisher.exit() == 0) }
            for (player, clip) in [(one, plain), (two, reordered)] {
                #expect(try await player.program.exit(within: 10) == 0)
                #expect(try await Packets(of: player.file) == Packets(of: clip.url))
            }
            #expect(try await server.stop() == 0)
        }
    }
}
