/// Tracks, a bit each; those from 63 on share the last.
struct TrackSet: Hashable, Sendable {
    private var bits: UInt64 = 0

    static let all = TrackSet(bits: .max)

    init() {}

    private init(bits: UInt64) {
        self.bits = bits
    }

    var isEmpty: Bool { bits == 0 }

    func contains(_ track: UInt8) -> Bool { bits & Self.bit(of: track) != 0 }

    func isSuperset(of other: TrackSet) -> Bool { other.bits & ~bits == 0 }

    mutating func insert(_ track: UInt8) { bits |= Self.bit(of: track) }

    private static func bit(of track: UInt8) -> UInt64 { 1 << UInt64(min(track, 63)) }
}
