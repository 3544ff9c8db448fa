import Telemetry

/// Captured messages of one session, one behind the other in one piece of memory.
///
/// A thousand sessions have a dozen each that nobody looks at: what an array of them would spend on
/// bookkeeping is more than what they say.
struct PackedMessages {
    /// What stands before the payload of each.
    private struct Head {
        var atNanoseconds: UInt64
        var payloadBytes: UInt32
        var timestamp: UInt32
        var messageStreamID: UInt32
        var keptBytes: UInt16
        var direction: Direction
        var type: UInt8

        static let size = MemoryLayout<Head>.size
    }

    private var bytes: [UInt8] = []
    /// Where they begin; what stands before was let go.
    private var start = 0

    static func cost(of message: CapturedMessage) -> Int {
        Head.size + message.payload.count
    }

    var byteCount: Int { bytes.count - start }

    mutating func append(_ message: CapturedMessage) {
        let head = Head(
            atNanoseconds: message.atNanoseconds,
            payloadBytes: UInt32(clamping: message.payloadBytes), timestamp: message.timestamp,
            messageStreamID: message.messageStreamID,
            keptBytes: UInt16(clamping: message.payload.count), direction: message.direction,
            type: message.type)
        let needed = bytes.count + Self.cost(of: message)
        // Most sessions say all they have to say at once, in a dozen messages.
        if needed > bytes.capacity { bytes.reserveCapacity(needed + needed / 8) }
        withUnsafeBytes(of: head) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: message.payload.prefix(Int(head.keptBytes)))
    }

    mutating func removeFirst() {
        guard byteCount > 0 else { return }
        start += Head.size + Int(head(at: start).keptBytes)
        guard start > bytes.count / 2 else { return }
        bytes.removeFirst(start)
        start = 0
    }

    func messages(of session: SessionID) -> [CapturedMessage] {
        var messages: [CapturedMessage] = []
        var offset = start
        while offset < bytes.count {
            let head = head(at: offset)
            let payload = offset + Head.size
            offset = payload + Int(head.keptBytes)
            messages.append(
                CapturedMessage(
                    session: session, direction: head.direction,
                    atNanoseconds: head.atNanoseconds, type: head.type,
                    messageStreamID: head.messageStreamID, timestamp: head.timestamp,
                    payload: Array(bytes[payload..<offset]),
                    payloadBytes: Int(head.payloadBytes)))
        }
        return messages
    }

    private func head(at offset: Int) -> Head {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Head.self) }
    }
}
