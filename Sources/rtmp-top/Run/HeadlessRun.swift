import Monitor
import Posix
import RTMPServer
import Telemetry

/// `--headless`: JSON Lines on standard output, the log on standard error.
enum HeadlessRun {
    /// How long a reader of standard output may take for the last lines.
    private static let farewellNanoseconds: UInt64 = 1_000_000_000

    static func run(_ arguments: Arguments, _ filters: Filters, _ ending: Ending) throws(Failure) {
        let options = arguments.output
        let feed = Lock(
            EventFeed(
                EventWriter(
                    level: max(options.logLevel.level, .debug), sessions: filters.sessions,
                    traceLevel: filters.traced == nil ? nil : .chunk),
                statisticsPeriodNanoseconds: options.stats?.nanoseconds))
        let output = try Failure.unlessStarted { () throws(PosixError) in
            try LineOutput(name: "output", descriptor: 1)
        }
        let log = try LogOutput(options)
        let signals = try Failure.unlessStarted { () throws(PosixError) in
            try SignalPlan.start(ending) {}
        }
        defer { signals.stop() }
        let service: Service
        do {
            service = try Service.start(
                ServerConfiguration(arguments.server, tracesFromAccept: filters.traced != nil)
            ) { snapshot in
                feed.withLock { feed in
                    output.append(feed.lines(of: snapshot)) { feed.missed($0, at: snapshot) }
                }
                log.write(snapshot)
            }
        } catch {
            output.finish(withinNanoseconds: 0)
            log.finish()
            throw error
        }
        service.stop(ending.wait(for: options.duration))
        output.finish(withinNanoseconds: farewellNanoseconds)
        log.finish()
    }
}
