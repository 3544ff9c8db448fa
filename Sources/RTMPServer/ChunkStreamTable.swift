import RTMP
import Telemetry

/// The chunk streams of a connection, both ways, for the inspector.
///
/// The decoder counts the inward ones; the outward ones are counted here, as messages leave. When a
/// chunk stream was last used is known to the look: the time of the first one that saw it moved.
struct ChunkStreamTable {
    private struct Outward {
        /// Bit n: a message of type n was seen.
        var types: UInt32 = 0
        var messages: UInt64 = 0
        var chunks: UInt64 = 0
        var bytes: UInt64 = 0
    }

    private struct Seen {
        var direction: Direction
        var id: ChunkStreamID
        var chunks: UInt64
        var atNanoseconds: UInt64
    }

    /// By chunk stream id: we send on 2 to 6 (CH-11).
    private var outward = InlineArray<8, Outward>(repeating: Outward())
    private var seen: [Seen] = []

    mutating func noteSent(
        _ type: MessageType, on id: ChunkStreamID, chunks: Int, wireBytes: Int
    ) {
        let index = Int(id & 7)
        outward[index].messages &+= 1
        outward[index].chunks &+= UInt64(truncatingIfNeeded: chunks)
        outward[index].bytes &+= UInt64(truncatingIfNeeded: wireBytes)
        outward[index].types |= 1 &<< UInt32(type.rawValue & 31)
    }

    mutating func figures(
        inward: [ChunkStreamFigures], nowNanoseconds: UInt64
    ) -> [ConnectionDetail.ChunkStreamFigures] {
        let incoming = inward.map { stream in
            ConnectionDetail.ChunkStreamFigures(
                direction: .inward, id: stream.id, use: Self.use(stream.messageTypes),
                messages: stream.messages, chunks: stream.chunks, bytes: stream.bytes,
                lastAtNanoseconds: lastUse(.inward, stream.id, stream.chunks, nowNanoseconds),
                forms: stream.forms)
        }
        let outgoing = outward.indices.compactMap { index in
            outgoingFigures(of: index, nowNanoseconds: nowNanoseconds)
        }
        return incoming + outgoing
    }

    private mutating func outgoingFigures(
        of index: Int, nowNanoseconds: UInt64
    ) -> ConnectionDetail.ChunkStreamFigures? {
        let stream = outward[index]
        guard stream.messages > 0 else { return nil }
        let id = ChunkStreamID(index)
        let types = (UInt8(0)..<32).filter { stream.types & 1 << UInt32($0) != 0 }
        return ConnectionDetail.ChunkStreamFigures(
            direction: .outward, id: id, use: Self.use(types.map(MessageType.init(rawValue:))),
            messages: stream.messages, chunks: stream.chunks, bytes: stream.bytes,
            lastAtNanoseconds: lastUse(.outward, id, stream.chunks, nowNanoseconds),
            // We start with type 0 and continue with type 3, always (CH-10).
            forms: [stream.messages, 0, 0, stream.chunks - stream.messages])
    }

    private mutating func lastUse(
        _ direction: Direction, _ id: ChunkStreamID, _ chunks: UInt64, _ now: UInt64
    ) -> UInt64 {
        guard let index = seen.firstIndex(where: { $0.direction == direction && $0.id == id })
        else {
            seen.append(
                Seen(direction: direction, id: id, chunks: chunks, atNanoseconds: now))
            return now
        }
        if seen[index].chunks != chunks {
            seen[index].chunks = chunks
            seen[index].atNanoseconds = now
        }
        return seen[index].atNanoseconds
    }

    /// `control`, `command`, `audio+video` …: what was seen on it.
    private static func use(_ types: [MessageType]) -> String {
        var words: [String] = []
        for type in types {
            let word =
                switch type {
                case .audio: "audio"
                case .video: "video"
                case .aggregate: "aggregate"
                case .dataAMF0, .dataAMF3: "data"
                case .commandAMF0, .commandAMF3: "command"
                case .setChunkSize, .abort, .acknowledgement, .userControl,
                    .windowAcknowledgementSize, .setPeerBandwidth:
                    "control"
                default: "type \(type.rawValue)"
                }
            if !words.contains(word) { words.append(word) }
        }
        return words.joined(separator: "+")
    }
}
