import Foundation

/// `rtmp-top --headless` on a free port of the loopback.
final class HeadlessServer {
    let program: RunningProgram
    let port: UInt16
    /// Every address it serves, the one of `port` first.
    let addresses: [String]

    /// Starts it and waits for `server.start`, which names the port.
    ///
    /// - Parameter fileBlocks: no file it writes may be longer, in units of 512 bytes.
    init(
        _ options: [String] = [], output: RunningProgram.Output = .file, fileBlocks: Int? = nil
    ) async throws {
        guard let path = Tool.rtmpTop else {
            throw Impatience(description: "rtmp-top was not built")
        }
        let arguments = ["--headless", "--listen", "127.0.0.1:0"] + options
        let limited = fileBlocks.map { ["-c", "ulimit -f \($0); exec \"$0\" \"$@\"", path] }
        let program = try RunningProgram(
            limited == nil ? path : "/bin/sh", (limited ?? []) + arguments, output: output)
        let start = try await eventually("server.start: \(program.errorText)") {
            Event.all(in: program.outputText).first
        }
        guard start.name == "server.start", let listen = start["listen"] as? [String],
            let port = listen.first?.split(separator: ":").last.flatMap({ UInt16($0) })
        else { throw Impatience(description: "the first line is \(start)") }
        self.program = program
        self.port = port
        addresses = listen
    }

    /// What all that it told holds of a secret.
    func tells(_ secret: String) -> Bool {
        (program.outputText + program.errorText).contains(secret)
    }

    func url(_ stream: String) -> String { "rtmp://127.0.0.1:\(port)/\(stream)" }

    var events: [Event] { Event.all(in: program.outputText) }

    /// The first event of that name for which the condition holds, once there is one.
    @discardableResult
    func event(
        _ name: String, within seconds: Double = 30, where holds: (Event) -> Bool = { _ in true }
    ) async throws -> Event {
        try await eventually(
            "\(name) in:\n\(program.outputText.suffix(3000))\n\(program.errorText.suffix(2000))",
            within: seconds
        ) {
            events.first { $0.name == name && holds($0) }
        }
    }

    /// SIGTERM; the exit code.
    func stop() async throws -> Int32 {
        program.send(SIGTERM)
        return try await program.exit()
    }

    /// One JSON line.
    struct Event: CustomStringConvertible {
        let description: String
        private let fields: [String: Any]

        init?(line: Substring) {
            guard let value = try? JSONSerialization.jsonObject(with: Data(line.utf8)),
                let fields = value as? [String: Any]
            else { return nil }
            description = String(line)
            self.fields = fields
        }

        /// A last line without its end is not there yet.
        static func all(in text: String) -> [Event] {
            guard let end = text.lastIndex(of: "\n") else { return [] }
            return text[..<end].split(separator: "\n").compactMap(Event.init)
        }

        var name: String { self["ev"] as? String ?? "" }
        var session: Int? { self["s"] as? Int }
        var stream: String? { self["stream"] as? String }

        subscript(field: String) -> Any? { fields[field] }
    }
}
