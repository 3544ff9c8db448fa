import ArgumentParser
import Telemetry

/// What is written without a terminal, and the log.
struct OutputOptions: ParsableArguments {
    enum Level: String, CaseIterable, ExpressibleByArgument {
        case error
        case warn
        case info
        case debug
        case trace

        var level: Event.Level {
            switch self {
            case .error: .error
            case .warn: .warn
            case .info: .info
            case .debug: .debug
            case .trace: .trace
            }
        }
    }

    enum LogFormat: String, CaseIterable, ExpressibleByArgument {
        case text
        case json
    }

    enum SnapshotFormat: String, CaseIterable, ExpressibleByArgument {
        case text
        case ansi
        case json
        case jsonl
        case csv
        case md
    }

    enum TraceLevel: String, CaseIterable, ExpressibleByArgument {
        case chunk
        case message
    }

    @Flag(help: "No console: JSON Lines on standard output, log on standard error.")
    var headless = false

    @Option(
        help: ArgumentHelp("Print views as text instead of drawing.", valueName: "view,…"))
    var snapshot: String?

    @Option(
        help: ArgumentHelp("Cells of a snapshot. (default: 120x40)", valueName: "size"),
        transform: ScreenSizeArgument.parse)
    var size = ScreenSizeArgument(width: 120, height: 40)

    @Option(help: ArgumentHelp("Form of a snapshot.", valueName: "form"))
    var format = SnapshotFormat.text

    @Option(
        help: ArgumentHelp("Take one snapshot after this time, then end.", valueName: "time"),
        transform: DurationArgument.parse)
    var after: DurationArgument?

    @Option(
        help: ArgumentHelp("Take a snapshot again and again.", valueName: "time"),
        transform: DurationArgument.parsePositive)
    var every: DurationArgument?

    @Option(
        help: ArgumentHelp(
            "Write the lines of --headless to the end of this file, with the console too.",
            valueName: "file"))
    var events: String?

    @Option(
        help: ArgumentHelp(
            "Headless or with --events: write stats lines this often.", valueName: "time"),
        transform: DurationArgument.parsePositive)
    var stats: DurationArgument?

    @Option(
        help: ArgumentHelp(
            "Lines of sessions in --stats at most: those that move most.", valueName: "count"),
        transform: whole(0...100_000))
    var maxSessions: Int?

    /// How the time of made-up sessions goes.
    enum DemoClock: String, CaseIterable, ExpressibleByArgument {
        case fixed
        case real
    }

    @Option(
        help: ArgumentHelp(
            "Time of --demo: stands still, or goes. (default: real on a terminal, else fixed)",
            valueName: "fixed|real"))
    var clock: DemoClock?

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("End by itself after this time.", valueName: "time"),
        transform: DurationArgument.parsePositive)
    var duration: DurationArgument?

    @Option(
        help: ArgumentHelp(
            "Headless: write a line for every chunk of matching sessions.",
            valueName: "expression"))
    var trace: String?

    @Option(
        help: ArgumentHelp(
            "Headless: a line for each chunk, or for each message.", valueName: "level"))
    var traceLevel = TraceLevel.chunk

    @Option(
        help: ArgumentHelp(
            "Headless: exit 1 unless this comes true, like 'count(role:play & ttff<1s) >= 3'; "
                + "repeatable.",
            valueName: "condition"))
    var expect: [String] = []

    @Option(
        help: ArgumentHelp("Time for every --expect to come true.", valueName: "time"),
        transform: DurationArgument.parsePositive)
    var within: DurationArgument?

    @Option(help: ArgumentHelp("Headless: end when this is true.", valueName: "condition"))
    var exitWhen: String?

    @Option(help: ArgumentHelp("Drive the console with the keys in this file.", valueName: "file"))
    var script: String?

    @Option(help: ArgumentHelp("The same, given here.", valueName: "keys"))
    var keys: String?

    @Flag(help: "Print the JSON Schema of the lines of --headless.")
    var schema = false

    @Option(help: ArgumentHelp("Least level of log lines.", valueName: "level"))
    var logLevel = Level.info

    @Option(help: ArgumentHelp("Form of log lines.", valueName: "form"))
    var logFormat = LogFormat.text

    @Option(help: ArgumentHelp("Append the log to this file.", valueName: "file"))
    var log: String?
}
