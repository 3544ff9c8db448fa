import Foundation

/// A test picture with a tone, made once by ffmpeg.
struct Clip {
    let kind: Kind
    let url: URL

    enum Kind: String, CaseIterable {
        /// Four seconds, a keyframe a second; so are all but the last.
        case plain
        /// The same with B-frames, so that composition times are not zero.
        case reordered
        /// What Flash Player began with: Sorenson's H.263 and MP3.
        case sorenson
        case hevcAAC
        case av1Opus
        case vp9Opus
        case h264FLAC
        case h264AC3
        case vvcEAC3
        /// Two of each: multitrack.
        case tracks
        /// Two minutes of tiny pictures, for what must outlast a test.
        case long

        /// It travels as Enhanced RTMP.
        var isEnhanced: Bool {
            switch self {
            case .plain, .reordered, .sorenson, .long: false
            case .hevcAAC, .av1Opus, .vp9Opus, .h264FLAC, .h264AC3, .vvcEAC3, .tracks: true
            }
        }

        /// How many there are of video, and of audio.
        var tracks: Int { self == .tracks ? 2 : 1 }

        /// The ffmpeg that makes it and publishes it.
        var encoder: Tool { isEnhanced ? .currentFFmpeg : .ffmpeg }
    }

    private static let made = Vault()

    static func make(_ kind: Kind) async throws -> Clip {
        try await made.clip(kind)
    }

    private actor Vault {
        private var clips: [Kind: Task<Clip, any Error>] = [:]

        /// Who asks while a clip is being made waits for that one.
        func clip(_ kind: Kind) async throws -> Clip {
            let clip = clips[kind] ?? Task { try await Self.make(kind) }
            clips[kind] = clip
            return try await clip.value
        }

        private static func make(_ kind: Kind) async throws -> Clip {
            let url = try temporaryFolder()
                .appendingPathComponent(kind.isEnhanced ? "clip.mkv" : "clip.flv")
            let seconds = kind == .long ? 120 : 4
            let ffmpeg = try RunningProgram(
                kind.encoder,
                ["-nostdin", "-loglevel", "error"]
                    + (1...kind.tracks).flatMap { track in
                        [
                            "-f", "lavfi",
                            "-i", "testsrc2=size=\(320 / track)x180:rate=25:duration=\(seconds)",
                            "-f", "lavfi",
                            "-i",
                            "sine=frequency=\(440 * track):sample_rate=\(kind.sampleRate)"
                                + ":duration=\(seconds)",
                        ]
                    } + (0..<2 * kind.tracks).flatMap { ["-map", "\($0)"] }
                    + ["-pix_fmt", "yuv420p", "-g", "25", "-ac", "2"]
                    + kind.encoding + ["-shortest", url.path])
            guard try await ffmpeg.exit(within: 120) == 0 else {
                throw Impatience(description: ffmpeg.errorText)
            }
            return Clip(kind: kind, url: url)
        }
    }
}

extension Clip.Kind {
    fileprivate var sampleRate: Int { self == .sorenson ? 44100 : 48000 }

    fileprivate var encoding: [String] {
        let h264 = [
            "-c:v", "libx264", "-preset", "ultrafast", "-keyint_min", "25", "-sc_threshold", "0",
            "-b:v", "400k", "-b_strategy", "0",
        ]
        let aac = ["-c:a", "aac", "-b:a", "64k"]
        return switch self {
        case .plain, .long, .tracks: h264 + aac
        case .reordered: h264 + ["-bf", "2"] + aac
        case .sorenson: ["-c:v", "flv1", "-b:v", "400k", "-c:a", "libmp3lame"]
        case .hevcAAC:
            [
                "-c:v", "libx265", "-preset", "ultrafast",
                "-x265-params", "log-level=none:bframes=2",
            ] + aac
        case .av1Opus: ["-c:v", "libsvtav1", "-preset", "12", "-c:a", "libopus"]
        case .vp9Opus:
            ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"]
        case .h264FLAC: h264 + ["-c:a", "flac"]
        case .h264AC3: h264 + ["-c:a", "ac3"]
        case .vvcEAC3:
            [
                "-c:v", "libvvenc", "-preset", "faster",
                "-vvenc-params", "decodingrefreshtype=idr_no_radl:intraperiod=25", "-c:a", "eac3",
            ]
        }
    }
}

/// What `media.config` says of a clip.
extension Clip.Kind {
    var video: [String: String] {
        let picture = ["width": "320", "height": "180"]
        let depth = ["bit_depth": "8", "chroma": "4:2:0"]
        return switch self {
        case .plain, .long, .h264FLAC, .h264AC3, .tracks:
            ["codec": "H.264", "profile": "Constrained Baseline"] + picture + depth
        case .reordered: ["codec": "H.264", "profile": "Main"] + picture + depth
        case .sorenson: ["codec": "H.263"]
        case .hevcAAC: ["codec": "HEVC", "profile": "Main"] + picture + depth
        case .av1Opus: ["codec": "AV1", "profile": "Main"] + picture + depth
        // The record of VP9 says no size.
        case .vp9Opus: ["codec": "VP9", "profile": "Profile 0"] + depth
        case .vvcEAC3: ["codec": "VVC"]
        }
    }

    var audio: [String: String] {
        let stereo = ["rate": "\(sampleRate)", "channels": "2"]
        return switch self {
        case .plain, .long, .reordered, .hevcAAC, .tracks: ["codec": "AAC-LC"] + stereo
        case .sorenson: ["codec": "MP3"] + stereo
        case .av1Opus, .vp9Opus: ["codec": "Opus"] + stereo
        case .h264FLAC: ["codec": "FLAC"] + stereo
        case .h264AC3: ["codec": "AC-3"]
        case .vvcEAC3: ["codec": "E-AC-3"]
        }
    }
}

extension [String: String] {
    fileprivate static func + (one: [String: String], other: [String: String]) -> [String: String] {
        one.merging(other) { $1 }
    }
}
