import Posix
import RTMP
import Synchronization
import Telemetry

/// What one thread asks of a worker.
enum WorkerMessage: Sendable {
    /// A new connection, with the admission it must give back at its end.
    case adopt(AcceptedConnection)
    /// A message of a stream this worker has players of; numbered as in the stream's log.
    case media(LiveStreamHandle, sequence: UInt64, MediaMessage)
    /// Somebody publishes the stream (again), or nobody does any more. The publish tells mail of before
    /// a feed was made from mail after it.
    case started(LiveStreamHandle, publish: Int)
    case ended(LiveStreamHandle, publish: Int)
    /// This publisher of the stream was silent and another one came (CMD-9).
    case evict(SessionID, from: LiveStreamHandle, by: SessionID)
    case close(SessionID, CloseReason)
    /// Ask this session to connect anew, or with nil all that can (MED-13).
    case reconnect(SessionID?, ReconnectRequest)
    /// Let those in again who are refused under this name, as `admin.hold` said it.
    case lift(SafeText)
    /// Record the chunks of exactly these sessions.
    case trace(Set<SessionID>)
    /// Say goodbye to everybody, then end the thread.
    case drain(untilNanoseconds: UInt64)
}

/// What a client that is asked to connect anew is told.
struct ReconnectRequest: Sendable {
    /// Absolute or relative to the client's own; nil: where it is now.
    var tcURL: String?
    var description: String
}

/// How threads talk to a worker: whole messages, in order, never waiting for it.
///
/// The worker is woken only when the box was empty: a wake across cores costs 20 to 35 µs.
final class Mailbox: Sendable {
    /// Of the worker whose box this is.
    let worker: Int
    let wakeup: Wakeup
    private let messages = Lock<[WorkerMessage]>([])
    private let ownPost = Atomic<Bool>(false)

    init(worker: Int) throws(PosixError) {
        self.worker = worker
        wakeup = try Wakeup()
    }

    /// - Parameter sender: the worker that posts, if one does. To its own box it needs no wake, since
    ///   it looks there before it sleeps.
    func post(_ message: WorkerMessage, from sender: Int? = nil) {
        let wasEmpty = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        guard wasEmpty else { return }
        if sender == worker {
            ownPost.store(true, ordering: .relaxed)
        } else {
            wakeup.signal()
        }
    }

    /// Whether the worker has posted to itself since it last took its messages.
    var hasOwnPost: Bool { ownPost.load(ordering: .relaxed) }

    /// Takes all that waits, leaving `empty` in its place so that its storage is used again.
    func exchange(_ empty: inout [WorkerMessage]) {
        ownPost.store(false, ordering: .relaxed)
        messages.withLock { messages in
            swap(&messages, &empty)
        }
    }
}
