package import Synchronization

/// What the rest of the process may know of one recording.
///
/// Written by the recording's thread, `skippedFrames` under the stream's lock; read by the sampler.
package final class RecordingProbe: Sendable {
    package let stream: SafeText
    /// Of all its files, as far as the disk has taken them.
    package let bytes = Counter()
    package let milliseconds = Counter()
    package let skippedFrames = Counter()
    package let facts = Latest<RecordingFacts>()
    package let hasEnded = Atomic<Bool>(false)

    package init(stream: SafeText) {
        self.stream = stream
    }

    package var isOver: Bool { hasEnded.load(ordering: .acquiring) }
}

/// What changes a few times in a recording's life.
package struct RecordingFacts: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        /// Until something comes that a file can begin with.
        case waiting
        case writing
        /// The disk refused; it is tried again.
        case failed
        case ended
    }

    package var state: State
    /// Of the file under way, or the last one.
    package var path: SafeText?
    /// Why it failed.
    package var why: SafeText?

    package init(state: State, path: SafeText? = nil, why: SafeText? = nil) {
        self.state = state
        self.path = path
        self.why = why
    }
}
