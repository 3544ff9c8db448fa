import Posix
import RTMP
import Relay
import Synchronization
import Telemetry

/// What one thread asks of a worker.
enum WorkerMessage: Sendable {
    /// A new connection, with the admission it must give back at its end.
    case adopt(AcceptedConnection)
    /// A message of a stream this worker has players of; numbered as in the stream's log.
    case media(LiveStreamHandle, sequence: UInt64, MediaMessage)
    /// Media of this stream found no room in the box from here on: the hub has what is there now.
    case fellBehind(LiveStreamHandle)
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
    /// Let a sink have the stream of this name as well.
    case attach(SafeText, @Sendable (StreamKey) -> (any MediaSink)?)
    /// Record the chunks of exactly these sessions.
    case trace(Set<SessionID>)
    /// Record the chunks of these as well, and of those not any longer.
    case arm(Set<SessionID>, disarm: Set<SessionID>)
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
///
/// Media has a bound (SEC-10): a worker that does not get to its box harms its own players, who go on
/// at a keyframe, and neither the publisher nor the memory. All other mail is of few words, and each
/// has its own bound: admissions, the budget of commands, what an operator does.
final class Mailbox: Sendable {
    private struct Contents {
        var messages: [WorkerMessage] = []
        var mediaMessages = 0
        var mediaBytes = 0
    }

    /// Of the worker whose box this is.
    let worker: Int
    let wakeup: Wakeup
    private let contents = Lock(Contents())
    private let ownPost = Atomic<Bool>(false)

    /// Four windows of the default size: a worker that is this far behind has not run for seconds.
    static let mediaBytesMaximum = 64 << 20
    static let mediaMessagesMaximum = 65_536

    init(worker: Int) throws(PosixError) {
        self.worker = worker
        wakeup = try Wakeup()
    }

    /// - Parameter sender: the worker that posts, if one does. To its own box it needs no wake, since
    ///   it looks there before it sleeps.
    func post(_ message: WorkerMessage, from sender: Int? = nil) {
        let wasEmpty = contents.withLock { contents in
            contents.messages.append(message)
            return contents.messages.count == 1
        }
        if wasEmpty { wake(from: sender) }
    }

    /// - Returns: false if the box holds as much media as it may; it is not taken.
    func post(
        _ media: MediaMessage, of stream: LiveStreamHandle, sequence: UInt64, from sender: Int
    ) -> Bool {
        let isFirst = contents.withLock { contents -> Bool? in
            let bytes = contents.mediaBytes + media.payload.count
            guard contents.mediaMessages < Self.mediaMessagesMaximum,
                bytes <= Self.mediaBytesMaximum
            else { return nil }
            contents.mediaMessages += 1
            contents.mediaBytes = bytes
            contents.messages.append(.media(stream, sequence: sequence, media))
            return contents.messages.count == 1
        }
        guard let isFirst else { return false }
        if isFirst { wake(from: sender) }
        return true
    }

    private func wake(from sender: Int?) {
        if sender == worker {
            ownPost.store(true, ordering: .relaxed)
        } else {
            wakeup.signal()
        }
    }

    /// Whether the worker has posted to itself since it last took its messages.
    var hasOwnPost: Bool { ownPost.load(ordering: .relaxed) }

    /// When its worker has ended: what was handed over too late is closed unseen.
    func close() {
        let messages = contents.withLock { $0.messages }
        for case .adopt(let accepted) in messages { accepted.close() }
    }

    /// Takes all that waits, leaving `empty` in its place so that its storage is used again.
    func exchange(_ empty: inout [WorkerMessage]) {
        ownPost.store(false, ordering: .relaxed)
        contents.withLock { contents in
            swap(&contents.messages, &empty)
            contents.mediaMessages = 0
            contents.mediaBytes = 0
        }
    }
}
