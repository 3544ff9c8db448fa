import Telemetry

/// The newest traced chunks of all armed sessions.
///
/// Owned by the sampler. A line is about 130 bytes and what was kept of its payload; 64 MiB hold half
/// a million lines of media. Segments of 2048 keep what a snapshot must copy small.
struct TraceStore {
    static let byteLimit = 64 << 20

    private(set) var tail: LogTail<TraceEntry>
    private let byteLimit: Int
    /// Of each segment of the tail, the oldest first.
    private var segmentBytes: [Int] = []
    private(set) var bytes = 0
    /// Sessions whose handshake stands in the trace.
    private var begun: Set<SessionID> = []
    /// Of each lane the record that is to be next, taken already, and when it was made.
    private var heads: [TraceRecord?] = []
    private var headTimes: [UInt64] = []

    init(byteLimit: Int = TraceStore.byteLimit) {
        self.byteLimit = byteLimit
        tail = LogTail(capacity: byteLimit / MemoryLayout<TraceEntry>.stride, segmentCapacity: 2048)
    }

    /// Takes what was made until now, in the order of time: each lane has its own in order already.
    ///
    /// What came since waits, as the lane before may hold something older by then.
    ///
    /// - Parameters:
    ///   - lanes: of all threads; there may be more each time, behind those of before.
    ///   - handshake: of a session whose first chunk comes here; asked once.
    mutating func drain(
        _ lanes: [Lane<TraceRecord>], nowNanoseconds now: UInt64,
        wallClockMilliseconds wallClock: Int64, handshake: (SessionID) -> HandshakeFacts?
    ) {
        for index in lanes.indices {
            if index == heads.count {
                heads.append(nil)
                headTimes.append(.max)
            }
            if heads[index] == nil { refill(index, lanes) }
        }
        while let index = headTimes.indices.min(by: { headTimes[$0] < headTimes[$1] }),
            headTimes[index] <= now, let record = heads[index]
        {
            refill(index, lanes)
            if !begun.contains(record.session) {
                begun.insert(record.session)
                for part in handshake(record.session).map({
                    TraceRecord.handshake(of: record.session, $0)
                }) ?? [] {
                    append(part, now, wallClock)
                }
            }
            append(record, now, wallClock)
        }
    }

    private mutating func refill(_ index: Int, _ lanes: [Lane<TraceRecord>]) {
        heads[index] = lanes[index].take()
        headTimes[index] = heads[index]?.atNanoseconds ?? .max
    }

    /// Sessions that are gone need not be known any longer.
    mutating func forget(_ isGone: (SessionID) -> Bool) {
        guard !begun.isEmpty else { return }
        begun = begun.filter { !isGone($0) }
    }

    private mutating func append(_ record: TraceRecord, _ now: UInt64, _ wallClock: Int64) {
        let age = now.grown(since: record.atNanoseconds)
        let segments = tail.segmentCount
        tail.append(
            TraceEntry(
                wallClockMilliseconds: wallClock - Int64(age / 1_000_000), record: record))
        let added = MemoryLayout<TraceEntry>.stride + (record.body?.count ?? 0)
        if tail.isAtSegmentStart {
            // The tail may have let its oldest segment go for this one.
            if tail.segmentCount == segments { bytes -= segmentBytes.removeFirst() }
            segmentBytes.append(0)
        }
        segmentBytes[segmentBytes.count - 1] += added
        bytes += added
        while bytes > byteLimit, segmentBytes.count > 1 {
            tail.removeOldestSegment()
            bytes -= segmentBytes.removeFirst()
        }
    }
}
