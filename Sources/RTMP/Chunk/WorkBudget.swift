/// How many chunks the input may be cut into (SEC-2): with chunk size 1, every payload byte costs
/// the work of a header.
///
/// Counts chunks over each MiB of input, so a short burst of tiny chunks passes and a flood does not.
/// The other half of the rule, chunks per second, is the owner's, who has a clock:
/// `Limits.chunksPerSecond` against `ChunkDecoder.chunksRead`.
struct WorkBudget {
    private static let window = 1 << 20

    private let chunksPerWindow: Int
    private var bytes = 0
    private var chunks = 0

    init(chunksPerKibibyte: Int) {
        chunksPerWindow = chunksPerKibibyte * (Self.window / 1024)
    }

    /// Takes one chunk of `length` bytes; false once the window's chunks are used up.
    mutating func spend(_ length: Int) -> Bool {
        if bytes >= Self.window {
            bytes = 0
            chunks = 0
        }
        bytes += length
        chunks += 1
        return chunks <= chunksPerWindow
    }
}
