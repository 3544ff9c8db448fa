/// A moment of the calendar, UTC: the only form of time in logs and JSON Lines.
package struct WallClock: Hashable, Sendable {
    package let year: Int64
    package let month: Int64
    package let day: Int64
    package let millisecondOfDay: Int64

    package static let dayMilliseconds: Int64 = 86_400_000

    /// Proleptic Gregorian calendar by eras of 400 years that begin on the first of March.
    package init(milliseconds: Int64) {
        let (days, rest) = Self.divideDown(milliseconds, by: Self.dayMilliseconds)
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
        var bytes: [UInt8] = []
        writeTime(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `2026-11-21T14:02:31.000Z` (ISO 8601)
    package var iso8601: String {
        var bytes: [UInt8] = []
        writeISO8601(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    func writeISO8601(to bytes: inout [UInt8]) {
        if year < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes.append(digits: year.magnitude, width: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(digits: month.magnitude, width: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(digits: day.magnitude, width: 2)
        bytes.append(UInt8(ascii: "T"))
        writeTime(to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    private func writeTime(to bytes: inout [UInt8]) {
        let milliseconds = millisecondOfDay.magnitude
        bytes.append(digits: milliseconds / 3_600_000, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(digits: milliseconds / 60_000 % 60, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(digits: milliseconds / 1000 % 60, width: 2)
        bytes.append(UInt8(ascii: "."))
        bytes.append(digits: milliseconds % 1000, width: 3)
    }

    /// `14:02`, `14:02:24`, `14:02:24.135`; nil: no time of day.
    package static func millisecondOfDay(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hour = number(parts[0], below: 24),
            let minute = number(parts[1], below: 60)
        else { return nil }
        let ofMinutes = (hour * 60 + minute) * 60_000
        guard parts.count == 3 else { return ofMinutes }
        let seconds = parts[2].split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let second = number(seconds[0], below: 60) else { return nil }
        guard seconds.count == 2 else { return ofMinutes + second * 1000 }
        let fraction = (seconds[1] + "00").prefix(3)
        guard !seconds[1].isEmpty, let millisecond = number(fraction, below: 1000) else {
            return nil
        }
        return ofMinutes + second * 1000 + millisecond
    }

    /// Digits alone: `Int64` takes a sign as well.
    private static func number(_ text: Substring, below limit: Int64) -> Int64? {
        guard text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains),
            let number = Int64(text), number < limit
        else { return nil }
        return number
    }

    private static func divideDown(_ value: Int64, by length: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: length)
        return remainder < 0 ? (quotient - 1, remainder + length) : (quotient, remainder)
    }
}
