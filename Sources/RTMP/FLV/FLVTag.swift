/// The fixed numbers of the file format (FLV 10.1, E.2 and E.3).
///
///     header   "FLV" 01, flags (4 audio, 1 video), data offset (4)       then a back pointer of 0
///     tag      type, length (3), timestamp (3), its high byte, stream (3) | body | back pointer (4)
enum FLV {
    static let signature = Array("FLV".utf8)
    static let version: UInt8 = 1
    static let headerLength = 9
    static let tagHeaderLength = 11
    /// Bytes of the tag before it, header included.
    static let backPointerLength = 4
    /// Where the flags stand.
    static let flagsOffset: UInt64 = 4
    static let audioFlag: UInt8 = 4
    static let videoFlag: UInt8 = 1
    /// Body encrypted: Adobe Access.
    static let filterBit: UInt8 = 0x20
    /// A length has 24 bits.
    static let bodyMaximum = 0xFF_FFFF
}

/// What stands at the beginning of a file.
package struct FLVHeader: Hashable, Sendable {
    package var version: UInt8
    /// What the writer promised; many write both bits whatever comes.
    package var hasAudio: Bool
    package var hasVideo: Bool
}

/// An audio, video or data tag: a message as it stands in a file.
package struct FLVTag: Sendable {
    /// Audio, video or data: `MessageType` 8, 9, 18 or 15.
    package var type: MessageType
    /// Milliseconds, modulo 2³².
    package var timestamp: UInt32
    package var payload: Payload
    /// Of its first byte in the file.
    package var offset: UInt64

    package init(type: MessageType, timestamp: UInt32, payload: Payload, offset: UInt64 = 0) {
        self.type = type
        self.timestamp = timestamp
        self.payload = payload
        self.offset = offset
    }

    package func message(on messageStream: MessageStreamID) -> Message {
        Message(
            type: type, messageStreamID: messageStream, timestamp: timestamp, payload: payload)
    }

    /// Header, body and back pointer.
    package func encode(into writer: inout ByteWriter) {
        precondition(payload.count <= FLV.bodyMaximum, "a message has at most 2²⁴ − 1 bytes")
        let length = UInt32(payload.count)
        writer.write(type.rawValue)
        writer.writeUInt24(length)
        writer.writeUInt24(timestamp)
        writer.write(UInt8(truncatingIfNeeded: timestamp >> 24))
        writer.writeUInt24(0)
        payload.withUnsafeBytes { writer.write($0) }
        writer.writeUInt32(length + UInt32(FLV.tagHeaderLength))
    }
}

/// Why bytes are not, or no longer, an FLV file.
package enum FLVError: Error, Hashable, Sendable {
    /// The file does not begin with `FLV`.
    case notFLV
    /// The header claims to be shorter than it is.
    case headerTooShort(dataOffset: UInt32)
    /// Neither its type nor its back pointer is that of a tag. From here on the file is damaged.
    case notATag(type: UInt8, at: UInt64)
    /// A tag longer than its reader takes (FLV-5).
    case tagTooLong(length: Int, limit: Int, at: UInt64)
}

extension FLVError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFLV: "this is no FLV file"
        case .headerTooShort(let offset): "the FLV header claims to have \(offset) bytes"
        case .notATag(let type, let offset): "at byte \(offset) no tag begins (type \(type))"
        case .tagTooLong(let length, let limit, let offset):
            "the tag at byte \(offset) declares \(length) bytes, limit \(limit)"
        }
    }
}
