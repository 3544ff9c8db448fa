import CPosix
import Glibc

/// The signals a process is sent from outside and we act on.
package enum Signal: CaseIterable, Sendable {
    case interrupt, terminate, hangup, user1, user2, stop, resume, windowChanged

    package var number: Int32 {
        switch self {
        case .interrupt: SIGINT
        case .terminate: SIGTERM
        case .hangup: SIGHUP
        case .user1: SIGUSR1
        case .user2: SIGUSR2
        case .stop: SIGTSTP
        case .resume: SIGCONT
        case .windowChanged: SIGWINCH
        }
    }
}

/// Delivers signals to a closure, on a thread of their own where anything is allowed.
package final class Signals: Sendable {
    private let thread: Thread
    private let stopping: Wakeup

    /// Blocks them in the calling thread and in every thread it starts from now on, and ignores
    /// SIGPIPE and SIGXFSZ: the write says what they mean. Called first in the program, before any other thread exists.
    package static func block(_ signals: [Signal]) {
        cposix_signal_ignore(SIGPIPE)
        cposix_signal_ignore(SIGXFSZ)
        let numbers = signals.map(\.number)
        // It fails for numbers that are no signals only.
        _ = cposix_signals_block(numbers, numbers.count)
    }

    /// Starts the thread that waits for the signals, which must be blocked.
    package init(
        _ signals: [Signal], deliver: @escaping @Sendable (Signal) -> Void
    ) throws(PosixError) {
        let numbers = signals.map(\.number)
        let descriptor = cposix_signalfd(numbers, numbers.count)
        guard descriptor != -1 else { throw PosixError("signalfd") }
        let source = File(adopting: descriptor)
        let stopping = try Wakeup()
        let pending = PendingSignals(source: source)
        self.stopping = stopping
        thread = try Thread.start(name: "signals") {
            pending.deliverUntilStopped(stopping, deliver)
        }
    }

    /// Ends and joins the thread; not from within the closure. Once only.
    package func stop() {
        stopping.signal()
        thread.join()
    }

    /// Sends the signal to the waiting thread alone.
    package func send(_ signal: Signal) throws(PosixError) {
        try thread.send(signal)
    }
}

private final class PendingSignals: Sendable {
    private let source: File

    init(source: consuming File) {
        self.source = source
    }

    func deliverUntilStopped(_ stopping: Wakeup, _ deliver: (Signal) -> Void) {
        var waiting = [
            pollfd(fd: source.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stopping.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            _ = poll(&waiting, 2, -1)
            while let signal = next() { deliver(signal) }
            if stopping.drain() { return }
        }
    }

    private func next() -> Signal? {
        let number = cposix_signalfd_next(source.descriptor)
        return Signal.allCases.first { $0.number == number }
    }
}
