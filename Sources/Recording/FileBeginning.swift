import RTMP

/// Sound that a publisher sends right before its first keyframe: it belongs to the film, where the
/// stream was seen from its beginning.
struct Prelude {
    private var sound: [MediaMessage] = []
    private var isMidway = false

    private static let framesMaximum = 64
    private static let distanceMilliseconds: Int32 = 1000

    /// Takes what no file can begin with.
    mutating func note(_ message: MediaMessage) {
        guard message.isFrame, !isMidway else { return }
        switch message.kind {
        case .audio:
            if sound.count == Self.framesMaximum { sound.removeFirst() }
            sound.append(message)
        case .video:
            isMidway = true
            sound = []
        case .metadata, .data:
            break
        }
    }

    /// Once, for the first file.
    mutating func take(before keyframe: MediaMessage) -> [MediaMessage] {
        defer { sound = [] }
        isMidway = true
        return sound.filter {
            let distance = Int32(bitPattern: keyframe.timestamp &- $0.timestamp)
            return (0...Self.distanceMilliseconds).contains(distance)
        }
    }
}

/// Where a file may begin, so that it can be decoded from there: at a keyframe, and at sound where no
/// video comes, or has not come for ten seconds.
struct FileBeginning {
    private var lastVideo: UInt32?

    private static let patienceMilliseconds: Int32 = 10_000

    /// Takes every message in order; true: a file may begin with this one.
    mutating func admits(_ message: MediaMessage) -> Bool {
        switch message.kind {
        case .metadata, .data:
            return false
        case .video:
            // Many headers say time 0 whenever they come: they count only until there is a frame.
            if message.isFrame || lastVideo == nil { lastVideo = message.timestamp }
            return message.isKeyframe
        case .audio:
            guard message.isFrame else { return false }
            guard let lastVideo else { return true }
            // Serial: what lies before the last video is not ten seconds behind it.
            return Int32(bitPattern: message.timestamp &- lastVideo) >= Self.patienceMilliseconds
        }
    }
}
