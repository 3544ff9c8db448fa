import RTMP

/// Which of a stream's headers a player still has to get.
///
/// `seen` is a number in the log: of all headers in force the player has those that came in before it.
/// Whenever the player starts anywhere but where it stood, the others are delivered first (invariants
/// 6 and 7); in the flow they come in their place.
struct HeaderDelivery: Sendable {
    private var seen: UInt64 = 0
    /// They have to be looked for before the next message.
    var areOwed = false
    /// While they are delivered: for a start at `target`, those up to `rank`, `sequence` are done.
    private var progress: Progress?

    private struct Progress {
        var target: UInt64
        var rank: UInt8
        var sequence: UInt64
    }

    /// The player starts somewhere.
    mutating func begin() {
        areOwed = true
        progress = nil
    }

    /// What it has counts for nothing: it left some out.
    mutating func beginAnew() {
        seen = 0
        begin()
    }

    /// The flow brought one.
    mutating func sawInFlow(before position: UInt64) {
        seen = position
    }

    /// The next header in force at `target` that the player has not seen, in the order of MED-9; nil:
    /// it has all, and is owed none.
    mutating func next(
        before target: UInt64, in table: HeaderTable, for wishes: PlayerWishes
    ) -> MediaMessage? {
        let done = progress ?? Progress(target: target, rank: 0, sequence: seen)
        for record in table.records {
            guard record.sequence >= seen, record.sequence < target,
                record.replacedAt >= target,
                record.rank > done.rank
                    || record.rank == done.rank && record.sequence >= done.sequence,
                wishes.wants(record.message)
            else { continue }
            progress = Progress(
                target: target, rank: record.rank, sequence: record.sequence &+ 1)
            return record.message
        }
        seen = max(seen, target)
        progress = nil
        areOwed = false
        return nil
    }

    /// The same for a player that has no start yet, as far as there are newer ones.
    mutating func nextWhileWaiting(
        before end: UInt64, in table: HeaderTable, for wishes: PlayerWishes
    ) -> MediaMessage? {
        guard let newest = table.newestSequence else { return nil }
        while newest >= seen {
            let header = next(before: progress?.target ?? end, in: table, for: wishes)
            if let header { return header }
        }
        return nil
    }
}
