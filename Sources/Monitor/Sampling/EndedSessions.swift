import Telemetry

/// Sessions that are over, the oldest first (console design, §5.9): bounded in number, and their
/// black boxes in bytes, so that a storm of reconnects costs no more than a quiet day.
struct EndedSessions {
    static let limit = 500
    static let blackBoxByteLimit = 32 << 20

    private(set) var rows: [SessionRow] = []
    /// What the black box of each row takes; 0 once it was let go.
    private var blackBoxBytes: [Int] = []
    private var blackBoxTotal = 0
    private var hasDropped = false

    /// Takes a session that ended; gives those whose black boxes are to be let go.
    mutating func append(_ row: SessionRow, blackBoxBytes bytes: Int) -> [SessionID] {
        if rows.count == Self.limit {
            rows.removeFirst()
            blackBoxTotal -= blackBoxBytes.removeFirst()
            hasDropped = true
        }
        rows.append(row)
        blackBoxBytes.append(bytes)
        blackBoxTotal += bytes
        var released: [SessionID] = []
        var index = 0
        while blackBoxTotal > Self.blackBoxByteLimit, index < rows.count - 1 {
            if blackBoxBytes[index] > 0 { released.append(rows[index].id) }
            blackBoxTotal -= blackBoxBytes[index]
            blackBoxBytes[index] = 0
            index += 1
        }
        return released
    }

    mutating func write(note: SafeText?, of id: SessionID) {
        guard let index = rows.lastIndex(where: { $0.id == id }) else { return }
        rows[index].note = note
    }

    /// The sessions that are still here, if some have gone since the last call.
    mutating func takeKept() -> Set<SessionID>? {
        guard hasDropped else { return nil }
        hasDropped = false
        return Set(rows.lazy.map(\.id))
    }
}
