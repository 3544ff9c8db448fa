import Testing

@testable import RTMPServer

/// MED-12: large audiences are served on a beat, in turns.
@Suite struct BeatTests {
    /// Of four phases, a step of ten each.
    private var beat = Beat<String>(intervalNanoseconds: 40, phases: 4)

    @Test mutating func `each phase comes once an interval, at its step`() {
        for (phase, name) in ["a", "b", "c", "d"].enumerated() {
            beat.add(name, phase: phase, nowNanoseconds: 400)
        }
        var served: [String: UInt64] = [:]
        while let next = beat.nextNanoseconds {
            #expect(beat.takeDue(nowNanoseconds: next - 1) == [])
            for name in beat.takeDue(nowNanoseconds: next) { served[name] = next }
        }
        #expect(served == ["b": 410, "c": 420, "d": 430, "a": 440])
    }

    @Test mutating func `steps at which nobody waits are slept through`() {
        beat.add("c", phase: 2, nowNanoseconds: 405)
        #expect(beat.nextNanoseconds == 420)
        #expect(beat.takeDue(nowNanoseconds: 419) == [])
        #expect(beat.takeDue(nowNanoseconds: 421) == ["c"])
        #expect(beat.nextNanoseconds == nil)
    }

    @Test mutating func `what comes at the time of its phase waits for the next`() {
        beat.add("a", phase: 0, nowNanoseconds: 400)
        #expect(beat.nextNanoseconds == 440)
    }

    @Test mutating func `after a pause nothing is made up for`() {
        beat.add("a", phase: 1, nowNanoseconds: 400)
        #expect(beat.takeDue(nowNanoseconds: 410) == ["a"])
        beat.add("b", phase: 3, nowNanoseconds: 100_000)
        #expect(beat.takeDue(nowNanoseconds: 100_000) == [])
        #expect(beat.nextNanoseconds == 100_030)
    }

    @Test mutating func `a late look serves all whose phase has come, once`() {
        for phase in 0..<4 { beat.add("\(phase)", phase: phase, nowNanoseconds: 400) }
        #expect(beat.takeDue(nowNanoseconds: 425) == ["1", "2"])
        #expect(beat.takeDue(nowNanoseconds: 4_000_000) == ["3", "0"])
        #expect(beat.nextNanoseconds == nil)
    }
}
