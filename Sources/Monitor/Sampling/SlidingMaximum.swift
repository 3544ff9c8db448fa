/// The greatest value of a window of time: those that a later one exceeds are let go.
struct SlidingMaximum {
    private var falling: [(atNanoseconds: UInt64, value: UInt64)] = []

    mutating func append(_ value: UInt64, atNanoseconds at: UInt64) {
        while let last = falling.last, last.value <= value { falling.removeLast() }
        falling.append((at, value))
    }

    /// Forgets what is older than the window.
    mutating func maximum(ofWindow length: UInt64, endingAt now: UInt64) -> UInt64? {
        while let first = falling.first, first.atNanoseconds &+ length <= now {
            falling.removeFirst()
        }
        return falling.first?.value
    }
}
