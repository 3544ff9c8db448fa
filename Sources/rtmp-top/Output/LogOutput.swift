import Monitor
import Posix
import Telemetry

/// The journal as log lines, on standard error or at the end of a file.
struct LogOutput {
    private let output: LineOutput
    private let formatter: Lock<LogFormatter>

    init(_ options: OutputOptions) throws(Failure) {
        output = try LineOutput(
            name: "log", toEndOf: options.log, option: "--log", elseDescriptor: 2)
        let format: LogFormatter.Format =
            switch options.logFormat {
            case .text: .text
            case .json: .json
            }
        formatter = Lock(LogFormatter(format: format, level: options.logLevel.level))
    }

    func write(_ snapshot: Snapshot) {
        let lines = formatter.withLock { $0.lines(of: snapshot) }
        output.append(lines) { count in Array("\(count) log lines lost\n".utf8) }
    }

    func finish() {
        output.finish(withinNanoseconds: 1_000_000_000)
    }
}
