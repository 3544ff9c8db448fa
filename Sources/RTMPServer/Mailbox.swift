import Posix
import RTMP
import Telemetry

/// What one thread asks of a worker.
enum WorkerMessage: Sendable {
    /// A new connection, with the admission it must give back at its end.
    case adopt(AcceptedConnection)
    /// A message of a stream this worker has players of; numbered as in the stream's log.
    case media(LiveStreamHandle, sequence: UInt64, MediaMessage)
    /// Somebody publishes the stream (again).
    case started(LiveStreamHandle)
    case ended(LiveStreamHandle)
    /// This publisher was silent and another one came (CMD-9).
    case evict(SessionID, by: SessionID)
    case close(SessionID, CloseReason)
    /// Record the chunks of exactly these sessions.
    case trace(Set<SessionID>)
    /// Say goodbye to everybody, then end the thread.
    case drain(untilNanoseconds: UInt64)
}

/// How threads talk to a worker: whole messages, in order, never waiting for it.
///
/// The worker is woken only when the box was empty: a wake across cores costs 20 to 35 µs.
final class Mailbox: Sendable {
    private let messages = Lock<[WorkerMessage]>([])
    let wakeup: Wakeup

    init() throws(PosixError) {
        wakeup = try Wakeup()
    }

    func post(_ message: WorkerMessage) {
        let wasEmpty = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        if wasEmpty { wakeup.signal() }
    }

    /// Takes all that waits, leaving `empty` in its place so that its storage is used again.
    func exchange(_ empty: inout [WorkerMessage]) {
        messages.withLock { messages in
            swap(&messages, &empty)
        }
    }
}
