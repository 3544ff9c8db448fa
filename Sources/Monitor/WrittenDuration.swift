/// A length of time as people write it: `500ms`, `10s`, `2m`, `1h`.
package enum WrittenDuration {
    /// Smallest first.
    private static let units: [(suffix: String, milliseconds: UInt64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
    ]
    /// A year: what nobody means to exceed, and what keeps nanoseconds far from 64 bits.
    package static let millisecondsMaximum: UInt64 = 365 * 24 * 3_600_000

    package enum Fault: Error {
        case malformed
        /// Beyond a year.
        case tooLong
    }

    /// A word for what is expected.
    package static let example = "a time like 500ms, 10s, 2m or 1h"

    package static func milliseconds(of text: String) throws(Fault) -> UInt64 {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let suffix = text.dropFirst(digits.count)
        guard !digits.isEmpty, let unit = units.first(where: { $0.suffix == suffix }) else {
            throw .malformed
        }
        // Digits alone fail where they are too many.
        guard let number = UInt64(digits) else { throw .tooLong }
        let (milliseconds, isOver) = number.multipliedReportingOverflow(by: unit.milliseconds)
        guard !isOver, milliseconds <= millisecondsMaximum else { throw .tooLong }
        return milliseconds
    }

    /// In the largest unit that takes it whole.
    package static func text(milliseconds: UInt64) -> String {
        guard milliseconds > 0 else { return "0s" }
        let unit = units.last { milliseconds.isMultiple(of: $0.milliseconds) }
        return unit.map { "\(milliseconds / $0.milliseconds)\($0.suffix)" } ?? "\(milliseconds)ms"
    }
}
