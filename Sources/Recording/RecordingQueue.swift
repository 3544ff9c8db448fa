import RTMP
import Relay

/// What waits for the disk, up to a bound; what is beyond it is left out up to a keyframe.
///
/// Under the lock of its recorder.
struct RecordingQueue {
    private var messages: [MediaMessage] = []
    /// Of `messages` and of what was taken but not yet written.
    private(set) var bytes = 0
    private var takenBytes = 0
    /// Since this number in the stream's log nothing was kept.
    private var gap: UInt64?
    private var gapFrames: UInt64 = 0
    /// Frames of gaps that are over, until somebody asks.
    private var skipped: UInt64 = 0

    static let messagesMaximum = 16_384

    /// `message` is the newest of `log`; `limit` in bytes, of which half must be free again before a
    /// gap ends.
    ///
    /// - Returns: whether it was kept.
    mutating func put(_ message: MediaMessage, in log: StreamLog, limit: Int) -> Bool {
        let sequence = log.endSequence &- 1
        if let start = gap {
            let mayEnd = message.isKeyframe || (message.isFrame && !log.carriesVideo)
            guard mayEnd, hasRoom(for: message, limit / 2) else { return skip(message) }
            for header in log.headersInForce(at: sequence, since: start) { keep(header) }
            skipped += gapFrames
            (gap, gapFrames) = (nil, 0)
        } else if !hasRoom(for: message, limit) {
            gap = sequence
            return skip(message)
        }
        keep(message)
        return true
    }

    /// Takes all that waits, leaving `empty` in its place; how many frames were left out before.
    mutating func exchange(_ empty: inout [MediaMessage], isLast: Bool) -> UInt64 {
        swap(&messages, &empty)
        messages.removeAll(keepingCapacity: true)
        takenBytes = bytes
        if isLast { skipped += gapFrames }
        defer { skipped = 0 }
        return skipped
    }

    /// What was taken is written.
    mutating func settle() {
        bytes -= takenBytes
        takenBytes = 0
    }

    /// One message always fits where nothing waits.
    private func hasRoom(for message: MediaMessage, _ limit: Int) -> Bool {
        bytes == 0
            || (bytes + message.payload.count <= limit && messages.count < Self.messagesMaximum)
    }

    private mutating func keep(_ message: MediaMessage) {
        messages.append(message)
        bytes += message.payload.count
    }

    private mutating func skip(_ message: MediaMessage) -> Bool {
        if message.isFrame { gapFrames += 1 }
        return false
    }
}
