package import Synchronization

/// Where engine threads leave new probes and the sampler finds them.
///
/// A stack that many push and one empties: a push is one compare-and-exchange, nobody waits. The
/// sampler keeps what it took and lets a probe go once its facts say closed.
package final class ProbeRegistry: Sendable {
    private final class Node<Probe: Sendable>: @unchecked Sendable {
        // Sendable because `next` is written before the node is published and read after it was taken.
        let probe: Probe
        var next: UnsafeRawPointer?

        init(_ probe: Probe) {
            self.probe = probe
        }
    }

    private struct Intake<Probe: Sendable>: ~Copyable, @unchecked Sendable {
        // Sendable because `top` is atomic and a node has one owner: the stack, then its drainer.
        let top = Atomic<UnsafeRawPointer?>(nil)

        func push(_ probe: Probe) {
            let node = Node(probe)
            let pointer = UnsafeRawPointer(Unmanaged.passRetained(node).toOpaque())
            var seen = top.load(ordering: .relaxed)
            while true {
                node.next = seen
                let (exchanged, original) = top.compareExchange(
                    expected: seen, desired: pointer, ordering: .acquiringAndReleasing)
                if exchanged { return }
                seen = original
            }
        }

        var isEmpty: Bool { top.load(ordering: .sequentiallyConsistent) == nil }

        /// All that was pushed since, oldest first.
        func drain() -> [Probe] {
            var pointer = top.exchange(nil, ordering: .acquiringAndReleasing)
            var probes: [Probe] = []
            while let current = pointer {
                let node = Unmanaged<Node<Probe>>.fromOpaque(current).takeRetainedValue()
                probes.append(node.probe)
                pointer = node.next
            }
            return probes.reversed()
        }
    }

    private let connections = Intake<ConnectionProbe>()
    private let streams = Intake<StreamProbe>()
    private let recordings = Intake<RecordingProbe>()
    private let lanes = Intake<Lanes>()
    package let process = ProcessProbe()
    private let inspectionCount = Atomic<UInt64>(0)

    /// False: nobody asks for figures, rows or black boxes as long as this server runs. Events and
    /// traced chunks are told all the same.
    package let wantsFigures: Bool
    private let whenConnected: @Sendable () -> Void

    /// - Parameter whenConnected: runs after each connection that is added, on the thread that
    ///   accepted it.
    package init(
        wantsFigures: Bool = true, whenConnected: @escaping @Sendable () -> Void = {}
    ) {
        self.wantsFigures = wantsFigures
        self.whenConnected = whenConnected
    }

    package func add(_ probe: ConnectionProbe) {
        connections.push(probe)
        whenConnected()
    }

    package func add(_ probe: StreamProbe) {
        streams.push(probe)
    }

    package func add(_ probe: RecordingProbe) {
        recordings.push(probe)
    }

    /// A thread says where its events will be found.
    package func add(_ threadLanes: Lanes) {
        lanes.push(threadLanes)
    }

    /// Some were added that nobody took yet.
    package var hasNewConnections: Bool { !connections.isEmpty }

    /// How often somebody else was inspected: a worker that sees it change looks for whom.
    package var inspections: UInt64 { inspectionCount.load(ordering: .acquiring) }

    /// Sampler only, after the probes were told.
    package func noteInspection() {
        inspectionCount.wrappingAdd(1, ordering: .releasing)
    }

    package func takeNewConnections() -> [ConnectionProbe] { connections.drain() }
    package func takeNewStreams() -> [StreamProbe] { streams.drain() }
    package func takeNewRecordings() -> [RecordingProbe] { recordings.drain() }
    package func takeNewLanes() -> [Lanes] { lanes.drain() }

    deinit {
        _ = connections.drain()
        _ = streams.drain()
        _ = recordings.drain()
        _ = lanes.drain()
    }
}

/// What may be known of one stream, from its first publisher or player to its last.
///
/// Written under the stream's lock by whichever worker holds it, read by the sampler.
package final class StreamProbe: Sendable {
    package let key: SafeText
    package let createdAtNanoseconds: UInt64
    /// 0: nobody publishes.
    package let publisher = Atomic<SessionID>(0)
    package let players = Atomic<Int>(0)
    package let startedAtNanoseconds = Counter()
    package let windowBytes = Counter()
    package let windowMessages = Counter()
    package let messagesIn = Counter()
    package let bytesIn = Counter()
    /// Nobody publishes and nobody plays any more.
    package let hasEnded = Atomic<Bool>(false)

    package init(key: SafeText, createdAtNanoseconds: UInt64) {
        self.key = key
        self.createdAtNanoseconds = createdAtNanoseconds
    }

    package var isOver: Bool { hasEnded.load(ordering: .acquiring) }
}

/// Counts of the whole process. Many threads may add, so these are real fetch-and-adds; none is on
/// the media path.
package final class ProcessProbe: Sendable {
    package let accepted = Atomic<UInt64>(0)
    package let refused = Atomic<UInt64>(0)
    package let handshakesFailed = Atomic<UInt64>(0)
    package let closed = Atomic<UInt64>(0)

    package init() {}
    package struct Counts: Sendable {
        package let accepted: UInt64
        package let refused: UInt64
        package let handshakesFailed: UInt64
        package let closed: UInt64
    }

    /// All counts at about one moment.
    package var counts: Counts {
        Counts(
            accepted: accepted.load(ordering: .relaxed), refused: refused.load(ordering: .relaxed),
            handshakesFailed: handshakesFailed.load(ordering: .relaxed),
            closed: closed.load(ordering: .relaxed))
    }
}
