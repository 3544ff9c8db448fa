/// A time on the command line: `500ms`, `10s`, `2m`, `1h`, and a bare `0`.
struct DurationArgument: Hashable, Sendable, CustomStringConvertible {
    let milliseconds: UInt64

    var nanoseconds: UInt64 { milliseconds * 1_000_000 }

    private static let units: [(suffix: String, milliseconds: UInt64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
    ]
    /// A year: what nobody means to exceed, and what keeps nanoseconds far from 64 bits.
    private static let millisecondsMaximum: UInt64 = 365 * 24 * 3_600_000

    private init(milliseconds: UInt64) {
        self.milliseconds = milliseconds
    }

    static func seconds(_ seconds: UInt64) -> DurationArgument {
        DurationArgument(milliseconds: seconds * 1000)
    }

    static func parse(_ text: String) throws -> DurationArgument {
        if text == "0" { return DurationArgument(milliseconds: 0) }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let suffix = text.dropFirst(digits.count)
        guard let number = UInt64(digits), let unit = units.first(where: { $0.suffix == suffix })
        else { throw WrongValue("give a time like 500ms, 10s, 2m or 1h") }
        let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow, milliseconds <= millisecondsMaximum else {
            throw WrongValue("a year is the longest time")
        }
        return DurationArgument(milliseconds: milliseconds)
    }

    /// Refuses zero, for what would otherwise spin or end at once.
    static func parsePositive(_ text: String) throws -> DurationArgument {
        let duration = try parse(text)
        guard duration.milliseconds > 0 else { throw WrongValue("give a time above 0") }
        return duration
    }

    var description: String {
        guard milliseconds > 0 else { return "0s" }
        let unit = Self.units.last { milliseconds.isMultiple(of: $0.milliseconds) }
        return unit.map { "\(milliseconds / $0.milliseconds)\($0.suffix)" } ?? "\(milliseconds)ms"
    }
}
