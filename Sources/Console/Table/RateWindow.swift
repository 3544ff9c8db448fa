import Monitor

/// The time that IN and OUT of the tables are about (DESIGN §6).
package enum RateWindow: Int, CaseIterable, Hashable, Sendable {
    case second = 1
    case ten = 10
    case minute = 60

    struct Rate: Hashable {
        var bitsPerSecond: Double
        /// False: there has not been so much time yet.
        var isFull: Bool
    }

    static func inward(_ row: SessionRow, _ window: RateWindow) -> Rate {
        rate(row.bitsPerSecondIn, row.historyIn, row, window)
    }

    static func outward(_ row: SessionRow, _ window: RateWindow) -> Rate {
        rate(row.bitsPerSecondOut, row.historyOut, row, window)
    }

    /// The mean of the last so many seconds, each the rate of its own second.
    private static func rate(
        _ now: Double, _ history: [Float], _ row: SessionRow, _ window: RateWindow
    ) -> Rate {
        guard row.isOpen else { return Rate(bitsPerSecond: now, isFull: true) }
        guard window != .second, !history.isEmpty else {
            return Rate(
                bitsPerSecond: now, isFull: row.upNanoseconds >= 1_000_000_000)
        }
        var sum = 0.0
        let seconds = history.suffix(window.rawValue)
        for second in seconds { sum += Double(second) }
        return Rate(
            bitsPerSecond: sum / Double(seconds.count), isFull: seconds.count == window.rawValue)
    }
}
