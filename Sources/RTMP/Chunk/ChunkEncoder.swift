/// Messages to chunks: type 0 first, type 3 to continue (CH-10, CH-11).
///
/// `encode` serves replies, and depends on nothing that was sent before. Media is put together from
/// shared payloads by its sender, who writes only the headers, with the static functions; who knows
/// what went before on the chunk stream may start with type 1.
package struct ChunkEncoder {
    /// Ours. Set it right after our Set Chunk Size was encoded (CH-17).
    package var chunkSize: UInt32 = 128
    /// nil: unarmed. Otherwise every chunk is appended, and the owner drains it.
    package var log: [ChunkRecord]?

    package init() {}

    /// Writes a whole message, the `number`th in this direction; `offset` is that of its first byte,
    /// handshake included.
    package mutating func encode(
        _ message: Message, on id: ChunkStreamID, number: UInt64, at offset: UInt64,
        into writer: inout ByteWriter
    ) {
        log?.append(
            contentsOf: ChunkRecord.records(
                of: message, on: id, chunkSize: Int(chunkSize), number: number, at: offset))
        let isExtended = message.timestamp >= ChunkHeader.extendedMark
        let length = message.payload.count
        ChunkBasicHeader(form: 0, chunkStreamID: id).encode(into: &writer)
        writer.writeUInt24(isExtended ? ChunkHeader.extendedMark : message.timestamp)
        writer.writeUInt24(UInt32(length))
        writer.write(message.type.rawValue)
        writer.writeUInt32LittleEndian(message.messageStreamID)
        if isExtended { writer.writeUInt32(message.timestamp) }
        message.payload.withUnsafeBytes { payload in
            let size = Int(chunkSize)
            writer.write(payload.prefix(size))
            for start in stride(from: size, to: length, by: size) {
                ChunkBasicHeader(form: 3, chunkStreamID: id).encode(into: &writer)
                if isExtended { writer.writeUInt32(message.timestamp) }
                writer.write(payload[start..<min(start + size, length)])
            }
        }
    }
}

// MARK: Headers into scratch memory

extension ChunkEncoder {
    /// Writes a type 0 header on a chunk stream from 2 to 63; gives its length, 12 or 16.
    ///
    /// Runs once per player and media message: no allocation, the caller vouches for 16 bytes.
    package static func writeFirstHeader(
        to target: UnsafeMutableRawPointer, chunkStreamID: ChunkStreamID, timestamp: UInt32,
        length: Int, type: MessageType, messageStreamID: MessageStreamID
    ) -> Int {
        let isExtended = timestamp >= 0xFF_FFFF
        let field = isExtended ? 0xFF_FFFF : timestamp
        // Basic header and timestamp share a word; so do length and type.
        let first = (chunkStreamID & 0x3F) << 24 | field
        let second = UInt32(truncatingIfNeeded: length) << 8 | UInt32(type.rawValue)
        target.storeBytes(of: first.bigEndian, as: UInt32.self)
        target.storeBytes(of: second.bigEndian, toByteOffset: 4, as: UInt32.self)
        target.storeBytes(of: messageStreamID.littleEndian, toByteOffset: 8, as: UInt32.self)
        guard isExtended else { return 12 }
        target.storeBytes(of: timestamp.bigEndian, toByteOffset: 12, as: UInt32.self)
        return 16
    }

    /// Writes a type 1 header on a chunk stream from 2 to 63: the time since the message before on it,
    /// less than 0xFFFFFF; gives its length, 8. The message stream is that of the message before.
    package static func writeDeltaHeader(
        to target: UnsafeMutableRawPointer, chunkStreamID: ChunkStreamID, delta: UInt32,
        length: Int, type: MessageType
    ) -> Int {
        let first = 0x40_00_00_00 | (chunkStreamID & 0x3F) << 24 | delta
        let second = UInt32(truncatingIfNeeded: length) << 8 | UInt32(type.rawValue)
        target.storeBytes(of: first.bigEndian, as: UInt32.self)
        target.storeBytes(of: second.bigEndian, toByteOffset: 4, as: UInt32.self)
        return 8
    }

    /// Writes a type 3 header on a chunk stream from 2 to 63, with the extended timestamp if the
    /// first chunk had it (CH-15); gives its length, 1 or 5.
    package static func writeContinuationHeader(
        to target: UnsafeMutableRawPointer, chunkStreamID: ChunkStreamID, timestamp: UInt32
    ) -> Int {
        target.storeBytes(
            of: 0xC0 | UInt8(truncatingIfNeeded: chunkStreamID & 0x3F), as: UInt8.self)
        guard timestamp >= 0xFF_FFFF else { return 1 }
        target.storeBytes(of: timestamp.bigEndian, toByteOffset: 1, as: UInt32.self)
        return 5
    }
}

extension MessageType {
    /// The chunk stream we send this type on (CH-11). Receivers must not care.
    package func chunkStreamID(on messageStreamID: MessageStreamID) -> ChunkStreamID {
        switch self {
        case .setChunkSize, .abort, .acknowledgement, .userControl, .windowAcknowledgementSize,
            .setPeerBandwidth:
            2
        case .commandAMF0, .commandAMF3: messageStreamID == 0 ? 3 : 5
        case .audio: 4
        case .video: 6
        default: 5
        }
    }
}
