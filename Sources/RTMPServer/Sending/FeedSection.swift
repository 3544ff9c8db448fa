import RTMP
import Relay

/// The players of a feed that are served together.
final class FeedSection {
    private(set) var plays: [Play] = []
    /// Waits for the next flush of its worker.
    var isDue = false
    /// What was flushed last; its end is where the next flush begins.
    private var flushed: Stretch

    init(at sequence: UInt64) {
        flushed = Stretch(at: sequence)
    }

    /// Puts into `run` what came since the last flush, as far as it goes out alike to all.
    func fill(_ run: inout ChunkRun, from log: StreamLog) {
        run.fill(from: log, at: flushed)
        flushed = run.stretch.next(at: log.endSequence)
    }

    /// Another publish begins: of the times before it nothing is known.
    func restart() {
        flushed = Stretch(at: flushed.end)
    }

    /// The log was replaced by one that ends there.
    func restart(at sequence: UInt64) {
        flushed = Stretch(at: sequence)
    }

    func add(_ play: Play) {
        plays.append(play)
    }

    /// - Returns: whether it was here.
    func remove(_ play: Play) -> Bool {
        guard let index = plays.firstIndex(where: { $0 === play }) else { return false }
        plays.remove(at: index)
        return true
    }
}
