package import RTMP

/// The window of a stream: its newest messages, numbered without gaps, and the headers in force.
///
/// At once the GOP cache for those who join, the queue for those who lag, and the place where the
/// slow skip ahead. Numbers are never reused; a number tells a cursor where it stands even when the
/// message is long gone. A copy shares the storage until one of the two changes.
///
/// Messages lie in rings of a power-of-two size, each in the slot its number names, so the window
/// moves without moving a message. What every player looks at stands apart from the payloads, so
/// that looking counts no references: 31 ns for a message and a player, where it was 84.
package struct StreamLog: Sendable {
    /// A message without its payload.
    struct Mark: Sendable {
        var kind: MediaMessage.Kind
        var landmark: MediaMessage.Landmark
        var track: UInt8
        var hasSeveralTracks: Bool
        var audience: MediaMessage.Audience
        var isDisposable: Bool
        var isFrame: Bool
        var isHeader: Bool
        var isKeyframe: Bool
        var timestamp: UInt32
        /// Everything up to and including this message.
        var totals: StreamTotals
    }

    package let limits: WindowLimits
    /// What one of all windows may have in bytes now, if that is less than its own limit.
    package var byteShare = UInt64.max
    /// The window is `[firstSequence, endSequence)`.
    package private(set) var firstSequence: UInt64 = 0
    package private(set) var endSequence: UInt64 = 0
    /// Where the publish that is on now began; all before it belongs to an earlier one.
    package private(set) var startSequence: UInt64 = 0
    /// The newest message where decoding can start, while the window holds it.
    package private(set) var newestKeyframe: UInt64?
    /// Everything up to `endSequence`.
    package private(set) var totals = StreamTotals()

    private(set) var headers = HeaderTable()
    /// The track whose keyframes begin a GOP: the lowest that has any.
    private var keyTrack: UInt8?
    /// That of the publish before, whose messages some may still have to get.
    private var earlierKeyTrack: UInt8?
    private var marks: ContiguousArray<Mark?>
    private var payloads: ContiguousArray<Payload?>
    private var mask: UInt64
    /// Everything before `firstSequence`.
    private var totalsBefore = StreamTotals()
    private var clock = MediaClock()

    /// Slots before the first growth.
    private static let slotsMinimum = 64
    /// A stream whose last video is further back than this is played as audio only.
    private static let videoAbsentMilliseconds: UInt64 = 10_000

    package init(limits: WindowLimits = WindowLimits()) {
        self.limits = limits
        marks = ContiguousArray(repeating: nil, count: Self.slotsMinimum)
        payloads = ContiguousArray(repeating: nil, count: Self.slotsMinimum)
        mask = UInt64(Self.slotsMinimum - 1)
    }

    package var count: Int { Int(truncatingIfNeeded: endSequence &- firstSequence) }
    package var isEmpty: Bool { firstSequence == endSequence }
    /// Payload bytes in the window.
    package var windowBytes: UInt64 { totals.bytes &- totalsBefore.bytes }
    /// Media time in the window.
    package var windowMilliseconds: UInt64 { totals.milliseconds &- totalsBefore.milliseconds }
    /// Headers that were forwarded but not kept, for lack of room.
    package var headersRefused: UInt64 { headers.refused }

    /// The track whose keyframes open the video of the publish that `sequence` belongs to.
    func keyTrack(at sequence: UInt64) -> UInt8? {
        sequence >= startSequence ? keyTrack : earlierKeyTrack
    }

    /// Whether players must wait for a keyframe: video was seen, and not too long ago.
    package var carriesVideo: Bool {
        guard let last = clock.videoMilliseconds else { return false }
        return clock.milliseconds &- last <= Self.videoAbsentMilliseconds
    }

    package subscript(sequence: UInt64) -> MediaMessage {
        precondition(
            sequence >= firstSequence && sequence < endSequence, "a message of the window")
        return message(at: sequence, timestamp: mark(at: sequence).timestamp)
    }

    /// Headers a player needs that starts at `sequence`, in the order of MED-9.
    package func headersInForce(at sequence: UInt64) -> [MediaMessage] {
        headers.records.lazy
            .filter { $0.sequence < sequence && sequence <= $0.replacedAt }
            .map(\.message)
    }

    /// Those of them that came in at `start` or later.
    package func headersInForce(at sequence: UInt64, since start: UInt64) -> [MediaMessage] {
        headers.records.lazy
            .filter { $0.sequence >= start && $0.sequence < sequence && sequence <= $0.replacedAt }
            .map(\.message)
    }

    func mark(at sequence: UInt64) -> Mark {
        marks[slot(of: sequence)]!
    }

    /// The message with the time of somebody who gets it.
    func message(at sequence: UInt64, timestamp: UInt32) -> MediaMessage {
        let mark = mark(at: sequence)
        return MediaMessage(
            kind: mark.kind, landmark: mark.landmark, track: mark.track,
            hasSeveralTracks: mark.hasSeveralTracks, audience: mark.audience,
            isDisposable: mark.isDisposable, isFrame: mark.isFrame, timestamp: timestamp,
            payload: payloads[slot(of: sequence)]!)
    }

    /// Everything before `sequence`, which stands in the window or at its end.
    func totals(before sequence: UInt64) -> StreamTotals {
        sequence == firstSequence ? totalsBefore : mark(at: sequence &- 1).totals
    }

    package mutating func append(_ message: MediaMessage) {
        clock.advance(with: message)
        totals.bytes &+= UInt64(truncatingIfNeeded: message.payload.count)
        totals.milliseconds = clock.milliseconds
        // What is said to some in another form is one frame.
        if message.isFrame, message.audience != .firstTrack {
            switch message.kind {
            case .video: totals.videoFrames &+= 1
            case .audio: totals.audioFrames &+= 1
            case .metadata, .data: break
            }
        }
        if message.isHeader {
            headers.update(with: message, at: endSequence)
        } else if message.clearsMetadata {
            headers.clearMetadata(at: endSequence)
        } else if message.isKeyframe, message.audience != .firstTrack {
            keyTrack = min(keyTrack ?? .max, message.track)
            if message.track == keyTrack { newestKeyframe = endSequence }
        }
        if count >= limits.messages { removeFirst() }
        if count == marks.count { grow() }
        let index = slot(of: endSequence)
        marks[index] = Mark(
            kind: message.kind, landmark: message.landmark, track: message.track,
            hasSeveralTracks: message.hasSeveralTracks, audience: message.audience,
            isDisposable: message.isDisposable, isFrame: message.isFrame,
            isHeader: message.isHeader, isKeyframe: message.isKeyframe,
            timestamp: message.timestamp, totals: totals)
        payloads[index] = message.payload
        endSequence &+= 1
        keepLimits()
    }

    /// Lets go of what nobody needs: all before the newest GOP, or before `needed`, the message the
    /// furthest player stands at, if that is older.
    package mutating func trim(keepingFrom needed: UInt64?) {
        var keep = endSequence
        if limits.keepsGOP, let newestKeyframe { keep = newestKeyframe }
        if let needed { keep = min(keep, needed) }
        while firstSequence < keep { removeFirst() }
        headers.forget(before: firstSequence)
    }

    /// A publish ended or begins: keyframes and headers so far are no longer offered to anybody.
    ///
    /// The messages stay for those who still lag, until `trim`.
    package mutating func restart() {
        // An end and the start that follows are one step, if nothing came between.
        if startSequence != endSequence { earlierKeyTrack = keyTrack }
        startSequence = endSequence
        newestKeyframe = nil
        keyTrack = nil
        headers.clear(at: endSequence)
        clock.forgetVideo()
    }

    /// `restart`, and the messages go too. Numbers and totals continue.
    package mutating func removeAll() {
        restart()
        trim(keepingFrom: nil)
    }

    private func slot(of sequence: UInt64) -> Int {
        Int(truncatingIfNeeded: sequence & mask)
    }

    private mutating func keepLimits() {
        while count > 1,
            windowBytes > min(limits.bytes, byteShare) || windowMilliseconds > limits.milliseconds
        {
            removeFirst()
        }
        headers.forget(before: firstSequence)
    }

    private mutating func removeFirst() {
        let index = slot(of: firstSequence)
        totalsBefore = mark(at: firstSequence).totals
        payloads[index] = nil
        if newestKeyframe == firstSequence {
            newestKeyframe = nil
            keyTrack = nil
        }
        firstSequence &+= 1
    }

    private mutating func grow() {
        let size = marks.count * 2
        var moved = (
            marks: ContiguousArray<Mark?>(repeating: nil, count: size),
            payloads: ContiguousArray<Payload?>(repeating: nil, count: size)
        )
        for sequence in firstSequence..<endSequence {
            let target = Int(truncatingIfNeeded: sequence & UInt64(size - 1))
            moved.marks[target] = marks[slot(of: sequence)]
            moved.payloads[target] = payloads[slot(of: sequence)]
        }
        marks = moved.marks
        payloads = moved.payloads
        mask = UInt64(size - 1)
    }
}
