import RTMP
import Testing

/// SEC-8
@Suite struct CommandBudgetTests {
    private static let second: UInt64 = 1_000_000_000

    @Test func `the worth of a second passes at once, one more does not`() {
        var budget = CommandBudget(limits: Limits())
        #expect(budget.passes(101, .command, at: 77 * Self.second) == 100)
        // Pings have a budget of their own.
        #expect(budget.passes(21, .ping, at: 77 * Self.second) == 20)
    }

    @Test func `the budget fills evenly, and never beyond a second`() {
        var budget = CommandBudget(limits: Limits())
        #expect(budget.passes(100, .command, at: Self.second) == 100)
        #expect(budget.passes(1, .command, at: Self.second + 9_999_999) == 0)
        #expect(budget.passes(2, .command, at: Self.second + 10_000_000) == 1)
        #expect(budget.passes(200, .command, at: 3600 * Self.second) == 100)
    }

    @Test func `a clock that steps back gives nothing and takes nothing`() {
        var budget = CommandBudget(limits: Limits())
        #expect(budget.passes(20, .ping, at: 5 * Self.second) == 20)
        #expect(budget.passes(1, .ping, at: Self.second) == 0)
        #expect(budget.passes(1, .ping, at: 5 * Self.second + 50_000_000) == 1)
    }
}

extension CommandBudget {
    /// How many of `count` go through.
    fileprivate mutating func passes(_ count: Int, _ item: Item, at now: UInt64) -> Int {
        var passed = 0
        for _ in 0..<count where spend(item, at: now) { passed += 1 }
        return passed
    }
}
