/// What the decoder remembers of one chunk stream, for the whole connection (CH-3): the header that
/// later ones inherit from, and the message that is being put together.
struct ChunkStream {
    let id: ChunkStreamID

    // The last header, as types 1 to 3 inherit it.

    /// Of the newest message, also of one that was aborted (CH-18).
    var timestamp: UInt32 = 0
    /// What a type 3 that starts a message adds. After type 0 this is the timestamp itself (CH-6).
    var delta: UInt32 = 0
    var length = 0
    var type = MessageType(rawValue: 0)
    var messageStreamID: MessageStreamID = 0
    /// The last of types 0, 1 and 2 that started a message was type 0: `delta` is absolute.
    var isAbsolute = true
    /// The last of types 0, 1 and 2 had an extended timestamp, so type 3 may repeat it.
    var isExtended = false
    /// The field as it stood on the wire, for the comparison of CH-13.
    var extendedField: UInt32 = 0

    // The message that is being put together.

    var isPartial = false
    var received = 0
    /// Owned by the decoder; `capacity` bytes, nil before the first payload byte.
    var buffer: UnsafeMutableRawPointer?
    var capacity = 0
    /// Running number in this direction, and chunks so far.
    var messageNumber: UInt64 = 0
    var chunkIndex: UInt32 = 0

    // Figures for the inspector.

    var messages: UInt64 = 0
    var chunks: UInt64 = 0
    var bytes: UInt64 = 0
    var forms = SIMD4<UInt64>()
    var types = MessageTypeList()

    init(id: ChunkStreamID) {
        self.id = id
    }
}

/// One chunk stream in figures.
package struct ChunkStreamFigures: Equatable, Sendable {
    package var id: ChunkStreamID
    /// Complete ones.
    package var messages: UInt64
    package var chunks: UInt64
    /// Headers and payload.
    package var bytes: UInt64
    /// Chunks of type 0, 1, 2 and 3.
    package var forms: SIMD4<UInt64>
    package var messageTypes: MessageTypeList
}

extension ChunkStreamFigures {
    init(_ stream: ChunkStream) {
        id = stream.id
        messages = stream.messages
        chunks = stream.chunks
        bytes = stream.bytes
        forms = stream.forms
        messageTypes = stream.types
    }
}
