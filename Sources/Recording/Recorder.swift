import Posix
package import RTMP
package import Relay
import Synchronization
package import Telemetry

/// Records one publish of a stream: the sink that keeps its media, and the thread that writes it.
///
/// The thread looks a few times a second at what came, so that whoever publishes wakes nobody and
/// hands over a reference; it is called only when much waits, and at the end. Media beyond the bound is
/// left out to the next keyframe: a disk that hangs costs the recording and nothing else.
package final class Recorder: MediaSink {
    package let key: StreamKey
    package let probe: RecordingProbe
    private let waiting: Lock<Waiting>
    private let wakeup: Wakeup
    private let bytesLimit: @Sendable () -> Int

    private struct Waiting {
        var queue = RecordingQueue()
        var isAwake = false
        /// Why it ends, once it does.
        var ending: String?
    }

    private static let lookMilliseconds: Int32 = 250
    /// The thread is woken for so much.
    private static let wakeBytes = 1 << 20

    /// `bytesLimit`: what may wait now, in bytes.
    init(_ key: StreamKey, bytesLimit: @escaping @Sendable () -> Int) throws(PosixError) {
        self.key = key
        self.bytesLimit = bytesLimit
        probe = RecordingProbe(stream: SafeText(key.description))
        waiting = Lock(Waiting())
        wakeup = try Wakeup()
    }

    // MARK: The publisher's side

    package func take(_ message: MediaMessage, in log: StreamLog) -> Bool {
        // The whole message is recorded, not what it has for players that take one track.
        guard message.audience != .firstTrack else { return true }
        let limit = bytesLimit()
        let (goesOn, wakes) = waiting.withLock { waiting -> (Bool, Bool) in
            guard waiting.ending == nil else { return (false, false) }
            if !waiting.queue.put(message, in: log, limit: limit), message.isFrame {
                probe.skippedFrames.add(1)
            }
            let wakes = waiting.queue.bytes >= Self.wakeBytes && !waiting.isAwake
            if wakes { waiting.isAwake = true }
            return (true, wakes)
        }
        if wakes { wakeup.signal() }
        return goesOn
    }

    package func end() {
        end(why: "ended")
    }

    /// Of itself, while the stream goes on.
    func stop() {
        end(why: "stopped")
    }

    private func end(why: String) {
        waiting.withLock { $0.ending = $0.ending ?? why }
        wakeup.signal()
    }

    var isEnding: Bool { waiting.withLock { $0.ending != nil } }

    // MARK: The thread

    /// Its thread has written the last byte.
    var hasEnded: Bool { probe.isOver }

    func run(_ options: RecordingWriter.Options, on disk: any RecordingDisk, teller: Teller) {
        var writer = RecordingWriter(
            key, options, on: disk, probe: probe, tell: { teller.tell($0) })
        var messages: [MediaMessage] = []
        while true {
            wakeup.wait(timeoutMilliseconds: Self.lookMilliseconds)
            let (skipped, ending) = waiting.withLock { waiting in
                waiting.isAwake = false
                return (
                    waiting.queue.exchange(&messages, isLast: waiting.ending != nil), waiting.ending
                )
            }
            if skipped > 0 { teller.tell(.recordSkip(stream: probe.stream, frames: skipped)) }
            for message in messages { writer.take(message) }
            writer.flush()
            messages.removeAll(keepingCapacity: true)
            waiting.withLock { $0.queue.settle() }
            guard let ending else { continue }
            writer.end(why: ending)
            break
        }
        probe.hasEnded.store(true, ordering: .releasing)
    }
}

/// Tells what the threads of recordings have to tell: seldom, so they share a lane and its lock.
final class Teller: Sendable {
    private let lanes: Lock<Lanes>

    init(_ registry: ProbeRegistry) {
        let lanes = Lanes(events: 4096, messages: 1, trace: 1)
        registry.add(lanes)
        self.lanes = Lock(lanes)
    }

    func tell(_ kind: Event.Kind) {
        lanes.withLock { lanes in
            _ = lanes.events.put(Event(atNanoseconds: Clock.monotonicNanoseconds(), kind: kind))
        }
    }
}
