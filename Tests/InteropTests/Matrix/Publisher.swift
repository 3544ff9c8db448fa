import Foundation

/// A program that publishes, and what of a clip is found behind the server.
struct Publisher: Program {
    let name: String
    let tools: [Tool]
    var clips: [Clip.Kind] = [.plain]
    var carries = Carries.packets
    /// How it leaves: the `why` of `stream.end`.
    var leaves = "unpublish"
    var serverOptions: [String] = []
    /// Sound is so much later than in the clip, in milliseconds.
    var audioDelay = 0
    /// When it is refused it says so and ends.
    var takesNo = true
    /// Starts it with a clip on a URL; it has a folder to work in.
    let start: @Sendable (_ clip: Clip, _ url: String, _ folder: URL) async throws -> Run

    enum Carries {
        /// Each packet, byte for byte.
        case packets
        /// Each picture; packets are its own. So many packets of audio may be missing at the end.
        case picturesBut(lastAudio: Int)
        /// The packets of some time: it joins late itself, and is killed.
        case part
        /// A picture of its own.
        case ownPicture
    }
}

extension Publisher {
    static let all: [Publisher] =
        ffmpegs + [rtmpClient, rtmp2sink, rtmpsink, vlc, nginxPush, nginxExecPush, obs]

    private static let ffmpegs = [
        ffmpeg("ffmpeg 5.1", .ffmpeg, clips: [.plain, .reordered, .sorenson]),
        ffmpeg(
            "current ffmpeg", .currentFFmpeg,
            clips: [.hevcAAC, .av1Opus, .vp9Opus, .h264FLAC, .h264AC3, .vvcEAC3, .tracks]),
        // Says in connect what it speaks.
        ffmpeg(
            "current ffmpeg -rtmp_enhanced_codecs", .currentFFmpeg,
            FFmpeg.announcing, clips: [.hevcAAC]),
        // Its first frames are deltas of more than FFFFFF; it cuts them as small as the server does
        // and repeats the delta in each chunk (CH-12, CH-13).
        Publisher(
            name: "ffmpeg after 4 h 39 min", tools: [.ffmpeg],
            serverOptions: ["--chunk-size", "128"]
        ) { clip, url, _ in
            Run(try FFmpeg.publish(clip, to: url, output: ["-output_ts_offset", "16800"]))
        },
        Publisher(
            name: "ffmpeg with late sound", tools: [.ffmpeg], audioDelay: 2000
        ) { clip, url, _ in
            let input = ["-re", "-i", clip.url.path]
            return Run(
                try RunningProgram(
                    .ffmpeg,
                    ["-nostdin", "-loglevel", "warning"] + input + ["-itsoffset", "2"] + input
                        + ["-map", "0:v", "-map", "1:a", "-c", "copy", "-f", "flv", url]))
        },
        ffmpeg(
            "ffmpeg -flvflags no_metadata", .ffmpeg,
            ["-flvflags", "no_metadata+no_sequence_end+no_duration_filesize"]),
        Publisher(name: "ffmpeg -rtmp_app -rtmp_playpath -rtmp_tcurl", tools: [.ffmpeg]) {
            clip, url, _ in
            let parts = try Address(url)
            let output = [
                "-rtmp_app", parts.app, "-rtmp_playpath", "\(parts.name)?token=t",
                "-rtmp_tcurl", "\(parts.server)/\(parts.app)", "-rtmp_conn", "O:1",
                "-rtmp_flashver", "FMLE/3.0 (compatible; FMSc/1.0)",
            ]
            return Run(try FFmpeg.publish(clip, to: parts.server, output: output))
        },
        // It moves the picture by 19 ms, in a file too.
        Publisher(name: "ffmpeg -f tee", tools: [.ffmpeg], audioDelay: -19) { clip, url, _ in
            Run(
                try RunningProgram(
                    .ffmpeg,
                    [
                        "-nostdin", "-loglevel", "warning", "-re", "-i", clip.url.path, "-c",
                        "copy",
                        "-map", "0:v", "-map", "0:a", "-f", "tee",
                        "[f=flv]\(url)|[f=flv:onfail=ignore]\(url)-second",
                    ]))
        },
    ]

    private static func ffmpeg(
        _ name: String, _ tool: Tool, _ output: [String] = [], clips: [Clip.Kind] = [.plain]
    ) -> Publisher {
        Publisher(name: name, tools: [tool], clips: clips) { clip, url, _ in
            Run(try FFmpeg.publish(clip, to: url, output: output))
        }
    }

    /// Ours, at the end of a pipe from the ffmpeg that made the clip.
    private static let rtmpClient = Publisher(
        name: "rtmp-client", tools: [.ffmpeg],
        clips: [.plain, .reordered, .sorenson, .hevcAAC, .av1Opus, .vp9Opus, .h264FLAC]
    ) { clip, url, _ in
        let source =
            "\(clip.kind.encoder.path ?? "") -nostdin -loglevel error -re -i \(clip.url.path)"
            + " -c copy -f flv -"
        return Run(try RtmpClient.run("publish", ["-i", "-", url], reading: source))
    }

    /// Transaction 0, type 3 headers after type 0, the first onStatus on the stream (CH-6).
    private static let rtmp2sink = Publisher(
        name: "GStreamer rtmp2sink", tools: [.gstLaunch]
    ) { clip, url, _ in try gstreamer(clip, ["rtmp2sink", "location=\(url)"]) }

    /// librtmp in GStreamer.
    private static let rtmpsink = Publisher(
        name: "GStreamer rtmpsink", tools: [.gstLaunch]
    ) { clip, url, _ in try gstreamer(clip, ["rtmpsink", "location=\(url) live=1"]) }

    @Sendable private static func gstreamer(_ clip: Clip, _ sink: [String]) throws -> Run {
        Run(
            try RunningProgram(
                .gstLaunch,
                [
                    "-q", "filesrc", "location=\(clip.url.path)", "!", "flvdemux", "name=d",
                    "flvmux", "name=m", "streamable=true", "!",
                ] + sink + [
                    "d.video", "!", "queue", "!", "h264parse", "!", "m.video",
                    "d.audio", "!", "queue", "!", "aacparse", "!", "m.audio",
                ]))
    }

    private static let vlc = Publisher(
        name: "VLC", tools: [.vlc, .setpriv], carries: .picturesBut(lastAudio: 2)
    ) { clip, url, folder in
        let sink = "#std{access=rtmp,mux=ffmpeg{mux=flv},dst=\(url)}"
        return Run(try VLC.run([clip.url.path, "--sout", sink], in: folder))
    }

    /// nginx hands on what it is sent, and just closes when that is over.
    private static let nginxPush = Publisher(
        name: "nginx-rtmp push", tools: [.nginx, .ffmpeg], clips: [.plain, .sorenson],
        leaves: "closed", takesNo: false
    ) { clip, url, folder in
        let nginx = try await Nginx("application push { live on; push \(url); }", in: folder)
        return Run(
            try FFmpeg.publish(clip, to: nginx.url("push/x")), beside: [nginx.program])
    }

    /// nginx starts an ffmpeg that plays from it and publishes to us, and kills it at the end.
    private static let nginxExecPush = Publisher(
        name: "nginx-rtmp exec_push", tools: [.nginx, .ffmpeg], carries: .part, leaves: "closed",
        takesNo: false
    ) { clip, url, folder in
        let nginx = try await Nginx(
            """
            application exec { live on; exec_push \(Tool.ffmpeg.path ?? "") -nostdin
                -loglevel error -i rtmp://127.0.0.1:$PORT/exec/x -c copy -f flv \(url); }
            """, in: folder)
        return Run(
            try FFmpeg.publish(clip, to: nginx.url("exec/x")), beside: [nginx.program])
    }

    private static let obs = Publisher(
        name: "OBS Studio", tools: [.obs, .xvfb], carries: .ownPicture
    ) { _, url, folder in
        let parts = try Address(url)
        return try await OBS.run(
            server: "\(parts.server)/\(parts.app)", key: parts.name, seconds: 5, in: folder)
    }
}
