package import RTMP

/// A piece of a stream as RTMP and FLV carry it: one audio or video message, or a data message.
public struct MediaPacket: Sendable {
    public enum Kind: Hashable, Sendable {
        case audio
        case video
        /// `onMetaData`.
        case metadata
        /// Any other data message.
        case data
    }

    package var media: MediaMessage

    package init(_ media: MediaMessage) {
        self.media = media
    }

    /// The body of an FLV tag, or of an RTMP message; nil if its first bytes make no sense.
    ///
    /// `timestampMilliseconds` counts modulo 2³².
    public init?(kind: Kind, timestampMilliseconds: UInt32, bytes: [UInt8]) {
        let type: MessageType =
            switch kind {
            case .audio: .audio
            case .video: .video
            case .metadata, .data: .dataAMF0
            }
        self.init(
            FLVTag(type: type, timestamp: timestampMilliseconds, payload: Payload(bytes)))
    }

    package init?(_ tag: FLVTag) {
        guard let media = MediaMessage.classify(tag.message(on: 0)) else { return nil }
        self.media = media
    }

    public var kind: Kind {
        switch media.kind {
        case .audio: .audio
        case .video: .video
        case .metadata: .metadata
        case .data: .data
        }
    }

    /// Modulo 2³², from any beginning.
    public var timestampMilliseconds: UInt32 { media.timestamp }
    /// A copy of the body.
    public var bytes: [UInt8] { media.payload.bytes }
    public var byteCount: Int { media.payload.count }
    /// Decoding can start here.
    public var isKeyframe: Bool { media.isKeyframe }
    /// Metadata, or the configuration of a codec.
    public var isHeader: Bool { media.isHeader }
    /// A coded frame, not configuration.
    public var isFrame: Bool { media.isFrame }
    /// 0 but for Enhanced RTMP with several tracks.
    public var track: UInt8 { media.track }

    /// Carried as Enhanced RTMP, which a publisher announces: video by its first bit, audio by its
    /// format 9.
    var isEnhanced: Bool {
        guard let first = media.payload.withUnsafeBytes({ $0.first }) else { return false }
        return switch media.kind {
        case .video: first & 0x80 != 0
        case .audio: first >> 4 == 9
        case .metadata, .data: false
        }
    }
}
