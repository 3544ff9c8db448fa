import Foundation
import Testing

extension InteropTests {
    @Suite(needsFFmpeg) struct PublishAndPlayTests {
        @Test(arguments: [Clip.Kind.plain, .reordered])
        func `players that wait get every packet as it was published, and end by themselves`(
            kind: Clip.Kind
        ) async throws {
            let clip = try await Clip.make(kind)
            let server = try await HeadlessServer()
            let players = try (0..<2).map { _ in try FFmpeg.play(server.url("live/early")) }
            try await eventually("two waiting players") {
                server.events.count { $0.name == "rtmp.play" && $0["accepted"] as? Bool == true }
                    == 2
            }
            let publisher = try FFmpeg.publish(clip, to: server.url("live/early"))
            #expect(try await publisher.exit() == 0)
            let source = try await Clip.packets(of: clip.url)
            #expect(!source.isEmpty)
            for player in players {
                #expect(try await player.program.exit(within: 10) == 0)
                let played = try await Clip.packets(of: player.file)
                for track in ["video", "audio"] {
                    #expect(
                        played.filter { $0.kind == track } == source.filter { $0.kind == track })
                }
            }
            #expect(try await server.stop() == 0)
        }

        @Test func `a late player gets an unbroken tail from a keyframe`() async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer(["--stats", "250ms"])
            let publisher = try FFmpeg.publish(clip, to: server.url("live/late"))
            let half = try Data(contentsOf: clip.url).count / 2
            try await server.event("stats.session") {
                $0["role"] as? String == "pub" && ($0["in_b"] as? Int ?? 0) > half
            }
            let player = try FFmpeg.play(server.url("live/late"))
            #expect(try await publisher.exit() == 0)
            #expect(try await player.program.exit(within: 10) == 0)

            let source = try await Clip.packets(of: clip.url)
            let played = try await Clip.packets(of: player.file)
            let video = played.filter { $0.kind == "video" }
            let audio = played.filter { $0.kind == "audio" }
            #expect(video.first?.isKeyframe == true)
            #expect(video.count < source.count { $0.kind == "video" })
            #expect(video.elementsEqual(source.filter { $0.kind == "video" }.suffix(video.count)))
            #expect(!audio.isEmpty)
            #expect(audio.elementsEqual(source.filter { $0.kind == "audio" }.suffix(audio.count)))
            #expect(try await server.stop() == 0)
        }

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
            let played = try await Clip.packets(of: player.file)
            let source = try await Clip.packets(of: clip.url)
            #expect(
                played.filter { $0.kind == "video" } == source.filter { $0.kind == "video" })
            #expect(try await server.stop() == 0)
        }

        @Test func `the facts of the tracks stand in media config and in the close lines`()
            async throws
        {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer()
            let publisher = try FFmpeg.publish(clip, to: server.url("live/facts"))
            #expect(try await publisher.exit() == 0)
            let close = try await server.event("session.close")
            let video = try #require(
                server.events.first {
                    $0.name == "media.config" && $0["kind"] as? String == "video"
                })
            #expect((video["codec"] as? String)?.contains("H.264") == true)
            #expect(video.description.contains("320"))
            let audio = try #require(
                server.events.first {
                    $0.name == "media.config" && $0["kind"] as? String == "audio"
                })
            #expect((audio["codec"] as? String)?.contains("AAC") == true)
            #expect(close["who"] as? String == "peer")
            #expect(close.session == video.session)
            let sent = try Data(contentsOf: clip.url).count
            #expect((close["in_b"] as? Int ?? 0) > sent * 9 / 10)
            #expect(try await server.stop() == 0)
        }

        @Test(.enabled(if: Tool.rtmpdump.isInstalled, "rtmpdump is not installed"))
        func `rtmpdump plays`() async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer()
            let file = try temporaryFolder().appendingPathComponent("dumped.flv")
            let dump = try RunningProgram(
                .rtmpdump,
                ["--live", "--timeout", "20", "-r", server.url("live/dump"), "-o", file.path])
            try await server.event("rtmp.play") { $0["accepted"] as? Bool == true }
            let publisher = try FFmpeg.publish(clip, to: server.url("live/dump"))
            #expect(try await publisher.exit() == 0)
            _ = try await dump.exit(within: 10)
            let played = try await Clip.packets(of: file)
            let source = try await Clip.packets(of: clip.url)
            for track in ["video", "audio"] {
                #expect(played.filter { $0.kind == track } == source.filter { $0.kind == track })
            }
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
                let played = try await Clip.packets(of: player.file)
                let source = try await Clip.packets(of: clip.url)
                #expect(
                    played.filter { $0.kind == "video" } == source.filter { $0.kind == "video" })
            }
            #expect(try await server.stop() == 0)
        }
    }
}
