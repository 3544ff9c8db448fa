internal import RTMP

/// The stream's own time: goes on where a publisher restarts or its timestamps jump (MED-11).
///
/// Kept in 64 bits, so that earlier and later mean something over months. Each track has an offset
/// from what the publisher sends; they are all the same but for a moment: when one track jumps, it
/// alone is held to the old time for up to two seconds. Others that jump as well go by its new
/// offset. If no other does and they go on as before, the jump was meant, and is let through.
struct Timeline: Sendable {
    private struct Track {
        let isVideo: Bool
        let number: UInt8
        /// The publisher's time, unwrapped.
        var input: Int64
        var offset: Int64
        var lastAtNanoseconds: UInt64

        var time: Int64 { input + offset }
    }

    private struct Suspicion {
        /// Place in `tracks`.
        var track: Int
        /// The offset before the jump, to which an unconfirmed one returns.
        var earlierOffset: Int64
        var sinceNanoseconds: UInt64
    }

    private static let forwardMaximum: Int64 = 10_000
    private static let backwardMaximum: Int64 = 1_000
    private static let continuation: Int64 = 10
    private static let confirmationNanoseconds: UInt64 = 2_000_000_000
    /// Frames of more tracks than this stay with the frames around them, as data does.
    private static let tracksMaximum = 32

    /// In the order they were first heard.
    private var tracks: [Track] = []
    private var suspicion: Suspicion?
    /// The furthest time given to a frame.
    private var newest: Int64?
    /// Nothing is placed before the point of the last re-anchoring.
    private var floor = Int64.min

    /// The next frame is of another publish and goes right after what there is.
    mutating func restart() {
        tracks.removeAll()
        suspicion = nil
        if let newest { floor = newest + Self.continuation }
    }

    /// The time of the stream at which this message stands.
    mutating func place(_ message: borrowing MediaMessage, nowNanoseconds: UInt64) -> UInt32 {
        settle(nowNanoseconds: nowNanoseconds)
        guard message.kind == .video || message.kind == .audio, !message.isHeader,
            let index = advance(message, nowNanoseconds: nowNanoseconds)
        else {
            return UInt32(truncatingIfNeeded: timeOfCompanion(message.timestamp))
        }
        tracks[index].lastAtNanoseconds = nowNanoseconds
        let time = max(tracks[index].time, floor)
        newest = max(newest ?? time, time)
        return UInt32(truncatingIfNeeded: time)
    }

    /// Takes a frame's track to the time of the frame; nil: there are too many tracks.
    private mutating func advance(
        _ message: borrowing MediaMessage, nowNanoseconds: UInt64
    ) -> Int? {
        let isVideo = message.kind == .video
        let number = message.track
        guard
            let index = tracks.firstIndex(where: { $0.isVideo == isVideo && $0.number == number })
        else {
            return begin(isVideo: isVideo, number, at: message.timestamp)
        }
        let step = Self.step(from: tracks[index].input, to: message.timestamp)
        tracks[index].input += step
        guard step > Self.forwardMaximum || step < -Self.backwardMaximum else { return index }
        return jump(index, nowNanoseconds: nowNanoseconds)
    }

    private mutating func begin(isVideo: Bool, _ number: UInt8, at timestamp: UInt32) -> Int? {
        guard tracks.count < Self.tracksMaximum else { return nil }
        var track = Track(
            isVideo: isVideo, number: number, input: Int64(timestamp), offset: 0,
            lastAtNanoseconds: 0)
        if let other = tracks.max(by: { $0.lastAtNanoseconds < $1.lastAtNanoseconds }) {
            track.input = other.input + Self.step(from: other.input, to: timestamp)
            track.offset = other.offset
            // One that counts from elsewhere begins with what is there.
            let distance = track.time - other.time
            if abs(distance) > Self.forwardMaximum { track.offset -= distance }
        } else if newest != nil {
            track.offset = floor - track.input
        }
        tracks.append(track)
        return tracks.count - 1
    }

    /// - Returns: where the track is now.
    private mutating func jump(_ index: Int, nowNanoseconds: UInt64) -> Int {
        let earlierOffset = tracks[index].offset
        let input = tracks[index].input
        let anchor = (newest ?? 0) + Self.continuation
        if let suspicion, suspicion.track == index, isNear(input + suspicion.earlierOffset) {
            // Back again: it was one wrong timestamp.
            tracks[index].offset = suspicion.earlierOffset
            self.suspicion = nil
            return index
        }
        let living = tracks.indices.filter {
            $0 != index
                && nowNanoseconds &- tracks[$0].lastAtNanoseconds <= Self.confirmationNanoseconds
        }
        // Another has jumped the same way: this one goes with it.
        if let agreed = living.first(where: {
            let offset = tracks[$0].offset
            return offset != earlierOffset && abs(input + offset - anchor) <= Self.forwardMaximum
        }) {
            tracks[index].offset = tracks[agreed].offset
            suspicion = nil
            return index
        }
        // Go on right after the newest frame, for the time being.
        tracks[index].offset = anchor - input
        if let suspicion, suspicion.track != index {
            // So have both, each its own way.
            self.suspicion = nil
            return index
        }
        floor = anchor
        if living.isEmpty {
            // The only track, or the only one that is alive.
            tracks = [tracks[index]]
            suspicion = nil
            return 0
        }
        if suspicion == nil {
            suspicion = Suspicion(
                track: index, earlierOffset: earlierOffset, sinceNanoseconds: nowNanoseconds)
        }
        return index
    }

    /// Ends a suspicion that no other track confirmed in time.
    private mutating func settle(nowNanoseconds: UInt64) {
        guard let suspicion,
            nowNanoseconds &- suspicion.sinceNanoseconds > Self.confirmationNanoseconds
        else { return }
        self.suspicion = nil
        let hasWitness = tracks.indices.contains {
            $0 != suspicion.track && tracks[$0].lastAtNanoseconds > suspicion.sinceNanoseconds
        }
        guard hasWitness else { return }
        tracks[suspicion.track].offset = suspicion.earlierOffset
        floor = .min
    }

    /// Headers and data go with the frames around them; many encoders send them with time 0.
    private func timeOfCompanion(_ timestamp: UInt32) -> Int64 {
        guard let newest else { return Int64(timestamp) }
        guard let track = tracks.first(where: \.isVideo) ?? tracks.first else { return floor }
        let time = track.time + Self.step(from: track.input, to: timestamp)
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
