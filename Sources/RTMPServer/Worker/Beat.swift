/// When the players of large audiences are served: those of one phase once an interval, the phases one
/// after the other.
///
/// To serve a thousand takes a third of the interval. At once, the last would wait for all before it on
/// top of the interval, and the worker could do nothing else meanwhile; so those of a phase are served, and
/// there are several phases within an interval.
struct Beat<Waiting> {
    private let stepNanoseconds: UInt64
    /// All steps of the clock up to this one have been dealt with.
    private var step: UInt64 = 0
    /// By phase.
    private var waiting: [[Waiting]]
    private var count = 0

    init(intervalNanoseconds: UInt64, phases: Int) {
        stepNanoseconds = max(intervalNanoseconds / UInt64(phases), 1)
        waiting = Array(repeating: [], count: phases)
    }

    /// When the next phase is due in which something waits; nil: nothing does.
    var nextNanoseconds: UInt64? {
        guard count > 0 else { return nil }
        let ahead = (1...UInt64(waiting.count)).first { !waiting[phase(of: step + $0)].isEmpty }
        return ahead.map { (step + $0) * stepNanoseconds }
    }

    mutating func add(_ one: Waiting, phase: Int, nowNanoseconds: UInt64) {
        if count == 0 { step = nowNanoseconds / stepNanoseconds }
        waiting[phase].append(one)
        count += 1
    }

    /// Takes out what waits for the phases that have come by now.
    mutating func takeDue(nowNanoseconds: UInt64) -> [Waiting] {
        let current = nowNanoseconds / stepNanoseconds
        guard count > 0, current > step else { return [] }
        var due: [Waiting] = []
        for ahead in 1...min(current - step, UInt64(waiting.count)) {
            let phase = phase(of: step + ahead)
            due += waiting[phase]
            waiting[phase].removeAll(keepingCapacity: true)
        }
        step = current
        count -= due.count
        return due
    }

    private func phase(of step: UInt64) -> Int {
        Int(step % UInt64(waiting.count))
    }
}
