/// The header of a chunk in its parts (RTMP 1.0, 5.3.1).
///
///     basic header       type (2 bits), chunk stream id (6 bits, or one or two more bytes)
///     message header     type 0   timestamp (3)  length (3)  message type (1)  message stream (4, LE)
///                        type 1   delta (3)      length (3)  message type (1)
///                        type 2   delta (3)
///                        type 3   –
///     extended timestamp (4) where the 3-byte field is FFFFFF
enum ChunkHeader {
    /// Says that the extended timestamp follows (RTMP 1.0, 5.3.1.3).
    static let extendedMark: UInt32 = 0xFF_FFFF
}

/// RTMP 1.0, 5.3.1.1; the second and third byte are little-endian (CH-1).
struct ChunkBasicHeader: Equatable {
    var form: UInt8
    var chunkStreamID: ChunkStreamID

    init(form: UInt8, chunkStreamID: ChunkStreamID) {
        self.form = form
        self.chunkStreamID = chunkStreamID
    }

    /// nil: bytes are missing.
    init?(_ cursor: inout ByteCursor) {
        guard let first = cursor.readUInt8() else { return nil }
        form = first >> 6
        switch first & 0x3F {
        case 0:
            guard let low = cursor.readUInt8() else { return nil }
            chunkStreamID = 64 + UInt32(low)
        case 1:
            guard let low = cursor.readUInt8(), let high = cursor.readUInt8() else { return nil }
            chunkStreamID = 64 + UInt32(low) + UInt32(high) << 8
        case let id:
            chunkStreamID = UInt32(id)
        }
    }

    /// The shortest form.
    func encode(into writer: inout ByteWriter) {
        switch chunkStreamID {
        case 2...63:
            writer.write(form << 6 | UInt8(chunkStreamID))
        case 64...319:
            writer.write(form << 6)
            writer.write(UInt8(chunkStreamID - 64))
        case 320...65_599:
            writer.write(form << 6 | 1)
            writer.write(UInt8(truncatingIfNeeded: chunkStreamID - 64))
            writer.write(UInt8((chunkStreamID - 64) >> 8))
        default:
            preconditionFailure("chunk stream ids we choose are 2 to 65599 (RTMP 1.0, 5.3.1.1)")
        }
    }
}

/// RTMP 1.0, 5.3.1.2 with its extended timestamp, of types 0, 1 and 2. What a type leaves out is zero.
struct ChunkMessageHeader {
    /// Absolute in type 0, a delta in types 1 and 2.
    var time: UInt32
    /// `time` stands in the extended timestamp (CH-12: even when it would have fitted).
    var isExtended: Bool
    var length = 0
    var type = MessageType(rawValue: 0)
    var messageStreamID: MessageStreamID = 0

    /// nil: bytes are missing.
    init?(form: UInt8, _ cursor: inout ByteCursor) {
        guard let field = cursor.readUInt24() else { return nil }
        if form <= 1 {
            guard let length = cursor.readUInt24(), let type = cursor.readUInt8() else {
                return nil
            }
            self.length = Int(length)
            self.type = MessageType(rawValue: type)
        }
        if form == 0 {
            guard let id = cursor.readUInt32LittleEndian() else { return nil }
            messageStreamID = id
        }
        isExtended = field == ChunkHeader.extendedMark
        time = field
        if isExtended {
            guard let extended = cursor.readUInt32() else { return nil }
            time = extended
        }
    }
}
