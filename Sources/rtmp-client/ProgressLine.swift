import Posix
import RTMPClient

/// How far it is, once a second: time, bytes, bitrate, what was dropped.
final class ProgressLine: Sendable {
    private let earlier = Lock(StreamProgress())

    func text(_ progress: StreamProgress) -> String {
        let before = earlier.withLock { earlier in
            defer { earlier = progress }
            return earlier
        }
        let seconds = Self.seconds(progress.elapsed - before.elapsed)
        let bits = Double(progress.bytes &- before.bytes) * 8
        let rate = seconds > 0.1 ? Figure.short(bits / seconds) + "b/s" : "-"
        return "\(Figure.clock(progress.mediaTime))  \(Figure.short(Double(progress.bytes)))B  "
            + "\(rate)  \(progress.dropped) dropped"
    }

    /// What was done, for the end, within 80 columns: media in how much time.
    static func summary(_ done: String, _ progress: StreamProgress) -> String {
        "\(done) \(Figure.clock(progress.mediaTime)) in \(Figure.clock(progress.elapsed)): "
            + "\(Figure.short(Double(progress.bytes)))B, \(progress.packets) packets, "
            + "\(progress.dropped) dropped"
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.nanoseconds) / 1e9
    }
}

/// Numbers as people read them.
enum Figure {
    /// `00:01:23`.
    static func clock(_ duration: Duration) -> String {
        let seconds = duration.nanoseconds / 1_000_000_000
        return [seconds / 3600, seconds / 60 % 60, seconds % 60]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }

    /// Three digits and an SI prefix: `2.51 M`, `812 k`, `40 `.
    static func short(_ value: Double) -> String {
        let prefixes = ["", "k", "M", "G", "T"]
        var value = value
        var index = 0
        while value >= 999.5, index < prefixes.count - 1 {
            value /= 1000
            index += 1
        }
        let digits = index == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
        return "\(fixed(value, digits)) \(prefixes[index])"
    }

    /// With so many digits behind the point.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        let scale = [1.0, 10, 100, 1000][digits]
        guard let whole = Int64(exactly: (value * scale).rounded()) else { return "-" }
        guard digits > 0 else { return "\(whole)" }
        let fraction = "\(whole.magnitude % UInt64(scale))"
        let sign = whole < 0 ? "-" : ""
        return "\(sign)\(whole.magnitude / UInt64(scale))."
            + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
