import Foundation

enum VLC {
    /// VLC without a screen. It refuses to run as root, so then it runs as nobody.
    static func run(_ arguments: [String], in folder: URL) throws -> RunningProgram {
        let options = ["-I", "dummy", "--play-and-exit"] + arguments
        guard geteuid() == 0 else { return try RunningProgram(.vlc, options) }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o777], ofItemAtPath: folder.path)
        return try RunningProgram(
            .setpriv,
            ["--reuid=65534", "--regid=65534", "--clear-groups", Tool.vlc.path ?? ""] + options,
            environment: ["HOME": folder.path])
    }
}
