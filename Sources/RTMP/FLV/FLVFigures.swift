/// What a file holds, tag by tag: what its metadata says at the end (FLV-2).
package struct FLVFigures: Equatable, Sendable {
    package struct Keyframe: Hashable, Sendable {
        package var milliseconds: UInt32
        /// Of its tag in the file.
        package var position: UInt64
    }

    package private(set) var hasAudio = false
    package private(set) var hasVideo = false
    /// The end of the tag that ends last, back pointer included.
    package private(set) var fileBytes: UInt64 = 0
    package private(set) var tags: UInt64 = 0
    package private(set) var lastTimestamp: UInt32 = 0
    package private(set) var lastKeyframeTimestamp: UInt32?
    /// To the end of the last frame, taken to be as long as the one before it.
    package private(set) var durationMilliseconds: UInt32 = 0
    /// In order. When there are more than fit, every other one is let go.
    package private(set) var keyframes: [Keyframe] = []

    private let keyframesMaximum: Int
    /// Keyframes for one that is kept.
    private var stride = 1
    private var keyframesSeen = 0
    private var audio = Pace()
    private var video = Pace()

    /// The distance of frames of one kind.
    private struct Pace: Equatable {
        var last: UInt32?
        var step: UInt32 = 0

        /// A gap is not how long a frame lasts.
        private static let stepMaximum: UInt32 = 1000

        mutating func note(_ timestamp: UInt32) {
            if let last, timestamp > last { step = min(timestamp - last, Self.stepMaximum) }
            last = timestamp
        }
    }

    /// `keyframesMaximum`: how many are kept for an index.
    package init(keyframesMaximum: Int = 0) {
        self.keyframesMaximum = keyframesMaximum
    }

    package mutating func note(_ tag: FLVTag) {
        tags += 1
        let length = FLV.tagHeaderLength + tag.payload.count + FLV.backPointerLength
        fileBytes = max(fileBytes, tag.offset + UInt64(length))
        lastTimestamp = max(lastTimestamp, tag.timestamp)
        switch tag.type {
        case .audio:
            hasAudio = true
            guard tag.payload.withUnsafeBytes(AudioTag.parse)?.content == .frame else { return }
            audio.note(tag.timestamp)
            extend(to: tag.timestamp, audio.step)
        case .video:
            hasVideo = true
            guard let video = tag.payload.withUnsafeBytes(VideoTag.parse),
                case .frame(let composition) = video.content
            else { return }
            self.video.note(tag.timestamp)
            extend(to: tag.timestamp &+ UInt32(clamping: composition ?? 0), self.video.step)
            if video.isKeyframe { note(keyframe: tag) }
        default:
            return
        }
    }

    private mutating func extend(to timestamp: UInt32, _ step: UInt32) {
        let (end, isOver) = timestamp.addingReportingOverflow(step)
        if !isOver { durationMilliseconds = max(durationMilliseconds, end) }
    }

    private mutating func note(keyframe tag: FLVTag) {
        lastKeyframeTimestamp = tag.timestamp
        guard keyframesMaximum > 1 else { return }
        defer { keyframesSeen += 1 }
        guard keyframesSeen % stride == 0 else { return }
        if keyframes.count == keyframesMaximum {
            keyframes = keyframes.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            stride *= 2
            guard keyframesSeen % stride == 0 else { return }
        }
        keyframes.append(Keyframe(milliseconds: tag.timestamp, position: tag.offset))
    }
}
