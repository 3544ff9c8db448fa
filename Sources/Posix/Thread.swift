import CPosix
import Glibc
import Synchronization

/// A named POSIX thread that must be joined, or let go to end by itself.
///
/// It runs with the signals blocked that a process is sent from outside: those are for the thread
/// of `Signals`. No thread may be started from top-level code of `main.swift`, where the closure
/// would belong to the main actor and trap.
package final class Thread: Sendable {
    private let id: UInt
    private let isJoined = Atomic(false)

    private init(id: UInt) {
        self.id = id
    }

    /// The system shows at most 15 bytes of the name. 0 bytes of stack take the system's default.
    package static func start(
        name: String, stackBytes: Int = 0, _ body: @escaping @Sendable () -> Void
    ) throws(PosixError) -> Thread {
        let box = Unmanaged.passRetained(Body(body))
        var id: UInt = 0
        let error = cposix_thread_start(
            &id, name, stackBytes,
            { Unmanaged<Body>.fromOpaque($0!).takeRetainedValue().run() },
            box.toOpaque())
        guard error == 0 else {
            box.release()
            throw PosixError("pthread_create", code: error)
        }
        return Thread(id: id)
    }

    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Waits until the thread's function has returned. Once only.
    package func join() {
        let wasJoined = isJoined.exchange(true, ordering: .acquiringAndReleasing)
        precondition(!wasJoined, "a thread is joined once")
        let error = cposix_thread_join(id)
        precondition(error == 0, "a thread is joined by another thread")
    }

    /// Lets it end by itself, whenever that is: for a call that nothing can interrupt, such as the
    /// look-up of a name. Instead of `join`.
    package func detach() {
        let wasJoined = isJoined.exchange(true, ordering: .acquiringAndReleasing)
        precondition(!wasJoined, "a thread is detached instead of being joined")
        let error = cposix_thread_detach(id)
        precondition(error == 0, "a thread that was not joined can be detached")
    }

    deinit {
        precondition(isJoined.load(ordering: .acquiring), "a thread is joined before it is let go")
    }

    /// Sends the signal to this thread alone; it must not have been joined.
    package func send(_ signal: Signal) throws(PosixError) {
        let error = cposix_thread_signal(id, signal.number)
        guard error == 0 else { throw PosixError("pthread_kill", code: error) }
    }

    /// Names the calling thread.
    package static func setName(_ name: String) {
        cposix_thread_set_name(name)
    }
}
