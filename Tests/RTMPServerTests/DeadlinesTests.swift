import Telemetry
import TestSupport
import Testing

@testable import RTMPServer

@Suite struct DeadlinesTests {
    private let second = ServerConfiguration.second
    private let start: UInt64 = 3_600_000_000_000

    @Test func `entries come up in the order of their times, a tick late at most`() {
        var random = SeededGenerator(seed: 7)
        var deadlines = Deadlines()
        let wanted = (0..<500).map { _ in start + UInt64.random(in: 0..<60 * second, using: &random)
        }
        var times: [UInt64] = []
        for (index, time) in wanted.enumerated() {
            let due = deadlines.push(
                UInt64(index), atNanoseconds: time, nowNanoseconds: start)
            #expect(due >= time && due - time < second / 10)
            times.append(due)
        }
        var popped: [UInt64] = []
        while let entry = deadlines.popDue(nowNanoseconds: start + 61 * second) {
            #expect(times[Int(entry.session)] == entry.atNanoseconds)
            popped.append(entry.atNanoseconds)
        }
        #expect(popped == times.sorted())
        #expect(deadlines.nextNanoseconds == nil)
    }

    @Test func `what is not due yet stays`() throws {
        var deadlines = Deadlines()
        let due = deadlines.push(1, atNanoseconds: start + second, nowNanoseconds: start)
        #expect(deadlines.nextNanoseconds == due)
        let early = deadlines.popDue(nowNanoseconds: due - 1)
        #expect(early?.session == nil)
        #expect(deadlines.popDue(nowNanoseconds: due)?.session == 1)
        #expect(deadlines.nextNanoseconds == nil)
    }

    @Test func `who is due beyond the wheel comes up at its end, and asks again`() {
        var deadlines = Deadlines()
        let wanted = start + 100 * second
        var now = start
        var looks = 0
        var due = deadlines.push(1, atNanoseconds: wanted, nowNanoseconds: now)
        while due < wanted {
            now = due
            #expect(deadlines.popDue(nowNanoseconds: now)?.session == 1)
            due = deadlines.push(1, atNanoseconds: wanted, nowNanoseconds: now)
            looks += 1
        }
        #expect(looks == 1)
        #expect(deadlines.nextNanoseconds == due)
    }

    @Test func `who asks for now is not looked at twice in a turn`() {
        var deadlines = Deadlines()
        let now = deadlines.push(1, atNanoseconds: start, nowNanoseconds: start)
        #expect(deadlines.popDue(nowNanoseconds: now)?.session == 1)
        let due = deadlines.push(1, atNanoseconds: now, nowNanoseconds: now)
        #expect(due > now)
        #expect(deadlines.popDue(nowNanoseconds: now)?.session == nil)
    }

    @Test func `what was due long ago comes up at once, and never again by itself`() {
        var deadlines = Deadlines()
        _ = deadlines.push(1, atNanoseconds: start, nowNanoseconds: start)
        _ = deadlines.push(2, atNanoseconds: start + 3 * second, nowNanoseconds: start)
        let now = start + 1000 * second
        #expect(deadlines.popDue(nowNanoseconds: now)?.session == 1)
        var looks = 0
        while let entry = deadlines.popDue(nowNanoseconds: now), looks < 100 {
            // The worker's time went on while nobody looked.
            _ = deadlines.push(
                entry.session, atNanoseconds: now + second, nowNanoseconds: now)
            looks += 1
        }
        #expect(looks < 20)
        #expect(deadlines.nextNanoseconds.map { $0 > now } == true)
    }

    @Test(arguments: [60, 70, 100, 1000] as [UInt64])
    func `of those who are late together each is looked at, and not one for ever`(
        late seconds: UInt64
    ) {
        var deadlines = Deadlines()
        for session in [1, 2, 3] as [SessionID] {
            _ = deadlines.push(
                session, atNanoseconds: start + 100 * second, nowNanoseconds: start)
        }
        var now = start + seconds * second
        var looks: [SessionID: Int] = [:]
        for _ in 0..<3 {
            var isOver = false
            for _ in 0..<100 where !isOver {
                guard let entry = deadlines.popDue(nowNanoseconds: now) else {
                    isOver = true
                    continue
                }
                looks[entry.session, default: 0] += 1
                _ = deadlines.push(
                    entry.session, atNanoseconds: now + 100 * second, nowNanoseconds: now)
            }
            #expect(isOver)
            now += 70 * second
        }
        #expect(looks.count == 3 && Set(looks.values).count == 1)
        #expect(deadlines.nextNanoseconds.map { $0 > now - 70 * second } == true)
    }
}
