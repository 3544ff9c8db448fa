import RTMP
import Telemetry

/// The chunk streams of a connection, both ways, for the inspector.
///
/// The decoder counts the inward ones; the outward ones are counted here, as messages leave. When an
/// inward one was last used is known only while somebody inspects the connection: then the counts
/// are compared after every read.
struct ChunkStreamTable {
    private struct Outward {
        /// Bit n: a message of type n was seen.
        var types: UInt32 = 0
        var messages: UInt64 = 0
        var chunks: UInt64 = 0
        var bytes: UInt64 = 0
        /// Messages that began with a type 1 header.
        var deltas: UInt64 = 0
        var lastAtNanoseconds: UInt64 = 0
    }

    private struct Inward {
        var id: ChunkStreamID
        var chunks: UInt64
        /// 0: not since it is looked at.
        var lastAtNanoseconds: UInt64
    }

    /// We send on these (CH-11).
    private static let outwardIDs: ClosedRange<ChunkStreamID> = 2...6
    private var outward = InlineArray<5, Outward>(repeating: Outward())
    private var inward: [Inward] = []

    mutating func noteSent(
        _ type: MessageType, on id: ChunkStreamID, messages: Int = 1, deltas: Int = 0,
        chunks: Int, wireBytes: Int, nowNanoseconds: UInt64
    ) {
        let index = Int(
            min(max(id, Self.outwardIDs.lowerBound), Self.outwardIDs.upperBound)
                - Self.outwardIDs.lowerBound)
        outward[index].messages &+= UInt64(truncatingIfNeeded: messages)
        outward[index].deltas &+= UInt64(truncatingIfNeeded: deltas)
        outward[index].chunks &+= UInt64(truncatingIfNeeded: chunks)
        outward[index].bytes &+= UInt64(truncatingIfNeeded: wireBytes)
        outward[index].lastAtNanoseconds = nowNanoseconds
        outward[index].types |= 1 &<< UInt32(type.rawValue & 31)
    }

    /// After a read of an inspected connection: which of the decoder's chunk streams have moved.
    mutating func noteReceived(_ streams: [ChunkStreamFigures], nowNanoseconds: UInt64) {
        for stream in streams {
            guard let index = inward.firstIndex(where: { $0.id == stream.id }) else {
                inward.append(
                    Inward(id: stream.id, chunks: stream.chunks, lastAtNanoseconds: 0))
                continue
            }
            if inward[index].chunks != stream.chunks {
                inward[index].chunks = stream.chunks
                inward[index].lastAtNanoseconds = nowNanoseconds
            }
        }
    }

    func figures(of streams: [ChunkStreamFigures]) -> [ConnectionDetail.ChunkStreamFigures] {
        var figures: [ConnectionDetail.ChunkStreamFigures] = []
        figures.reserveCapacity(streams.count + outward.count)
        for stream in streams {
            figures.append(
                ConnectionDetail.ChunkStreamFigures(
                    direction: .inward, id: stream.id, use: Self.use(stream.messageTypes),
                    messages: stream.messages, chunks: stream.chunks, bytes: stream.bytes,
                    lastAtNanoseconds: inward.first { $0.id == stream.id }?.lastAtNanoseconds ?? 0,
                    forms: stream.forms))
        }
        for index in outward.indices {
            if let outgoing = outgoingFigures(of: index) { figures.append(outgoing) }
        }
        return figures
    }

    private func outgoingFigures(of index: Int) -> ConnectionDetail.ChunkStreamFigures? {
        let stream = outward[index]
        guard stream.messages > 0 else { return nil }
        var types = MessageTypeList()
        for bit in UInt8(0)..<32 where stream.types & 1 << UInt32(bit) != 0 {
            types.note(MessageType(rawValue: bit))
        }
        return ConnectionDetail.ChunkStreamFigures(
            direction: .outward, id: Self.outwardIDs.lowerBound + ChunkStreamID(index),
            use: Self.use(types), messages: stream.messages,
            chunks: stream.chunks, bytes: stream.bytes,
            lastAtNanoseconds: stream.lastAtNanoseconds,
            // We start with type 0 or 1 and continue with type 3 (CH-10).
            forms: [
                stream.messages - stream.deltas, stream.deltas, 0,
                stream.chunks - stream.messages,
            ])
    }

    /// `control`, `command`, `audio+video` …: what was seen on it.
    private static func use(_ types: MessageTypeList) -> String {
        var words = ""
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
            if words.isEmpty {
                words = word
            } else if words != word, !words.split(separator: "+").contains(Substring(word)) {
                words += "+" + word
            }
        }
        return words
    }
}
