extension MediaMessage {
    /// Reads the first bytes of an audio, video or data message.
    ///
    /// nil: to be dropped and counted, because the header is cut short (MED-2, MED-6) or data does
    /// not begin with a name (AMF-9), or because the type carries no media.
    package static func classify(_ message: Message) -> MediaMessage? {
        switch message.type {
        case .audio: audio(message)
        case .video: video(message)
        case .dataAMF0, .dataAMF3: data(message)
        default: nil
        }
    }

    /// `@clearDataFrame` of `onMetaData`: who joins later gets no metadata.
    package var clearsMetadata: Bool {
        guard kind == .data else { return false }
        return payload.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            return cursor.readName()?.elementsEqual(Name.clearDataFrame) == true
                && cursor.readName()?.elementsEqual(Name.onMetaData) == true
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

    /// A name, then its values. The values stay as they came; in front of the name go the format
    /// selector of type 15 (AMF-10) and `@setDataFrame`.
    private static func data(_ message: Message) -> MediaMessage? {
        message.payload.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            AMF0Decoder.skipFormatSelector(of: message.type, &cursor)
            var start = cursor.offset
            guard var name = cursor.readName() else { return nil }
            if name.elementsEqual(Name.setDataFrame) {
                start = cursor.offset
                guard let inner = cursor.readName() else { return nil }
                name = inner
            }
            let payload =
                start == 0
                ? message.payload
                : Payload(copying: UnsafeRawBufferPointer(rebasing: bytes[start...]))
            return MediaMessage(
                kind: name.elementsEqual(Name.onMetaData) ? .metadata : .data, isFrame: false,
                timestamp: message.timestamp, payload: payload)
        }
    }

    private enum Name {
        static let setDataFrame = "@setDataFrame".utf8
        static let clearDataFrame = "@clearDataFrame".utf8
        static let onMetaData = "onMetaData".utf8
    }
}

extension ByteCursor {
    /// An AMF0 string: marker, length, bytes.
    fileprivate mutating func readName() -> UnsafeRawBufferPointer? {
        guard readUInt8() == 2, let length = readUInt16() else { return nil }
        return read(Int(length))
    }
}
