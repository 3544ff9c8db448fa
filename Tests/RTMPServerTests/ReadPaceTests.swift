import Testing

@testable import RTMPServer

/// Publishers are read when bytes come, or a few times a second.
@Suite struct ReadPaceTests {
    private let second: UInt64 = 1_000_000_000

    /// Counts `bytes` a second for `seconds` looks, a second apart.
    private func pace(
        _ seconds: Int, bytes: UInt64, isAwaited: Bool = false, from start: UInt64 = 7
    ) -> ReadPace {
        var pace = ReadPace()
        for step in 0...UInt64(seconds) {
            pace.choose(
                nowNanoseconds: start + step * second, bytesIn: step * bytes, isAwaited: isAwaited)
        }
        return pace
    }

    @Test func `a publisher rests after a second in which nobody waited for it`() {
        var pace = pace(0, bytes: 0)
        #expect(!pace.isResting)
        pace.choose(nowNanoseconds: 7 + second - 1, bytesIn: 300_000, isAwaited: false)
        #expect(!pace.isResting)
        pace.choose(nowNanoseconds: 7 + second, bytesIn: 300_000, isAwaited: false)
        #expect(pace.isResting)
    }

    @Test func `what waited for a look is not late for that`() {
        #expect(pace(0, bytes: 0).delayNanoseconds == 0)
        #expect(pace(2, bytes: 300_000).delayNanoseconds == ReadPace.restNanoseconds)
        #expect(pace(2, bytes: 300_000, isAwaited: true).delayNanoseconds == 0)
    }

    @Test func `somebody who waits ends the rest, and the next one comes a second after`() {
        var pace = pace(3, bytes: 300_000)
        #expect(pace.isResting)
        pace.choose(nowNanoseconds: 4 * second, bytesIn: 900_001, isAwaited: true)
        #expect(!pace.isResting)
        pace.choose(nowNanoseconds: 5 * second, bytesIn: 900_002, isAwaited: false)
        #expect(!pace.isResting)
        pace.choose(nowNanoseconds: 6 * second, bytesIn: 900_003, isAwaited: false)
        #expect(pace.isResting)
    }

    @Test func `what does not fit between two looks is read at once`() {
        let looks = second / ReadPace.restNanoseconds
        let most = ReadPace.restBytesMaximum * looks
        #expect(pace(2, bytes: most).isResting)
        #expect(!pace(2, bytes: most + looks).isResting)
        #expect(!pace(5, bytes: 10 * most).isResting)
        #expect(!pace(5, bytes: 0, isAwaited: true).isResting)
    }

    @Test func `one that grows beyond it is read at once again`() {
        var pace = pace(1, bytes: 1000)
        #expect(pace.isResting)
        pace.choose(nowNanoseconds: 7 + 2 * second, bytesIn: 50_000_000, isAwaited: false)
        #expect(!pace.isResting)
    }
}
