import Telemetry

/// The first and the newest commands and control messages of one session, kept as they came.
///
/// A session that began last week can still be explained (architecture, §5). Owned by the sampler;
/// decoded only when somebody looks.
struct BlackBox {
    /// Of payload and bookkeeping, for the beginning and for the newest each.
    private static let byteLimit = 64 << 10
    private static let bytesPerMessage = 64

    private var first: [CapturedMessage] = []
    private var firstBytes = 0
    private var newest: [CapturedMessage] = []
    /// Where `newest` begins; what stands before it was let go.
    private var newestStart = 0
    private var newestBytes = 0
    /// Messages between the first and the newest that were let go.
    private(set) var omitted = 0
    private var decoded: [BlackBoxEntry]?

    mutating func append(_ message: CapturedMessage) {
        decoded = nil
        let cost = Self.cost(of: message)
        if newest.isEmpty, firstBytes + cost <= Self.byteLimit {
            first.append(message)
            firstBytes += cost
            return
        }
        newest.append(message)
        newestBytes += cost
        while newestBytes > Self.byteLimit, newestStart < newest.count {
            newestBytes -= Self.cost(of: newest[newestStart])
            newestStart += 1
            omitted += 1
        }
        if newestStart > newest.count / 2 {
            newest.removeFirst(newestStart)
            newestStart = 0
        }
    }

    mutating func entries() -> [BlackBoxEntry] {
        if let decoded { return decoded }
        let entries = (first + newest[newestStart...]).map(BlackBoxDecoder.entry)
        decoded = entries
        return entries
    }

    private static func cost(of message: CapturedMessage) -> Int {
        message.payload.count + bytesPerMessage
    }
}
