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
    /// No entry stands before it.
    private var current: UInt64 = 0
    /// The first with an entry; nil: there is none.
    private var earliest: UInt64?
    private var count = 0

    /// When the next entries are due.
    var nextNanoseconds: UInt64? { earliest.map { Self.end(of: $0) } }

    /// The end of the tick this time is in.
    static func due(_ nanoseconds: UInt64) -> UInt64 { end(of: nanoseconds >> tickBits) }

    /// - Returns: when it comes up: at the end of the tick of `wanted`, or earlier, but after `now`.
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
        guard let tick = earliest, Self.end(of: tick) <= now,
            let session = ticks[Self.place(tick)].popLast()
        else { return nil }
        count -= 1
        if ticks[Self.place(tick)].isEmpty {
            // A storm of a moment leaves no memory behind.
            ticks[Self.place(tick)] = []
            current = tick
            earliest =
                count == 0
                ? nil
                : (1..<Self.tickCount).first { !ticks[Self.place(tick + $0)].isEmpty }
                    .map { tick + $0 }
        }
        return Entry(atNanoseconds: Self.end(of: tick), session: session)
    }

    private static func place(_ tick: UInt64) -> Int { Int(tick % tickCount) }

    private static func end(of tick: UInt64) -> UInt64 { (tick + 1) << tickBits - 1 }
}
