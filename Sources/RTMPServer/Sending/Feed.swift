import RTMP
import Relay
import Telemetry

/// A worker's copy of a stream's window, and its players.
///
/// The window holds references: it costs entries, not payloads. Exists while the worker has players of
/// the stream. Owned by the worker.
final class Feed {
    let stream: LiveStreamHandle
    private(set) var log: StreamLog
    private(set) var plays: [Play] = []
    /// Waits for the next flush of its worker.
    var isDue = false

    /// The start or end of publishing the window knows of, and the one players were told of.
    private var publish: Int
    private var told: Int
    /// What was flushed last; its end is where the next flush begins.
    private var flushed: Stretch

    init(stream: LiveStreamHandle, window: StreamLog, publish: Int) {
        self.stream = stream
        log = window
        self.publish = publish
        told = publish
        flushed = Stretch(at: window.endSequence)
    }

    func append(_ message: MediaMessage, sequence: UInt64, share: UInt64 = .max) {
        // The window was copied under the stream's lock; what was posted before that is in it already.
        guard sequence >= log.endSequence else { return }
        log.byteShare = share
        log.append(message)
    }

    /// The publish is over or another one begins; what lagging players need stays.
    ///
    /// - Returns: whether players have to be told; not if they joined after that.
    func restart(publish: Int) -> Bool {
        guard publish > told else { return false }
        told = publish
        if publish > self.publish {
            self.publish = publish
            log.restart()
            flushed = Stretch(at: flushed.end)
        }
        return true
    }

    /// Messages are missing: the window as it is now takes the place of this one. Players who stood
    /// before it skip to it; of starts and ends they hear by the mail that is still to come.
    func replace(window: StreamLog, publish: Int) {
        guard window.endSequence >= log.endSequence else { return }
        log = window
        self.publish = publish
        flushed = Stretch(at: window.endSequence)
    }

    /// Puts into `run` what came since the last flush, as far as it goes out alike to all.
    func fill(_ run: inout ChunkRun) {
        run.fill(from: log, at: flushed)
        flushed = run.stretch.next(at: log.endSequence)
    }

    func add(_ play: Play) {
        plays.append(play)
    }

    func remove(_ play: Play) {
        plays.removeAll { $0 === play }
    }

    /// Keeps what a lagging player still needs, within the window's bounds, and the newest GOP.
    func trim() {
        var oldest: UInt64?
        for play in plays {
            guard let needed = play.cursor.neededSequence(in: log) else { continue }
            oldest = min(oldest ?? needed, needed)
        }
        log.trim(keepingFrom: oldest)
    }
}
