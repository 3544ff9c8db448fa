import Posix
import RTMPClient

/// What Ctrl-C means: the first one ends gracefully, the second one at once.
enum Interruption {
    private static let signals: [Signal] = [.interrupt, .terminate, .hangup]

    /// Called first in the program, before any other thread exists.
    static func block() {
        Signals.block(signals)
    }

    /// Runs the body with a signal that Ctrl-C gives.
    static func heeded<Result>(
        _ body: (StopSignal) throws(ClientError) -> Result
    ) throws(Failure) -> Result {
        do throws(ClientError) {
            let stop = try StopSignal()
            let watch = try watch(stop)
            defer { watch.stop() }
            return try body(stop)
        } catch {
            throw Failure(error)
        }
    }

    private static func watch(_ stop: StopSignal) throws(ClientError) -> Signals {
        do throws(PosixError) {
            return try Signals(signals) { _ in
                if !stop.give() { ProcessExit.now(130) }
            }
        } catch {
            throw .system(error.description)
        }
    }
}
