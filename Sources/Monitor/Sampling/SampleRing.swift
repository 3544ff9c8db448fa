/// The newest samples of something that was read at known times; the oldest go first.
///
/// Samples closer to the newest than `spacing` are passed over.
struct SampleRing<Value> {
    struct Sample {
        var atNanoseconds: UInt64
        var value: Value
    }

    private var samples: [Sample] = []
    private var next = 0
    private let capacity: Int
    private let spacing: UInt64

    /// Room for a window of `length` nanoseconds, and for the sample before it.
    init(window length: UInt64, spacing: UInt64) {
        capacity = Int(length / spacing) + 2
        self.spacing = spacing
    }

    var isEmpty: Bool { samples.isEmpty }

    mutating func append(_ value: Value, atNanoseconds at: UInt64) {
        if let newest, at.grown(since: newest.atNanoseconds) < spacing { return }
        let sample = Sample(atNanoseconds: at, value: value)
        if samples.isEmpty { samples.reserveCapacity(min(capacity, 12)) }
        if samples.count < capacity {
            samples.append(sample)
        } else {
            samples[next] = sample
        }
        next = (next + 1) % capacity
    }

    mutating func removeAll() {
        samples = []
        next = 0
    }

    var newest: Sample? {
        samples.isEmpty ? nil : samples[(next + samples.count - 1) % samples.count]
    }

    /// Where a window of this length begins: the newest sample that old, or, while the window is
    /// not full, the oldest there is.
    func base(ofWindow length: UInt64, endingAt now: UInt64) -> Sample? {
        var found: Sample?
        forEachNewestFirst { sample in
            found = sample
            return sample.atNanoseconds &+ length > now
        }
        return found
    }

    /// Values no older than the window, newest first.
    func values(inWindow length: UInt64, endingAt now: UInt64) -> [Value] {
        var values: [Value] = []
        forEachNewestFirst { sample in
            guard sample.atNanoseconds &+ length >= now else { return false }
            values.append(sample.value)
            return true
        }
        return values
    }

    private func forEachNewestFirst(_ body: (Sample) -> Bool) {
        guard !samples.isEmpty else { return }
        var index = (next + samples.count - 1) % samples.count
        for _ in samples.indices {
            guard body(samples[index]) else { return }
            index = (index + samples.count - 1) % samples.count
        }
    }
}

/// The lengths of time the numbers of a snapshot are about.
enum Window {
    static let second: UInt64 = 1_000_000_000
    static let rate = second
    static let frames = 2 * second
    static let alignment = 2 * second
    /// A-V is shown against its value over the first seconds (console design, §6.3).
    static let alignmentBaseline = 5 * second
    static let retransmits = 10 * second
    static let lateness = 10 * second
    static let longest = max(retransmits, lateness)
    /// Closed sessions and ended streams stay this long.
    static let afterlife = 60 * second
    /// Shorter than this no rate is computed: the first tick of a session is not a burst.
    static let shortest = second / 4
    /// Of the samples that rates are made of.
    static let spacing = 2 * second / 5

    /// Growth of a counter over the time since `base`, in units a second.
    static func perSecond(_ growth: UInt64, from base: UInt64, to now: UInt64) -> Double {
        let elapsed = now > base ? now - base : 0
        return Double(growth) * Double(second) / Double(max(elapsed, shortest))
    }
}

extension UInt64 {
    /// Counters are read one after another while they grow: a small step back counts as none.
    func grown(since earlier: UInt64) -> UInt64 {
        self > earlier ? self - earlier : 0
    }
}
