import Foundation
import TestSupport
import Testing

extension InteropTests {
    /// RTMPS as people use it: ffmpeg and our client, through a certificate that is replaced meanwhile.
    @Suite struct TLSTests {
        /// A server with RTMPS beside RTMP, and the files of its certificate.
        private struct Rig {
            let server: HeadlessServer
            let folder: URL
            let address: String

            init(_ options: [String] = []) async throws {
                folder = try temporaryFolder()
                try Self.write(TestCertificate(subject: "first"), to: folder)
                server = try await HeadlessServer(
                    [
                        "--tls-listen", "127.0.0.1:0", "--tls-cert",
                        folder.appendingPathComponent("certificate.pem").path, "--tls-key",
                        folder.appendingPathComponent("key.pem").path,
                    ] + options)
                let start = try #require(server.events.first)
                address = try #require((start["tls_listen"] as? [String])?.first)
            }

            static func write(_ certificate: TestCertificate, to folder: URL) throws {
                try certificate.key.write(
                    to: folder.appendingPathComponent("key.pem"), atomically: true, encoding: .utf8)
                try certificate.certificate.write(
                    to: folder.appendingPathComponent("certificate.pem"), atomically: true,
                    encoding: .utf8)
            }

            func url(_ stream: String) -> String { "rtmps://\(address)/\(stream)" }
            var authorities: [String] {
                ["--ca-file", folder.appendingPathComponent("certificate.pem").path]
            }
        }

        @Test(needsFFmpeg) func `ffmpeg publishes and plays over TLS, byte for byte`() async throws
        {
            let clip = try await Clip.make(.reordered)
            let rig = try await Rig()
            let options = ["-tls_verify", "0"]
            let player = try FFmpeg.play(rig.url("live/a"), options: options)
            try await rig.server.event("rtmp.play")
            let publisher = try FFmpeg.publish(clip, to: rig.url("live/a"), output: options)
            #expect(try await publisher.exit() == 0, "\(publisher.errorText)")
            #expect(try await player.program.exit(within: 10) == 0)
            #expect(try await Packets(of: player.file) == Packets(of: clip.url))
            let done = try await rig.server.event("tls.done")
            #expect((done["version"] as? String)?.hasPrefix("TLSv1.") == true)
            #expect(
                rig.server.events.filter { $0.name == "session.accept" }
                    .allSatisfy { $0["tls"] as? Bool == true })
            #expect(try await rig.server.stop() == 0)
        }

        @Test(
            needsFFmpeg, .enabled(if: Tool.rtmpClient != nil, "rtmp-client was not built"))
        func `our client publishes, plays and probes over TLS`() async throws {
            let clip = try await Clip.make(.reordered)
            let rig = try await Rig(["--stats", "100ms"])
            let file = try temporaryFolder().appendingPathComponent("played.flv")
            let player = try RtmpClient.run(
                "play", rig.authorities + ["-o", file.path, rig.url("live/a")])
            try await rig.server.event("rtmp.play")
            let publisher = try RtmpClient.run(
                "publish", rig.authorities + ["-i", clip.url.path, rig.url("live/a")])
            try await rig.server.event("stream.start")
            try await rig.server.event("stats.session") { $0["tls"] as? String == "TLSv1.3" }
            let probe = try RtmpClient.run(
                "probe", rig.authorities + ["--json", "--for", "500ms", rig.url("live/a")])
            #expect(try await probe.exit() == 0, "\(probe.errorText)")
            let report = try #require(HeadlessServer.Event(line: probe.outputText[...]))
            #expect(report["tls"] as? String == "TLSv1.3")
            #expect(report["cipher"] as? String == "TLS_AES_128_GCM_SHA256")
            let certificate = try #require(report["certificate"] as? [String: Any])
            #expect(certificate["subject"] as? String == "CN=first")
            #expect(certificate["names"] as? [String] == ["localhost", "127.0.0.1", "::1"])
            #expect(certificate["trusted"] as? Bool == true)
            #expect(try await publisher.exit() == 0, "\(publisher.errorText)")
            #expect(try await player.exit() == 0, "\(player.errorText)")
            #expect(try await Packets(of: file) == Packets(of: clip.url))
            #expect(try await rig.server.stop() == 0)
        }

        @Test(.enabled(if: Tool.rtmpClient != nil, "rtmp-client was not built"))
        func `who is not trusted is refused, unless it is asked for`() async throws {
            let rig = try await Rig(["--play-wait", "0s"])
            let strict = try RtmpClient.run("probe", [rig.url("live/a")])
            #expect(try await strict.exit() == 1)
            #expect(strict.errorText.contains("self-signed certificate"))
            #expect(strict.errorText.contains("--insecure"))
            try await rig.server.event("session.close") { $0["why"] as? String == "tls-refused" }
            let lax = try RtmpClient.run("probe", ["--insecure", rig.url("live/a")])
            #expect(try await lax.exit() == 1)
            #expect(lax.errorText.contains("NetStream.Play.StreamNotFound"))
            #expect(lax.outputText.contains("no: self-signed certificate"))
            #expect(try await rig.server.stop() == 0)
        }

        @Test(
            needsFFmpeg, .enabled(if: Tool.rtmpClient != nil, "rtmp-client was not built"))
        func `SIGHUP reads the certificate anew, who plays plays on`() async throws {
            let clip = try await Clip.make(.plain)
            let rig = try await Rig()
            let player = try FFmpeg.play(rig.url("live/a"), options: ["-tls_verify", "0"])
            try await rig.server.event("rtmp.play")
            let publisher = try FFmpeg.publish(
                clip, to: rig.url("live/a"), output: ["-tls_verify", "0"])
            try await rig.server.event("stream.start")
            try Rig.write(TestCertificate(subject: "second"), to: rig.folder)
            rig.server.program.send(SIGHUP)
            let read = try await rig.server.event("tls.certificate")
            #expect(read["taken"] as? Bool == true)
            let probe = try RtmpClient.run(
                "probe", rig.authorities + ["--for", "100ms", rig.url("live/a")])
            #expect(try await probe.exit() == 0, "\(probe.errorText)")
            #expect(probe.outputText.contains("CN=second"))
            #expect(try await publisher.exit() == 0)
            #expect(try await player.program.exit(within: 10) == 0)
            #expect(try await Packets(of: player.file) == Packets(of: clip.url))
            #expect(try await rig.server.stop() == 0)
        }

        @Test func `files that cannot be used end with 2 and are named`() async throws {
            let folder = try temporaryFolder()
            let certificate = folder.appendingPathComponent("c.pem")
            try TestCertificate().certificate.write(
                to: certificate, atomically: true, encoding: .utf8)
            for (key, word) in [
                ("/nonexistent", "No such file"), (certificate.path, "private key"),
            ] {
                let program = try RunningProgram(
                    try #require(Tool.rtmpTop),
                    [
                        "--headless", "--listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:0",
                        "--tls-cert", certificate.path, "--tls-key", key,
                    ])
                #expect(try await program.exit() == 2)
                #expect(program.errorText.contains(key) && program.errorText.contains(word))
                #expect(program.outputText.isEmpty)
            }
        }
    }
}
