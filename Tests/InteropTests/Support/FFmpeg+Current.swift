import Foundation
import Testing

/// An ffmpeg that speaks Enhanced RTMP, which the one of Debian 12 does not. It comes without ffprobe.
extension FFmpeg {
    /// `RTMP_TOP_CURRENT_FFMPEG`; `scripts/test` prepares one.
    static let current: String? = ProcessInfo.processInfo.environment["RTMP_TOP_CURRENT_FFMPEG"]
        .flatMap { FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil }

    static func runCurrent(_ arguments: [String]) throws -> RunningProgram {
        guard let current else { throw Impatience(description: "there is no current ffmpeg") }
        return try RunningProgram(current, ["-nostdin", "-loglevel", "warning"] + arguments)
    }

    /// Plays into a file, packets untouched. Matroska holds every codec.
    static func playCurrent(_ url: String) throws -> Player {
        let file = try temporaryFolder().appendingPathComponent("played.mkv")
        return Player(
            program: try runCurrent(["-i", url, "-map", "0", "-c", "copy", file.path]), file: file)
    }

    /// Four seconds of a picture, 100 frames with a keyframe every 25, and of a tone in stereo.
    static func encode(_ encoders: [String], into file: URL) async throws {
        let program = try runCurrent(
            [
                "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=4",
                "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=4",
                "-pix_fmt", "yuv420p", "-g", "25", "-ac", "2",
            ] + encoders + [file.path])
        guard try await program.exit(within: 120) == 0 else {
            throw Impatience(description: program.errorText)
        }
    }

    struct Hashes: Equatable, CustomTestStringConvertible {
        let video: [String]
        let audio: [String]

        var testDescription: String { "\(video.count) of video, \(audio.count) of audio" }

        /// What somebody gets who comes later.
        func isTail(of whole: Hashes) -> Bool {
            1..<whole.video.count ~= video.count && 1..<whole.audio.count ~= audio.count
                && whole.video.suffix(video.count).elementsEqual(video)
                && whole.audio.suffix(audio.count).elementsEqual(audio)
        }
    }

    /// What each packet of a file holds, in the order of decoding.
    static func hashes(of file: URL) async throws -> Hashes {
        Hashes(
            video: try await hashes(of: "0:v", in: file),
            audio: try await hashes(of: "0:a", in: file))
    }

    /// The sixth field of each line of a framemd5 that is no comment; side data follows it.
    private static func hashes(of track: String, in file: URL) async throws -> [String] {
        let program = try runCurrent(
            ["-i", file.path, "-map", track, "-c", "copy", "-f", "framemd5", "-"])
        guard try await program.exit() == 0 else {
            throw Impatience(description: program.errorText)
        }
        return program.outputText.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: ",")[5].trimmingCharacters(in: .whitespaces) }
    }
}
