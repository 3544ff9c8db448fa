/// What the first bytes of an audio message say (RTMP.md §6.1 and §6.2).
package struct AudioTag: Hashable, Sendable {
    package enum Codec: Hashable, Sendable {
        /// SoundFormat of a legacy message.
        case legacy(UInt8)
        case enhanced(FourCC?)

        static let mp3 = Codec.legacy(2)
        static let aac = Codec.legacy(10)
        static let mp3At8kHz = Codec.legacy(14)
    }

    package enum Content: Hashable, Sendable {
        case sequenceHeader
        case frame
        /// Multichannel configuration.
        case trackMetadata
        /// Silence, end of sequence, or something unknown or cut short.
        case other
    }

    package var codec: Codec
    package var content: Content
    package var track: UInt8 = 0
    package var isMultitrack = false
    package var hasSeveralTracks = false
    /// Bytes of the payload after the header.
    package var body: Range<Int>

    /// nil: a broken Enhanced RTMP header, to be dropped (MED-6). No bytes at all are silence (MED-2).
    package static func parse(_ payload: UnsafeRawBufferPointer) -> AudioTag? {
        guard let first = payload.first else {
            return AudioTag(codec: .legacy(0), content: .other, body: 0..<0)
        }
        let format = first >> 4
        if format == 9 {
            return EnhancedTag.parse(payload, isVideo: false).map(AudioTag.init(enhanced:))
        }
        let codec = Codec.legacy(format)
        guard codec == .aac else {
            return AudioTag(
                codec: codec, content: payload.count > 1 ? .frame : .other, body: 1..<payload.count)
        }
        let headerLength = 2
        guard payload.count > headerLength else {
            return AudioTag(
                codec: codec, content: .other, body: payload.count..<payload.count)
        }
        let content: Content
        switch payload[1] {
        case 0: content = payload.count >= headerLength + 2 ? .sequenceHeader : .other
        case 1: content = .frame
        default: content = .other
        }
        return AudioTag(codec: codec, content: content, body: headerLength..<payload.count)
    }

    private init(codec: Codec, content: Content, body: Range<Int>) {
        self.codec = codec
        self.content = content
        self.body = body
    }

    private init(enhanced tag: EnhancedTag) {
        codec = .enhanced(tag.fourCC)
        track = tag.track
        isMultitrack = tag.layoutOffset != nil
        hasSeveralTracks = tag.hasSeveralTracks
        body = tag.body
        content =
            switch tag.packetType {
            case .sequenceStart: .sequenceHeader
            case .codedFrames: .frame
            case .trackMetadata: .trackMetadata
            case .sequenceEnd, .codedFramesX, .mpeg2TSSequenceStart, .command, .unknown: .other
            }
    }
}
