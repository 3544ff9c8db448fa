/// What one chunk looked like on the wire, for the trace.
package struct ChunkRecord: Equatable, Sendable {
    /// Byte offset of the chunk's first header byte in its direction, handshake included.
    package var offset: UInt64
    package var chunkStreamID: ChunkStreamID
    /// Type of the message header, 0 … 3.
    package var form: UInt8
    /// Basic header, message header and extended timestamp together.
    package var headerBytes: UInt8
    /// Payload bytes in this chunk.
    package var payloadBytes: UInt32
    /// Of the message, whether this header says it or inherits it.
    package var messageLength: UInt32
    package var messageType: MessageType
    package var messageStreamID: MessageStreamID
    /// Absolute, milliseconds modulo 2³².
    package var timestamp: UInt32
    /// What a type 1 or 2 header says, and what a type 3 that starts a message repeats; else 0.
    package var timestampDelta: UInt32
    /// Running number of the message in this direction, from 1 in the order they began.
    package var messageNumber: UInt64
    /// 1 for the first chunk of a message.
    package var chunkIndex: UInt32
    package var chunkCount: UInt32
    /// The first bytes of the payload in this chunk, as many as `headCount` says.
    package var head: Head
    package var headCount: UInt8
    /// The whole payload of the chunk, where every byte of it tells something; else nil.
    package var body: [UInt8]?

    package typealias Head = SIMD4<UInt64>
    package static let headCapacity = 32
    /// Of one chunk's payload, at most.
    package static let bodyCapacity = 4096

    /// The kept payload bytes as an array.
    package var headBytes: [UInt8] {
        withUnsafeBytes(of: head) { Array($0.prefix(Int(headCount))) }
    }

    /// Copies the beginning of a chunk's payload, `range` of its message; all of it for commands,
    /// data, control messages and sequence headers. `message` holds what came so far.
    mutating func keep(_ range: Range<Int>, of message: UnsafeRawBufferPointer) {
        let payload = UnsafeRawBufferPointer(rebasing: message[range])
        let kept = UnsafeRawBufferPointer(rebasing: payload.prefix(Self.headCapacity))
        head = .zero
        withUnsafeMutableBytes(of: &head) { $0.copyMemory(from: kept) }
        headCount = UInt8(kept.count)
        guard payload.count > Self.headCapacity,
            messageType.isKeptWhole || messageType.isSequenceHeader(message)
        else { return }
        body = Array(payload.prefix(Self.bodyCapacity))
    }
}

extension ChunkRecord {
    /// The records of a message as `ChunkEncoder` writes it: with `delta`, its header is of type 1.
    package static func records(
        of message: Message, on id: ChunkStreamID, delta: UInt32? = nil, chunkSize size: Int,
        number: UInt64, at start: UInt64
    ) -> [ChunkRecord] {
        let length = message.payload.count
        let idBytes: UInt8 = id < 64 ? 1 : id < 320 ? 2 : 3
        let isExtended = delta == nil && message.timestamp >= ChunkHeader.extendedMark
        let extendedBytes: UInt8 = isExtended ? 4 : 0
        let firstForm: UInt8 = delta == nil ? 0 : 1
        let firstBytes: UInt8 = delta == nil ? 11 : 7
        let count = max(1, (length + size - 1) / size)
        var offset = start
        return (0..<count).map { index in
            let begin = index * size
            let payloadBytes = min(size, length - begin)
            let headerBytes = idBytes + (index == 0 ? firstBytes : 0) + extendedBytes
            var record = ChunkRecord(
                offset: offset, chunkStreamID: id, form: index == 0 ? firstForm : 3,
                headerBytes: headerBytes, payloadBytes: UInt32(payloadBytes),
                messageLength: UInt32(length), messageType: message.type,
                messageStreamID: message.messageStreamID, timestamp: message.timestamp,
                timestampDelta: index == 0 ? delta ?? 0 : 0, messageNumber: number,
                chunkIndex: UInt32(index + 1),
                chunkCount: UInt32(count), head: .zero, headCount: 0)
            message.payload.withUnsafeBytes { payload in
                record.keep(begin..<begin + payloadBytes, of: payload)
            }
            offset += UInt64(headerBytes) + UInt64(payloadBytes)
            return record
        }
    }
}

extension MessageType {
    /// Neither media nor something nobody knows.
    fileprivate var isKeptWhole: Bool {
        switch self {
        case .audio, .video, .aggregate: false
        default: rawValue <= MessageType.commandAMF0.rawValue
        }
    }

    /// A configuration, seen by its first two bytes: this runs for every media chunk that is traced.
    fileprivate func isSequenceHeader(_ message: UnsafeRawBufferPointer) -> Bool {
        guard message.count >= 2 else { return false }
        switch self {
        case .video: return message[0] & 0x80 != 0 ? message[0] & 0x0F == 0 : message[1] == 0
        case .audio:
            return message[0] >> 4 == 9
                ? message[0] & 0x0F == 0
                : message[0] >> 4 == 10
                    && message[1] == 0
        default: return false
        }
    }
}
