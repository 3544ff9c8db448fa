import Monitor
import Posix
import Telemetry

/// The events of a server as JSON Lines, on standard output or at the end of a file.
struct EventOutput: Sendable {
    private let feed: Lock<EventFeed>
    private let output: LineOutput

    /// - Parameter filters: what is told; nil: everything but the trace.
    init(_ options: OutputOptions, _ filters: Filters?) throws(Failure) {
        output =
            if let path = options.events, path != "-" {
                try Self.output(toEndOf: path)
            } else {
                try Self.output(descriptor: 1)
            }
        feed = Lock(
            EventFeed(
                EventWriter(
                    level: max(options.logLevel.level, .debug), sessions: filters?.sessions,
                    traceLevel: filters?.traceLevel),
                statisticsPeriodNanoseconds: options.stats?.nanoseconds,
                sessionLimit: options.maxSessions ?? .max))
    }

    func write(_ snapshot: Snapshot) {
        feed.withLock { feed in
            output.append(feed.lines(of: snapshot)) { feed.missed($0, at: snapshot) }
        }
    }

    /// Waits so long for whoever reads the last lines.
    func finish(withinNanoseconds time: UInt64) {
        output.finish(withinNanoseconds: time)
    }

    private static func output(toEndOf path: String) throws(Failure) -> LineOutput {
        let file: File
        do {
            file = try File.openForAppend(path)
        } catch {
            throw .usage("--events \(path): \(error.reason)")
        }
        return try output(descriptor: file.descriptor)
    }

    private static func output(descriptor: Int32) throws(Failure) -> LineOutput {
        try Failure.unlessStarted { () throws(PosixError) in
            try LineOutput(name: "output", descriptor: descriptor)
        }
    }
}
