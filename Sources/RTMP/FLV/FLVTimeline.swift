/// Which messages go into a file, and at what time (FLV-1, MED-11).
///
/// The first frame is the beginning: video from its first keyframe on, sound not before that unless
/// nothing tells of video. All tracks are moved by one offset, and no track goes back. A source that
/// starts its time again goes on 10 ms behind what was written; messages of its old time that still
/// come between keep their old offset.
struct FLVTimeline: Sendable {
    private enum State {
        /// `isVideoExpected`: metadata or a video message told of it.
        case awaitingStart(isVideoExpected: Bool)
        case running
    }

    private let startsAt: UInt32
    private let awaitsVideo: Bool
    private var state = State.awaitingStart(isVideoExpected: false)
    private var hasKeyframe = false
    /// Added to the source's time, modulo 2³².
    private var offset: UInt32 = 0
    private var earlierOffset: UInt32?
    /// The furthest time written.
    private var furthest: UInt32
    /// The last time of each track.
    private var last: [Track: UInt32] = [:]

    private struct Track: Hashable {
        var kind: MediaMessage.Kind
        var number: UInt8
    }

    /// A step back up to this is disorder, one further back a new beginning (MED-11).
    private static let disorder: Int64 = 1000
    /// Ahead of this, an old offset may explain a time better.
    private static let plausibleStep: Int64 = 10_000
    private static let restartGap: UInt32 = 10

    /// `awaitsVideo`: false where the first frame that is given is the beginning.
    init(startsAt: UInt32, awaitsVideo: Bool = true) {
        self.startsAt = startsAt
        self.awaitsVideo = awaitsVideo
        furthest = startsAt
    }

    /// The time in the file; nil: the message does not belong there.
    mutating func admit(_ media: MediaMessage) -> UInt32? {
        if media.isHeader || !media.isFrame {
            if media.kind == .video || (media.kind == .metadata && media.tellsOfVideo) {
                expectVideo()
            }
            guard case .running = state else { return media.kind == .data ? nil : startsAt }
            return place(media)
        }
        if media.kind == .video, !hasKeyframe {
            guard media.isKeyframe else {
                expectVideo()
                return nil
            }
            hasKeyframe = true
        }
        if case .awaitingStart(let isVideoExpected) = state {
            guard media.kind == .video || !isVideoExpected else { return nil }
            state = .running
            offset = startsAt &- media.timestamp
        }
        return place(media)
    }

    private mutating func expectVideo() {
        guard awaitsVideo else { return }
        if case .awaitingStart = state { state = .awaitingStart(isVideoExpected: true) }
    }

    private mutating func place(_ media: MediaMessage) -> UInt32 {
        var time = media.timestamp &+ offset
        let distance = self.distance(to: time)
        if !(-Self.disorder...Self.plausibleStep).contains(distance) {
            if let earlier = earlierOffset.map({ media.timestamp &+ $0 }),
                (-Self.disorder...Self.plausibleStep).contains(self.distance(to: earlier))
            {
                time = earlier
            } else if !media.isFrame {
                // A header's time is no one's clock: some servers write 0.
                time = furthest
            } else if distance < 0 {
                time = furthest &+ Self.restartGap
                earlierOffset = offset
                offset = time &- media.timestamp
            }
        }
        let track = Track(kind: media.kind, number: media.track)
        let floor = last[track] ?? startsAt
        if Int32(bitPattern: time &- floor) < 0 { time = floor }
        last[track] = time
        if self.distance(to: time) > 0 { furthest = time }
        return time
    }

    /// From the furthest time written, by serial arithmetic.
    private func distance(to time: UInt32) -> Int64 {
        Int64(Int32(bitPattern: time &- furthest))
    }
}

extension MediaMessage {
    /// Metadata that names a video codec or a size. Some name neither and have video (MED-3).
    fileprivate var tellsOfVideo: Bool {
        payload.withUnsafeBytes { bytes in
            // Metadata that does not parse tells nothing.
            guard let values = try? AMF0Decoder.values(of: bytes, limits: Limits()),
                values.count > 1
            else { return false }
            return ["videocodecid", "width"].contains { values[1][$0] != nil }
        }
    }
}
