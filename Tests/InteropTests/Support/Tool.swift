import Foundation

/// A program of this machine that the tests talk to.
enum Tool: String, CaseIterable {
    case ffmpeg
    /// An ffmpeg that speaks Enhanced RTMP, which the one of Debian 12 does not.
    /// `RTMP_TOP_CURRENT_FFMPEG` names it; `scripts/test` prepares one.
    case currentFFmpeg = "current ffmpeg"
    case ffprobe
    case ffplay
    case rtmpdump
    case mpv
    case mplayer
    case vlc = "cvlc"
    case obs
    case xvfb = "Xvfb"
    case nginx
    case gstLaunch = "gst-launch-1.0"
    case setpriv
    case tmux
    case tshark
    case text2pcap

    var path: String? {
        if self == .currentFFmpeg {
            return ProcessInfo.processInfo.environment["RTMP_TOP_CURRENT_FFMPEG"]
                .flatMap { FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil }
        }
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return folders.split(separator: ":").map { "\($0)/\(rawValue)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    var isInstalled: Bool { path != nil }
}

extension Tool {
    /// The built `rtmp-top`: `RTMP_TOP_BIN`, else beside the test bundle.
    static let rtmpTop = ProcessInfo.processInfo.environment["RTMP_TOP_BIN"] ?? built("rtmp-top")

    /// The built `rtmp-client`.
    static let rtmpClient = built("rtmp-client")

    private static func built(_ name: String) -> String? {
        let main = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        for bundle in Bundle.allBundles.map(\.bundleURL) + [Bundle.main.bundleURL, main] {
            var folder = bundle
            for _ in 0..<4 {
                let candidate = folder.appendingPathComponent(name).path
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder),
                    !isFolder.boolValue, FileManager.default.isExecutableFile(atPath: candidate)
                {
                    return candidate
                }
                folder = folder.deletingLastPathComponent()
            }
        }
        return nil
    }
}
