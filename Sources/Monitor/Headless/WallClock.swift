/// A moment of the calendar, UTC: the only form of time in logs and JSON Lines.
package struct WallClock: Hashable, Sendable {
    package let year: Int64
    package let month: Int64
    package let day: Int64
    package let millisecondOfDay: Int64

    /// Proleptic Gregorian calendar by eras of 400 years that begin on the first of March.
    package init(milliseconds: Int64) {
        let dayLength: Int64 = 86_400_000
        let (days, rest) = Self.divideDown(milliseconds, by: dayLength)
        millisecondOfDay = rest
        let (era, dayOfEra) = Self.divideDown(days + 719_468, by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `14:02:31.000`
    package var time: String {
        let seconds = millisecondOfDay / 1000
        return Self.padded(seconds / 3600, 2) + ":" + Self.padded(seconds / 60 % 60, 2) + ":"
            + Self.padded(seconds % 60, 2) + "." + Self.padded(millisecondOfDay % 1000, 3)
    }

    /// `2026-11-21T14:02:31.000Z` (ISO 8601)
    package var iso8601: String {
        Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2) + "T"
            + time + "Z"
    }

    private static func divideDown(_ value: Int64, by length: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: length)
        return remainder < 0 ? (quotient - 1, remainder + length) : (quotient, remainder)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(width - digits.count, 0)) + digits
    }
}
