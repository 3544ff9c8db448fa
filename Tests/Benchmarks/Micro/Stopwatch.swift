/// Runs a body until a second is over, three times, and prints what the fastest said.
struct Stopwatch {
    private static let clock = ContinuousClock()

    /// - Parameter body: does `units` units of work.
    static func measure(_ name: String, units: Int, in unit: Unit, _ body: () throws -> Void)
        rethrows
    {
        try body()
        var best = Double.infinity
        for _ in 0..<3 {
            var rounds = 0
            let start = clock.now
            var elapsed = Duration.zero
            while elapsed < .seconds(1) {
                try body()
                rounds += 1
                elapsed = clock.now - start
            }
            let seconds =
                Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
            best = min(best, seconds / Double(rounds * units))
        }
        print(name + String(repeating: " ", count: max(44 - name.count, 1)) + unit.words(best))
    }

    enum Unit {
        /// A unit is a byte.
        case gigabytesPerSecond
        case nanoseconds(per: String)
        case perSecond(String)

        fileprivate func words(_ seconds: Double) -> String {
            switch self {
            case .gigabytesPerSecond: "\(rounded(1 / seconds / 1e9)) GB/s"
            case .nanoseconds(let what): "\(rounded(seconds * 1e9)) ns a \(what)"
            case .perSecond(let what): "\(Int(1 / seconds)) \(what)/s"
            }
        }

        private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
    }
}
