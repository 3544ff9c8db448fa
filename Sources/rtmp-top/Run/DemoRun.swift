import Console
import Monitor
import Posix

/// `--demo`: made-up sessions, the same every time, without a network.
enum DemoRun {
    /// The moment of the drawings in specs/002-console: the same bytes every time.
    private static let stillTick = 0

    static func print(_ sessions: Int, _ printer: SnapshotPrinter) throws(Failure) {
        try printer.print(Demo(sessions: sessions).snapshot(at: stillTick))
    }

    /// The console over them; what would change a session changes nothing.
    static func show(_ sessions: Int, _ setup: ConsoleSetup) throws(Failure) {
        let demo = Demo(sessions: sessions)
        let start = Clock.monotonicNanoseconds()
        let source = ConsoleRun.Source(
            newest: {
                let passed = Clock.monotonicNanoseconds() - start
                return demo.snapshot(at: Int(passed / Demo.tickNanoseconds))
            },
            close: { _, _ in }, trace: { _ in }, inspect: { _ in }, outlivesTerminal: false)
        _ = try setup.show(source) { _ in }
    }
}
