import Foundation

/// A program of this machine that the tests talk to.
enum Tool: String, CaseIterable {
    case ffmpeg
    case ffprobe
    case rtmpdump
    case tmux
    case gstLaunch = "gst-launch-1.0"
    case stty

    var path: String? {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return folders.split(separator: ":").map { "\($0)/\(rawValue)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    var isInstalled: Bool { path != nil }
}

extension Tool {
    /// The built `rtmp-top`: `RTMP_TOP_BIN`, else beside the test bundle.
    static let rtmpTop: String? = {
        if let named = ProcessInfo.processInfo.environment["RTMP_TOP_BIN"] { return named }
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        for bundle in Bundle.allBundles.map(\.bundleURL) + [Bundle.main.bundleURL, folder] {
            folder = bundle
            for _ in 0..<4 {
                let candidate = folder.appendingPathComponent("rtmp-top").path
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
    }()
}
