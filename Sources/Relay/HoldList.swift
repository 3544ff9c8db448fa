package import RTMP

/// Who was kicked and may not come back yet: a stream's publisher, or a player of a stream by its
/// address (console design, chapter 12).
package struct HoldList: Sendable {
    package enum Target: Hashable, Sendable {
        case publisher(StreamKey)
        case player(address: String, StreamKey)
    }

    package struct Hold: Hashable, Sendable {
        package var target: Target
        package var untilNanoseconds: UInt64
    }

    /// When there are more, the one that ends first gives way.
    package static let capacity = 1024

    private var ends: [Target: UInt64] = [:]

    package init() {}

    package mutating func hold(
        _ target: Target, untilNanoseconds: UInt64, nowNanoseconds: UInt64
    ) {
        expire(nowNanoseconds: nowNanoseconds)
        if ends.count >= Self.capacity, ends[target] == nil,
            let first = ends.min(by: { $0.value < $1.value })
        {
            ends[first.key] = nil
        }
        ends[target] = untilNanoseconds
    }

    package mutating func lift(_ target: Target) {
        ends[target] = nil
    }

    /// Until when the target is held; nil: it may come.
    package func end(of target: Target, nowNanoseconds: UInt64) -> UInt64? {
        guard let end = ends[target], end > nowNanoseconds else { return nil }
        return end
    }

    package func isHeld(_ target: Target, nowNanoseconds: UInt64) -> Bool {
        end(of: target, nowNanoseconds: nowNanoseconds) != nil
    }

    /// What is held now, the soonest to end first.
    package func list(nowNanoseconds: UInt64) -> [Hold] {
        ends.lazy
            .filter { $0.value > nowNanoseconds }
            .map { Hold(target: $0.key, untilNanoseconds: $0.value) }
            .sorted { $0.untilNanoseconds < $1.untilNanoseconds }
    }

    private mutating func expire(nowNanoseconds: UInt64) {
        ends = ends.filter { $0.value > nowNanoseconds }
    }
}
