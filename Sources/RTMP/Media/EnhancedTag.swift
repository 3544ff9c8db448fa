/// The extended header of an Enhanced RTMP audio or video message (RTMP.md §6.2).
///
/// Read as far as a relay needs it: which track, which codec, what kind of packet. Unknown packet
/// types, FourCCs and ModEx types are no errors (MED-5); a header that ends early is (MED-6).
package struct EnhancedTag: Hashable, Sendable {
    /// What the two packet type tables have in common; the numbers differ for audio and video.
    package enum PacketType: Hashable, Sendable {
        case sequenceStart
        case codedFrames
        case sequenceEnd
        /// Video without composition time.
        case codedFramesX
        /// Video: colour. Audio: multichannel configuration.
        case trackMetadata
        case mpeg2TSSequenceStart
        /// Start or end of a seek: one byte, no FourCC.
        case command
        case unknown(UInt8)
    }

    package var packetType: PacketType
    /// nil for commands and unknown packet types.
    package var fourCC: FourCC?
    /// The lowest track of the message; 0 where none is named (MED-7).
    package var track: UInt8 = 0
    /// Offset of the byte with the layout of a multitrack message; nil: it is none.
    package var layoutOffset: Int?
    package var hasSeveralTracks = false
    /// Bytes of the payload that are the body of `track`.
    package var body: Range<Int>

    private enum RawType: Hashable {
        case packet(PacketType)
        case multitrack
        case modifier
    }

    /// nil: the header is truncated, a size passes the end, or multitrack is nested.
    static func parse(_ payload: UnsafeRawBufferPointer, isVideo: Bool) -> EnhancedTag? {
        var cursor = ByteCursor(payload)
        guard let first = cursor.readUInt8() else { return nil }
        let isCommand = isVideo && (first >> 4) & 7 == 5
        var number = first & 0x0F
        // Every turn takes at least three bytes (SEC-18).
        while rawType(number, isVideo: isVideo) == .modifier {
            guard let next = skipModifier(&cursor) else { return nil }
            number = next
        }
        let type = rawType(number, isVideo: isVideo)
        if isCommand, type != .packet(.trackMetadata) {
            guard cursor.skip(1) else { return nil }
            return EnhancedTag(packetType: .command, body: cursor.offset..<cursor.offset)
        }
        switch type {
        case .modifier:
            return nil
        case .multitrack:
            return multitrack(&cursor, isVideo: isVideo)
        case .packet(.unknown(let number)):
            return EnhancedTag(
                packetType: .unknown(number), body: cursor.offset..<payload.count)
        case .packet(let packetType):
            guard let fourCC = cursor.readUInt32() else { return nil }
            return EnhancedTag(
                packetType: packetType, fourCC: FourCC(rawValue: fourCC),
                body: cursor.offset..<payload.count)
        }
    }

    private static func rawType(_ number: UInt8, isVideo: Bool) -> RawType {
        switch (number, isVideo) {
        case (0, _): .packet(.sequenceStart)
        case (1, _): .packet(.codedFrames)
        case (2, _): .packet(.sequenceEnd)
        case (3, true): .packet(.codedFramesX)
        case (4, _): .packet(.trackMetadata)
        case (5, true): .packet(.mpeg2TSSequenceStart)
        case (5, false), (6, true): .multitrack
        case (7, _): .modifier
        default: .packet(.unknown(number))
        }
    }

    /// ModEx: size, data, then its type and the packet type that follows.
    private static func skipModifier(_ cursor: inout ByteCursor) -> UInt8? {
        guard let short = cursor.readUInt8() else { return nil }
        var size = Int(short) + 1
        if size == 256 {
            guard let long = cursor.readUInt16() else { return nil }
            size = Int(long) + 1
        }
        guard cursor.skip(size), let next = cursor.readUInt8() else { return nil }
        return next & 0x0F
    }

    private static func multitrack(_ cursor: inout ByteCursor, isVideo: Bool) -> EnhancedTag? {
        let layoutOffset = cursor.offset
        guard let byte = cursor.readUInt8() else { return nil }
        let packetType: PacketType
        switch rawType(byte & 0x0F, isVideo: isVideo) {
        case .multitrack, .modifier: return nil
        case .packet(let type): packetType = type
        }
        guard var reader = MultitrackReader(layout: byte >> 4, cursor) else {
            return EnhancedTag(packetType: .unknown(byte), body: cursor.offset..<cursor.offset)
        }
        var tag: EnhancedTag?
        do {
            while let part = try reader.next() {
                let isLower = tag.map { part.track < $0.track } ?? true
                let hasSeveralTracks = tag != nil
                if isLower {
                    tag = EnhancedTag(
                        packetType: packetType, fourCC: part.fourCC, track: part.track,
                        layoutOffset: layoutOffset, body: part.body)
                }
                tag?.hasSeveralTracks = hasSeveralTracks
            }
        } catch {
            return nil
        }
        return tag
    }

    /// The tracks of a multitrack message that was read as this tag.
    func parts(of payload: UnsafeRawBufferPointer) -> [MultitrackReader.Part] {
        var cursor = ByteCursor(payload)
        guard let layoutOffset, cursor.skip(layoutOffset), let byte = cursor.readUInt8(),
            var reader = MultitrackReader(layout: byte >> 4, cursor)
        else { return [] }
        var parts: [MultitrackReader.Part] = []
        // A truncated message has no tag.
        while let part = try? reader.next() { parts.append(part) }
        return parts
    }
}

/// A codec by its four letters.
package struct FourCC: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static let avc1 = FourCC("avc1")
    package static let hvc1 = FourCC("hvc1")
    package static let vvc1 = FourCC("vvc1")
    package static let av01 = FourCC("av01")
    package static let vp08 = FourCC("vp08")
    package static let vp09 = FourCC("vp09")
    package static let mp4a = FourCC("mp4a")
    package static let opus = FourCC("Opus")
    package static let flac = FourCC("fLaC")
    package static let ac3 = FourCC("ac-3")
    package static let eac3 = FourCC("ec-3")
    package static let mp3 = FourCC(".mp3")

    private init(_ letters: StaticString) {
        precondition(letters.utf8CodeUnitCount == 4, "a FourCC has four letters")
        rawValue = letters.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt32($1) } }
    }
}
