import ArgumentParser
import Posix
import RTMPClient

struct Play: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plays a stream into an FLV file or a pipe, or says how it comes.",
        discussion: """
            rtmp-client play URL | ffplay -
            Without --output, a standard output that is no terminal is written to, and on a \
            terminal a line a second says how the stream comes.
            """)

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The file, written over if it is there; - is standard output.", valueName: "file"))
    var output: String?

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("End so long after the first packet.", valueName: "time"),
        transform: duration)
    var limit: Duration?

    @Option(
        help: ArgumentHelp("What the server is told we buffer. (default: 3s)", valueName: "time"),
        transform: duration)
    var buffer = Duration.seconds(3)

    @Option(
        help: ArgumentHelp(
            "End with exit code 3 when no media comes for so long. (default: never)",
            valueName: "time"),
        transform: duration)
    var stall: Duration?

    @OptionGroup(title: "Connection")
    var connection: ConnectionOptions

    func validate() throws {
        if output == "-", TerminalDevice.isTerminal(1) {
            throw ValidationError("standard output is a terminal: no FLV is written to it")
        }
    }

    func run() throws {
        var options = connection.options
        options.buffer = buffer
        options.stall = stall
        var receiver = FLVReceiver(output: target)
        receiver.limit = limit
        let line = ProgressLine()
        if case .none = target {
            receiver.report = { print(line.text($0)) }
        } else if Terminal.isAttached {
            receiver.report = { Terminal.draw(line.text($0)) }
        }
        let done = try Interruption.heeded { stop throws(ClientError) in
            try receiver.run(from: connection.target, options: options, stop: stop)
        }
        if Terminal.isAttached { Terminal.say(ProgressLine.summary("played", done)) }
    }

    private var target: FLVReceiver.Output {
        switch output {
        case nil: TerminalDevice.isTerminal(1) ? .none : .standardOutput
        case "-": .standardOutput
        case let path?: .file(path)
        }
    }
}
