import Foundation

/// ffmpeg in its two roles.
enum FFmpeg {
    /// Publishes a clip at its own pace, packets untouched.
    static func publish(
        _ clip: Clip, to url: String, options: [String] = []
    ) throws -> RunningProgram {
        try RunningProgram(
            .ffmpeg,
            ["-nostdin", "-loglevel", "warning", "-re"] + options
                + ["-i", clip.url.path, "-c", "copy", "-f", "flv", url])
    }

    /// Plays into a file, packets untouched, until the server says that it is over.
    static func play(_ url: String) throws -> Player {
        let file = try temporaryFolder().appendingPathComponent("played.flv")
        return Player(
            program: try RunningProgram(
                .ffmpeg,
                [
                    "-nostdin", "-loglevel", "warning", "-i", url, "-c", "copy", "-f", "flv",
                    file.path,
                ]),
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
