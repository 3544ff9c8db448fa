/// Several tracks in one stream (RTMP.md §6.2; MED-7).
extension MediaMessage {
    /// The tracks it has something for.
    package var tracks: Set<UInt8> {
        guard hasSeveralTracks else { return [track] }
        return payload.withUnsafeBytes { bytes in
            Set(enhancedTag(of: bytes)?.parts(of: bytes).map(\.track) ?? [track])
        }
    }

    /// Track 0 of a multitrack message as a message that is none, for players that know no other
    /// track; nil: it is no multitrack message, or has nothing for track 0.
    ///
    /// The byte that says multitrack says the packet type instead, and the FourCC follows. ModEx in
    /// front of it stays.
    package func firstTrackAlone() -> MediaMessage? {
        guard audience == .multitrack else { return nil }
        let bytes = payload.withUnsafeBytes { bytes -> [UInt8]? in
            guard let tag = enhancedTag(of: bytes), tag.track == 0, let fourCC = tag.fourCC,
                let layoutOffset = tag.layoutOffset
            else { return nil }
            var writer = ByteWriter(reserving: layoutOffset + 4 + tag.body.count)
            writer.write(Array(bytes[..<(layoutOffset - 1)]))
            writer.write(bytes[layoutOffset - 1] & 0xF0 | bytes[layoutOffset] & 0x0F)
            writer.writeUInt32(fourCC.rawValue)
            writer.write(Array(bytes[tag.body]))
            return writer.bytes
        }
        guard let bytes else { return nil }
        var message = self
        message.audience = .firstTrack
        message.hasSeveralTracks = false
        message.payload = Payload(bytes)
        return message
    }

    private func enhancedTag(of bytes: UnsafeRawBufferPointer) -> EnhancedTag? {
        EnhancedTag.parse(bytes, isVideo: kind == .video)
    }
}
