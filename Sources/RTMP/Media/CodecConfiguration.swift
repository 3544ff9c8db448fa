/// Facts about a track for the dashboard, from its configuration record or, where a codec has none,
/// from its first message.
///
/// What cannot be read is `nil`. Nothing here can fail: the relay forwards what it does not
/// understand, and nobody decodes media.
package struct CodecConfiguration: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case audio
        case video
    }

    package var kind: Kind
    /// `H.264`, `HEVC`, `AV1`, `AAC-LC`, `Opus` …
    package var codec: String
    package var profile: String?
    package var level: String?
    package var width: Int?
    package var height: Int?
    package var bitDepth: Int?
    /// `4:2:0` …
    package var chroma: String?
    package var sampleRate: Int?
    package var channels: Int?

    init(_ kind: Kind, codec: String) {
        self.kind = kind
        self.codec = codec
    }

    /// What a message says of each of its tracks; none: nothing that a sequence header does not say
    /// better.
    package static func all(in message: MediaMessage) -> [(track: UInt8, CodecConfiguration)] {
        message.payload.withUnsafeBytes { bytes in
            switch message.kind {
            case .video: VideoTag.parse(bytes).map { tracks(of: $0, in: bytes) } ?? []
            case .audio: AudioTag.parse(bytes).map { tracks(of: $0, in: bytes) } ?? []
            case .metadata, .data: []
            }
        }
    }

    private static func tracks(
        of tag: VideoTag, in payload: UnsafeRawBufferPointer
    ) -> [(track: UInt8, CodecConfiguration)] {
        guard tag.hasSeveralTracks else {
            return video(tag, of: payload).map { [(tag.track, $0)] } ?? []
        }
        return parts(of: payload, isVideo: true).compactMap { part in
            var single = tag
            single.codec = .enhanced(part.fourCC)
            single.body = part.body
            return video(single, of: payload).map { (part.track, $0) }
        }
    }

    private static func tracks(
        of tag: AudioTag, in payload: UnsafeRawBufferPointer
    ) -> [(track: UInt8, CodecConfiguration)] {
        guard tag.hasSeveralTracks else {
            return audio(tag, of: payload).map { [(tag.track, $0)] } ?? []
        }
        return parts(of: payload, isVideo: false).compactMap { part in
            var single = tag
            single.codec = .enhanced(part.fourCC)
            single.body = part.body
            return audio(single, of: payload).map { (part.track, $0) }
        }
    }

    private static func parts(
        of payload: UnsafeRawBufferPointer, isVideo: Bool
    ) -> [MultitrackReader.Part] {
        EnhancedTag.parse(payload, isVideo: isVideo)?.parts(of: payload) ?? []
    }

    private static func video(
        _ tag: VideoTag, of payload: UnsafeRawBufferPointer
    ) -> CodecConfiguration? {
        let body = UnsafeRawBufferPointer(rebasing: payload[tag.body])
        if tag.content == .sequenceHeader {
            return switch tag.codec {
            case .avc, .enhanced(.avc1): CodecConfiguration(avc: body)
            case .hevc, .enhanced(.hvc1): CodecConfiguration(hevc: body)
            // In a transport stream sequence header the record is another one.
            case .av1, .enhanced(.av01): CodecConfiguration(av1: body)
            case .enhanced(.vp08): CodecConfiguration(vp: body, codec: "VP8")
            case .enhanced(.vp09): CodecConfiguration(vp: body, codec: "VP9")
            case .enhanced(.vvc1): CodecConfiguration(vvc: body)
            case .enhanced(let fourCC?): CodecConfiguration(.video, codec: fourCC.description)
            case .enhanced(nil), .legacy: nil
            }
        }
        guard tag.isKeyframe else { return nil }
        switch tag.codec {
        case .enhanced(.vp08): return CodecConfiguration(vp8: body)
        case .enhanced(.vp09): return CodecConfiguration(vp9: body)
        case .enhanced, .legacy: break
        }
        guard case .legacy(let number) = tag.codec else { return nil }
        let codec: String? =
            switch number {
            case 2: "H.263"
            case 3, 6: "Screen"
            case 4, 5: "VP6"
            default: nil
            }
        return codec.map { CodecConfiguration(.video, codec: $0) }
    }

    private static func audio(
        _ tag: AudioTag, of payload: UnsafeRawBufferPointer
    ) -> CodecConfiguration? {
        let body = UnsafeRawBufferPointer(rebasing: payload[tag.body])
        switch (tag.content, tag.codec) {
        case (.sequenceHeader, .aac), (.sequenceHeader, .enhanced(.mp4a)):
            return CodecConfiguration(aac: body)
        case (.sequenceHeader, .enhanced(.opus)):
            return CodecConfiguration(opus: body)
        case (.sequenceHeader, .enhanced(.flac)):
            return CodecConfiguration(flac: body)
        // ffmpeg sends a sequence header for these, which have no record.
        case (.sequenceHeader, .enhanced(.ac3)), (.frame, .enhanced(.ac3)):
            return CodecConfiguration(ac3: body, codec: "AC-3")
        case (.sequenceHeader, .enhanced(.eac3)), (.frame, .enhanced(.eac3)):
            return CodecConfiguration(ac3: body, codec: "E-AC-3")
        case (.sequenceHeader, .enhanced(let fourCC?)):
            return CodecConfiguration(.audio, codec: fourCC.description)
        case (.frame, .mp3), (.frame, .mp3At8kHz):
            return CodecConfiguration(mp3: body, legacyHeader: payload.first)
        case (.frame, .enhanced(.mp3)):
            return CodecConfiguration(mp3: body, legacyHeader: nil)
        case (.frame, .aac):
            return nil
        case (.frame, .legacy(let number)):
            return CodecConfiguration(soundFormat: number, legacyHeader: payload[0])
        case (.frame, .enhanced), (.sequenceHeader, _), (.trackMetadata, _), (.other, _):
            return nil
        }
    }
}

extension FourCC: CustomStringConvertible {
    /// The four letters, and `?` for bytes that are none.
    package var description: String {
        String(
            [24, 16, 8, 0].map { shift -> Character in
                let byte = UInt8(truncatingIfNeeded: rawValue >> shift)
                return 0x20..<0x7F ~= byte ? Character(Unicode.Scalar(byte)) : "?"
            })
    }
}

extension Array {
    /// For tables indexed by a number from the wire.
    subscript(safely index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
