import Console
import Monitor
import Posix
import RTMPServer

/// `--snapshot`: views as text, from a live server or made-up sessions, without a terminal.
enum SnapshotRun {
    static func run(
        _ arguments: Arguments, _ printer: SnapshotPrinter, _ ending: Ending
    ) throws(Failure) {
        let options = arguments.output
        let newest = Lock<Snapshot?>(nil)
        let log = try LogOutput(options)
        defer { log.finish() }
        let looked = try Failure.unlessStarted(Wakeup.init)
        let signals = try Failure.unlessStarted { () throws(PosixError) in
            try SignalPlan.start(ending) {}
        }
        defer { signals.stop() }
        let service = try Service.start(
            ServerConfiguration(arguments.server, tracesFromAccept: false),
            arguments.recording.recordings,
            readPeriodNanoseconds: SamplerLoop.periodNanoseconds
        ) { snapshot in
            newest.withLock { $0 = snapshot }
            log.write(snapshot)
            looked.signal()
        }
        looked.wait()
        let started = Clock.monotonicNanoseconds()
        let end = options.duration.map { started + $0.nanoseconds }
        let pause = options.every ?? options.after ?? .seconds(0)
        var due = started + pause.nanoseconds
        var reason: Ending.Reason?
        repeat {
            reason = ending.wait(untilNanoseconds: min(due, end ?? .max))
            if reason == nil, let snapshot = newest.withLock({ $0 }) { try printer.print(snapshot) }
            due += pause.nanoseconds
        } while reason == nil && options.every != nil && due <= end ?? .max
        service.stop(reason ?? .duration)
    }
}
