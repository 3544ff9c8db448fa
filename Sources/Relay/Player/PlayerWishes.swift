import RTMP

/// What one player takes of a stream.
struct PlayerWishes: Sendable {
    var receivesAudio = true
    var receivesVideo = true
    let acceptsEnhanced: Bool

    init(acceptsEnhanced: Bool) {
        self.acceptsEnhanced = acceptsEnhanced
    }

    /// Tracks other than 0 are for those who know them (MED-7).
    func includes(_ audience: MediaMessage.Audience) -> Bool {
        switch audience {
        case .everybody: true
        case .multitrack: acceptsEnhanced
        case .firstTrack: !acceptsEnhanced
        }
    }

    func wants(_ header: MediaMessage) -> Bool {
        guard includes(header.audience) else { return false }
        return switch header.kind {
        case .audio: receivesAudio
        case .video: receivesVideo
        case .metadata, .data: true
        }
    }
}
