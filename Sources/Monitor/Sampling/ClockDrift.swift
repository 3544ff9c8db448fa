/// How fast a source's clock goes against ours.
package struct ClockDrift: Hashable, Sendable {
    /// `+`: fast.
    package var partsPerMillion: Double
    /// False: there has not been a whole minute to measure yet.
    package var isFull: Bool

    package init(partsPerMillion: Double, isFull: Bool) {
        self.partsPerMillion = partsPerMillion
        self.isFull = isFull
    }
}

/// Fits a line through how far media time is ahead of the time it arrived at, a point a second over
/// a minute: its slope is the drift (console design, §6.3).
///
/// The fit takes the jitter of single messages out: with 20 ms of it, the slope of a minute is good
/// to some tens of ppm. The first seconds after publish are left out, since encoders begin with what
/// they had buffered.
struct ClockMeter {
    static let window = 60 * Window.second
    static let settling = 5 * Window.second
    /// Shorter than this, jitter would be all that it shows.
    static let shortest = 10 * Window.second
    /// Media time that leaves ours by more is a jump or a stall, and says nothing of the clock.
    private static let jumpMilliseconds = 1000.0

    private struct Point {
        var seconds: Double
        /// Media time less time of arrival.
        var aheadMilliseconds: Double
    }

    private var points: [Point] = []
    private var startsAt: UInt64?
    private var nextAt: UInt64 = 0
    private var newest: (arrivedAt: UInt64, timestamp: UInt32, media: Int64)?

    /// The newest message of one kind: its timestamp, and when it arrived.
    mutating func add(timestamp: UInt32, arrivedAtNanoseconds arrivedAt: UInt64) {
        let start = startsAt ?? arrivedAt &+ Self.settling
        startsAt = start
        guard arrivedAt >= max(start, nextAt) else { return }
        var media: Int64 = 0
        if let newest {
            media = newest.media + Int64(Int32(bitPattern: timestamp &- newest.timestamp))
        }
        newest = (arrivedAt, timestamp, media)
        nextAt = arrivedAt &+ Window.second
        let seconds = Double(arrivedAt &- start) / 1e9
        let point = Point(seconds: seconds, aheadMilliseconds: Double(media) - seconds * 1000)
        if let last = points.last,
            abs(point.aheadMilliseconds - last.aheadMilliseconds) > Self.jumpMilliseconds
        {
            points = []
        }
        points.append(point)
        let oldest = seconds - Double(Self.window) / 1e9
        points.removeAll { $0.seconds < oldest }
    }

    var drift: ClockDrift? {
        guard let first = points.first, let last = points.last else { return nil }
        let length = UInt64((last.seconds - first.seconds) * 1e9)
        guard length >= Self.shortest else { return nil }
        let count = Double(points.count)
        let time = points.reduce(0) { $0 + $1.seconds } / count
        let ahead = points.reduce(0) { $0 + $1.aheadMilliseconds } / count
        var covariance = 0.0
        var variance = 0.0
        for point in points {
            covariance += (point.seconds - time) * (point.aheadMilliseconds - ahead)
            variance += (point.seconds - time) * (point.seconds - time)
        }
        // Points come a second or a little more apart: the window is full with one more than fits.
        return ClockDrift(
            partsPerMillion: 1000 * covariance / variance,
            isFull: length + 2 * Window.second > Self.window)
    }
}
