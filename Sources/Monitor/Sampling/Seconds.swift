/// The server in one second, for graphs; what was not known then is no number.
package struct ServerSecond: Hashable, Sendable {
    package var bitsIn = Float.nan
    package var bitsOut = Float.nan
    /// Of the player that is furthest behind.
    package var queueMilliseconds = Float.nan
    /// Video frames that slow players did not get.
    package var dropped = Float.nan
    package var cpuPercent = Float.nan
    package var connections = Float.nan

    /// A second nobody looked at: a gap, not a zero.
    package init() {}
}

/// A session in one second, for graphs.
package struct SessionSecond: Hashable, Sendable {
    package var bitsIn = Float.nan
    package var bitsOut = Float.nan
    package var framesPerSecond = Float.nan
    package var queueMilliseconds = Float.nan
    package var rttMilliseconds = Float.nan
    package var audioVideoMilliseconds = Float.nan

    package init() {}

    package init(_ row: SessionRow) {
        bitsIn = Float(row.bitsPerSecondIn)
        bitsOut = Float(row.bitsPerSecondOut)
        framesPerSecond = row.framesPerSecond.map { Float($0) } ?? .nan
        queueMilliseconds = Float(row.queueMilliseconds)
        rttMilliseconds = row.rttMicroseconds.map { Float($0) / 1000 } ?? .nan
        audioVideoMilliseconds = row.audioVideoMilliseconds.map { Float($0) } ?? .nan
    }

    /// Bit by bit: what is not known is not equal to itself.
    func isSame(as other: SessionSecond) -> Bool {
        bitsIn.bitPattern == other.bitsIn.bitPattern
            && bitsOut.bitPattern == other.bitsOut.bitPattern
            && framesPerSecond.bitPattern == other.framesPerSecond.bitPattern
            && queueMilliseconds.bitPattern == other.queueMilliseconds.bitPattern
            && rttMilliseconds.bitPattern == other.rttMilliseconds.bitPattern
            && audioVideoMilliseconds.bitPattern == other.audioVideoMilliseconds.bitPattern
    }

    static let historyLimit = 300
    /// Of all sessions together: with many of them each keeps less, but at least a minute.
    static let historyByteLimit = 8 << 20

    static func capacity(sessions: Int) -> Int {
        let shared = historyByteLimit / (MemoryLayout<SessionSecond>.stride * max(sessions, 1))
        return min(max(shared, SessionRow.historyCapacity), historyLimit)
    }
}

extension Array {
    /// Adds the newest after so many gaps; the oldest go.
    mutating func push(_ sample: Element, after gaps: Int, of gap: Element, limit: Int) {
        let gaps = Swift.min(gaps, limit - 1)
        let excess = count + gaps + 1 - limit
        if excess > 0 { removeFirst(Swift.min(excess, count)) }
        for _ in 0..<gaps { append(gap) }
        append(sample)
    }
}
