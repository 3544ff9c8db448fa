import RTMP
import TestSupport

/// What a decoder made of some bytes, in values that compare.
struct ChunkOutcome: Equatable, CustomStringConvertible {
    struct Seen: Equatable, CustomStringConvertible {
        var timestamp: UInt32
        var type: UInt8
        var messageStreamID: UInt32
        var payload: [UInt8]

        var description: String {
            "M(ts \(timestamp), type \(type), msid \(messageStreamID), \(payload.count) B)"
        }
    }

    var messages: [Seen] = []
    var error: ProtocolError?
    var figures: [ChunkStreamFigures] = []
    var records: [ChunkRecord] = []
    var bytesRead: UInt64 = 0
    var chunksRead: UInt64 = 0

    var timestamps: [UInt32] { messages.map(\.timestamp) }
    var types: [UInt8] { messages.map(\.type) }
    var payloads: [[UInt8]] { messages.map(\.payload) }

    var description: String { "\(messages) \(error.map { "\($0)" } ?? "") \(bytesRead) B" }
}

/// Feeds the pieces to a fresh decoder as a session does: Set Chunk Size and Abort take effect before
/// the next byte is read.
func decode(
    _ cut: Cut, limits: Limits = Limits(), isAuthorised: Bool = true, chunkSize: UInt32 = 128,
    startOffset: UInt64 = 3073
) -> ChunkOutcome {
    var decoder = ChunkDecoder(limits: limits, startOffset: startOffset)
    decoder.isAuthorised = isAuthorised
    decoder.chunkSize = chunkSize
    decoder.log = []
    var outcome = ChunkOutcome()
    do throws(ProtocolError) {
        for piece in cut.pieces {
            try receive(piece, &decoder, &outcome)
        }
    } catch {
        outcome.error = error
    }
    outcome.figures = decoder.chunkStreams
    outcome.records = decoder.log ?? []
    outcome.chunksRead = decoder.chunksRead
    // Where an error is noticed within the bytes given depends on how many were given.
    outcome.bytesRead = outcome.error == nil ? decoder.bytesRead : 0
    return outcome
}

func decode(_ bytes: [UInt8], limits: Limits = Limits(), chunkSize: UInt32 = 128) -> ChunkOutcome {
    decode(Cut.all(of: bytes, count: 0)[0], limits: limits, chunkSize: chunkSize)
}

private func receive(
    _ piece: [UInt8], _ decoder: inout ChunkDecoder, _ outcome: inout ChunkOutcome
) throws(ProtocolError) {
    // In memory of its own: a closure cannot carry the decoder in and the typed error out.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
    defer { buffer.deallocate() }
    buffer.copyBytes(from: piece)
    var cursor = ByteCursor(UnsafeRawBufferPointer(buffer))
    while let message = try decoder.next(&cursor) {
        let payload = message.payload.bytes
        let value = payload.prefix(4).reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        switch message.type {
        case .setChunkSize: decoder.chunkSize = value
        case .abort: decoder.abort(value)
        default: break
        }
        outcome.messages.append(
            ChunkOutcome.Seen(
                timestamp: message.timestamp, type: message.type.rawValue,
                messageStreamID: message.messageStreamID, payload: payload))
    }
}

/// The error that feeding the bytes to a decoder ends in, if it does.
func error(of decoder: inout ChunkDecoder, fedWith bytes: [UInt8]) -> ProtocolError? {
    var outcome = ChunkOutcome()
    do throws(ProtocolError) {
        try receive(bytes, &decoder, &outcome)
        return nil
    } catch {
        return error
    }
}
