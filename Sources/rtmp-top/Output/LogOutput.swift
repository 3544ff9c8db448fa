import Monitor
import Posix
import Telemetry

/// The journal as log lines, on standard error or at the end of a file.
struct LogOutput {
    private let output: LineOutput
    private let formatter: Lock<LogFormatter>

    init(_ options: OutputOptions) throws(Failure) {
        output =
            if let path = options.log {
                try Self.output(toEndOf: path)
            } else {
                try Self.output(descriptor: 2)
            }
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

    private static func output(toEndOf path: String) throws(Failure) -> LineOutput {
        let file: File
        do {
            file = try File.openForAppend(path)
        } catch {
            throw .usage("--log \(path): \(error.reason)")
        }
        return try output(descriptor: file.descriptor)
    }

    private static func output(descriptor: Int32) throws(Failure) -> LineOutput {
        try Failure.unlessStarted { () throws(PosixError) in
            try LineOutput(name: "log", descriptor: descriptor)
        }
    }
}
