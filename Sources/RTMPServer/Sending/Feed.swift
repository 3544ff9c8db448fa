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
    /// The players, spread evenly.
    let sections: [FeedSection]
    private(set) var playCount = 0

    /// The start or end of publishing the window knows of, and the one players were told of.
    private var publish: Int
    private var told: Int

    init(stream: LiveStreamHandle, window: StreamLog, publish: Int) {
        self.stream = stream
        log = window
        self.publish = publish
        told = publish
        sections = (0..<ServerConfiguration.audienceSections).map { _ in
            FeedSection(at: window.endSequence)
        }
    }

    var isEmpty: Bool { playCount == 0 }
    var plays: [Play] { sections.flatMap(\.plays) }

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
            for section in sections { section.restart() }
        }
        return true
    }

    /// Messages are missing: the window as it is now takes the place of this one. Players who stood
    /// before it skip to it; of starts and ends they hear by the mail that is still to come.
    func replace(window: StreamLog, publish: Int) {
        guard window.endSequence >= log.endSequence else { return }
        log = window
        self.publish = publish
        for section in sections { section.restart(at: window.endSequence) }
    }

    func add(_ play: Play) {
        let fewest = sections.min { $0.plays.count < $1.plays.count }
        fewest?.add(play, in: log)
        playCount += 1
    }

    func remove(_ play: Play) {
        if sections.contains(where: { $0.remove(play) }) { playCount -= 1 }
    }

    /// Keeps what a lagging player still needs, within the window's bounds, and the newest GOP.
    func trim() {
        log.trim(keepingFrom: sections.compactMap(\.neededSequence).min())
    }

    /// Players have all of a publish that is over: no flush comes that would let go of it.
    func trimAfterEnd() {
        guard !log.isEmpty, log.startSequence == log.endSequence else { return }
        for section in sections { section.findLagging(in: log) }
        trim()
    }
}
