import Foundation
import Testing

extension InteropTests {
    /// The codecs of Enhanced RTMP, by an ffmpeg that speaks it (RTMP.md §6.2).
    @Suite(
        .enabled(
            if: FFmpeg.current != nil,
            "no current ffmpeg: RTMP_TOP_CURRENT_FFMPEG names none"))
    struct EnhancedTests {
        struct Pair: CustomTestStringConvertible {
            let testDescription: String
            let encoders: [String]
            /// Words of `media.config`, of the picture and of the tone.
            let video: [String: String]
            let audio: [String: String]
        }

        static let pairs = [
            Pair(
                testDescription: "HEVC+AAC",
                encoders: [
                    "-c:v", "libx265", "-preset", "ultrafast",
                    "-x265-params", "log-level=none:bframes=2", "-c:a", "aac",
                ],
                video: [
                    "codec": "HEVC", "profile": "Main", "width": "320", "height": "180",
                    "bit_depth": "8", "chroma": "4:2:0",
                ],
                audio: ["codec": "AAC-LC", "rate": "48000", "channels": "2"]),
            Pair(
                testDescription: "AV1+Opus",
                encoders: ["-c:v", "libsvtav1", "-preset", "12", "-c:a", "libopus"],
                video: [
                    "codec": "AV1", "profile": "Main", "width": "320", "height": "180",
                    "bit_depth": "8", "chroma": "4:2:0",
                ],
                audio: ["codec": "Opus", "rate": "48000", "channels": "2"]),
            // The record of VP9 says no size.
            Pair(
                testDescription: "VP9+Opus",
                encoders: [
                    "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8",
                    "-c:a", "libopus",
                ],
                video: [
                    "codec": "VP9", "profile": "Profile 0", "bit_depth": "8", "chroma": "4:2:0",
                ],
                audio: ["codec": "Opus", "rate": "48000", "channels": "2"]),
            Pair(
                testDescription: "H.264+FLAC",
                encoders: ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac"],
                video: [
                    "codec": "H.264", "profile": "Constrained Baseline", "width": "320",
                    "height": "180", "bit_depth": "8", "chroma": "4:2:0",
                ],
                audio: ["codec": "FLAC", "rate": "48000", "channels": "2"]),
        ]

        @Test(arguments: pairs)
        func `early and late players get the packets as they were published`(
            pair: Pair
        ) async throws {
            let clip = try temporaryFolder().appendingPathComponent("clip.mkv")
            try await FFmpeg.encode(pair.encoders, into: clip)
            let source = try await FFmpeg.hashes(of: clip)
            #expect(source.video.count == 100 && !source.audio.isEmpty)

            let server = try await HeadlessServer(["--stats", "250ms"])
            let url = server.url("live/enhanced")
            let early = try FFmpeg.playCurrent(url)
            try await server.event("rtmp.play") { $0["accepted"] as? Bool == true }
            let publisher = try FFmpeg.runCurrent(
                ["-re", "-i", clip.path, "-c", "copy", "-f", "flv", url])
            let half = try Data(contentsOf: clip).count / 2
            try await server.event("stats.session") {
                $0["role"] as? String == "pub" && ($0["in_b"] as? Int ?? 0) > half
            }
            let late = try FFmpeg.playCurrent(url)
            #expect(try await publisher.exit() == 0, "\(publisher.errorText)")
            for player in [early, late] {
                #expect(
                    try await player.program.exit(within: 10) == 0, "\(player.program.errorText)")
            }

            let whole = try await FFmpeg.hashes(of: early.file)
            #expect(whole == source)
            let tail = try await FFmpeg.hashes(of: late.file)
            #expect(tail.isTail(of: source))
            // From a keyframe on; there is one every 25 frames.
            #expect(tail.video.count.isMultiple(of: 25))

            for (kind, facts) in [("video", pair.video), ("audio", pair.audio)] {
                let event = try await server.event("media.config") {
                    $0["kind"] as? String == kind
                }
                let detail = event["detail"] as? [String: Any] ?? [:]
                for (field, value) in facts {
                    let found = event[field] ?? detail[field]
                    #expect(found.map { "\($0)" } == value, "\(field) in \(event)")
                }
            }
            #expect(try await server.stop() == 0)
        }
    }
}
