import Foundation

/// A test picture with a tone, made once by ffmpeg.
struct Clip {
    let url: URL

    enum Kind: String {
        /// Eight seconds, a keyframe a second.
        case plain
        /// The same with B-frames, so that composition times are not zero.
        case reordered
        /// Two minutes of tiny pictures, for what must outlast a test.
        case long

        var seconds: Int {
            switch self {
            case .plain, .reordered: 6
            case .long: 120
            }
        }
    }

    private static let made = Vault()

    static func make(_ kind: Kind) async throws -> Clip {
        try await made.clip(kind)
    }

    private actor Vault {
        private var clips: [Kind: Clip] = [:]

        func clip(_ kind: Kind) async throws -> Clip {
            if let clip = clips[kind] { return clip }
            let url = try temporaryFolder().appendingPathComponent("\(kind.rawValue).flv")
            let frames = kind == .reordered ? "2" : "0"
            let ffmpeg = try RunningProgram(
                .ffmpeg,
                [
                    "-loglevel", "error", "-f", "lavfi",
                    "-i", "testsrc2=size=320x180:rate=25:duration=\(kind.seconds)",
                    "-f", "lavfi", "-i", "sine=frequency=440:duration=\(kind.seconds)",
                    "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
                    "-bf", frames, "-b_strategy", "0", "-g", "25", "-keyint_min", "25",
                    "-sc_threshold", "0", "-b:v", "400k", "-c:a", "aac", "-b:a", "64k",
                    "-shortest", url.path,
                ])
            let code = try await ffmpeg.exit(within: 120)
            guard code == 0 else { throw Impatience(description: ffmpeg.errorText) }
            let clip = Clip(url: url)
            clips[kind] = clip
            return clip
        }
    }

    /// What ffprobe finds in a file, packet by packet.
    struct Packet: Hashable {
        let kind: String
        let isKeyframe: Bool
        let hash: String
    }

    static func packets(of file: URL) async throws -> [Packet] {
        let ffprobe = try RunningProgram(
            .ffprobe,
            [
                "-loglevel", "error", "-show_packets", "-show_data_hash", "md5",
                "-show_entries", "packet=codec_type,flags,data_hash", "-of", "json", file.path,
            ])
        guard try await ffprobe.exit() == 0 else {
            throw Impatience(description: ffprobe.errorText)
        }
        let root = try JSONSerialization.jsonObject(with: Data(ffprobe.outputText.utf8))
        let packets = (root as? [String: Any])?["packets"] as? [[String: Any]] ?? []
        return packets.compactMap { packet in
            guard let kind = packet["codec_type"] as? String, kind != "data",
                let flags = packet["flags"] as? String, let hash = packet["data_hash"] as? String
            else { return nil }
            return Packet(kind: kind, isKeyframe: flags.hasPrefix("K"), hash: hash)
        }
    }
}
