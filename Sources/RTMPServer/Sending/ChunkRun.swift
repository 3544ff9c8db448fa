import RTMP
import Relay

/// A stretch of a stream as the bytes that go out: the same for every player in the flow.
///
/// Type 1 headers tell the time since the message before, and neither the player's time nor its
/// message stream. So what differs between players does not stand in these bytes, and a flush costs a
/// player one `send` of one piece, however many messages there are. A worker has one and fills it
/// for one feed after the other.
///
/// A class, since each player's send looks at it: a worker's property of this size would be copied.
final class ChunkRun {
    /// One of its messages.
    struct Entry {
        var kind: MediaMessage.Kind
        /// Milliseconds since the message of its kind before it.
        var delta: UInt32
        /// Offset of the first byte after it.
        var end: Int
        var sums: SentSums
    }

    private struct Source: Equatable {
        /// Held, so that none that comes later is taken for it.
        let stream: LiveStreamHandle
        let publish: UInt64
        let stretch: Stretch
        let end: UInt64

        static func == (one: Source, other: Source) -> Bool {
            one.stream === other.stream && one.publish == other.publish
                && one.stretch == other.stretch && one.end == other.end
        }
    }

    /// Beyond it a flush goes on message by message.
    static let byteLimit = 2 * 1024 * 1024

    private(set) var stretch = Stretch(at: 0)
    /// What it was filled from last.
    private var source: Source?
    /// Where a player stands that got all of it; nil if there is nothing in it.
    private(set) var end: Milestone?
    /// Where the publish begins in the log.
    private(set) var publish: UInt64 = 0
    let chunkSize: Int
    private(set) var entries: [Entry] = []
    private(set) var sums = SentSums()
    private var base: UnsafeMutableRawPointer
    private var capacity = 64 * 1024
    private var count = 0

    init(chunkSize: Int) {
        self.chunkSize = chunkSize
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        base.deallocate()
    }

    var isEmpty: Bool { count == 0 }
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Takes from the feed's window what `fill(from:at:)` does, unless that is in it already: without a
    /// beat, sections get the same one after the other.
    func fill(from feed: Feed, at stretch: Stretch) {
        let source = Source(
            stream: feed.stream, publish: feed.log.startSequence, stretch: stretch,
            end: feed.log.endSequence)
        guard source != self.source else { return }
        fill(from: feed.log, at: stretch)
        self.source = source
    }

    /// Takes what goes out alike to all from `[stretch.start, log.endSequence)`: all, or the beginning.
    func fill(from log: StreamLog, at stretch: Stretch) {
        source = nil
        self.stretch = stretch
        entries.removeAll(keepingCapacity: true)
        sums = SentSums()
        count = 0
        end = nil
        publish = log.startSequence
        var sequence = stretch.start
        guard sequence >= log.firstSequence else {
            self.stretch = Stretch(at: log.endSequence)
            return
        }
        while sequence < log.endSequence {
            let media = log[sequence]
            guard count + media.payload.count <= ChunkRun.byteLimit,
                let delta = self.stretch.extend(with: media)
            else { break }
            append(media, delta: delta)
            sequence &+= 1
        }
        if !isEmpty { end = log.milestone(at: sequence) }
        while sequence < log.endSequence {
            self.stretch.note(log[sequence])
            sequence &+= 1
        }
    }

    private func append(_ media: MediaMessage, delta: UInt32) {
        // Of the message stream nothing is written.
        let message = OutgoingMessage(
            media: media, messageStreamID: 0, chunkSize: chunkSize, delta: delta)
        reserve(message.wireBytes)
        count += message.writeFirstHeader(to: base + count)
        let payload = media.payload
        var offset = 0
        while true {
            let chunk = min(chunkSize, payload.count - offset)
            (base + count).copyMemory(from: payload.pointer + offset, byteCount: chunk)
            count += chunk
            offset += chunk
            guard offset < payload.count else { break }
            count += ChunkEncoder.writeContinuationHeader(
                to: base + count, chunkStreamID: message.chunkStreamID, timestamp: 0)
        }
        let one = SentSums(of: message)
        sums.add(one)
        entries.append(Entry(kind: media.kind, delta: delta, end: count, sums: one))
    }

    private func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        capacity = max(2 * capacity, count + more)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        moved.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = moved
    }
}
