/// A rule of the protocol that the peer broke; ends the connection (CH-20).
package enum ProtocolError: Error, Equatable, Sendable {
    /// A type 2 or 3 chunk opened a chunk stream: nothing to inherit from (CH-4).
    case chunkWithoutPreviousHeader(ChunkStreamID, form: UInt8)
    /// A header that cannot continue the message running on its chunk stream (CH-7).
    case messageInterrupted(ChunkStreamID, form: UInt8, received: Int, length: Int)
    /// One chunk stream id too many (SEC-5).
    case tooManyChunkStreams(limit: Int)
    /// Declared in the header; nothing was reserved for it (CH-19).
    case messageTooLong(MessageType, length: Int, limit: Int)
    /// Incomplete messages would take more memory than allowed (SEC-1).
    case tooManyPartialBytes(limit: Int)
    /// Chunks so small that they are work without content (SEC-2).
    case tooManyChunks(perKibibyte: Int)
    /// Set Chunk Size with 0 or the top bit set (PC-2).
    case chunkSizeOutOfRange(UInt32)
    /// Set Chunk Size with fewer than four bytes (PC-1).
    case setChunkSizeTooShort(Int)
    /// A command before `connect` was accepted whose AMF does not parse (AMF-7).
    case malformedCommand(AMFError)

    /// A short word that does not change, for logs and scripts.
    package var code: String {
        switch self {
        case .chunkWithoutPreviousHeader: "chunk-no-previous-header"
        case .messageInterrupted: "message-interrupted"
        case .tooManyChunkStreams: "too-many-chunk-streams"
        case .messageTooLong: "message-too-long"
        case .tooManyPartialBytes: "too-many-partial-bytes"
        case .tooManyChunks: "too-many-chunks"
        case .chunkSizeOutOfRange: "chunk-size-out-of-range"
        case .setChunkSizeTooShort: "set-chunk-size-too-short"
        case .malformedCommand: "malformed-command"
        }
    }
}

extension ProtocolError: CustomStringConvertible {
    /// The sentence for people, made here and nowhere else.
    package var description: String {
        switch self {
        case .chunkWithoutPreviousHeader(let id, let form):
            "type \(form) chunk opens chunk stream \(id), which has no header to inherit from"
        case .messageInterrupted(let id, let form, let received, let length):
            "type \(form) chunk on chunk stream \(id) interrupts a message"
                + " at byte \(received) of \(length)"
        case .tooManyChunkStreams(let limit):
            "more than \(limit) chunk streams"
        case .messageTooLong(let type, let length, let limit):
            "message of type \(type.rawValue) declares \(length) bytes, limit \(limit)"
        case .tooManyPartialBytes(let limit):
            "incomplete messages need more than \(limit) bytes"
        case .tooManyChunks(let perKibibyte):
            "more than \(perKibibyte) chunks per KiB"
        case .chunkSizeOutOfRange(let size):
            "chunk size \(size) is out of range"
        case .setChunkSizeTooShort(let length):
            "Set Chunk Size has \(length) bytes instead of 4"
        case .malformedCommand(let error):
            "malformed command: \(error)"
        }
    }
}
