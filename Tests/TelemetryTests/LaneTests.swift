import Telemetry
import Testing

@Suite struct LaneTests {
    @Test func `elements come out in the order they went in`() {
        let lane = Lane<Int>(capacity: 3)
        #expect(lane.take() == nil)
        for round in 0..<10 {
            #expect(lane.put(round * 2))
            #expect(lane.put(round * 2 + 1))
            #expect(lane.take() == round * 2)
            #expect(lane.take() == round * 2 + 1)
            #expect(lane.take() == nil)
        }
        #expect(lane.lost == 0)
    }

    @Test func `a full lane drops the newest and counts it`() {
        let lane = Lane<Int>(capacity: 2)
        #expect(lane.put(1))
        #expect(lane.put(2))
        #expect(!lane.put(3))
        #expect(!lane.put(4))
        #expect(lane.lost == 2)
        #expect(lane.take() == 1)
        #expect(lane.put(5))
        #expect(lane.take() == 2)
        #expect(lane.take() == 5)
        #expect(lane.take() == nil)
        #expect(lane.lost == 2)
    }

    @Test func `elements still inside are released with the lane`() {
        final class Token: Sendable {}
        weak var left: Token?
        weak var taken: Token?
        do {
            let lane = Lane<Token>(capacity: 4)
            let first = Token()
            let second = Token()
            taken = first
            left = second
            lane.put(first)
            lane.put(second)
            _ = lane.take()
        }
        #expect(taken == nil)
        #expect(left == nil)
    }

    @Test func `one writer and one reader at the same time lose only what is counted`() async {
        let lane = Lane<Int>(capacity: 64)
        let total = 50_000
        async let written: Int = Task.detached {
            var accepted = 0
            for number in 0..<total where lane.put(number) {
                accepted += 1
                if number % 256 == 0 { await Task.yield() }
            }
            lane.putLast(-1)
            return accepted
        }.value
        async let read: [Int] = Task.detached {
            var seen: [Int] = []
            while true {
                guard let number = lane.take() else {
                    await Task.yield()
                    continue
                }
                if number < 0 { return seen }
                seen.append(number)
            }
        }.value
        let (accepted, seen) = await (written, read)
        #expect(seen.count == accepted)
        #expect(zip(seen, seen.dropFirst()).allSatisfy { $0 < $1 })
        #expect(accepted <= total)
    }
}

extension Lane where Element == Int {
    /// Puts until there is room; the tries that failed count as lost.
    fileprivate func putLast(_ element: Int) {
        while !put(element) {}
    }
}
