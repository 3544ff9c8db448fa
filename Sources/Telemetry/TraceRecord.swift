/// One chunk seen on an armed connection (RTMP 1.0, 5.3.1).
package struct TraceRecord: Sendable {
    package var session: SessionID
    package var direction: Direction
    package var atNanoseconds: UInt64
    /// Byte offset of the chunk's first header byte in its direction, handshake included.
    package var offset: UInt64
    package var chunkStreamID: UInt32
    /// Type of the message header, 0 … 3.
    package var form: UInt8
    /// Basic header, message header and extended timestamp together.
    package var headerBytes: UInt8
    /// Payload bytes in this chunk.
    package var payloadBytes: UInt32
    /// Of the message, whether this header says it or inherits it.
    package var messageLength: UInt32
    package var messageType: UInt8
    package var messageStreamID: UInt32
    /// Absolute, milliseconds modulo 2³².
    package var timestamp: UInt32
    /// What a type 1 or 2 header says, and what a type 3 that starts a message repeats.
    package var timestampDelta: UInt32
    /// Running number of the message in this direction, from 1.
    package var messageNumber: UInt64
    /// 1 for the first chunk of a message.
    package var chunkIndex: UInt32
    package var chunkCount: UInt32
    /// The first bytes of the payload in this chunk, as many as `headCount` says.
    package var head: Head
    package var headCount: UInt8
    /// The payload of the chunk as far as 4 KiB, of commands, data, control messages and sequence
    /// headers; nil: `head` is all that was kept.
    package var body: [UInt8]?

    package typealias Head = (UInt64, UInt64, UInt64, UInt64)
    package static let headCapacity = 32

    package init(
        session: SessionID, direction: Direction, atNanoseconds: UInt64, offset: UInt64,
        chunkStreamID: UInt32, form: UInt8, headerBytes: UInt8, payloadBytes: UInt32,
        messageLength: UInt32, messageType: UInt8, messageStreamID: UInt32, timestamp: UInt32,
        timestampDelta: UInt32, messageNumber: UInt64, chunkIndex: UInt32, chunkCount: UInt32,
        head: Head, headCount: UInt8, body: [UInt8]? = nil
    ) {
        self.session = session
        self.direction = direction
        self.atNanoseconds = atNanoseconds
        self.offset = offset
        self.chunkStreamID = chunkStreamID
        self.form = form
        self.headerBytes = headerBytes
        self.payloadBytes = payloadBytes
        self.messageLength = messageLength
        self.messageType = messageType
        self.messageStreamID = messageStreamID
        self.timestamp = timestamp
        self.timestampDelta = timestampDelta
        self.messageNumber = messageNumber
        self.chunkIndex = chunkIndex
        self.chunkCount = chunkCount
        self.head = head
        self.headCount = headCount
        self.body = body
    }

    /// The payload bytes that were kept of this chunk, from its first on.
    package var kept: [UInt8] {
        body ?? withUnsafeBytes(of: head) { Array($0.prefix(Int(headCount))) }
    }

    /// The same without a copy.
    package func withKept<Result>(_ look: (UnsafeRawBufferPointer) -> Result) -> Result {
        if let body { return body.withUnsafeBytes(look) }
        return withUnsafeBytes(of: head) {
            look(UnsafeRawBufferPointer(rebasing: $0.prefix(Int(headCount))))
        }
    }
}

/// A command or control message for the black box: kept of every session, armed or not.
package struct CapturedMessage: Sendable {
    package var session: SessionID
    package var direction: Direction
    package var atNanoseconds: UInt64
    package var type: UInt8
    package var messageStreamID: UInt32
    package var timestamp: UInt32
    /// At most `payloadLimit` bytes of the payload.
    package var payload: [UInt8]
    package var payloadBytes: Int

    package static let payloadLimit = 4096

    package init(
        session: SessionID, direction: Direction, atNanoseconds: UInt64, type: UInt8,
        messageStreamID: UInt32, timestamp: UInt32, payload: [UInt8], payloadBytes: Int
    ) {
        self.session = session
        self.direction = direction
        self.atNanoseconds = atNanoseconds
        self.type = type
        self.messageStreamID = messageStreamID
        self.timestamp = timestamp
        self.payload = payload
        self.payloadBytes = payloadBytes
    }
}
