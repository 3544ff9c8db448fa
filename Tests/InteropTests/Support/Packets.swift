import Foundation

/// What each packet of a stream holds, by its hash, in the order of decoding.
struct Packets: Equatable, CustomStringConvertible {
    let video: [String]
    let audio: [String]

    var description: String { "\(video.count) of video, \(audio.count) of audio" }

    init(video: [String], audio: [String]) {
        self.video = video
        self.audio = audio
    }

    /// Some that follow one another, in both tracks.
    func isPart(of whole: Packets) -> Bool {
        [(video, whole.video), (audio, whole.audio)].allSatisfy { part, whole in
            !part.isEmpty && whole.ranges(of: part).count == 1
        }
    }

    /// The packets of a file; read by the ffmpeg that knows most.
    init(of file: URL) async throws {
        video = try await Self.hashes(["-map", "0:v", "-c", "copy"], of: file)
        audio = try await Self.hashes(["-map", "0:a", "-c", "copy"], of: file)
    }

    /// The same, but each picture as it looks: for who writes its own packets around them.
    init(picturesOf file: URL) async throws {
        video = try await Self.hashes(
            ["-map", "0:v", "-fps_mode", "passthrough", "-pix_fmt", "yuv420p"], of: file)
        audio = try await Self.hashes(["-map", "0:a", "-c", "copy"], of: file)
    }

    /// The checksums that ffmpeg's filter `showinfo` writes of a file's pictures.
    init(shownOf file: URL) async throws {
        let program = try RunningProgram(
            .ffmpeg,
            [
                "-nostdin", "-hide_banner", "-i", file.path, "-map", "0:v", "-vf", "showinfo",
                "-f", "null", "-",
            ])
        guard try await program.exit() == 0 else {
            throw Impatience(description: program.errorText)
        }
        self.init(shownIn: program.errorText)
    }

    /// The same from what a program said.
    init(shownIn text: String) {
        video = text.matches(of: /plane_checksum:\[([0-9A-F ]+)\]/).map { String($0.1) }
        audio = []
    }

    /// What mplayer writes: an MD5 at the start of each line.
    init(summedIn text: String) {
        video = text.split(separator: "\n").map { String($0.prefix(32)) }
        audio = []
    }

    /// The fifth and sixth field of each line of a framemd5 that is no comment: size and hash.
    /// ffmpeg makes an empty packet of a MultichannelConfig.
    private static func hashes(_ options: [String], of file: URL) async throws -> [String] {
        let reader = Tool.currentFFmpeg.isInstalled ? Tool.currentFFmpeg : .ffmpeg
        let program = try RunningProgram(
            reader,
            ["-nostdin", "-loglevel", "error", "-i", file.path] + options + ["-f", "framemd5", "-"])
        guard try await program.exit() == 0 else {
            throw Impatience(description: program.errorText)
        }
        return program.outputText.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
            .filter { $0[4] != "0" }.map { $0[5] }
    }
}
