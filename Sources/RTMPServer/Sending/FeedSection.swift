import Posix
import RTMP
import Relay

/// The players of a feed that are served together.
final class FeedSection {
    private(set) var plays: [Play] = []
    /// Of each of them in the same order: to ask a play for its connection would wait for the play.
    private var memory: [PlayMemory] = []
    /// Waits for the next flush of its worker.
    var isDue = false
    /// What was flushed last; its end is where the next flush begins.
    private var flushed: Stretch
    /// The oldest message that one of them needs who did not get all of the last flush; nil: all did.
    private var laggingFrom: UInt64?

    init(at sequence: UInt64) {
        flushed = Stretch(at: sequence)
    }

    /// Puts into `run` what came since the last flush, as far as it goes out alike to all.
    func fill(_ run: ChunkRun, from feed: Feed) {
        run.fill(from: feed, at: flushed)
        flushed = run.stretch.next(at: feed.log.endSequence)
        laggingFrom = nil
    }

    /// The oldest message that one of the players may still need; nil: there are none.
    ///
    /// Told by those who lag when they are served, since to look at every player takes its time.
    var neededSequence: UInt64? {
        plays.isEmpty ? nil : min(laggingFrom ?? .max, flushed.end)
    }

    /// The player does not have everything.
    func noteLagging(_ play: Play, in log: StreamLog) {
        guard let needed = play.cursor.neededSequence(in: log) else { return }
        laggingFrom = min(laggingFrom ?? .max, needed)
    }

    /// Some may have got what they needed at the last flush.
    func findLagging(in log: StreamLog) {
        laggingFrom = nil
        for play in plays { noteLagging(play, in: log) }
    }

    /// Another publish begins: of the times before it nothing is known.
    func restart() {
        flushed = Stretch(at: flushed.end)
    }

    /// The log was replaced by one that ends there.
    func restart(at sequence: UInt64) {
        flushed = Stretch(at: sequence)
        // Until the next flush has seen where they all stand.
        laggingFrom = 0
    }

    func add(_ play: Play, in log: StreamLog) {
        if plays.isEmpty {
            // What went by without anybody is needed by nobody.
            flushed = Stretch(at: log.endSequence)
            laggingFrom = nil
        }
        plays.append(play)
        memory.append(PlayMemory(of: play))
        // From where it begins it needs all, whatever the others have got by its first flush.
        laggingFrom = min(laggingFrom ?? .max, play.cursor.position)
    }

    /// - Returns: whether it was here.
    func remove(_ play: Play) -> Bool {
        guard let index = plays.firstIndex(where: { $0 === play }) else { return false }
        plays.remove(at: index)
        memory.remove(at: index)
        return true
    }

    /// Asks for what is looked at of the player at `index`, if there is one.
    func prefetch(_ index: Int) {
        if index < memory.count { memory[index].prefetch() }
    }
}

/// Where that stands which a flush looks at and changes of one player.
private struct PlayMemory {
    let play: UnsafeRawPointer
    let connection: UnsafeRawPointer
    let probe: UnsafeRawPointer

    init(of play: Play) {
        self.play = UnsafeRawPointer(Unmanaged.passUnretained(play).toOpaque())
        connection = UnsafeRawPointer(Unmanaged.passUnretained(play.connection).toOpaque())
        probe = UnsafeRawPointer(Unmanaged.passUnretained(play.connection.probe).toOpaque())
    }

    func prefetch() {
        Posix.prefetch(play, bytes: 192)
        Posix.prefetch(connection, bytes: 384)
        Posix.prefetch(probe, bytes: 128)
    }
}
