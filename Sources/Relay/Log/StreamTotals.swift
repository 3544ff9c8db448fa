internal import RTMP

/// What went through a stream up to some sequence number: the difference of two totals is a distance.
///
/// Totals only grow, so a distance is right even when the window no longer holds what lies between.
package struct StreamTotals: Hashable, Sendable {
    package var bytes: UInt64 = 0
    /// Media time by `MediaClock`.
    package var milliseconds: UInt64 = 0
    package var videoFrames: UInt32 = 0
    package var audioFrames: UInt32 = 0

    package static func - (end: StreamTotals, start: StreamTotals) -> StreamTotals {
        StreamTotals(
            bytes: end.bytes &- start.bytes,
            milliseconds: end.milliseconds &- start.milliseconds,
            videoFrames: end.videoFrames &- start.videoFrames,
            audioFrames: end.audioFrames &- start.audioFrames)
    }
}

/// Media time that only goes forward, whatever the timestamps do.
///
/// Audio and video advance a clock each and the further one counts. So a kind that stops, tracks that
/// stand apart, and timestamps that jump or go back never make the window look too long.
struct MediaClock: Sendable {
    /// Of audio or of video.
    private struct Reach {
        /// The furthest there was, until a jump.
        var timestamp: UInt32
        var milliseconds: UInt64
    }

    /// A step longer than this is a jump and counts no more (MED-11).
    private static let stepMaximum: Int32 = 10_000

    private var audio: Reach?
    private var video: Reach?
    private(set) var milliseconds: UInt64 = 0
    /// Where the clock stood at the last video message.
    private(set) var videoMilliseconds: UInt64?

    mutating func advance(with message: borrowing MediaMessage) {
        switch message.kind {
        case .audio where message.isFrame:
            audio = advanced(audio, to: message.timestamp)
        case .video:
            if message.isFrame { video = advanced(video, to: message.timestamp) }
            videoMilliseconds = milliseconds
        case .audio, .metadata, .data:
            break
        }
    }

    mutating func forgetVideo() {
        video = nil
        videoMilliseconds = nil
    }

    private mutating func advanced(_ reach: Reach?, to timestamp: UInt32) -> Reach {
        guard let reach else { return Reach(timestamp: timestamp, milliseconds: milliseconds) }
        let step = Int32(bitPattern: timestamp &- reach.timestamp)
        // Disorder, or a track behind another: what it brings was counted.
        if step <= 0, step > -Self.stepMaximum { return reach }
        let reached = reach.milliseconds &+ UInt64(min(max(step, 0), Self.stepMaximum))
        milliseconds = max(milliseconds, reached)
        return Reach(timestamp: timestamp, milliseconds: reached)
    }
}
