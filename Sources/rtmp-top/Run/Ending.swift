import Posix

/// The wish that the program may end, from whichever thread has it; the first reason counts.
final class Ending: Sendable {
    enum Reason: String {
        case signal
        case duration
        case quit
        /// What was waited for came true, or did not in time.
        case expectation
        /// The script is over.
        case script
    }

    private let wakeup: Wakeup
    private let first = Lock<Reason?>(nil)

    init() throws(PosixError) {
        wakeup = try Wakeup()
    }

    /// False: there was a reason before.
    @discardableResult
    func request(_ reason: Reason) -> Bool {
        let isFirst = first.withLock { first in
            defer { first = first ?? reason }
            return first == nil
        }
        wakeup.signal()
        return isFirst
    }

    var reason: Reason? { first.withLock { $0 } }

    /// Whoever rests looks round.
    func stir() { wakeup.signal() }

    /// Waits for a reason or a stir, at most until the time is over.
    func rest(untilNanoseconds end: UInt64?) {
        guard reason == nil else { return }
        guard let end else {
            wakeup.wait()
            return
        }
        let now = Clock.monotonicNanoseconds()
        guard now < end else { return }
        wakeup.wait(timeoutMilliseconds: Int32(clamping: (end - now) / 1_000_000 + 1))
    }

    /// Waits for a reason, at most until the time is over.
    func wait(untilNanoseconds end: UInt64? = nil) -> Reason? {
        while reason == nil {
            if let end, Clock.monotonicNanoseconds() >= end { return nil }
            rest(untilNanoseconds: end)
        }
        return reason
    }

    /// Waits for a reason, or until so long has passed.
    func wait(for duration: DurationArgument?) -> Reason {
        let end = duration.map { Clock.monotonicNanoseconds() + $0.nanoseconds }
        return wait(untilNanoseconds: end) ?? .duration
    }
}
