import ArgumentParser
import Posix
import RTMPClient

struct Publish: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Publishes an FLV file, or what comes through standard input.",
        discussion: "ffmpeg -re -i in.mp4 -c copy -f flv - | rtmp-client publish -i - URL")

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file; - is standard input. (default: -)", valueName: "file"))
    var input = "-"

    @Flag(help: "Again and again; the time goes on.")
    var loop = false

    @Flag(help: "As fast as the server takes it, instead of by its timestamps.")
    var fast = false

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("End after so much media.", valueName: "time"), transform: duration)
    var limit: Duration?

    @OptionGroup(title: "Connection")
    var connection: ConnectionOptions

    func validate() throws {
        if loop, input == "-" { throw ValidationError("--loop needs a file: give it by --input") }
        if input == "-", TerminalDevice.isTerminal(0) {
            throw ValidationError("standard input is a terminal: give a file by --input")
        }
    }

    func run() throws {
        var sender = FLVSender(path: input == "-" ? nil : input)
        sender.isFast = fast
        sender.loops = loop
        sender.limit = limit
        let line = ProgressLine()
        if Terminal.isAttached { sender.report = { Terminal.draw(line.text($0)) } }
        let done = try Interruption.heeded { stop throws(ClientError) in
            try sender.run(to: connection.target, options: connection.options, stop: stop)
        }
        if Terminal.isAttached { Terminal.say(ProgressLine.summary("published", done)) }
    }
}
