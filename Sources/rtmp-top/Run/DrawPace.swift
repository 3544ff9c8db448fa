/// Slows down for a terminal that takes long to write to (console design, §20).
///
/// Three frames in turn that take over 50 ms halve the rate; ten seconds of fast ones bring it back.
struct DrawPace {
    private static let slowNanoseconds: UInt64 = 50_000_000
    private static let slowFrames = 3
    private static let recoveryNanoseconds: UInt64 = 10_000_000_000
    static let halvingsMaximum = 4

    /// How often the rate is halved now.
    private(set) var halvings = 0
    private var slow = 0
    private var fastSince: UInt64?

    mutating func note(tookNanoseconds took: UInt64, at now: UInt64) {
        guard took <= Self.slowNanoseconds else {
            fastSince = nil
            slow += 1
            guard slow == Self.slowFrames else { return }
            slow = 0
            halvings = min(halvings + 1, Self.halvingsMaximum)
            return
        }
        slow = 0
        let since = fastSince ?? now
        fastSince = since
        guard halvings > 0, now - since >= Self.recoveryNanoseconds else { return }
        halvings -= 1
        fastSince = now
    }
}
