import Posix
import Synchronization

/// Wakes a thread that rests; where nobody does, ringing is one look at a flag. Any thread may ring.
final class Doorbell: Sendable {
    private let wakeup: Wakeup
    private let isAwaited = Atomic(false)

    init() throws(PosixError) {
        wakeup = try Wakeup()
    }

    /// Only for whoever rests.
    func ring() {
        guard isAwaited.load(ordering: .sequentiallyConsistent) else { return }
        knock()
    }

    /// Ends a wait in any case, or the next one.
    func knock() {
        isAwaited.store(false, ordering: .relaxed)
        wakeup.signal()
    }

    /// Until the time is over or somebody knocks.
    func wait(timeoutMilliseconds: Int32) {
        wakeup.wait(timeoutMilliseconds: timeoutMilliseconds)
    }

    /// The same, and until somebody rings; at once if there is `already` a reason to, which is asked
    /// after whoever comes would ring.
    func rest(timeoutMilliseconds: Int32, unless already: () -> Bool) {
        isAwaited.store(true, ordering: .sequentiallyConsistent)
        if !already() { wakeup.wait(timeoutMilliseconds: timeoutMilliseconds) }
        isAwaited.store(false, ordering: .relaxed)
    }
}
