import Telemetry

/// The newest traced chunks of all armed sessions.
///
/// Owned by the sampler. A record is about 130 bytes, so 64 MiB hold half a million; segments of
/// 2048 keep what a snapshot must copy small.
struct TraceStore {
    static let byteLimit = 64 << 20
    static let recordLimit = min(600_000, byteLimit / MemoryLayout<TraceEntry>.stride)

    private(set) var tail: LogTail<TraceEntry>

    init(capacity: Int = TraceStore.recordLimit) {
        tail = LogTail(capacity: capacity, segmentCapacity: min(2048, capacity))
    }

    mutating func drain(
        _ lane: Lane<TraceRecord>, nowNanoseconds now: UInt64,
        wallClockMilliseconds wallClock: Int64
    ) {
        while let record = lane.take() {
            let age = now.grown(since: record.atNanoseconds)
            tail.append(
                TraceEntry(
                    wallClockMilliseconds: wallClock - Int64(age / 1_000_000), record: record))
        }
    }
}
