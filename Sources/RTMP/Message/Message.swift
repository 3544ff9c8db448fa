/// Chunk stream ids carry chunks, message stream ids group messages of one NetStream.
package typealias ChunkStreamID = UInt32
package typealias MessageStreamID = UInt32

/// The message type id of the chunk message header (RTMP 1.0, 5.3.1.2.1, 5.4 and 7.1).
package struct MessageType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let setChunkSize = MessageType(rawValue: 1)
    package static let abort = MessageType(rawValue: 2)
    package static let acknowledgement = MessageType(rawValue: 3)
    package static let userControl = MessageType(rawValue: 4)
    package static let windowAcknowledgementSize = MessageType(rawValue: 5)
    package static let setPeerBandwidth = MessageType(rawValue: 6)
    package static let audio = MessageType(rawValue: 8)
    package static let video = MessageType(rawValue: 9)
    package static let dataAMF3 = MessageType(rawValue: 15)
    package static let sharedObjectAMF3 = MessageType(rawValue: 16)
    package static let commandAMF3 = MessageType(rawValue: 17)
    package static let dataAMF0 = MessageType(rawValue: 18)
    package static let sharedObjectAMF0 = MessageType(rawValue: 19)
    package static let commandAMF0 = MessageType(rawValue: 20)
    package static let aggregate = MessageType(rawValue: 22)
}

/// One whole message: what the chunk stream carries, whatever chunks it came in.
package struct Message: Sendable {
    package var type: MessageType
    package var messageStreamID: MessageStreamID
    /// Milliseconds, modulo 2³².
    package var timestamp: UInt32
    package var payload: Payload

    package init(
        type: MessageType, messageStreamID: MessageStreamID, timestamp: UInt32, payload: Payload
    ) {
        self.type = type
        self.messageStreamID = messageStreamID
        self.timestamp = timestamp
        self.payload = payload
    }
}
