import Telemetry

/// When a worker must look at which connection: a wheel of ticks, each with those who are due in it.
///
/// The theory: a tick is 67 ms, so that a thousand connections wake the worker 15 times a second, not a
/// thousand times. Whoever is due beyond the wheel's 68 s stands in its last tick, is looked at there
/// and asks again. Nothing is ever searched for or taken back: an entry whose time is no longer the
/// connection's own is stale, and skipped when it comes up.
struct Deadlines {
    struct Entry {
        let atNanoseconds: UInt64
        let session: SessionID
    }

    private static let tickBits: UInt64 = 26
    private static let tickCount: UInt64 = 1024
    private var ticks: [[SessionID]] = Array(repeating: [], count: Int(tickCount))
    /// No entry of the wheel stands before it.
    private var current: UInt64 = 0
    /// The first with an entry; nil: there is none.
    private var earliest: UInt64?
    private var count = 0
    /// Those of the tick that comes up, taken off the wheel: who asks again is not among them, even
    /// where the wheel stands so far behind that it can say nothing but its last tick.
    private var due: (tick: UInt64, sessions: [SessionID]) = (0, [])

    /// When the next entries are due.
    var nextNanoseconds: UInt64? {
        due.sessions.isEmpty ? earliest.map { Self.end(of: $0) } : Self.end(of: due.tick)
    }

    /// The end of the tick this time is in.
    static func due(_ nanoseconds: UInt64) -> UInt64 { end(of: nanoseconds >> tickBits) }

    /// - Returns: when it comes up: at the end of the tick of `wanted`, or earlier, but after `now`
    ///   unless nobody looked for as long as the wheel is.
    mutating func push(
        _ session: SessionID, atNanoseconds wanted: UInt64, nowNanoseconds now: UInt64
    ) -> UInt64 {
        if count == 0 { current = now >> Self.tickBits }
        // Never one that is due already: who is looked at and asks for now is not looked at twice.
        let first = max(current, (now + 1) >> Self.tickBits)
        let tick = min(max(wanted >> Self.tickBits, first), current + Self.tickCount - 1)
        ticks[Self.place(tick)].append(session)
        count += 1
        earliest = min(earliest ?? tick, tick)
        return Self.end(of: tick)
    }

    /// One that is due, of the earliest tick.
    mutating func popDue(nowNanoseconds now: UInt64) -> Entry? {
        if due.sessions.isEmpty {
            guard let tick = earliest, Self.end(of: tick) <= now else { return nil }
            take(tick)
        }
        let session = due.sessions.removeLast()
        // A storm of a moment leaves no memory behind.
        if due.sessions.isEmpty { due.sessions = [] }
        return Entry(atNanoseconds: Self.end(of: due.tick), session: session)
    }

    private mutating func take(_ tick: UInt64) {
        due = (tick, ticks[Self.place(tick)])
        ticks[Self.place(tick)] = []
        count -= due.sessions.count
        current = tick
        earliest =
            count == 0
            ? nil
            : (1..<Self.tickCount).first { !ticks[Self.place(tick + $0)].isEmpty }
                .map { tick + $0 }
    }

    private static func place(_ tick: UInt64) -> Int { Int(tick % tickCount) }

    private static func end(of tick: UInt64) -> UInt64 { (tick + 1) << tickBits - 1 }
}
