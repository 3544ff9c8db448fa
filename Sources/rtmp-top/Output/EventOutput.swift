import Monitor
import Posix
import Telemetry

/// The events of a server as JSON Lines, on standard output or at the end of a file.
struct EventOutput: Sendable {
    private let feed: Lock<EventFeed>
    private let output: LineOutput

    /// - Parameter filters: what is told; nil: everything but the trace.
    init(_ options: OutputOptions, _ filters: Filters?) throws(Failure) {
        output = try LineOutput(
            name: "output", toEndOf: options.events == "-" ? nil : options.events,
            option: "--events", elseDescriptor: 1)
        feed = Lock(
            EventFeed(
                EventWriter(
                    level: max(options.logLevel.level, .debug), sessions: filters?.sessions,
                    traced: filters?.traced, traceLevel: filters?.traceLevel),
                statisticsPeriodNanoseconds: options.stats?.nanoseconds,
                sessionLimit: options.maxSessions ?? .max))
    }

    func write(_ snapshot: Snapshot) {
        feed.withLock { feed in
            output.append(feed.lines(of: snapshot)) { feed.missed($0, at: snapshot) }
        }
    }

    /// Whose chunks need be recorded from now on, and whose not; nil: as before.
    func takeTraceChange() -> TraceChange? {
        feed.withLock { $0.takeTraceChange() }
    }

    /// Waits so long for whoever reads the last lines.
    func finish(withinNanoseconds time: UInt64) {
        output.finish(withinNanoseconds: time)
    }
}
