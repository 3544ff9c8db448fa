import Foundation

/// A program that plays, and what of a stream is found behind it.
struct Player: Program {
    let name: String
    let tools: [Tool]
    var clips: [Clip.Kind] = [.plain]
    var keeps = Keeps.packets
    var ends = Ending.byItself
    /// When it is refused it says so and ends.
    var takesNo = true
    /// It said that it knows more than one track of a kind.
    var takesAllTracks = false
    /// Starts it on a URL; what it writes goes into the folder.
    let start: @Sendable (_ url: String, _ folder: URL) async throws -> Run

    enum Keeps {
        /// Each packet, byte for byte, but for so many of audio at the very end.
        case packets, packetsBut(lastAudio: Int)
        /// Each picture; packets are its own.
        case picturesBut(lastAudio: Int)
        /// It shows each picture and says its checksum, by ffmpeg's filter `showinfo`.
        case shown
        /// It shows each picture, but for the last one at times, and writes down its MD5.
        case summed
    }

    enum Ending {
        case byItself
        /// It connects again when a stream is over, until it is told that it is enough.
        case bySignal
    }
}

extension Player {
    static let all: [Player] =
        ffmpegs + [ffplay, mpv, mplayer, vlc] + rtmpdumps + [rtmp2src, rtmpsrc, nginx]

    private static let legacy: [Clip.Kind] = [.plain, .reordered, .sorenson]
    private static let enhanced: [Clip.Kind] = [
        .hevcAAC, .av1Opus, .vp9Opus, .h264FLAC, .h264AC3, .vvcEAC3,
    ]

    private static let ffmpegs = [
        ffmpeg("ffmpeg 5.1", .ffmpeg, clips: legacy),
        // Of several tracks it gets the first: it does not say that it knows more (MED-7).
        ffmpeg("current ffmpeg", .currentFFmpeg, clips: [.plain] + enhanced + [.tracks]),
        Player(
            name: "current ffmpeg -rtmp_enhanced_codecs", tools: [.currentFFmpeg],
            clips: [.hevcAAC, .tracks], takesAllTracks: true
        ) { try ffmpeg(.currentFFmpeg, $0, $1, FFmpeg.announcing) },
        // Sends FCSubscribe, and no getStreamLength.
        ffmpeg("ffmpeg -rtmp_live live", .ffmpeg, ["-rtmp_live", "live"]),
        ffmpeg("ffmpeg -rtmp_live recorded", .ffmpeg, ["-rtmp_live", "recorded"]),
        // With a digest in its C1, and a page, as Flash Player has them.
        ffmpeg(
            "ffmpeg as Flash Player", .ffmpeg,
            [
                "-rtmp_flashver", "WIN 11,1,102,63", "-rtmp_swfurl", "http://example.com/p.swf",
                "-rtmp_pageurl", "http://example.com/", "-rtmp_conn", "S:token",
                "-rtmp_buffer", "100",
            ]),
        Player(name: "ffmpeg -rtmp_app -rtmp_playpath -rtmp_tcurl", tools: [.ffmpeg]) {
            url, folder in
            let parts = try Address(url)
            return try ffmpeg(
                .ffmpeg, parts.server, folder,
                [
                    "-rtmp_app", parts.app, "-rtmp_playpath", parts.name,
                    "-rtmp_tcurl", "\(parts.server)/\(parts.app)",
                ])
        },
    ]

    private static func ffmpeg(
        _ name: String, _ tool: Tool, _ options: [String] = [], clips: [Clip.Kind] = [.plain]
    ) -> Player {
        Player(name: name, tools: [tool], clips: clips) { url, folder in
            try ffmpeg(tool, url, folder, options)
        }
    }

    @Sendable private static func ffmpeg(
        _ tool: Tool, _ url: String, _ folder: URL, _ options: [String]
    ) throws -> Run {
        let player = try FFmpeg.play(url, by: tool, options: options)
        return Run(player.program, file: player.file)
    }

    private static let ffplay = Player(name: "ffplay", tools: [.ffplay], keeps: .shown) { url, _ in
        let program = try RunningProgram(
            .ffplay,
            ["-hide_banner", "-nostats", "-autoexit", "-noframedrop", "-vf", "showinfo", url],
            environment: ["SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"])
        return Run(program, file: program.errors)
    }

    private static let mpv = Player(name: "mpv", tools: [.mpv]) { url, folder in
        let file = folder.appendingPathComponent("mpv.mkv")
        return Run(
            try RunningProgram(
                .mpv,
                [
                    "--no-config", "--vo=null", "--ao=null", "--stream-record=\(file.path)", url,
                ]),
            file: file)
    }

    private static let mplayer = Player(
        name: "mplayer", tools: [.mplayer], keeps: .summed
    ) { url, folder in
        let file = folder.appendingPathComponent("pictures.md5")
        return Run(
            try RunningProgram(
                .mplayer,
                [
                    "-nolirc", "-noconsolecontrols", "-ao", "null",
                    "-vo", "md5sum:outfile=\(file.path)", url,
                ]),
            file: file)
    }

    /// Its packetizer puts parameter sets before keyframes, and keeps the last tones to itself.
    private static let vlc = Player(
        name: "VLC", tools: [.vlc, .setpriv], keeps: .picturesBut(lastAudio: 2)
    ) { url, folder in
        let file = folder.appendingPathComponent("vlc.flv")
        let sink = "#std{access=file,mux=ffmpeg{mux=flv},dst=\(file.path)}"
        return Run(try VLC.run([url, "--sout", sink], in: folder), file: file)
    }

    private static let rtmpdumps = [
        rtmpdump("rtmpdump --live", clips: [.plain, .hevcAAC, .h264FLAC]) { ["--live", "-r", $0] },
        Player(name: "rtmpdump -r -y", tools: [.rtmpdump]) { url, folder in
            let parts = try Address(url)
            return try rtmpdump(
                ["-r", "\(parts.server)/\(parts.app)", "-y", "\(parts.name)?token=t", "-T", "s"],
                folder)
        },
        // The handshake with a digest and the verification of the player's file.
        rtmpdump("rtmpdump as Flash Player") {
            [
                "-r", $0, "-W", "http://example.com/p.swf", "-p", "http://example.com/",
                "-w", String(repeating: "0123456789abcdef", count: 4), "-x", "1000",
                "-f", "WIN 11,1,102,63", "-C", "B:1", "-C", "S:token",
            ]
        },
    ]

    private static func rtmpdump(
        _ name: String, clips: [Clip.Kind] = [.plain],
        _ options: @escaping @Sendable (_ url: String) -> [String]
    ) -> Player {
        Player(name: name, tools: [.rtmpdump], clips: clips) { url, folder in
            try rtmpdump(options(url), folder)
        }
    }

    @Sendable private static func rtmpdump(_ options: [String], _ folder: URL) throws -> Run {
        let file = folder.appendingPathComponent("rtmpdump.flv")
        return Run(
            try RunningProgram(.rtmpdump, options + ["--timeout", "20", "-o", file.path]),
            file: file)
    }

    /// At the end of a stream it lets the message go that it has not handed on yet.
    private static let rtmp2src = Player(
        name: "GStreamer rtmp2src", tools: [.gstLaunch], clips: [.plain, .hevcAAC],
        keeps: .packetsBut(lastAudio: 1)
    ) { url, folder in
        try gstreamer(["rtmp2src", "location=\(url)"], folder)
    }

    /// librtmp in GStreamer.
    private static let rtmpsrc = Player(
        name: "GStreamer rtmpsrc", tools: [.gstLaunch], ends: .bySignal
    ) { url, folder in
        try gstreamer(["rtmpsrc", "location=\(url) live=1"], folder)
    }

    @Sendable private static func gstreamer(_ source: [String], _ folder: URL) throws -> Run {
        let file = folder.appendingPathComponent("gst.flv")
        return Run(
            try RunningProgram(
                .gstLaunch,
                ["-q", "-e"] + source
                    + ["!", "filesink", "buffer-mode=unbuffered", "location=\(file.path)"]),
            file: file)
    }

    /// nginx pulls from us, ffmpeg plays what it serves. nginx never says that a stream is over.
    private static let nginx = Player(
        name: "nginx-rtmp pull", tools: [.nginx, .ffmpeg], takesNo: false
    ) { url, folder in
        let nginx = try await Nginx(
            "application pull { live on; pull \(url) name=pulled live=1; }", in: folder)
        let player = try FFmpeg.play(
            nginx.url("pull/pulled"), options: ["-rw_timeout", "5000000"])
        return Run(player.program, file: player.file, beside: [nginx.program])
    }
}

/// The parts into which clients cut a URL themselves.
struct Address {
    let server: String
    let app: String
    let name: String

    init(_ url: String) throws {
        let parts = url.split(separator: "/", maxSplits: 3).map(String.init)
        guard parts.count == 4 else { throw Impatience(description: "no address: \(url)") }
        server = "\(parts[0])//\(parts[1])"
        app = parts[2]
        name = parts[3]
    }
}
