import ArgumentParser
import RTMPClient

struct Probe: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plays a stream for a while and says what it is.",
        discussion: """
            Exit code 0: playable; 1: refused, lost, or nothing that can be decoded; 3: silent, the \
            server took the play and no media comes within --timeout, or none more for --stall.
            """)

    @Flag(help: "One JSON object on one line.")
    var json = false

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "Measure so long from the first packet on. (default: 5s)", valueName: "time"),
        transform: duration)
    var limit = Duration.seconds(5)

    @Option(
        help: ArgumentHelp(
            "The stream has stalled when no media comes for so long. (default: 3s)",
            valueName: "time"),
        transform: duration)
    var stall = Duration.seconds(3)

    @OptionGroup(title: "Connection")
    var connection: ConnectionOptions

    func run() throws {
        var prober = Prober()
        prober.duration = limit
        var options = connection.options
        options.stall = stall
        let report = try Interruption.heeded { stop throws(ClientError) in
            try prober.run(connection.target, options: options, stop: stop)
        }
        let view = ProbeView(report, url: connection.target)
        print(json ? view.json : view.table)
        if let error = report.error { throw Failure(error) }
        if !report.isPlayable {
            throw Failure(code: Failure.refused, "nothing came that can be decoded")
        }
    }
}
