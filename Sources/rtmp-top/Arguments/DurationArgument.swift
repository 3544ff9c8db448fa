import Monitor

/// A time on the command line: `500ms`, `10s`, `2m`, `1h`, and a bare `0`.
struct DurationArgument: Hashable, Sendable, CustomStringConvertible {
    let milliseconds: UInt64

    var nanoseconds: UInt64 { milliseconds * 1_000_000 }

    static func seconds(_ seconds: UInt64) -> DurationArgument {
        DurationArgument(milliseconds: seconds * 1000)
    }

    static func parse(_ text: String) throws -> DurationArgument {
        if text == "0" { return DurationArgument(milliseconds: 0) }
        do throws(WrittenDuration.Fault) {
            return DurationArgument(milliseconds: try WrittenDuration.milliseconds(of: text))
        } catch {
            switch error {
            case .malformed: throw WrongValue("give \(WrittenDuration.example)")
            case .tooLong: throw WrongValue("a year is the longest time")
            }
        }
    }

    /// Refuses zero, for what would otherwise spin or end at once.
    static func parsePositive(_ text: String) throws -> DurationArgument {
        let duration = try parse(text)
        guard duration.milliseconds > 0 else { throw WrongValue("give a time above 0") }
        return duration
    }

    var description: String { WrittenDuration.text(milliseconds: milliseconds) }
}
