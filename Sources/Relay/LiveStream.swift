package import RTMP

/// Who publishes: a number of the caller's choice, one per connection and message stream.
package typealias PublisherID = UInt64

/// What happens to a second publisher of a key (CMD-9).
package enum PublishConflict: Hashable, Sendable {
    case reject
    case replace
    /// Takes over from a publisher of whom nothing was received for so long.
    case replaceSilent(afterNanoseconds: UInt64)
}

package enum PublishVerdict: Hashable, Sendable {
    case accepted
    /// Accepted; the publisher named here lost the stream and is to be disconnected.
    case takesOver(PublisherID)
    /// Refused; the publisher named here has the stream.
    case busy(PublisherID)
}

/// The publisher's side of a stream: one publisher at a time, one time line, one log.
///
///     waiting ──▶ live ──▶ ended
///                 ▲  │       │
///      taken over └──┘ ◀─────┘ published again
///
/// The log goes on over all publishes of the key, and so does its time.
package struct LiveStream: Sendable {
    package enum State: Hashable, Sendable {
        /// Nobody has published yet; players may be waiting.
        case waiting
        case live(PublisherID, lastReceivedNanoseconds: UInt64)
        case ended
    }

    package let key: StreamKey
    package private(set) var state = State.waiting
    package private(set) var log: StreamLog
    private var timeline = Timeline()

    package init(key: StreamKey, limits: WindowLimits) {
        self.key = key
        log = StreamLog(limits: limits)
    }

    package var publisher: PublisherID? {
        guard case .live(let publisher, _) = state else { return nil }
        return publisher
    }

    /// When the publisher was last heard of; nil: there is none.
    package var lastReceivedNanoseconds: UInt64? {
        guard case .live(_, let last) = state else { return nil }
        return last
    }

    package mutating func requestPublish(
        by publisher: PublisherID, nowNanoseconds: UInt64, policy: PublishConflict
    ) -> PublishVerdict {
        guard case .live(let owner, let last) = state, owner != publisher else {
            begin(publisher, nowNanoseconds: nowNanoseconds)
            return .accepted
        }
        switch policy {
        case .reject:
            return .busy(owner)
        case .replaceSilent(let after) where nowNanoseconds < last &+ after:
            return .busy(owner)
        case .replace, .replaceSilent:
            begin(publisher, nowNanoseconds: nowNanoseconds)
            return .takesOver(owner)
        }
    }

    /// The publisher was heard of, though not by media: it is not silent.
    package mutating func noteReceived(atNanoseconds time: UInt64) {
        guard case .live(let publisher, let last) = state, time > last else { return }
        state = .live(publisher, lastReceivedNanoseconds: time)
    }

    /// Appends what the publisher sent and returns it as it stands in the log, in the stream's time;
    /// nil: whoever sent it does not publish this stream, or not any longer.
    ///
    /// `share`: `StreamLog.byteShare` as of now.
    package mutating func append(
        _ message: MediaMessage, by publisher: PublisherID, nowNanoseconds: UInt64,
        share: UInt64 = .max
    ) -> MediaMessage? {
        guard case .live(publisher, _) = state else { return nil }
        state = .live(publisher, lastReceivedNanoseconds: nowNanoseconds)
        var message = message
        message.timestamp = timeline.place(message, nowNanoseconds: nowNanoseconds)
        log.byteShare = share
        log.append(message)
        log.trim(keepingFrom: nil)
        return message
    }

    /// The publisher ends its stream; false: it had it no longer.
    package mutating func endPublish(by publisher: PublisherID) -> Bool {
        guard case .live(publisher, _) = state else { return false }
        state = .ended
        log.removeAll()
        return true
    }

    private mutating func begin(_ publisher: PublisherID, nowNanoseconds: UInt64) {
        state = .live(publisher, lastReceivedNanoseconds: nowNanoseconds)
        log.removeAll()
        timeline.restart()
    }
}
