import Glibc

/// The two times: one that only goes forward, and the one on the wall.
package enum Clock {
    /// For intervals and deadlines; its zero means nothing.
    package static func monotonicNanoseconds() -> UInt64 {
        let time = read(CLOCK_MONOTONIC)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// Since 1970 in UTC.
    package static func wallClockMilliseconds() -> Int64 {
        let time = read(CLOCK_REALTIME)
        return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        // It fails for an unknown clock only; both are everywhere.
        _ = clock_gettime(clock, &time)
        return time
    }

    /// `2026-11-21T12:00:00.000Z`.
    package static func iso8601(wallClockMilliseconds: Int64) -> String {
        let millisecondsADay: Int64 = 86_400_000
        let days = floorDivide(wallClockMilliseconds, by: millisecondsADay)
        let time = wallClockMilliseconds - days * millisecondsADay
        let (year, month, day) = civilDate(daysSince1970: days)
        var text = ""
        text.reserveCapacity(24)
        append(year, digits: 4, then: "-", to: &text)
        append(month, digits: 2, then: "-", to: &text)
        append(day, digits: 2, then: "T", to: &text)
        append(time / 3_600_000, digits: 2, then: ":", to: &text)
        append(time / 60_000 % 60, digits: 2, then: ":", to: &text)
        append(time / 1000 % 60, digits: 2, then: ".", to: &text)
        append(time % 1000, digits: 3, then: "Z", to: &text)
        return text
    }

    private static func append(
        _ number: Int64, digits: Int, then mark: Character, to text: inout String
    ) {
        let decimal = String(number)
        for _ in 0..<max(0, digits - decimal.utf8.count) { text.append("0") }
        text.append(decimal)
        text.append(mark)
    }

    private static func floorDivide(_ number: Int64, by divisor: Int64) -> Int64 {
        number / divisor - (number % divisor < 0 ? 1 : 0)
    }

    /// Counts years from March, so that the leap day is a year's last (Hinnant, `civil_from_days`).
    private static func civilDate(
        daysSince1970: Int64
    ) -> (year: Int64, month: Int64, day: Int64) {
        let days = daysSince1970 + 719_468
        let era = floorDivide(days, by: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
