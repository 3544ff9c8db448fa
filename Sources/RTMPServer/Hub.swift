import Posix
import RTMP
import Relay
import Synchronization
import Telemetry

/// One stream as all workers share it: the publisher's side behind its lock.
final class LiveStreamHandle: Sendable {
    struct State: Sendable {
        var live: LiveStream
        /// Players by worker; a worker with none gets nothing.
        var audience: [Int]
        /// Workers whose box had no room: they get nothing until they have asked for the window.
        var isBehind: [Bool]
        /// Beside the players; mostly none.
        var sinks: [any MediaSink] = []
        /// Counts starts and ends of publishing.
        var publish = 0
        var publisherProbe: ConnectionProbe?
        var publisherWorker = 0
    }

    let key: StreamKey
    let name: SafeText
    let probe: StreamProbe
    let state: Lock<State>

    init(key: StreamKey, window: WindowLimits, workers: Int, nowNanoseconds: UInt64) {
        self.key = key
        name = SafeText(key.description)
        probe = StreamProbe(key: name, createdAtNanoseconds: nowNanoseconds)
        state = Lock(
            State(
                live: LiveStream(key: key, limits: window),
                audience: Array(repeating: 0, count: workers),
                isBehind: Array(repeating: false, count: workers)))
    }
}

/// `Relay` under locks: where workers meet over streams.
///
/// Lock order: directory, stream, mailbox. No lock is held across a system call but the wake.
final class Hub: Sendable {
    private let directory = Lock<StreamDirectory<LiveStreamHandle>>(
        StreamDirectory(capacity: Hub.streamsMaximum))
    /// More keys than this are refused: published, played or waited for.
    private static let streamsMaximum = 10_000

    /// Streams that somebody publishes.
    private let published = Atomic<Int>(0)
    private let mailboxes: [Mailbox]
    private let configuration: ServerConfiguration
    private let registry: ProbeRegistry

    init(mailboxes: [Mailbox], configuration: ServerConfiguration, registry: ProbeRegistry) {
        self.mailboxes = mailboxes
        self.configuration = configuration
        self.registry = registry
    }

    enum PublishAnswer {
        /// With the silent publisher that had to make way, if there was one.
        case accepted(LiveStreamHandle, evicting: SessionID?)
        case busy(by: SessionID)
        case held
        case full
    }

    func publish(
        _ key: StreamKey, by publisher: ConnectionProbe, worker: Int, nowNanoseconds: UInt64
    ) -> PublishAnswer {
        directory.withLock { directory -> PublishAnswer in
            if directory.holds.isHeld(.publisher(key), nowNanoseconds: nowNanoseconds) {
                return .held
            }
            guard let stream = find(key, in: &directory, nowNanoseconds) else { return .full }
            return stream.state.withLock { state in
                // Any byte of the publisher is a sign of life, not only its media.
                if let lastReceived = state.publisherProbe?.lastReceivedAtNanoseconds.read() {
                    state.live.noteReceived(atNanoseconds: lastReceived)
                }
                let verdict = state.live.requestPublish(
                    by: publisher.id, nowNanoseconds: nowNanoseconds,
                    policy: configuration.publishConflict)
                var evicted: SessionID?
                switch verdict {
                case .busy(let holder):
                    return .busy(by: holder)
                case .takesOver(let old):
                    mailboxes[state.publisherWorker].post(
                        .evict(old, from: stream, by: publisher.id), from: worker)
                    state.endSinks()
                    evicted = old
                case .accepted:
                    break
                }
                state.publish += 1
                if state.publisherProbe == nil { published.add(1, ordering: .relaxed) }
                state.publisherProbe = publisher
                state.publisherWorker = worker
                stream.probe.publisher.store(publisher.id, ordering: .relaxed)
                stream.probe.startedAtNanoseconds.set(nowNanoseconds)
                for (index, players) in state.audience.enumerated() where players > 0 {
                    mailboxes[index].post(
                        .started(stream, publish: state.publish), from: worker)
                }
                return .accepted(stream, evicting: evicted)
            }
        }
    }

    /// Hands one message to every worker that has players of the stream.
    ///
    /// - Returns: false if somebody else publishes the stream by now.
    func forward(
        _ message: MediaMessage, of stream: LiveStreamHandle, by publisher: SessionID,
        worker: Int, nowNanoseconds: UInt64
    ) -> Bool {
        // Players that know one track get what a multitrack message has for it in its stead (MED-7).
        let firstTrack = message.firstTrackAlone()
        return stream.state.withLock { state in
            guard state.live.publisher == publisher else { return false }
            append(message, to: stream, &state, by: publisher, worker: worker, nowNanoseconds)
            if let firstTrack {
                append(
                    firstTrack, to: stream, &state, by: publisher, worker: worker, nowNanoseconds)
            }
            stream.probe.messagesIn.add(1)
            stream.probe.bytesIn.add(message.payload.count)
            stream.probe.windowBytes.set(state.live.log.windowBytes)
            stream.probe.windowMessages.set(UInt64(state.live.log.count))
            return true
        }
    }

    /// The most bytes that the window of one stream may have, so that all together have a bound
    /// however many there are (SEC-1).
    var windowShare: UInt64 {
        UInt64(configuration.maximumWindowBytes)
            / UInt64(max(published.load(ordering: .relaxed), 1))
    }

    private func append(
        _ message: MediaMessage, to stream: LiveStreamHandle,
        _ state: inout LiveStreamHandle.State, by publisher: SessionID, worker: Int,
        _ nowNanoseconds: UInt64
    ) {
        guard
            let appended = state.live.append(
                message, by: publisher, nowNanoseconds: nowNanoseconds, share: windowShare)
        else { return }
        if !state.sinks.isEmpty {
            state.sinks.removeAll { !$0.take(appended, in: state.live.log) }
        }
        let sequence = state.live.log.endSequence - 1
        for index in state.audience.indices
        where state.audience[index] > 0 && !state.isBehind[index] {
            let isTaken = mailboxes[index].post(
                appended, of: stream, sequence: sequence, from: worker)
            if !isTaken {
                state.isBehind[index] = true
                mailboxes[index].post(.fellBehind(stream), from: worker)
            }
        }
    }

    /// The window as of now, for a worker that fell behind: every later message comes by mailbox.
    func window(
        of stream: LiveStreamHandle, for worker: Int
    ) -> (window: StreamLog, publish: Int) {
        stream.state.withLock { state in
            state.isBehind[worker] = false
            return (state.live.log, state.publish)
        }
    }

    /// - Returns: whether it was this session that published; only then did the stream end.
    func unpublish(_ stream: LiveStreamHandle, by publisher: SessionID, worker: Int) -> Bool {
        directory.withLock { directory in
            stream.state.withLock { state in
                guard state.live.endPublish(by: publisher) else { return false }
                state.publish += 1
                if state.publisherProbe != nil { published.subtract(1, ordering: .relaxed) }
                state.publisherProbe = nil
                state.endSinks()
                stream.probe.publisher.store(0, ordering: .relaxed)
                for (index, players) in state.audience.enumerated() where players > 0 {
                    mailboxes[index].post(
                        .ended(stream, publish: state.publish), from: worker)
                }
                retireIfUnused(stream, &state, in: &directory)
                return true
            }
        }
    }

    /// Lets sinks have the stream from its window on, until they want no more or the publish is over.
    func attach(_ sinks: [any MediaSink], to stream: LiveStreamHandle) {
        stream.state.withLock { state in
            for sink in sinks {
                guard state.live.publisher != nil else {
                    sink.end()
                    continue
                }
                let goesOn = state.live.log.opening().allSatisfy {
                    sink.take($0, in: state.live.log)
                }
                if goesOn { state.sinks.append(sink) }
            }
        }
    }

    /// The stream of that name, if somebody publishes it.
    func published(named name: SafeText) -> LiveStreamHandle? {
        directory.withLock { directory in
            directory.streams.values.first { stream in
                stream.name == name && stream.state.withLock { $0.live.publisher != nil }
            }
        }
    }

    enum JoinAnswer {
        case joined(LiveStreamHandle, window: StreamLog, publish: Int, isLive: Bool)
        case absent
        case held
        case full
    }

    /// One more player on this worker. The window is as of now: every later message comes by mailbox.
    func join(
        _ key: StreamKey, worker: Int, address: String, nowNanoseconds: UInt64
    ) -> JoinAnswer {
        directory.withLock { directory -> JoinAnswer in
            let isHeld = directory.holds.isHeld(
                .player(address: address, key), nowNanoseconds: nowNanoseconds)
            if isHeld { return .held }
            if configuration.playWaitNanoseconds == 0 {
                let isLive =
                    directory[key]?.state.withLock { $0.live.publisher != nil } ?? false
                guard isLive else { return .absent }
            }
            guard let stream = find(key, in: &directory, nowNanoseconds) else { return .full }
            return stream.state.withLock { state in
                state.audience[worker] += 1
                stream.probe.players.add(1, ordering: .relaxed)
                return .joined(
                    stream, window: state.live.log, publish: state.publish,
                    isLive: state.live.publisher != nil)
            }
        }
    }

    func leave(_ stream: LiveStreamHandle, worker: Int) {
        directory.withLock { directory in
            stream.state.withLock { state in
                state.audience[worker] -= 1
                stream.probe.players.subtract(1, ordering: .relaxed)
                retireIfUnused(stream, &state, in: &directory)
            }
        }
    }

    func hold(_ target: HoldList.Target, forSeconds seconds: Int, nowNanoseconds: UInt64) {
        let until = nowNanoseconds + UInt64(clamping: seconds) * ServerConfiguration.second
        directory.withLock {
            $0.holds.hold(target, untilNanoseconds: until, nowNanoseconds: nowNanoseconds)
        }
    }

    /// Ends the hold that `admin.hold` told under this name; false: there is none.
    func lift(_ name: SafeText, nowNanoseconds: UInt64) -> Bool {
        directory.withLock { directory in
            let held = directory.holds.list(nowNanoseconds: nowNanoseconds)
            guard let hold = held.first(where: { $0.target.name == name }) else { return false }
            directory.holds.lift(hold.target)
            return true
        }
    }

    private func find(
        _ key: StreamKey, in directory: inout StreamDirectory<LiveStreamHandle>,
        _ nowNanoseconds: UInt64
    ) -> LiveStreamHandle? {
        directory.findOrCreate(key) {
            let stream = LiveStreamHandle(
                key: key, window: configuration.window, workers: mailboxes.count,
                nowNanoseconds: nowNanoseconds)
            registry.add(stream.probe)
            return stream
        }
    }

    private func retireIfUnused(
        _ stream: LiveStreamHandle, _ state: inout LiveStreamHandle.State,
        in directory: inout StreamDirectory<LiveStreamHandle>
    ) {
        guard state.live.publisher == nil, state.audience.allSatisfy({ $0 == 0 }) else { return }
        directory.remove(stream.key)
        stream.probe.hasEnded.store(true, ordering: .relaxed)
    }
}

extension LiveStreamHandle.State {
    fileprivate mutating func endSinks() {
        for sink in sinks { sink.end() }
        sinks = []
    }
}

extension HoldList.Target {
    /// As people and scripts are told of it.
    var name: SafeText {
        switch self {
        case .publisher(let key): SafeText(key.description)
        case .player(let address, let key): "\(SafeText(key.description)) for \(address)"
        }
    }
}
