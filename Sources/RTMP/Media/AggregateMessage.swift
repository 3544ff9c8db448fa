/// An aggregate message taken apart, type 22 (RTMP 1.0, 7.1.6; MED-14). We never send one.
package struct AggregateMessage: Sendable {
    /// The audio, video and data messages in it, on the aggregate's message stream and time.
    package private(set) var messages: [Message] = []
    /// False: a size passed the end, an aggregate was nested, or there were too many parts.
    package private(set) var isWhole = true

    /// So that a message of empty parts costs no more than a multiple of its size. Encoders put a
    /// second or so into an aggregate.
    private static let partsMaximum = 4096

    /// type, size, timestamp and its high byte, message stream
    private static let headerLength = 11

    package init(_ aggregate: Message) {
        aggregate.payload.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            var firstTimestamp: UInt32?
            while !cursor.isEmpty {
                guard messages.count < Self.partsMaximum, cursor.count >= Self.headerLength,
                    let type = cursor.readUInt8(), let size = cursor.readUInt24(),
                    let low = cursor.readUInt24(), let high = cursor.readUInt8(),
                    cursor.skip(3), let body = cursor.read(Int(size)),
                    type != MessageType.aggregate.rawValue
                else {
                    isWhole = false
                    return
                }
                let timestamp = UInt32(high) << 24 | low
                let elapsed = timestamp &- (firstTimestamp ?? timestamp)
                firstTimestamp = firstTimestamp ?? timestamp
                // The back pointer: never checked, and missing at the end of some.
                _ = cursor.skip(min(4, cursor.count))
                let messageType = MessageType(rawValue: type)
                guard messageType == .audio || messageType == .video || messageType == .dataAMF0
                else { continue }
                messages.append(
                    Message(
                        type: messageType, messageStreamID: aggregate.messageStreamID,
                        timestamp: aggregate.timestamp &+ elapsed, payload: Payload(copying: body)))
            }
        }
    }
}
