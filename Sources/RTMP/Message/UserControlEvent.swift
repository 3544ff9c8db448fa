/// User control events, message type 4 (RTMP 1.0, 7.1.7; RTMP.md PC-8).
package enum UserControlEvent: Hashable, Sendable {
    case streamBegin(MessageStreamID)
    case streamEOF(MessageStreamID)
    case streamDry(MessageStreamID)
    case setBufferLength(MessageStreamID, milliseconds: UInt32)
    case streamIsRecorded(MessageStreamID)
    case pingRequest(UInt32)
    case pingResponse(UInt32)
    /// Anything else: ignored, never refused.
    case other(UInt16)
}

extension UserControlEvent {
    /// Reads a message of type 4; nil if it is of another type or too short for its event.
    package static func decode(_ message: Message) -> UserControlEvent? {
        guard message.type == .userControl else { return nil }
        return message.payload.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            guard let event = cursor.readUInt16() else { return nil }
            switch event {
            case 0: return cursor.readUInt32().map { .streamBegin($0) }
            case 1: return cursor.readUInt32().map { .streamEOF($0) }
            case 2: return cursor.readUInt32().map { .streamDry($0) }
            case 3:
                guard let stream = cursor.readUInt32(), let length = cursor.readUInt32() else {
                    return nil
                }
                return .setBufferLength(stream, milliseconds: length)
            case 4: return cursor.readUInt32().map { .streamIsRecorded($0) }
            case 6: return cursor.readUInt32().map { .pingRequest($0) }
            case 7: return cursor.readUInt32().map { .pingResponse($0) }
            default: return .other(event)
            }
        }
    }

    package func message() -> Message {
        var body = ByteWriter(reserving: 10)
        switch self {
        case .streamBegin(let stream):
            body.writeUInt16(0)
            body.writeUInt32(stream)
        case .streamEOF(let stream):
            body.writeUInt16(1)
            body.writeUInt32(stream)
        case .streamDry(let stream):
            body.writeUInt16(2)
            body.writeUInt32(stream)
        case .setBufferLength(let stream, let milliseconds):
            body.writeUInt16(3)
            body.writeUInt32(stream)
            body.writeUInt32(milliseconds)
        case .streamIsRecorded(let stream):
            body.writeUInt16(4)
            body.writeUInt32(stream)
        case .pingRequest(let value):
            body.writeUInt16(6)
            body.writeUInt32(value)
        case .pingResponse(let value):
            body.writeUInt16(7)
            body.writeUInt32(value)
        case .other(let event):
            body.writeUInt16(event)
        }
        return Message(
            type: .userControl, messageStreamID: 0, timestamp: 0, payload: Payload(body.bytes))
    }
}
