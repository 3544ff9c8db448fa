import Testing

@testable import RTMPServer

/// SEC-10: however many wait for a turn, those who come meanwhile are heard within half a millisecond
/// and what one of them takes.
@Suite struct TurnSliceTests {
    /// Serves so many, each of whom takes so long; who was served.
    private func served(_ count: Int, each nanoseconds: UInt64) -> [Int] {
        var now: UInt64 = 7
        var served: [Int] = []
        let told = TurnSlice.serve(0..<count, clock: { now }) { one in
            served.append(one)
            now += nanoseconds
        }
        #expect(told == served.count)
        return served
    }

    @Test func `all are served who find time`() {
        #expect(served(1000, each: 499) == Array(0..<1000))
        #expect(served(0, each: 1) == [])
    }

    @Test func `who finds no more time is left for the next turn`() {
        #expect(served(1000, each: 100_000) == Array(0..<5))
        #expect(served(1000, each: 499_999) == [0, 1])
    }

    @Test func `one is served, however long it takes`() {
        #expect(served(3, each: 1_000_000_000) == [0])
    }
}
