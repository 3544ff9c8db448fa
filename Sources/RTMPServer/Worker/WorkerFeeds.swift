import Posix
import RTMP
import Relay
import Telemetry

/// The streams that players of this worker get: joined and left, and flushed at once or on the beat.
extension Worker {
    enum JoinAnswer {
        case joined(Feed, isLive: Bool)
        case absent
        case held
        case full
    }

    func join(_ key: StreamKey, address: String) -> JoinAnswer {
        let answer = hub.join(
            key, worker: index, address: address, nowNanoseconds: nowNanoseconds)
        switch answer {
        case .joined(let stream, let window, let publish, let isLive):
            if let feed = feeds[ObjectIdentifier(stream)] {
                return .joined(feed, isLive: isLive)
            }
            let feed = Feed(stream: stream, window: window, publish: publish)
            feeds[ObjectIdentifier(stream)] = feed
            return .joined(feed, isLive: isLive)
        case .absent: return .absent
        case .held: return .held
        case .full: return .full
        }
    }

    func leave(_ play: Play) {
        let feed = play.feed
        feed.remove(play)
        if feed.isEmpty { feeds[ObjectIdentifier(feed.stream)] = nil }
        hub.leave(feed.stream, worker: index)
    }

    /// - Returns: nil if nobody plays the stream here, or all have joined since.
    func restart(_ stream: LiveStreamHandle, publish: Int) -> Feed? {
        guard let feed = feeds[ObjectIdentifier(stream)] else { return nil }
        // What came of the publish before is not for its players to miss, who may have waited for it.
        for section in feed.sections where section.isDue {
            flush(section, of: feed)
        }
        return feed.restart(publish: publish) ? feed : nil
    }

    /// The box was full: what did not fit is skipped by the window that is there now (SEC-10).
    func catchUp(with stream: LiveStreamHandle) {
        let (window, publish) = hub.window(of: stream, for: index)
        guard let feed = feeds[ObjectIdentifier(stream)] else { return }
        feed.replace(window: window, publish: publish)
        makeDue(feed)
        let note = Event.Kind.note(
            .warn, source: "worker", "worker \(index) fell behind, \(stream.name) has a gap")
        lanes.events.put(Event(atNanoseconds: nowNanoseconds, kind: note))
    }

    /// Once for all players who got the last of a publish in this turn: each of them is looked at.
    func trimLater(_ feed: Feed) {
        endedFeeds[ObjectIdentifier(feed)] = feed
    }

    func trimEnded() {
        guard !endedFeeds.isEmpty else { return }
        for feed in endedFeeds.values { feed.trimAfterEnd() }
        endedFeeds = [:]
    }

    func makeDue(_ feed: Feed) {
        let waits = configuration.waitsForBeat(audience: feed.playCount)
        for (number, section) in feed.sections.enumerated()
        where !section.isDue && !section.plays.isEmpty {
            section.isDue = true
            if waits {
                beat.add(
                    (feed, section), phase: number % ServerConfiguration.beatPhases,
                    nowNanoseconds: nowNanoseconds)
            } else {
                dueSections.append((feed, section))
            }
        }
    }

    /// Flushes sections that do not wait for the beat, and those whose phase of it has come.
    ///
    /// What takes longer than a slice goes on in the next turn, so that a thousand players who get
    /// every message at once keep nobody waiting who connects meanwhile.
    func flushFeeds() {
        dueSections += beat.takeDue(nowNanoseconds: nowNanoseconds)
        let flushed = TurnSlice.serve(dueSections) { feed, section in
            // Meanwhile it may have been flushed for another reason.
            if section.isDue { flush(section, of: feed) }
        }
        dueSections.removeFirst(flushed)
    }

    private func flush(_ section: FeedSection, of feed: Feed) {
        section.isDue = false
        section.fill(chunkRun, from: feed)
        let isAll = chunkRun.end?.isNewest ?? false
        for (index, play) in section.plays.enumerated() {
            section.prefetch(index + 1)
            let connection = play.connection
            if !chunkRun.isEmpty, connection.send(chunkRun, to: play), isAll {
                if connection.isBlocked { section.noteLagging(play, in: feed.log) }
                continue
            }
            connection.keepUp(play)
            connection.flush()
            section.noteLagging(play, in: feed.log)
        }
        feed.trim()
    }
}
