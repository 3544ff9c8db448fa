package import RTMP

/// What a probe saw of a server and a stream. Times are monotonic nanoseconds.
package struct ProbeReport: Sendable {
    /// One track, by what it sent.
    package struct Track: Sendable {
        package var kind: MediaPacket.Kind
        package var number: UInt8
        package var codec: CodecConfiguration?
        package var frames: UInt64 = 0
        package var keyframes: UInt64 = 0
        package var bytes: UInt64 = 0
        fileprivate var first: UInt32?
        fileprivate var last: UInt32 = 0
        fileprivate var lastBytes: UInt64 = 0
        fileprivate var firstKeyframe: UInt32?
        fileprivate var lastKeyframe: UInt32?

        /// Of its own time: how fast it arrives at first says nothing, a late player gets a burst.
        package var milliseconds: UInt32? {
            first.flatMap { last == $0 ? nil : last &- $0 }
        }

        package var bitsPerSecond: Double? {
            // The last frame's duration is not known, so neither it nor its bytes count.
            milliseconds.map { Double(bytes - lastBytes) * 8000 / Double($0) }
        }

        package var framesPerSecond: Double? {
            milliseconds.map { Double(frames - 1) * 1000 / Double($0) }
        }

        /// From keyframe to keyframe, on average.
        package var gopMilliseconds: Double? {
            guard keyframes > 1, let firstKeyframe, let lastKeyframe else { return nil }
            return Double(lastKeyframe &- firstKeyframe) / Double(keyframes - 1)
        }
    }

    package let beganAt: UInt64
    /// nil: no address answered.
    package fileprivate(set) var server: ServerFacts?
    package fileprivate(set) var roundTripMicroseconds: UInt32?
    package internal(set) var firstMediaAt: UInt64?
    package fileprivate(set) var firstKeyframeAt: UInt64?
    /// In order of first sight.
    package fileprivate(set) var tracks: [Track] = []
    package fileprivate(set) var metadata: AMFValue?
    /// Sum and number of what video was ahead of audio, at each message.
    private var offsets: (sum: Double, count: Double) = (0, 0)
    package internal(set) var end: PlayEnd?
    package internal(set) var error: ClientError?

    private static let tracksMaximum = 64

    init(beganAt: UInt64) {
        self.beganAt = beganAt
    }

    /// Something came that can be decoded: a keyframe, or sound where there is no picture.
    package var isPlayable: Bool {
        let video = tracks.filter { $0.kind == .video }
        return video.isEmpty
            ? tracks.contains { $0.frames > 0 } : video.contains { $0.keyframes > 0 }
    }

    /// Positive: video is ahead.
    package var videoAheadMilliseconds: Double? {
        offsets.count > 0 ? offsets.sum / offsets.count : nil
    }

    package var bitsPerSecond: Double? {
        let rates = tracks.compactMap(\.bitsPerSecond)
        return rates.isEmpty ? nil : rates.reduce(0, +)
    }

    mutating func note(_ talk: Talk) {
        server = talk.facts
        roundTripMicroseconds = talk.link.roundTripMicroseconds
    }

    mutating func note(_ media: MediaMessage, at now: UInt64) {
        let kind: MediaPacket.Kind
        switch media.kind {
        case .audio: kind = .audio
        case .video: kind = .video
        case .metadata:
            metadata = media.payload.withUnsafeBytes {
                // What does not parse is not shown.
                (try? AMF0Decoder.values(of: $0, limits: Limits()))?.dropFirst().first
            }
            return
        case .data: return
        }
        for (number, codec) in CodecConfiguration.all(in: media) {
            if let index = index(kind, number) { tracks[index].codec = codec }
        }
        guard let index = index(kind, media.track) else { return }
        guard media.isFrame else { return }
        tracks[index].note(media)
        if media.isKeyframe, firstKeyframeAt == nil { firstKeyframeAt = now }
        let video = tracks.first { $0.kind == .video && $0.first != nil }
        let audio = tracks.first { $0.kind == .audio && $0.first != nil }
        if let video, let audio {
            offsets.sum += Double(Int32(bitPattern: video.last &- audio.last))
            offsets.count += 1
        }
    }

    private mutating func index(_ kind: MediaPacket.Kind, _ number: UInt8) -> Int? {
        if let index = tracks.firstIndex(where: { $0.kind == kind && $0.number == number }) {
            return index
        }
        guard tracks.count < Self.tracksMaximum else { return nil }
        tracks.append(Track(kind: kind, number: number))
        return tracks.count - 1
    }
}

extension ProbeReport.Track {
    fileprivate mutating func note(_ media: MediaMessage) {
        frames += 1
        bytes += UInt64(media.payload.count)
        if first == nil { first = media.timestamp }
        last = media.timestamp
        lastBytes = UInt64(media.payload.count)
        guard media.isKeyframe else { return }
        keyframes += 1
        if firstKeyframe == nil { firstKeyframe = media.timestamp }
        lastKeyframe = media.timestamp
    }
}
