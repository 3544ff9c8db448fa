import Posix
import RTMP
import Relay

/// One message on its way to one player, of which some bytes may already be on the wire.
///
/// Holds the shared payload, so that the window may be trimmed meanwhile. Its headers are made anew
/// when it goes on: they follow from the same values, byte for byte.
struct OutgoingMessage {
    /// With the player's own timestamp.
    let media: MediaMessage
    let messageStreamID: MessageStreamID
    let chunkSize: Int
    /// Milliseconds since the message before on its chunk stream, if its header says that (type 1)
    /// instead of the time itself (type 0).
    var delta: UInt32?

    var chunkStreamID: ChunkStreamID {
        media.type.chunkStreamID(on: messageStreamID)
    }

    /// Type 3 headers between the chunks.
    var continuations: Int {
        media.payload.count > chunkSize ? (media.payload.count - 1) / chunkSize : 0
    }

    var hasExtendedTimestamp: Bool { delta == nil && media.timestamp >= 0xFF_FFFF }

    var firstHeaderBytes: Int { delta != nil ? 8 : hasExtendedTimestamp ? 16 : 12 }
    var continuationHeaderBytes: Int { hasExtendedTimestamp ? 5 : 1 }

    /// All bytes on the wire: headers and payload.
    var wireBytes: Int {
        firstHeaderBytes + continuations * continuationHeaderBytes + media.payload.count
    }

    /// Writes the header of the first chunk, for which there are 16 bytes; gives its length.
    func writeFirstHeader(to target: UnsafeMutableRawPointer) -> Int {
        if let delta {
            return ChunkEncoder.writeDeltaHeader(
                to: target, chunkStreamID: chunkStreamID, delta: delta,
                length: media.payload.count, type: media.type)
        }
        return ChunkEncoder.writeFirstHeader(
            to: target, chunkStreamID: chunkStreamID, timestamp: media.timestamp,
            length: media.payload.count, type: media.type, messageStreamID: messageStreamID)
    }
}

/// A message of which some bytes are on the wire: what a connection holds while its socket is full.
final class BegunMessage {
    let message: OutgoingMessage
    var sent: Int

    init(_ message: OutgoingMessage, sent: Int) {
        self.message = message
        self.sent = sent
    }

    var unsentBytes: Int { message.wireBytes - sent }
}

/// A gathered write being put together: headers from scratch space, payloads where they stand.
///
/// A worker has one and uses it for every player in turn, so a player costs no buffer. The payloads
/// are kept alive by `messages` until the write is over.
struct Gather: ~Copyable {
    /// One call carries at most this much, and a turn of a connection is one call: enough to be cheap,
    /// little enough that others wait for tens of microseconds.
    static let byteLimit = 128 * 1024
    static let vectorLimit = 512
    /// Basic header, message header and extended timestamp of a first chunk.
    private static let headerLimit = 16

    let vectors: UnsafeMutablePointer<IOVector>
    private let headers: UnsafeMutableRawPointer
    private var headerBytes = 0
    private(set) var vectorCount = 0
    private(set) var byteCount = 0
    /// The last message is not in it whole: nothing may follow.
    private(set) var isCut = false
    private(set) var messages: [OutgoingMessage] = []

    init() {
        vectors = .allocate(capacity: Gather.vectorLimit)
        headers = .allocate(
            byteCount: (Gather.vectorLimit + 1) * Gather.headerLimit, alignment: 16)
        messages.reserveCapacity(Gather.vectorLimit / 2)
    }

    deinit {
        vectors.deallocate()
        headers.deallocate()
    }

    mutating func removeAll() {
        headerBytes = 0
        vectorCount = 0
        byteCount = 0
        isCut = false
        messages.removeAll(keepingCapacity: true)
    }

    /// Bytes that stay where they are until the write is over.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard !isCut, let start = bytes.baseAddress, bytes.count > 0 else { return }
        append(start, bytes.count)
    }

    /// Adds the rest of a message after `sent` of its bytes.
    ///
    /// One that has more chunks than there are vectors is cut, and goes on in the next write.
    ///
    /// - Returns: false if there is no room for it in this write; nothing was added then.
    mutating func append(_ message: OutgoingMessage, sent: Int = 0) -> Bool {
        let continuations = message.continuations
        let needed = 2 * (continuations + 1)
        guard !isCut else { return false }
        // A first message always goes, however long: it is cut where the vectors end.
        guard vectorCount == 0 || vectorCount + needed <= Gather.vectorLimit else { return false }
        guard byteCount == 0 || byteCount + message.media.payload.count <= Gather.byteLimit else {
            return false
        }
        messages.append(message)

        let payload = message.media.payload
        let continuation = message.continuationHeaderBytes
        var skip = sent
        var offset = 0
        var isFirst = true
        if continuations > 0, skip >= message.firstHeaderBytes + message.chunkSize {
            // Whole chunks that are on the wire already are passed over at once.
            skip -= message.firstHeaderBytes + message.chunkSize
            let chunks = skip / (continuation + message.chunkSize)
            skip -= chunks * (continuation + message.chunkSize)
            offset = (chunks + 1) * message.chunkSize
            isFirst = false
        }
        repeat {
            let start = headers + headerBytes
            let length: Int
            if isFirst {
                length = message.writeFirstHeader(to: start)
            } else {
                length = ChunkEncoder.writeContinuationHeader(
                    to: start, chunkStreamID: message.chunkStreamID,
                    timestamp: message.hasExtendedTimestamp ? message.media.timestamp : 0)
            }
            headerBytes += length
            isFirst = false
            appendRest(start, length, skipping: &skip)
            let chunk = min(message.chunkSize, payload.count - offset)
            appendRest(payload.pointer + offset, chunk, skipping: &skip)
            offset += chunk
        } while offset < payload.count && vectorCount + 2 <= Gather.vectorLimit
        isCut = offset < payload.count
        return true
    }

    /// Lets go of what stands behind the first `limit` bytes; they are all that this write carries.
    mutating func cut(to limit: Int) {
        while byteCount > limit {
            let last = vectors[vectorCount - 1]
            let length = max(last.count - (byteCount - limit), 0)
            byteCount -= last.count - length
            if length == 0 {
                vectorCount -= 1
            } else {
                vectors[vectorCount - 1] = IOVector(
                    UnsafeRawBufferPointer(start: last.base, count: length))
            }
        }
    }

    private mutating func appendRest(
        _ start: UnsafeRawPointer, _ length: Int, skipping skip: inout Int
    ) {
        guard skip < length else {
            skip -= length
            return
        }
        append(start + skip, length - skip)
        skip = 0
    }

    private mutating func append(_ start: UnsafeRawPointer, _ length: Int) {
        vectors[vectorCount] = IOVector(UnsafeRawBufferPointer(start: start, count: length))
        vectorCount += 1
        byteCount += length
    }
}
