import Telemetry

/// The first and the newest commands and control messages of one session, kept as they came.
///
/// A session that began last week can still be explained (architecture, §5). Owned by the sampler;
/// decoded only when somebody looks.
struct BlackBox {
    /// For the beginning and for the newest each.
    private static let byteLimit = 64 << 10

    private var first = PackedMessages()
    private var newest = PackedMessages()
    /// Messages between the first and the newest that were let go.
    private(set) var omitted = 0
    private var decoded: [BlackBoxEntry]?

    mutating func append(_ message: CapturedMessage) {
        decoded = nil
        if newest.byteCount == 0,
            first.byteCount + PackedMessages.cost(of: message) <= Self.byteLimit
        {
            first.append(message)
            return
        }
        newest.append(message)
        while newest.byteCount > Self.byteLimit {
            newest.removeFirst()
            omitted += 1
        }
    }

    var bytes: Int { first.byteCount + newest.byteCount }

    /// Lets all go, and counts it.
    mutating func release() {
        let count = first.messages(of: 0).count + newest.messages(of: 0).count + omitted
        self = BlackBox()
        omitted = count
    }

    mutating func entries(of session: SessionID) -> [BlackBoxEntry] {
        if let decoded { return decoded }
        let entries = (first.messages(of: session) + newest.messages(of: session))
            .map(BlackBoxDecoder.entry)
        decoded = entries
        return entries
    }
}
