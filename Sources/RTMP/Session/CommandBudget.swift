/// How many commands and pings a peer may send in a second before it is a flood (SEC-8).
///
/// Two buckets that fill again evenly; a burst of one second's worth is fine. The caller lends the
/// time, since a session has no clock, and closes the connection when the answer is false.
package struct CommandBudget: Sendable {
    package enum Item: Sendable { case command, ping }

    private var commands: Bucket
    private var pings: Bucket

    package init(limits: Limits) {
        commands = Bucket(perSecond: limits.commandsPerSecond)
        pings = Bucket(perSecond: limits.pingsPerSecond)
    }

    /// Spends one item; false: the budget is exceeded.
    package mutating func spend(_ item: Item, at nowNanoseconds: UInt64) -> Bool {
        switch item {
        case .command: commands.take(at: nowNanoseconds)
        case .ping: pings.take(at: nowNanoseconds)
        }
    }

    /// Counts in nanoseconds of credit: an item costs a fixed share of a second.
    private struct Bucket {
        private let cost: UInt64
        private var credit: UInt64 = Self.second
        private var updatedAt: UInt64 = 0

        private static let second: UInt64 = 1_000_000_000

        init(perSecond: Int) {
            precondition(perSecond > 0, "a budget allows something")
            cost = Self.second / UInt64(perSecond)
        }

        mutating func take(at now: UInt64) -> Bool {
            let elapsed = now > updatedAt ? now - updatedAt : 0
            updatedAt = max(now, updatedAt)
            credit = min(Self.second, credit &+ min(elapsed, Self.second))
            guard credit >= cost else { return false }
            credit -= cost
            return true
        }
    }
}
