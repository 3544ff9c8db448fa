import Console
import Monitor
import Posix

/// `--demo`: made-up sessions, the same every time, without a network.
enum DemoRun {
    /// The moment of the drawings in specs/002-console: the same bytes every time.
    private static let stillTick = 0

    /// - Parameter clock: real: as the sessions are after `--after`.
    static func print(
        _ sessions: Int, _ printer: SnapshotPrinter, _ options: OutputOptions
    ) throws(Failure) {
        let passed = options.clock == .real ? options.after?.nanoseconds ?? 0 : 0
        let tick = stillTick + Int(passed / Demo.tickNanoseconds)
        try printer.print(Demo(sessions: sessions).snapshot(at: tick))
    }

    /// The console over them; what would change a session changes nothing.
    static func show(
        _ sessions: Int, _ setup: ConsoleSetup, _ options: OutputOptions
    ) throws(Failure) {
        let demo = Demo(sessions: sessions)
        let start = Clock.monotonicNanoseconds()
        let isFixed = options.clock == .fixed
        let source = ConsoleRun.Source(
            newest: {
                let passed = isFixed ? 0 : Clock.monotonicNanoseconds() - start
                return demo.snapshot(at: Int(passed / Demo.tickNanoseconds))
            },
            perform: { _ in }, outlivesTerminal: false)
        _ = try setup.show(source) { _ in }
    }

    /// A script over them, without a terminal and without waiting: the same bytes every time.
    static func play(
        _ sessions: Int, _ arguments: Arguments, _ ending: Ending
    ) throws(Failure) {
        guard let script = try ScriptRun.script(arguments.output) else { return }
        let demo = Demo(sessions: sessions)
        let clock = StepClock()
        let source = ConsoleRun.Source(
            newest: { demo.snapshot(at: Int(clock.nanoseconds / Demo.tickNanoseconds)) },
            perform: { _ in }, outlivesTerminal: false,
            now: { clock.nanoseconds },
            rest: { then, _ in clock.nanoseconds = max(clock.nanoseconds, then) })
        try ScriptRun.run(script, arguments, source, ending)
    }

    /// Time that passes only when somebody rests. Owned by the main thread.
    private final class StepClock {
        var nanoseconds: UInt64 = 0
    }
}
