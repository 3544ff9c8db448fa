import Monitor
import Posix
import RTMPServer
import Telemetry

/// `--headless`: JSON Lines on standard output, the log on standard error.
enum HeadlessRun {
    /// How long a reader of standard output may take for the last lines.
    private static let farewellNanoseconds: UInt64 = 1_000_000_000
    /// Events of dropped frames come of a look, statistics, and whose chunks are recorded.
    private static let readPeriodNanoseconds: UInt64 = 1_000_000_000

    static func run(_ arguments: Arguments, _ filters: Filters, _ ending: Ending) throws(Failure) {
        let options = arguments.output
        let watch = Lock(try ExpectationWatch(options))
        let script = try ScriptRun.script(options)
        let output = try EventOutput(options, filters)
        let log = try LogOutput(options)
        let control = Lock<ServerControl?>(nil)
        let signals = try Failure.unlessStarted { () throws(PosixError) in
            try SignalPlan.start(
                ending, reload: { control.withLock { $0 }?.reloadCertificate() }, changed: {})
        }
        defer { signals.stop() }
        let newest = try Failure.unlessStarted(NewestSnapshot.init)
        let service = try Service.start(
            ServerConfiguration(arguments.server, tracesFromAccept: filters.traced != nil),
            arguments.recording.recordings,
            wantsFigures: wantsFigures(options, filters), keepsHistory: script != nil,
            readPeriodNanoseconds: min(options.stats?.nanoseconds ?? .max, readPeriodNanoseconds)
        ) { snapshot in
            output.write(snapshot)
            if let control = control.withLock({ $0 }), let change = output.takeTraceChange() {
                control.trace(arming: change.armed, disarming: change.disarmed)
            }
            log.write(snapshot)
            if script != nil { newest.set(snapshot) }
            if watch.withLock({ $0.look(at: snapshot) }) != nil {
                ending.request(.expectation)
            }
        }
        control.withLock { $0 = service.control }
        var failure: Failure?
        if let script {
            do {
                try ScriptRun.run(script, arguments, .live(service, newest), ending)
            } catch {
                failure = error
            }
            ending.request(.script)
        }
        service.stop(ending.wait(for: options.duration))
        output.finish(withinNanoseconds: farewellNanoseconds)
        log.finish()
        if let failure = failure ?? watch.withLock({ $0.failure() }) { throw failure }
    }

    /// Whether anything but events of everybody is wanted.
    static func wantsFigures(_ options: OutputOptions, _ filters: Filters) -> Bool {
        options.stats != nil || options.script != nil || options.keys != nil
            || !options.expect.isEmpty || options.exitWhen != nil || filters.sessions != nil
            || filters.traced != nil
    }
}
