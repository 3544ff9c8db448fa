import Foundation
import Testing

extension InteropTests {
    /// Every real program that may not do what it wants: it hears why and leaves, and disturbs nobody
    /// (CMD-9, CMD-10, CMD-16; row 47 of contracts/interop.md).
    @Suite(needsFFmpeg) struct RefusedTests {
        @Test(arguments: Player.all.chosen.filter { $0.ends == .byItself && $0.takesNo })
        func `a player of what nobody publishes is told so and leaves`(player: Player) async throws
        {
            try player.orSkip(.plain)
            let server = try await HeadlessServer(["--play-wait", "0s"])
            let run = try await player.start(server.url("live/nobody"), temporaryFolder())
            let play = try await server.event("rtmp.play")
            #expect(play["accepted"] as? Bool == false)
            #expect(play["code"] as? String == "NetStream.Play.StreamNotFound")
            _ = try await run.main.exit(within: 15)
            #expect(try await server.stop() == 0)
        }

        @Test(arguments: Publisher.all.chosen)
        func `a publisher of a name in use is told so and leaves`(
            publisher: Publisher
        ) async throws {
            let kind = publisher.clips[0]
            try publisher.orSkip(kind)
            let clip = try await Clip.make(kind)
            let server = try await HeadlessServer()
            let url = server.url("live/busy")
            let first = try FFmpeg.publish(clip, to: url, options: ["-stream_loop", "-1"])
            try await server.event("stream.start")
            let second = try await publisher.start(clip, url, temporaryFolder())
            let publish = try await server.event("rtmp.publish") {
                $0.stream == "live/busy" && $0["accepted"] as? Bool == false
            }
            #expect(publish["code"] as? String == "NetStream.Publish.BadName")
            if publisher.takesNo {
                if publisher.tools.contains(.obs) {
                    try await OBS.hasStopped(second)
                } else {
                    _ = try await second.main.exit(within: 15)
                }
                let asked = server.events.count {
                    $0.name == "rtmp.publish" && $0.stream == "live/busy"
                }
                #expect(asked == 2)
            }
            #expect(first.isRunning)
            #expect(!server.events.contains { $0.name == "stream.end" && $0.stream == "live/busy" })
            #expect(try await server.stop() == 0)
        }
    }
}
