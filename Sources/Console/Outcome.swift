/// What came of a wish that the executable did, or could not do.
package struct Outcome: Hashable, Sendable {
    package let words: String
    package let hasFailed: Bool

    package init(_ words: String, hasFailed: Bool = false) {
        self.words = words
        self.hasFailed = hasFailed
    }
}

extension ConsoleState {
    package mutating func report(_ outcome: Outcome, at now: UInt64) {
        say(outcome.words, outcome.hasFailed ? .sevWarn : .sevOk, at: now)
    }
}
