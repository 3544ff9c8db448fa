/// How many chunks a second a peer may make us read (SEC-2): chunks are work, and a chunk of one byte
/// is almost nothing else.
///
/// Looked at after every read, since a second of them all can be one read: others wait meanwhile.
struct ChunkRate {
    private let chunksPerSecond: UInt64
    /// When the second began that is counted, and the chunks before it.
    private var counted: UInt64 = 0
    private var countedAtNanoseconds: UInt64
    /// The last look.
    private var seen: UInt64 = 0
    private var seenAtNanoseconds: UInt64

    init(limit: Int, startNanoseconds: UInt64) {
        chunksPerSecond = UInt64(limit)
        countedAtNanoseconds = startNanoseconds
        seenAtNanoseconds = startNanoseconds
    }

    /// - Parameter chunks: read so far, in all.
    /// - Returns: chunks a second, if they are too many.
    mutating func excess(chunks: UInt64, nowNanoseconds now: UInt64) -> UInt64? {
        let second = ServerConfiguration.second
        if now - seenAtNanoseconds >= second {
            // Nothing is saved up while the peer is silent.
            counted = seen
            countedAtNanoseconds = now - second
        }
        seen = chunks
        seenAtNanoseconds = now
        let more = chunks - counted
        let elapsed = now - countedAtNanoseconds
        guard elapsed >= second || more > chunksPerSecond else { return nil }
        counted = chunks
        countedAtNanoseconds = now
        let rate = more * second / max(elapsed, second)
        return rate > chunksPerSecond ? rate : nil
    }
}
