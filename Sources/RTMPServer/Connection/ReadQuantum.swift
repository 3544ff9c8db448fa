/// How many bytes of one peer are read at a time, so that nobody keeps the worker (SEC-10).
///
/// Bytes differ in what they cost: a megabyte of video is a copy, a megabyte of empty messages a million
/// steps. So time decides: as much is read as is dealt with in `turnNanoseconds`, and how much that is
/// was seen at the read before. A peer that is new begins small.
struct ReadQuantum {
    /// A round of a hundred peers that send the dearest bytes there are is ten milliseconds then.
    static let turnNanoseconds: UInt64 = 100_000
    static let readsPerTurn = 4
    static let bytesMinimum = 512
    static let bytesMaximum = 16 << 10
    private static let bytesAtFirst = 2 << 10

    /// For the next read.
    private(set) var bytes = Self.bytesAtFirst

    /// - Parameter count: bytes that were read, and dealt with in `tookNanoseconds`.
    mutating func note(_ count: Int, tookNanoseconds: UInt64) {
        if tookNanoseconds > Self.turnNanoseconds {
            let fitting = UInt64(count) * Self.turnNanoseconds / tookNanoseconds
            bytes = max(Int(fitting), Self.bytesMinimum)
        } else if count >= bytes, tookNanoseconds <= Self.turnNanoseconds / 2 {
            bytes = min(bytes * 2, Self.bytesMaximum)
        }
    }
}
