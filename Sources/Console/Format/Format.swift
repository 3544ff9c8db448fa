package import Monitor

/// Numbers as the console writes them (DESIGN §6): decimal units, three significant digits, a dash
/// for what is not known.
package enum Format {
    package static let unknown = "-"

    /// `52`, `6.01M`: at most five cells. Rates are bits per second, sizes are bytes.
    package static func scaled(_ value: Double) -> String {
        guard value.isFinite else { return unknown }
        let magnitude = abs(value)
        guard magnitude >= 999.5 else { return fixed(value, 0) }
        var scaled = value
        for suffix in ["k", "M", "G", "T", "P"] {
            scaled /= 1000
            let size = abs(scaled)
            if size < 9.995 { return fixed(scaled, 2) + suffix }
            if size < 99.95 { return fixed(scaled, 1) + suffix }
            if size < 999.5 { return fixed(scaled, 0) + suffix }
        }
        return fixed(scaled, 0) + "P"
    }

    /// The same in four cells: `812`, `1.2k`, `24k`.
    static func brief(_ count: UInt64) -> String {
        guard count >= 1000 else { return "\(count)" }
        var value = Double(count)
        for suffix in ["k", "M", "G"] {
            value /= 1000
            if value < 9.95 { return fixed(value, 1) + suffix }
            if value < 999.5 { return fixed(value, 0) + suffix }
        }
        return fixed(value / 1000, 0) + "T"
    }

    package static func size(_ bytes: UInt64) -> String { scaled(Double(bytes)) }

    static func count(_ value: UInt64?) -> String { value.map(size) ?? unknown }

    /// `4.12 MB`, `812 B`.
    package static func bytes(_ bytes: UInt64) -> String { separated(scaled(Double(bytes))) + "B" }

    /// `8.52 Mb/s`.
    package static func bitRate(_ bits: Double) -> String { separated(scaled(bits)) + "b/s" }

    private static func separated(_ text: String) -> String {
        guard let last = text.last, last.isLetter else { return text + " " }
        return text.dropLast() + " " + String(last)
    }

    package static func fixed(_ value: Double, _ decimals: Int) -> String {
        var power = 1.0
        for _ in 0..<decimals { power *= 10 }
        guard let whole = Int(exactly: (abs(value) * power).rounded()) else { return unknown }
        let unit = Int(power)
        var text = value < 0 && whole > 0 ? "-" : ""
        text += String(whole / unit)
        guard decimals > 0 else { return text }
        let rest = String(whole % unit)
        text += "."
        for _ in rest.count..<decimals { text += "0" }
        return text + rest
    }

    package static func fixed(_ value: Double?, _ decimals: Int) -> String {
        value.map { fixed($0, decimals) } ?? unknown
    }

    /// `+12`, `-3`, `+0`.
    package static func signed(_ value: Double?) -> String {
        guard let value else { return unknown }
        let text = fixed(value, 0)
        return text.hasPrefix("-") || text == unknown ? text : "+" + text
    }

    /// `+3`, `~-41` while it has not been measured for a whole minute: parts per million.
    package static func drift(_ clock: ClockDrift?) -> String {
        guard let clock else { return unknown }
        return (clock.isFull ? "" : "~") + signed(clock.partsPerMillion)
    }

    /// Whole ones, as columns named ms have them.
    package static func milliseconds(_ nanoseconds: UInt64?) -> String {
        nanoseconds.map { "\(($0 + 500_000) / 1_000_000)" } ?? unknown
    }

    /// `04:11` below an hour, `1h41m` below a day, `3d04h`: at most six cells for three years.
    package static func duration(_ nanoseconds: UInt64) -> String {
        let seconds = Int(nanoseconds / 1_000_000_000)
        let minutes = seconds / 60
        let hours = minutes / 60
        if hours == 0 { return "\(padded(minutes)):\(padded(seconds % 60))" }
        if hours < 24 { return "\(hours)h\(padded(minutes % 60))m" }
        if hours < 2400 { return "\(hours / 24)d\(padded(hours % 24))h" }
        return "\(hours / 24)d"
    }

    /// `02:13:44`, `4d02:13:44`.
    package static func clock(_ nanoseconds: UInt64) -> String {
        let seconds = Int(nanoseconds / 1_000_000_000)
        let days = seconds / 86400
        let time =
            "\(padded(seconds / 3600 % 24)):\(padded(seconds / 60 % 60)):\(padded(seconds % 60))"
        return days == 0 ? time : "\(days)d\(time)"
    }

    /// `02:13`: hours and minutes, for narrow titles.
    package static func shortClock(_ nanoseconds: UInt64) -> String {
        let minutes = Int(nanoseconds / 60_000_000_000)
        guard minutes < 100 * 60 else { return duration(nanoseconds) }
        return "\(padded(minutes / 60)):\(padded(minutes % 60))"
    }

    /// `14:02:31`, with `.118` when asked.
    package static func timeOfDay(
        _ wallClockMilliseconds: Int64, offsetSeconds: Int, milliseconds: Bool
    ) -> String {
        let day: Int64 = 86_400_000
        let local = wallClockMilliseconds &+ Int64(offsetSeconds) * 1000
        let inDay = Int(((local % day) + day) % day)
        let seconds = inDay / 1000
        let time =
            "\(padded(seconds / 3600)):\(padded(seconds / 60 % 60)):\(padded(seconds % 60))"
        guard milliseconds else { return time }
        let rest = String(inDay % 1000)
        return time + "." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    /// `0.4 ms`, `212 ms`.
    package static func briefly(_ nanoseconds: UInt64) -> String {
        guard nanoseconds >= 50_000 else { return "<0.1 ms" }
        return milliseconds(nanoseconds, decimals: nanoseconds < 10_000_000 ? 1 : 0) + " ms"
    }

    /// Tenths of a millisecond: `14.2`.
    package static func milliseconds(_ nanoseconds: UInt64, decimals: Int = 1) -> String {
        fixed(Double(nanoseconds) / 1_000_000, decimals)
    }

    /// `1,204`.
    package static func grouped(_ value: UInt64) -> String {
        let digits = String(value)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    package static func grouped(_ value: Int) -> String { grouped(UInt64(max(value, 0))) }

    package static func percent(_ share: Double) -> String { fixed(share * 100, 0) + "%" }

    private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// `1 player`, `2 players`.
    package static func count(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(grouped(count)) \(noun)s"
    }
}
