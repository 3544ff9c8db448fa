import Telemetry

/// One direction of a captured connection: the bytes that stand for a traced chunk.
///
/// Nothing reads RTMP from the middle, and a trace begins there. So the first header on a chunk
/// stream says everything, the chunk size in force is told where the message that told it was not
/// traced, and a message of which chunks are missing is ended with zeros.
struct CapturedWay {
    struct Piece {
        var bytes: [UInt8]
        /// What whoever reads the file has to know of it.
        var comment: String?
    }

    private struct Stream {
        /// The headers written so far are those of the wire: one of type 3 that begins a message
        /// repeats the right delta.
        var isFaithful: Bool
        var hasExtendedTime = false
        var message: UInt64
        /// Payload bytes that the message under way still lacks.
        var missing = 0
        var last: TraceRecord
    }

    /// Of the next byte.
    private(set) var sequence: UInt32 = 1
    private var chunkSize: UInt32 = 128
    /// Wireshark takes no larger chunk size than this.
    private static let readableMaximum: UInt32 = 32_767

    /// The chunk size of the file: that of the wire, or an equal part of it. Chunks of other streams
    /// stand between chunks of the wire, so that each of these must end where one of the file does.
    private var readableSize: UInt32 {
        guard chunkSize > Self.readableMaximum else { return chunkSize }
        let parts = chunkSize / Self.readableMaximum + 1
        let divisor = (parts...parts + 64).first { chunkSize % $0 == 0 }
        return divisor.map { chunkSize / $0 } ?? chunkSize
    }

    /// What is known of the chunk size before the first message that says it.
    private let likelySize: UInt32
    /// Where the next chunk stands if none is missing; nil: none came yet.
    private var expectedOffset: UInt64?
    private var streams: [UInt32: Stream] = [:]

    init(likelySize: UInt32) {
        self.likelySize = likelySize
    }

    mutating func advance(by count: Int) {
        sequence &+= UInt32(truncatingIfNeeded: count)
    }

    /// - Parameter payload: what was kept of the chunk, without what is secret.
    mutating func pieces(for record: TraceRecord, payload: [UInt8]) -> [Piece] {
        var pieces: [Piece] = []
        let id = record.chunkStreamID
        if let expectedOffset, expectedOffset != record.offset {
            for id in streams.keys.sorted() { pieces += rest(of: id) }
            streams = [:]
        } else if let stream = streams[id], stream.message != record.messageNumber {
            pieces += rest(of: id)
        }
        expectedOffset =
            record.offset &+ UInt64(record.headerBytes) &+ UInt64(record.payloadBytes)
        let isFirst = record.chunkIndex <= 1
        // What began before the trace did cannot be read.
        guard isFirst || streams[id] != nil else { return pieces }
        pieces += agreement(on: record)

        let known = streams[id]
        var stream =
            known
            ?? Stream(isFaithful: record.form == 0, message: record.messageNumber, last: record)
        var header = record
        if known == nil {
            header.form = 0
        } else if isFirst, record.form == 3, !stream.isFaithful {
            // Some peers repeat the time here and not the delta (CH-14).
            header.timestampDelta = record.timestamp &- stream.last.timestamp
            header.form = 2
        } else if isFirst {
            stream.isFaithful = true
        }
        if isFirst {
            stream.message = record.messageNumber
            stream.missing = Int(record.messageLength)
        }
        if header.form < 3 {
            let time = header.form == 0 ? header.timestamp : header.timestampDelta
            stream.hasExtendedTime = time >= 0xFF_FFFF
        }
        stream.missing -= Int(record.payloadBytes)
        stream.last = record
        streams[id] = stream
        var payload = payload
        payload += repeatElement(0, count: max(Int(record.payloadBytes) - payload.count, 0))
        let told = follow(record, &payload)
        let first = Self.header(header, like: record, stream)
        pieces.append(
            Piece(
                bytes: chunks(payload, first: first, next: continuation(of: stream)),
                comment: told))
        return pieces
    }

    /// The payload of one chunk of the wire, in as many as the file needs for it.
    private func chunks(_ payload: [UInt8], first: [UInt8], next: [UInt8]) -> [UInt8] {
        var bytes = first
        var rest = payload[...]
        while true {
            let part = rest.prefix(Int(readableSize))
            bytes += part
            rest = rest.dropFirst(part.count)
            if rest.isEmpty { return bytes }
            bytes += next
        }
    }

    private static func header(
        _ header: TraceRecord, like record: TraceRecord, _ stream: Stream
    ) -> [UInt8] {
        ChunkHeaderBytes(
            header, basicCount: ChunkHeaderBytes.basicCount(of: record),
            hasExtendedTime: stream.hasExtendedTime
        ).whole
    }

    /// Type 3, with which a message goes on.
    private func continuation(of stream: Stream) -> [UInt8] {
        var header = stream.last
        header.form = 3
        return Self.header(header, like: stream.last, stream)
    }

    /// What control messages change for the chunks behind them (RTMP 1.0, 5.4).
    private mutating func follow(_ record: TraceRecord, _ payload: inout [UInt8]) -> String? {
        guard record.chunkIndex <= 1, payload.count >= 4 else { return nil }
        let value = payload[..<4].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        switch record.messageType {
        case 1:
            chunkSize = max(value & 0x7FFF_FFFF, 1)
            guard readableSize != chunkSize else { return nil }
            payload.replaceSubrange(..<4, with: Self.bigEndian(readableSize))
            return "\(chunkSize) on the wire: written in parts of it, as readers refuse so much"
        case 2: streams[value]?.missing = 0
        default: break
        }
        return nil
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
    }

    /// Zeros for what was not traced of a message.
    private mutating func rest(of id: UInt32) -> [Piece] {
        guard var stream = streams[id], stream.missing > 0 else { return [] }
        let header = continuation(of: stream)
        var pieces: [Piece] = []
        while stream.missing > 0 {
            let part = min(stream.missing, Int(readableSize))
            stream.missing -= part
            pieces.append(
                Piece(
                    bytes: header + repeatElement(0, count: part),
                    comment: "zeros: the rest of this message was not traced"))
        }
        streams[id] = stream
        return pieces
    }

    /// Set Chunk Size, where the chunk is not of the size that was said.
    private mutating func agreement(on record: TraceRecord) -> [Piece] {
        let isLast = record.chunkIndex >= record.chunkCount
        guard record.payloadBytes > 0,
            isLast ? record.payloadBytes > chunkSize : record.payloadBytes != chunkSize,
            record.chunkIndex <= 1 || record.chunkStreamID != 2
        else { return [] }
        // The next header there cannot go on from one that was not on the wire.
        var pieces = rest(of: 2)
        streams[2] = nil
        // Of the last chunk of a message it is only known that it fits.
        let size = isLast ? max(record.payloadBytes, likelySize) : record.payloadBytes
        chunkSize = size
        let message: [UInt8] =
            [2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0] + Self.bigEndian(readableSize)
        pieces.append(
            Piece(bytes: message, comment: "not on the wire here: the chunk size in force"))
        return pieces
    }
}
