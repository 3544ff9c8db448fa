extension MediaMessage {
    /// Reads the first bytes of an audio, video or data message.
    ///
    /// nil: to be dropped and counted, because the header is cut short (MED-2, MED-6) or data does
    /// not begin with a name (AMF-9) or holds AMF3 that cannot be read (AMF-10), or because the type
    /// carries no media.
    package static func classify(_ message: Message, limits: Limits = Limits()) -> MediaMessage? {
        switch message.type {
        case .audio: audio(message)
        case .video: video(message)
        case .dataAMF0, .dataAMF3: data(message, limits: limits)
        default: nil
        }
    }

    private static func audio(_ message: Message) -> MediaMessage? {
        guard let tag = message.payload.withUnsafeBytes(AudioTag.parse) else { return nil }
        let landmark: Landmark =
            switch tag.content {
            case .sequenceHeader: .sequenceHeader
            case .trackMetadata: .trackMetadata
            case .frame, .other: .none
            }
        return MediaMessage(
            kind: .audio, landmark: landmark, track: tag.track,
            hasSeveralTracks: tag.hasSeveralTracks,
            audience: tag.isMultitrack ? .multitrack : .everybody,
            isFrame: tag.content == .frame, timestamp: message.timestamp, payload: message.payload)
    }

    private static func video(_ message: Message) -> MediaMessage? {
        guard let tag = message.payload.withUnsafeBytes(VideoTag.parse) else { return nil }
        let landmark: Landmark
        var isFrame = false
        switch tag.content {
        case .sequenceHeader: landmark = .sequenceHeader
        case .trackMetadata: landmark = .trackMetadata
        case .frame:
            landmark = tag.isKeyframe ? .keyframe : .none
            isFrame = true
        case .other: landmark = .none
        }
        return MediaMessage(
            kind: .video, landmark: landmark, track: tag.track,
            hasSeveralTracks: tag.hasSeveralTracks,
            audience: tag.isMultitrack ? .multitrack : .everybody,
            isDisposable: isFrame && tag.frameType == .disposable, isFrame: isFrame,
            timestamp: message.timestamp, payload: message.payload)
    }
}
