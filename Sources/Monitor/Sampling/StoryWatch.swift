import Telemetry

/// What must be known of open sessions where only events are told: frames that a player did not get.
///
/// Everything else that is told comes through the lanes, so nothing is read of a session but that.
struct StoryWatch {
    private struct Watched {
        let probe: ConnectionProbe
        var facts: Shared<ConnectionFacts>?
        var skippedVideo: UInt64 = 0
        var skippedAudio: UInt64 = 0
        var isOver = false

        /// Frames skipped since the last look.
        mutating func newSkips() -> UInt64 {
            let video = probe.skippedVideo.read()
            let audio = probe.skippedAudio.read()
            let skips = video.grown(since: skippedVideo) + audio.grown(since: skippedAudio)
            guard skips > 0 else { return 0 }
            skippedVideo = video
            skippedAudio = audio
            return skips
        }

        mutating func takeFacts() {
            if let facts = probe.facts.take() { self.facts = facts }
        }
    }

    /// By id: they are numbered as they are accepted.
    private var sessions: [Watched] = []
    private var hasOver = false

    var isEmpty: Bool { sessions.isEmpty }

    mutating func admit(_ probe: ConnectionProbe) {
        let position = sessions.lastIndex { $0.probe.id < probe.id }.map { $0 + 1 } ?? 0
        sessions.insert(Watched(probe: probe), at: position)
    }

    /// Takes note of what the lanes told; gives what ended sessions did not get.
    mutating func follow(_ events: [Event]) -> [Event] {
        var drops: [Event] = []
        for event in events {
            guard case .close(let id, _) = event.kind,
                let index = sessions.sortedIndex(of: id, by: { $0.probe.id })
            else { continue }
            if let drop = drop(index, atNanoseconds: event.atNanoseconds) { drops.append(drop) }
            sessions[index].isOver = true
            hasOver = true
        }
        return drops
    }

    /// What players did not get since the last look.
    ///
    /// - Parameter mayHaveMissed: an end may not have been told, so all are asked for it.
    mutating func look(nowNanoseconds now: UInt64, mayHaveMissed: Bool) -> [Event] {
        var drops: [Event] = []
        for index in sessions.indices {
            if let drop = drop(index, atNanoseconds: now) { drops.append(drop) }
            guard mayHaveMissed else { continue }
            sessions[index].takeFacts()
            if sessions[index].facts?.close != nil {
                sessions[index].isOver = true
                hasOver = true
            }
        }
        return drops
    }

    mutating func forgetEnded() {
        guard hasOver else { return }
        hasOver = false
        sessions.removeAll(where: \.isOver)
    }

    private mutating func drop(_ index: Int, atNanoseconds at: UInt64) -> Event? {
        let frames = sessions[index].newSkips()
        guard frames > 0 else { return nil }
        sessions[index].takeFacts()
        let probe = sessions[index].probe
        return .drop(
            probe, stream: sessions[index].facts?.stream, frames: frames, atNanoseconds: at)
    }
}

extension Event {
    /// Frames that a player did not get, told of its probe.
    static func drop(
        _ probe: ConnectionProbe, stream: SafeText?, frames: UInt64, atNanoseconds at: UInt64
    ) -> Event {
        Event(
            atNanoseconds: at,
            kind: .drop(
                probe.id, stream: stream ?? "-", frames: frames,
                why: SkipReason(probeCode: probe.skipReason.read()) ?? .queueBytes))
    }
}

extension Array {
    /// Where the element of this session is, in an array that is in their order.
    func sortedIndex(of id: SessionID, by key: (Element) -> SessionID) -> Int? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if key(self[middle]) < id { low = middle + 1 } else { high = middle }
        }
        return low < count && key(self[low]) == id ? low : nil
    }
}
