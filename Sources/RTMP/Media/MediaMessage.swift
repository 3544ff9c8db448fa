/// An audio, video or data message with what its first bytes say: all that a relay needs to know.
///
/// The payload stays as it came, byte for byte (MED-5); only `@setDataFrame` is taken off metadata.
package struct MediaMessage: Sendable {
    package enum Kind: Hashable, Sendable {
        case audio
        case video
        /// `onMetaData`, kept for those who join later (MED-9).
        case metadata
        /// Any other data message: forwarded in order, not kept (MED-15).
        case data
    }

    /// What a late player needs a message for.
    package enum Landmark: Hashable, Sendable {
        case none
        /// Decoding can start here.
        case keyframe
        /// Codec configuration of a track; replaces the earlier one of that track.
        case sequenceHeader
        /// E-RTMP video metadata (colour) or multichannel configuration of a track.
        case trackMetadata
    }

    /// Which players it is for (MED-7).
    package enum Audience: Hashable, Sendable {
        case everybody
        /// A multitrack message: for players that know more tracks than one.
        case multitrack
        /// What a multitrack message has for track 0, for the players that do not.
        case firstTrack
    }

    package var kind: Kind
    package var landmark: Landmark
    /// E-RTMP track, the lowest of several; 0 for legacy messages (MED-7).
    package var track: UInt8
    package var hasSeveralTracks: Bool
    package var audience: Audience
    /// Video that nobody decodes from (frame type 3): the first to be skipped (MED-12).
    package var isDisposable: Bool
    /// A coded frame that counts as a picture or audio frame (no configuration, no end of sequence).
    package var isFrame: Bool
    /// Milliseconds, modulo 2³².
    package var timestamp: UInt32
    package var payload: Payload

    package init(
        kind: Kind, landmark: Landmark = .none, track: UInt8 = 0, hasSeveralTracks: Bool = false,
        audience: Audience = .everybody, isDisposable: Bool = false, isFrame: Bool = true,
        timestamp: UInt32, payload: Payload
    ) {
        self.kind = kind
        self.landmark = landmark
        self.track = track
        self.hasSeveralTracks = hasSeveralTracks
        self.audience = audience
        self.isDisposable = isDisposable
        self.isFrame = isFrame
        self.timestamp = timestamp
        self.payload = payload
    }

    package var isKeyframe: Bool { landmark == .keyframe && kind == .video }

    /// Metadata, sequence headers, track metadata: never skipped (architecture, invariant 6).
    package var isHeader: Bool {
        kind == .metadata || landmark == .sequenceHeader || landmark == .trackMetadata
    }

    /// The type the message goes out with: data always leaves as AMF0 (AMF-10).
    package var type: MessageType {
        switch kind {
        case .audio: .audio
        case .video: .video
        case .metadata, .data: .dataAMF0
        }
    }
}
