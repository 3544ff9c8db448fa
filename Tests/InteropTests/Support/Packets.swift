import Foundation

/// A packet of a stream, or a picture: what it holds, by its hash.
struct Packet: Equatable {
    let hash: String
    /// When it is shown, in milliseconds of its file; `nil` if nobody said.
    var time: Int?

    static func == (one: Packet, other: Packet) -> Bool { one.hash == other.hash }
}

/// A track of video and one of audio, in the order of decoding.
struct Packets: Equatable, CustomStringConvertible {
    let video: [Packet]
    let audio: [Packet]

    var description: String { "\(video.count) of video, \(audio.count) of audio" }

    init(video: [Packet], audio: [Packet]) {
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
    init(of file: URL, track: Int = 0) async throws {
        video = try await Self.packets(["-map", "0:v:\(track)", "-c", "copy"], of: file)
        audio = try await Self.packets(["-map", "0:a:\(track)", "-c", "copy"], of: file)
    }

    /// The same, but each picture as it looks: for who writes its own packets around them, with times
    /// of its own.
    init(picturesOf file: URL) async throws {
        video = try await Self.packets(
            ["-map", "0:v", "-fps_mode", "passthrough", "-pix_fmt", "yuv420p"], of: file
        ).map { Packet(hash: $0.hash) }
        audio = try await Self.packets(["-map", "0:a", "-c", "copy"], of: file)
            .map { Packet(hash: $0.hash) }
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
        video = text.matches(of: /plane_checksum:\[([0-9A-F ]+)\]/).map {
            Packet(hash: String($0.1))
        }
        audio = []
    }

    /// What mplayer writes: an MD5 at the start of each line.
    init(summedIn text: String) {
        video = text.split(separator: "\n").map { Packet(hash: String($0.prefix(32))) }
        audio = []
    }

    /// How many tracks of video a file has, and of audio.
    static func tracks(in file: URL) async throws -> (video: Int, audio: Int) {
        let program = try RunningProgram(
            .ffprobe,
            ["-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0", file.path])
        guard try await program.exit() == 0 else {
            throw Impatience(description: program.errorText)
        }
        let kinds = program.outputText.split(separator: "\n")
        return (kinds.count { $0 == "video" }, kinds.count { $0 == "audio" })
    }

    /// A framemd5: lines of track, time of decoding, time, duration, size and hash, in units that a
    /// comment says. ffmpeg makes an empty packet of a MultichannelConfig.
    private static func packets(_ options: [String], of file: URL) async throws -> [Packet] {
        let reader = Tool.currentFFmpeg.isInstalled ? Tool.currentFFmpeg : .ffmpeg
        let program = try RunningProgram(
            reader,
            ["-nostdin", "-loglevel", "error", "-i", file.path] + options + ["-f", "framemd5", "-"])
        guard try await program.exit() == 0 else {
            throw Impatience(description: program.errorText)
        }
        let text = program.outputText
        let unit = text.firstMatch(of: /#tb 0: (\d+)\/(\d+)/).flatMap { match in
            Int(match.1).flatMap { numerator in Int(match.2).map { (numerator, $0) } }
        }
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
            .filter { $0[4] != "0" }.map { fields in
                let time = unit.flatMap { numerator, denominator in
                    Int(fields[2]).map { $0 * numerator * 1000 / denominator }
                }
                return Packet(hash: fields[5], time: time)
            }
    }
}
