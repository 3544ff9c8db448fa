import Foundation
import Testing

extension InteropTests {
    /// What people do to a server with the programs they have.
    @Suite(needsFFmpeg) struct TrialTests {
        @Test(
            .enabled(if: hasIPv6, "this machine has no IPv6"),
            arguments: [(from: 0, to: 1), (from: 1, to: 0), (from: 1, to: 1)])
        func `a stream goes from one family of addresses to the other`(
            from: Int, to: Int
        ) async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer(["--listen", "[::1]:0"])
            let urls = server.addresses.map { "rtmp://\($0)/live/six" }
            let player = try FFmpeg.play(urls[to])
            try await server.event("rtmp.play")
            let publisher = try FFmpeg.publish(clip, to: urls[from])
            #expect(try await publisher.exit() == 0)
            #expect(try await player.program.exit(within: 10) == 0)
            #expect(try await Packets(of: player.file) == Packets(of: clip.url))
            #expect(try await server.stop() == 0)
        }

        struct Name: CustomTestStringConvertible {
            /// Behind the server's address, as the publisher has it and as the player has it.
            let published: String
            var played: String
            let stream: String

            init(_ published: String, played: String? = nil, stream: String? = nil) {
                self.published = published
                self.played = played ?? published
                self.stream = stream ?? published
            }

            var testDescription: String { published }
        }

        /// CMD-23; row 51. ffmpeg sends what is written, percent signs too.
        @Test(arguments: [
            Name("live/käse_🎥"),
            Name("a/b/c/d"),
            Name("live/x%20y"),
            Name("live//doubled", played: "live/doubled", stream: "live/doubled"),
            Name("live/_definst_/name", played: "live/name", stream: "live/name"),
            Name(
                "live/keyed?token=hush", played: "live/keyed?token=other&b=1",
                stream: "live/keyed"),
        ])
        func `a name is one however it is written`(name: Name) async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer()
            let player = try FFmpeg.play(server.url(name.played))
            try await server.event("rtmp.play") { $0.stream == name.stream }
            let publisher = try FFmpeg.publish(
                clip, to: server.url(name.published), options: ["-t", "1"])
            #expect(try await publisher.exit() == 0)
            try await server.event("stream.end") { $0.stream == name.stream }
            #expect(try await player.program.exit(within: 10) == 0)
            let played = try await Packets(of: player.file).video
            let source = try await Packets(of: clip.url).video
            #expect(!played.isEmpty && source.starts(with: played))
            #expect(!server.tells("hush"))
            #expect(try await server.stop() == 0)
        }

        @Test func `a name may hold spaces`() async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer()
            // In a URL ffmpeg takes what follows a space for options.
            let names = ["-rtmp_app", "live", "-rtmp_playpath", "my stream"]
            let player = try FFmpeg.play(server.url(""), options: names)
            try await server.event("rtmp.play") { $0.stream == "live/my stream" }
            let publisher = try FFmpeg.publish(
                clip, to: server.url(""), options: ["-t", "1"], output: names)
            #expect(try await publisher.exit() == 0)
            #expect(try await player.program.exit(within: 10) == 0)
            let played = try await Packets(of: player.file)
            #expect(!played.video.isEmpty)
            #expect(try await server.stop() == 0)
        }

        @Test func `a name that cannot be is refused`() async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer()
            let publisher = try FFmpeg.publish(clip, to: server.url("live/.."))
            let publish = try await server.event("rtmp.publish")
            #expect(publish["code"] as? String == "NetStream.Publish.Denied")
            #expect(try await publisher.exit() != 0)
            #expect(publisher.errorText.contains("This stream name cannot be published."))
            #expect(try await server.stop() == 0)
        }

        @Test func `a publisher that is killed ends its stream, and the next has the name at once`()
            async throws
        {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer(["--stats", "100ms"])
            let url = server.url("live/killed")
            let player = try FFmpeg.play(url)
            try await server.event("rtmp.play")
            let first = try FFmpeg.publish(clip, to: url)
            try await server.hasReceived(of: clip, 0.4)
            first.send(SIGKILL)
            #expect(try await first.exit() == 128 + SIGKILL)
            #expect(try await player.program.exit(within: 10) == 0)
            let end = try await server.event("stream.end")
            #expect(end["why"] as? String == "closed")
            let part = try await Packets(of: player.file)
            let whole = try await Packets(of: clip.url)
            #expect(part.video.count > 25 && whole.video.starts(with: part.video))

            let again = try FFmpeg.play(url)
            try await eventually("the next player") {
                server.events.count { $0.name == "rtmp.play" } == 2
            }
            let second = try FFmpeg.publish(clip, to: url)
            #expect(try await second.exit() == 0)
            #expect(try await again.program.exit(within: 10) == 0)
            #expect(try await Packets(of: again.file) == whole)
            #expect(try await server.stop() == 0)
        }

        /// CMD-9, row 15: the link is lost, the socket does not know yet.
        @Test func `a publisher that hangs makes way for the one that comes back`() async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer(["--stats", "100ms", "--silent-after", "1s"])
            let url = server.url("live/hung")
            let first = try FFmpeg.publish(clip, to: url)
            try await server.hasReceived(of: clip, 0.4)
            first.send(SIGSTOP)
            var answers = 1
            func publisher() async throws -> (RunningProgram, accepted: Bool) {
                let publisher = try FFmpeg.publish(clip, to: url)
                answers += 1
                let answer = try await eventually("an answer") {
                    server.events.filter { $0.name == "rtmp.publish" }.dropFirst(answers - 1).first
                }
                return (publisher, answer["accepted"] as? Bool == true)
            }
            // Who encodes tries again and again: the hung one has to be silent for a second first.
            var (second, accepted) = try await publisher()
            while !accepted {
                #expect(try await second.exit() != 0)
                (second, accepted) = try await publisher()
            }
            let player = try FFmpeg.play(url)
            first.send(SIGCONT)
            #expect(try await first.exit() != 0)
            #expect(try await second.exit() == 0)
            #expect(try await player.program.exit(within: 10) == 0)
            let end = try await server.event("stream.end")
            #expect(end["why"] as? String == "taken-over")
            #expect(try await Packets(of: player.file).video == Packets(of: clip.url).video)
            #expect(try await server.stop() == 0)
        }

        @Test func `of publishers that race for a name one wins, and the others hear it`()
            async throws
        {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer()
            let url = server.url("live/raced")
            let player = try FFmpeg.play(url)
            try await server.event("rtmp.play")
            let racers = try (0..<3).map { _ in try FFmpeg.publish(clip, to: url) }
            var codes: [Int32] = []
            for racer in racers { codes.append(try await racer.exit()) }
            #expect(codes.count { $0 == 0 } == 1)
            let answers = server.events.filter { $0.name == "rtmp.publish" }
                .compactMap { $0["code"] as? String }.sorted()
            #expect(
                answers == [
                    "NetStream.Publish.BadName", "NetStream.Publish.BadName",
                    "NetStream.Publish.Start",
                ])
            #expect(try await player.program.exit(within: 10) == 0)
            #expect(try await Packets(of: player.file) == Packets(of: clip.url))
            #expect(try await server.stop() == 0)
        }

        private static let hasIPv6: Bool = {
            let addresses = try? String(contentsOfFile: "/proc/net/if_inet6", encoding: .utf8)
            return addresses?.contains(String(repeating: "0", count: 31) + "1") == true
        }()
    }
}
