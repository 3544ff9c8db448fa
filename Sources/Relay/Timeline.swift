internal import RTMP

/// The stream's own time: goes on where a publisher restarts or its timestamps jump (MED-11).
///
/// Kept in 64 bits, so that earlier and later mean something over months. Audio and video each have
/// an offset from what the publisher sends; the two are the same but for a moment: when one track
/// jumps, it alone is held to the old time for up to two seconds. If the other jumps as well, both
/// go by the new offset. If the other goes on as before, the jump was meant, and is let through.
struct Timeline: Sendable {
    private struct Track {
        /// The publisher's time, unwrapped.
        var input: Int64
        var offset: Int64
        var lastAtNanoseconds: UInt64
    }

    private struct Suspicion {
        var isVideo: Bool
        /// The offset before the jump, to which an unconfirmed one returns.
        var earlierOffset: Int64
        var sinceNanoseconds: UInt64
    }

    private static let forwardMaximum: Int64 = 10_000
    private static let backwardMaximum: Int64 = 1_000
    private static let continuation: Int64 = 10
    private static let confirmationNanoseconds: UInt64 = 2_000_000_000

    private var audio: Track?
    private var video: Track?
    private var suspicion: Suspicion?
    /// The furthest time given to a frame.
    private var newest: Int64?
    /// Nothing is placed before the point of the last re-anchoring.
    private var floor = Int64.min

    /// The next frame is of another publish and goes right after what there is.
    mutating func restart() {
        audio = nil
        video = nil
        suspicion = nil
        if let newest { floor = newest + Self.continuation }
    }

    /// The time of the stream at which this message stands.
    mutating func place(_ message: borrowing MediaMessage, nowNanoseconds: UInt64) -> UInt32 {
        settle(nowNanoseconds: nowNanoseconds)
        let isVideo = message.kind == .video
        guard isVideo || message.kind == .audio, !message.isHeader else {
            return UInt32(truncatingIfNeeded: timeOfCompanion(message.timestamp))
        }
        var track = advance(
            isVideo ? video : audio, other: isVideo ? audio : video, isVideo: isVideo,
            timestamp: message.timestamp, nowNanoseconds: nowNanoseconds)
        track.lastAtNanoseconds = nowNanoseconds
        if isVideo { video = track } else { audio = track }
        let time = max(track.input + track.offset, floor)
        newest = max(newest ?? time, time)
        return UInt32(truncatingIfNeeded: time)
    }

    private mutating func advance(
        _ track: Track?, other: Track?, isVideo: Bool, timestamp: UInt32, nowNanoseconds: UInt64
    ) -> Track {
        guard var track else {
            if let other {
                let input = other.input + Self.step(from: other.input, to: timestamp)
                return Track(input: input, offset: other.offset, lastAtNanoseconds: 0)
            }
            let input = Int64(timestamp)
            let offset = newest.map { _ in floor - input } ?? 0
            return Track(input: input, offset: offset, lastAtNanoseconds: 0)
        }
        let step = Self.step(from: track.input, to: timestamp)
        track.input += step
        guard step > Self.forwardMaximum || step < -Self.backwardMaximum else { return track }

        let earlierOffset = track.offset
        let anchor = (newest ?? 0) + Self.continuation
        if let suspicion, suspicion.isVideo == isVideo,
            isNear(track.input + suspicion.earlierOffset)
        {
            // Back again: it was one wrong timestamp.
            track.offset = suspicion.earlierOffset
            self.suspicion = nil
            return track
        }
        // A jump. Go on right after the newest frame, for the time being.
        track.offset = anchor - track.input
        if let suspicion, suspicion.isVideo != isVideo, let other {
            let time = track.input + other.offset
            if abs(time - anchor) <= Self.forwardMaximum { track.offset = other.offset }
            self.suspicion = nil
        } else if let other,
            nowNanoseconds &- other.lastAtNanoseconds <= Self.confirmationNanoseconds
        {
            if suspicion == nil {
                suspicion = Suspicion(
                    isVideo: isVideo, earlierOffset: earlierOffset,
                    sinceNanoseconds: nowNanoseconds)
            }
            floor = anchor
        } else {
            // The only track, or the only one that is alive.
            floor = anchor
            if isVideo { audio = nil } else { video = nil }
        }
        return track
    }

    /// Ends a suspicion that the other track did not confirm in time.
    private mutating func settle(nowNanoseconds: UInt64) {
        guard let suspicion,
            nowNanoseconds &- suspicion.sinceNanoseconds > Self.confirmationNanoseconds
        else { return }
        self.suspicion = nil
        guard let other = suspicion.isVideo ? audio : video,
            other.lastAtNanoseconds > suspicion.sinceNanoseconds
        else { return }
        if suspicion.isVideo {
            video?.offset = suspicion.earlierOffset
        } else {
            audio?.offset = suspicion.earlierOffset
        }
        floor = .min
    }

    /// Headers and data go with the frames around them; many encoders send them with time 0.
    private func timeOfCompanion(_ timestamp: UInt32) -> Int64 {
        guard let newest else { return Int64(timestamp) }
        guard let track = video ?? audio else { return floor }
        let time = track.input + Self.step(from: track.input, to: timestamp) + track.offset
        return max(isNear(time) ? time : newest, floor)
    }

    private func isNear(_ time: Int64) -> Bool {
        guard let newest else { return false }
        return time >= newest - Self.backwardMaximum && time <= newest + Self.forwardMaximum
    }

    private static func step(from input: Int64, to timestamp: UInt32) -> Int64 {
        Int64(Int32(bitPattern: timestamp &- UInt32(truncatingIfNeeded: input)))
    }
}
