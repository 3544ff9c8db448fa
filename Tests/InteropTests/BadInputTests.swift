import Foundation
import Testing

extension InteropTests {
    /// What a port on the internet is sent: closed with a reason, while others play on.
    @Suite struct BadInputTests {
        struct Attack: CustomTestStringConvertible {
            let name: String
            let bytes: [UInt8]
            /// Part of what `session.close` or `hs.fail` says.
            let word: String

            var testDescription: String { name }
        }

        static let attacks = [
            Attack(
                name: "a TLS hello", bytes: [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3], word: "TLS"),
            Attack(name: "HTTP", bytes: Array("GET / HTTP/1.1\r\n\r\n".utf8), word: "HTTP"),
            Attack(name: "RTMPE", bytes: [6] + [UInt8](repeating: 0, count: 1536), word: "RTMPE"),
            Attack(name: "garbage", bytes: [UInt8](repeating: 0xFF, count: 4096), word: ""),
            Attack(name: "silence", bytes: [], word: ""),
            Attack(
                name: "half a handshake", bytes: [3] + [UInt8](repeating: 0, count: 700), word: ""),
            Attack(
                name: "a message declared with 16 MiB",
                bytes: [3] + [UInt8](repeating: 0, count: 3072)
                    + [0x06, 0, 0, 0, 0xFF, 0xFF, 0xFF, 9, 1, 0, 0, 0], word: ""),
            Attack(
                name: "a chunk that continues nothing",
                bytes: [3] + [UInt8](repeating: 0, count: 3072) + [0xC3, 1, 2, 3], word: ""),
            Attack(
                name: "chunk size zero",
                bytes: [3] + [UInt8](repeating: 0, count: 3072)
                    + [2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0], word: ""),
        ]

        @Test(arguments: attacks)
        func `it is closed with a reason in the event and in the log`(
            attack: Attack
        ) async throws {
            let server = try await HeadlessServer(["--handshake-timeout", "1s"])
            let peer = try RawPeer(port: server.port)
            try peer.send(attack.bytes)
            let answer = try await peer.readToEnd()
            let close = try await server.event("session.close")
            #expect(close["who"] as? String == "us")
            #expect((close["why"] as? String)?.isEmpty == false)
            let told = server.events.map(\.description).joined() + server.program.errorText
            #expect(attack.word.isEmpty || told.contains(attack.word), "\(told)")
            #expect(server.program.errorText.contains("#1") || !server.program.errorText.isEmpty)
            if attack.name == "HTTP" {
                #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 400"))
            }
            #expect(try await server.stop() == 0)
        }

        @Test(needsFFmpeg)
        func `others play on, and memory stays bounded`() async throws {
            let clip = try await Clip.make(.plain)
            let server = try await HeadlessServer(
                ["--handshake-timeout", "1s", "--stats", "250ms"])
            let player = try FFmpeg.play(server.url("live/calm"))
            try await server.event("rtmp.play")
            let publisher = try FFmpeg.publish(clip, to: server.url("live/calm"))
            try await server.event("stream.start")
            let peers = try (0..<10).flatMap { _ in
                try Self.attacks.map { attack in
                    let peer = try RawPeer(port: server.port)
                    try peer.send(attack.bytes)
                    return peer
                }
            }
            for peer in peers { _ = try await peer.readToEnd() }
            #expect(try await publisher.exit() == 0)
            #expect(try await player.program.exit(within: 10) == 0)
            #expect(try await Packets(of: player.file) == Packets(of: clip.url))
            let resident = server.events.filter { $0.name == "stats.server" }
                .compactMap { $0["rss_b"] as? Int }
            // 90 attackers declare 160 MiB among them; a debug build with one stream takes 40.
            #expect((resident.max() ?? .max) < 100 << 20)
            #expect(try await server.stop() == 0)
        }
    }
}
