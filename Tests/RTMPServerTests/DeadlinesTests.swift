import TestSupport
import Testing

@testable import RTMPServer

@Suite struct DeadlinesTests {
    @Test func `entries come up in the order of their times`() {
        var random = SeededGenerator(seed: 7)
        var deadlines = Deadlines()
        let times = (0..<500).map { _ in UInt64.random(in: 0..<1000, using: &random) }
        for (index, time) in times.enumerated() {
            deadlines.push(UInt64(index + 1), atNanoseconds: time)
        }
        var popped: [UInt64] = []
        while let entry = deadlines.popDue(nowNanoseconds: 1000) {
            popped.append(entry.atNanoseconds)
        }
        #expect(popped == times.sorted())
    }

    @Test func `what is not due yet stays`() {
        var deadlines = Deadlines()
        deadlines.push(1, atNanoseconds: 50)
        let early = deadlines.popDue(nowNanoseconds: 49)
        #expect(early?.session == nil)
        #expect(deadlines.nextNanoseconds == 50)
        #expect(deadlines.popDue(nowNanoseconds: 50)?.session == 1)
        #expect(deadlines.nextNanoseconds == nil)
    }
}
