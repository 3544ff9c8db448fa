import Foundation

/// ffmpeg in its two roles.
enum FFmpeg {
    /// Publishes a clip at its own pace, packets untouched, by the ffmpeg that made it.
    static func publish(
        _ clip: Clip, to url: String, options: [String] = [], output: [String] = []
    ) throws -> RunningProgram {
        try RunningProgram(
            clip.kind.encoder,
            ["-nostdin", "-loglevel", "warning", "-re"] + options
                + ["-i", clip.url.path, "-map", "0", "-c", "copy", "-f", "flv"] + output + [url])
    }

    /// What says in connect that it speaks Enhanced RTMP.
    static let announcing = ["-rtmp_enhanced_codecs", "hvc1,av01,vp09"]

    /// Plays into a file, packets untouched, until the server says that it is over. Matroska holds
    /// every codec.
    static func play(
        _ url: String, by tool: Tool = .ffmpeg, options: [String] = []
    ) throws -> Player {
        let file = try temporaryFolder().appendingPathComponent("played.mkv")
        return Player(
            program: try RunningProgram(
                tool,
                ["-nostdin", "-loglevel", "warning"] + options
                    + ["-i", url, "-map", "0:v", "-map", "0:a", "-c", "copy", file.path]),
            file: file)
    }

    struct Player {
        let program: RunningProgram
        let file: URL

        var bytes: Int {
            let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
            return attributes?[.size] as? Int ?? 0  // Not there yet: nothing came.
        }
    }
}
