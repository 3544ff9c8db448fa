import ArgumentParser
import RTMPClient

struct Probe: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plays a stream for a while and says what it is. Exit code 1: not playable.")

    @Flag(help: "One JSON object on one line.")
    var json = false

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "Measure so long from the first packet on. (default: 5s)", valueName: "time"),
        transform: duration)
    var limit = Duration.seconds(5)

    @OptionGroup(title: "Connection")
    var connection: ConnectionOptions

    func run() throws {
        var prober = Prober()
        prober.duration = limit
        let report = try Interruption.heeded { stop throws(ClientError) in
            try prober.run(connection.target, options: connection.options, stop: stop)
        }
        let view = ProbeView(report, url: connection.target)
        print(json ? view.json : view.table)
        if let error = report.error { throw Failure(error) }
        if !report.isPlayable {
            throw Failure(code: Failure.refused, "nothing came that can be decoded")
        }
    }
}
