import Foundation
import Testing

extension InteropTests {
    /// ffmpeg publishes, the server records, ffprobe reads.
    @Suite struct RecordingTests {
        /// Seconds of a file as ffprobe says them, and what it complains of.
        private static func probe(_ file: URL) async throws -> (seconds: Double?, words: String) {
            let program = try RunningProgram(
                .ffprobe,
                [
                    "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file.path,
                ])
            #expect(try await program.exit() == 0, "\(file.path): \(program.errorText)")
            let text = program.outputText.trimmingCharacters(in: .whitespacesAndNewlines)
            return (Double(text), program.errorText)
        }

        /// Debian's ffprobe knows nothing of Enhanced RTMP in a file, and the current ffmpeg comes without
        /// one: what it says of its input.
        private static func probeWithCurrent(
            _ file: URL
        ) async throws -> (seconds: Double?, words: String) {
            let program = try RunningProgram(
                .currentFFmpeg,
                ["-nostdin", "-hide_banner", "-i", file.path, "-c", "copy", "-f", "null", "-"])
            let status = try await program.exit()
            let lines = program.errorText.split(separator: "\n")
            // What it says of its output is no complaint.
            let words = lines.filter { $0.hasPrefix("[") && !$0.hasPrefix("[out") }
            let clock = program.errorText.firstMatch(of: /Duration: (\d+):(\d+):(\d+\.\d+)/)
            let seconds = clock.flatMap { clock -> Double? in
                guard let hours = Double(clock.1), let minutes = Double(clock.2),
                    let seconds = Double(clock.3)
                else { return nil }
                return hours * 3600 + minutes * 60 + seconds
            }
            return (seconds, status == 0 ? words.joined(separator: "\n") : program.errorText)
        }

        /// As ffmpeg itself writes it: in Matroska its time begins where it is shown, not decoded.
        private static func remuxed(_ clip: Clip, to file: URL) async throws -> URL {
            let program = try RunningProgram(
                .currentFFmpeg,
                ["-nostdin", "-loglevel", "error", "-i", clip.url.path, "-c", "copy", file.path])
            #expect(try await program.exit() == 0, "\(program.errorText)")
            return file
        }

        private static func files(in folder: URL, _ suffix: String = ".flv") throws -> [URL] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
                .filter { $0.hasSuffix(suffix) }.map { folder.appendingPathComponent($0) }
        }

        @Test(needsFFmpeg, arguments: [Clip.Kind.plain, .reordered, .hevcAAC, .av1Opus])
        func `what ffmpeg publishes is recorded, packet by packet, and as long`(
            kind: Clip.Kind
        ) async throws {
            guard kind.encoder.isInstalled else { return }
            let clip = try await Clip.make(kind)
            let folder = try temporaryFolder()
            let server = try await HeadlessServer(["--record-all", "--record-dir", folder.path])
            let publisher = try FFmpeg.publish(
                clip, to: server.url("live/film"),
                options: [], output: kind.isEnhanced ? FFmpeg.announcing : [])
            #expect(try await publisher.exit() == 0, "\(publisher.errorText)")
            let end = try await server.event("record.end")
            #expect(try await server.stop() == 0)
            let file = try #require(Self.files(in: folder).first)
            #expect(end["path"] as? String == file.path)
            #expect(try await Packets(of: file) == Packets(of: clip.url))
            let judge = kind.isEnhanced ? Self.probeWithCurrent : Self.probe
            let (seconds, words) = try await judge(file)
            #expect(words.isEmpty)
            let reference =
                kind.isEnhanced
                ? try await Self.remuxed(clip, to: folder.appendingPathComponent("clip.flv"))
                : clip.url
            let expected = try #require(try await judge(reference).seconds)
            #expect(abs(try #require(seconds) - expected) <= 0.045, "\(expected)")
            let milliseconds = try #require(end["duration_ms"] as? Int)
            #expect(abs(Double(milliseconds) / 1000 - expected) <= 0.045, "\(expected)")
        }

        @Test(needsFFmpeg) func `segments in a row are what was published`() async throws {
            let clip = try await Clip.make(.reordered)
            let folder = try temporaryFolder()
            let server = try await HeadlessServer([
                "--record-all", "--record-dir", folder.path, "--record-segment", "1s",
            ])
            let publisher = try FFmpeg.publish(clip, to: server.url("live/film"))
            #expect(try await publisher.exit() == 0, "\(publisher.errorText)")
            try await server.event("record.end")
            #expect(try await server.stop() == 0)
            let files = try Self.files(in: folder)
            #expect(files.count == 4)
            var video: [Packet] = []
            var audio: [Packet] = []
            for file in files {
                let packets = try await Packets(of: file)
                video += packets.video
                audio += packets.audio
            }
            #expect(try await Packets(video: video, audio: audio) == Packets(of: clip.url))
        }

        @Test(needsFFmpeg) func `a full disk ends the file and harms no player`() async throws {
            let clip = try await Clip.make(.plain)
            let folder = try temporaryFolder()
            let server = try await HeadlessServer(
                ["--record-all", "--record-dir", folder.path], fileBlocks: 240)
            let player = try FFmpeg.play(server.url("live/film"))
            try await server.event("rtmp.play")
            let publisher = try FFmpeg.publish(clip, to: server.url("live/film"))
            #expect(try await publisher.exit() == 0, "\(publisher.errorText)")
            let failure = try await server.event("record.fail")
            #expect(failure["why"] as? String == "write: File too large")
            #expect(try await player.program.exit() == 0, "\(player.program.errorText)")
            #expect(try await Packets(of: player.file) == Packets(of: clip.url))
            #expect(try await server.stop() == 0)
            let file = try #require(Self.files(in: folder).first)
            #expect(failure["path"] as? String == file.path)
            #expect(try await Self.probe(file).words.isEmpty)
            #expect(try await Packets(of: file).isPart(of: Packets(of: clip.url)))
        }

        /// How often the server is killed; more by RTMP_TOP_KILLS.
        private static let kills =
            ProcessInfo.processInfo.environment["RTMP_TOP_KILLS"].flatMap { Int($0) } ?? 3

        @Test(needsFFmpeg, .timeLimit(.minutes(60)))
        func `kill -9 leaves a file that can be read, and the next start makes it whole`()
            async throws
        {
            let clip = try await Clip.make(.long)
            let whole = try await Packets(of: clip.url)
            let folder = try temporaryFolder()
            let options = ["--record-all", "--record-dir", folder.path]
            var server = try await HeadlessServer(options)
            for round in 0..<Self.kills {
                let publisher = try FFmpeg.publish(clip, to: server.url("live/film"))
                try await server.event("record.start")
                // The moment of the end is the point, and any will do.
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...1500)))
                server.program.send(SIGKILL)
                #expect(try await server.program.exit() == 128 + SIGKILL)
                _ = try await publisher.exit()
                let left = try #require(Self.files(in: folder, ".part").first, "round \(round)")
                #expect(try await Packets(of: left).isPart(of: whole), "round \(round)")
                server = try await HeadlessServer(options)
                let repair = try await server.event("record.repair")
                let path = try #require(repair["path"] as? String)
                #expect(path + ".part" == left.path)
                let file = URL(fileURLWithPath: path)
                let (seconds, words) = try await Self.probe(file)
                #expect(words.isEmpty, "round \(round)")
                let milliseconds = try #require(repair["duration_ms"] as? Int)
                #expect(abs(try #require(seconds) * 1000 - Double(milliseconds)) < 1)
                #expect(try await Packets(of: file).isPart(of: whole), "round \(round)")
                try FileManager.default.removeItem(at: file)
            }
            #expect(try await server.stop() == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }
}
