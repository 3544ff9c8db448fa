package import RTMP

/// A place in a log right behind one of its messages.
package struct Milestone: Sendable {
    package let sequence: UInt64
    /// Everything before it.
    let totals: StreamTotals
    /// Of the message before it.
    let timestamp: UInt32
    /// Nothing follows yet.
    package let isNewest: Bool
}

extension StreamLog {
    /// - Precondition: the message before `sequence` is in the window.
    package func milestone(at sequence: UInt64) -> Milestone {
        let last = mark(at: sequence &- 1)
        return Milestone(
            sequence: sequence, totals: last.totals, timestamp: last.timestamp,
            isNewest: sequence == endSequence)
    }
}

/// Consecutive audio and video frames of a stream that change nothing but the time.
///
/// Each comes at or after the one of its kind before it, and no header, metadata or data message is
/// among them, nor track 0 alone for those who know no other. So players in the flow get them alike, all at their own times, if what is said of time
/// is the distance from the message before (`PlayerCursor.isInStep`).
package struct Stretch: Hashable, Sendable {
    /// `[start, end)` in the log.
    package private(set) var start: UInt64
    package private(set) var end: UInt64
    package private(set) var hasAudio = false
    package private(set) var hasVideo = false
    /// Of its video messages.
    private(set) var videoTracks = TrackSet()
    package private(set) var isForMultitrack = false
    package private(set) var hasDisposable = false
    /// Times in the stream of the newest audio and video message before `end`, if they are known.
    private var audioTimestamp: UInt32?
    private var videoTimestamp: UInt32?

    /// An empty one, behind messages of which nothing is known.
    package init(at start: UInt64) {
        self.start = start
        end = start
    }

    package var isEmpty: Bool { start == end }

    /// Adds the message at `end`, if it belongs here.
    ///
    /// - Returns: its distance in milliseconds from the one of its kind before it, less than 0xFFFFFF;
    ///   nil if it cannot be told so. It was passed over then: nobody gets this stretch whole.
    package mutating func extend(with message: MediaMessage) -> UInt32? {
        let isShared = !message.isHeader && message.audience != .firstTrack
        let delta = isShared ? distance(to: message) : nil
        note(message)
        guard delta != nil else { return nil }
        end &+= 1
        hasAudio = hasAudio || message.kind == .audio
        if message.kind == .video {
            hasVideo = true
            videoTracks.insert(message.track)
        }
        isForMultitrack = isForMultitrack || message.audience == .multitrack
        hasDisposable = hasDisposable || message.isDisposable
        return delta
    }

    /// A new one right behind what this one ended with, or passed over.
    package func next(at start: UInt64) -> Stretch {
        var next = Stretch(at: start)
        next.audioTimestamp = audioTimestamp
        next.videoTimestamp = videoTimestamp
        return next
    }

    /// A message that goes another way: only its time counts.
    package mutating func note(_ message: MediaMessage) {
        switch message.kind {
        case .audio: audioTimestamp = message.timestamp
        case .video: videoTimestamp = message.timestamp
        case .metadata, .data: break
        }
    }

    private func distance(to message: MediaMessage) -> UInt32? {
        let earlier: UInt32?
        switch message.kind {
        case .audio: earlier = audioTimestamp
        case .video: earlier = videoTimestamp
        case .metadata, .data: return nil
        }
        guard let earlier else { return nil }
        let distance = message.timestamp &- earlier
        // What looks like three hours and more is a step back.
        return distance < 0xFF_FFFF ? distance : nil
    }
}
