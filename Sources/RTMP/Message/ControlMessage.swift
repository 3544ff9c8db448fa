/// Protocol control messages, types 1, 2, 3, 5 and 6 (RTMP 1.0, 5.4).
package enum ControlMessage: Hashable, Sendable {
    case setChunkSize(UInt32)
    case abort(ChunkStreamID)
    /// Bytes received, modulo 2³².
    case acknowledgement(UInt32)
    case windowAcknowledgementSize(UInt32)
    case setPeerBandwidth(UInt32, BandwidthLimit)
}

/// The limit type of Set Peer Bandwidth (RTMP 1.0, 5.4.5).
package enum BandwidthLimit: UInt8, Hashable, Sendable {
    case hard = 0
    case soft = 1
    case dynamic = 2

    /// As the specification calls it.
    package var word: String {
        switch self {
        case .hard: "hard"
        case .soft: "soft"
        case .dynamic: "dynamic"
        }
    }
}

extension ControlMessage {
    /// Reads a message of type 1, 2, 3, 5 or 6; nil if it is of another type or too short.
    ///
    /// Chunk stream, message stream and further payload bytes do not matter (PC-1).
    package static func decode(_ message: Message) -> ControlMessage? {
        let (value, limit) = message.payload.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            return (cursor.readUInt32(), cursor.readUInt8())
        }
        guard let value else { return nil }
        switch message.type {
        case .setChunkSize: return .setChunkSize(value)
        case .abort: return .abort(value)
        case .acknowledgement: return .acknowledgement(value)
        case .windowAcknowledgementSize: return .windowAcknowledgementSize(value)
        case .setPeerBandwidth:
            // Without a limit byte, or with one nobody defined: dynamic (PC-6).
            return .setPeerBandwidth(
                value, limit.flatMap(BandwidthLimit.init(rawValue:)) ?? .dynamic)
        default: return nil
        }
    }

    package func message() -> Message {
        var body = ByteWriter(reserving: 5)
        switch self {
        case .setChunkSize(let size): body.writeUInt32(size)
        case .abort(let chunkStream): body.writeUInt32(chunkStream)
        case .acknowledgement(let count): body.writeUInt32(count)
        case .windowAcknowledgementSize(let size): body.writeUInt32(size)
        case .setPeerBandwidth(let size, let limit):
            body.writeUInt32(size)
            body.write(limit.rawValue)
        }
        return Message(
            type: type, messageStreamID: 0, timestamp: 0, payload: Payload(body.bytes))
    }

    package var type: MessageType {
        switch self {
        case .setChunkSize: .setChunkSize
        case .abort: .abort
        case .acknowledgement: .acknowledgement
        case .windowAcknowledgementSize: .windowAcknowledgementSize
        case .setPeerBandwidth: .setPeerBandwidth
        }
    }
}
