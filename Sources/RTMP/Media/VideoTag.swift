/// What the first bytes of a video message say (RTMP.md §6.1 and §6.2).
package struct VideoTag: Hashable, Sendable {
    package enum FrameType: UInt8, Hashable, Sendable {
        case key = 1
        case inter = 2
        case disposable = 3
        case generatedKey = 4
        case command = 5
    }

    package enum Codec: Hashable, Sendable {
        /// The number of a legacy message.
        case legacy(UInt8)
        case enhanced(FourCC?)

        static let avc = Codec.legacy(7)
        /// Not official, sent by many cameras.
        static let hevc = Codec.legacy(12)
        static let av1 = Codec.legacy(13)
    }

    package enum Content: Hashable, Sendable {
        case sequenceHeader
        /// A picture; composition time in milliseconds where it is known.
        case frame(compositionTime: Int32?)
        case trackMetadata
        /// End of sequence, command, or something unknown or cut short.
        case other
    }

    /// nil for numbers nobody defined.
    package var frameType: FrameType?
    package var codec: Codec
    package var content: Content
    package var track: UInt8 = 0
    package var isMultitrack = false
    package var hasSeveralTracks = false
    /// Bytes of the payload after the header: the configuration record, or the coded picture.
    package var body: Range<Int>

    package var isKeyframe: Bool {
        guard case .frame = content else { return false }
        return frameType == .key
    }

    /// nil: no video message, to be dropped (MED-2, MED-6).
    package static func parse(_ payload: UnsafeRawBufferPointer) -> VideoTag? {
        guard let first = payload.first else { return nil }
        let frameType = FrameType(rawValue: first >> 4 & 7)
        if first & 0x80 != 0 {
            guard let tag = EnhancedTag.parse(payload, isVideo: true) else { return nil }
            return VideoTag(frameType: frameType, enhanced: tag, payload: payload)
        }
        return legacy(payload, frameType: frameType, codec: .legacy(first & 0x0F))
    }

    private static func legacy(
        _ payload: UnsafeRawBufferPointer, frameType: FrameType?, codec: Codec
    ) -> VideoTag {
        guard codec == .avc || codec == .hevc || codec == .av1 else {
            let isPicture = frameType != .command && payload.count > 1
            return VideoTag(
                frameType: frameType, codec: codec,
                content: isPicture ? .frame(compositionTime: nil) : .other, body: 1..<payload.count)
        }
        // Packet type, composition time, then the record or the NAL units.
        let headerLength = 5
        // An av1C has four bytes before the units, an avcC at least six.
        let recordMinimum = codec == .av1 ? 4 : 6
        guard payload.count >= headerLength else {
            return VideoTag(
                frameType: frameType, codec: codec, content: .other,
                body: payload.count..<payload.count)
        }
        let content: Content
        switch payload[1] {
        case 0 where payload.count >= headerLength + recordMinimum:
            content = .sequenceHeader
        case 0, 2:
            content = .other
        default:
            let isPicture = frameType != .command
            content =
                isPicture ? .frame(compositionTime: signed24(payload, at: 2)) : .other
        }
        return VideoTag(
            frameType: frameType, codec: codec, content: content,
            body: headerLength..<payload.count)
    }

    private init(frameType: FrameType?, enhanced tag: EnhancedTag, payload: UnsafeRawBufferPointer)
    {
        self.frameType = frameType
        codec = .enhanced(tag.fourCC)
        track = tag.track
        isMultitrack = tag.layoutOffset != nil
        hasSeveralTracks = tag.hasSeveralTracks
        body = tag.body
        switch tag.packetType {
        case .sequenceStart, .mpeg2TSSequenceStart:
            content = tag.body.isEmpty ? .other : .sequenceHeader
        case .codedFrames where tag.carriesCompositionTime:
            if tag.body.count >= 3 {
                content = .frame(compositionTime: Self.signed24(payload, at: tag.body.lowerBound))
                body = tag.body.lowerBound + 3..<tag.body.upperBound
            } else {
                content = .other
            }
        case .codedFrames:
            content = .frame(compositionTime: nil)
        case .codedFramesX:
            content = .frame(compositionTime: 0)
        case .trackMetadata:
            content = .trackMetadata
        case .sequenceEnd, .command, .unknown:
            content = .other
        }
    }

    private init(
        frameType: FrameType?, codec: Codec, content: Content, body: Range<Int>
    ) {
        self.frameType = frameType
        self.codec = codec
        self.content = content
        self.body = body
    }

    /// Composition time is signed: B-frames of some encoders are shown before they are decoded.
    private static func signed24(_ payload: UnsafeRawBufferPointer, at offset: Int) -> Int32 {
        let bits =
            UInt32(payload[offset]) << 24 | UInt32(payload[offset + 1]) << 16
            | UInt32(payload[offset + 2]) << 8
        return Int32(bitPattern: bits) >> 8
    }
}

extension EnhancedTag {
    /// Only these codecs have one, and only in `codedFrames`.
    fileprivate var carriesCompositionTime: Bool {
        fourCC == .avc1 || fourCC == .hvc1 || fourCC == .vvc1
    }
}
