import ArgumentParser
import Posix
import RTMPClient

/// The way in: reads the command line, runs the command it names, ends with its exit code.
@main
enum EntryPoint {
    static func main() {
        Interruption.block()
        do {
            var command = try RtmpClient.parseAsRoot()
            try command.run()
        } catch let failure as Failure {
            Terminal.say(failure.sentence)
            RtmpClient.exit(withError: ExitCode(failure.code))
        } catch {
            // Help, the version and completion scripts are errors to the parser, with a good end.
            guard RtmpClient.exitCode(for: error) == .success else {
                Terminal.write(RtmpClient.fullMessage(for: error) + "\n")
                RtmpClient.exit(withError: ExitCode(Failure.usage))
            }
            RtmpClient.exit(withError: error)
        }
    }
}

struct RtmpClient: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rtmp-client",
        abstract: "Publishes, plays and probes RTMP streams, as FLV.",
        discussion: """
            URLs are rtmp://HOST[:PORT]/APP/STREAM, or rtmps:// for TLS; behind a space they may carry options as \
            librtmp takes them.
            Exit codes: 0 done; 1 refused, lost or not playable; 2 wrong usage, or a file that cannot be \
            read or written; 3 the stream is silent (--stall); 130 interrupted twice.
            """,
        version: "rtmp-client 0.1.0",
        subcommands: [Publish.self, Play.self, Probe.self, Repair.self])
}

/// Why the program ends without having done what was asked: an exit code and a sentence.
struct Failure: Error {
    /// Refused, lost, not playable.
    static let refused: Int32 = 1
    /// Wrong usage, or a file that cannot be read or written.
    static let usage: Int32 = 2
    /// The server is there, and its stream is not: nothing comes.
    static let silent: Int32 = 3

    let code: Int32
    let sentence: String

    init(code: Int32, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    init(_ error: ClientError) {
        switch error {
        case .malformedURL, .file, .malformedFile: code = Self.usage
        case .stalled: code = Self.silent
        case .untrusted, .hostUnknown, .unreachable, .timedOut, .notRTMP, .refused, .failed, .lost,
            .protocolViolation, .stopped, .system:
            code = Self.refused
        }
        // What helps is ours to know, and not the library's.
        if case .untrusted = error {
            sentence = "\(error) (--ca-file trusts another authority, --insecure anybody)"
        } else {
            sentence = error.description
        }
    }
}
