import Foundation

/// The built `rtmp-client`, started as a shell would.
enum RtmpClient {
    /// - Parameters:
    ///   - source: a command whose standard output it reads.
    ///   - sink: a command that reads its standard output.
    static func run(
        _ command: String, _ arguments: [String], reading source: String? = nil,
        into sink: String? = nil
    ) throws -> RunningProgram {
        guard let path = Tool.rtmpClient else {
            throw Impatience(description: "rtmp-client was not built")
        }
        guard source != nil || sink != nil else {
            return try RunningProgram(path, [command] + arguments)
        }
        let client = ([path, command] + arguments).map { "'\($0)'" }.joined(separator: " ")
        let line = [source, client, sink].compactMap(\.self).joined(separator: " | ")
        return try RunningProgram("/bin/sh", ["-c", line])
    }
}
