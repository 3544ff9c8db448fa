import Synchronization

// What the sampler asks of probes, in words that need no atomics.

extension ConnectionProbe {
    /// While wanted, the worker posts `detail` often.
    package func inspect(_ isWanted: Bool) {
        isInspected.store(isWanted, ordering: .relaxed)
    }
}

extension StreamProbe {
    package var isOver: Bool { hasEnded.load(ordering: .acquiring) }
}

extension ProcessProbe {
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
