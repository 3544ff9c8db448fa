import Posix
package import RTMP
import Relay
package import Telemetry

/// A recording: media in, files out, one after another.
///
///     waiting ──▶ writing ──▶ ended
///                 ▲  │ ▲ ──┐
///                 │  │ └───┘ next segment
///                 │  ▼
///                failed   tried again with a new file
///
/// Every file begins where it can be decoded, with all headers in force there, and its time at 0. A
/// file that the disk does not take to its end holds what was taken. Used by one thread.
package struct RecordingWriter: ~Copyable {
    package struct Options: Sendable {
        /// A file is finished at the first keyframe so long after its beginning; nil: never.
        package var segmentMilliseconds: UInt32?

        package init(segmentMilliseconds: UInt32? = nil) {
            self.segmentMilliseconds = segmentMilliseconds
        }
    }

    private enum State {
        case waiting
        case writing(Segment)
        case failed(retryAtNanoseconds: UInt64)
    }

    private let key: StreamKey
    private let disk: any RecordingDisk
    private let probe: RecordingProbe
    private let tell: (Event.Kind) -> Void
    private let now: () -> (monotonicNanoseconds: UInt64, wallClockMilliseconds: Int64)
    private let segmentMilliseconds: UInt32

    private var state = State.waiting
    private var beginning = FileBeginning()
    private var prelude = Prelude()
    private var headers = HeaderTable()
    /// Of the file under way, or the last one.
    private var lastPath: SafeText?
    private var files = 0
    /// Since the disk last took something; the reason of the last one.
    private var failures = 0
    private var lastFailure: SafeText?
    /// Of finished files.
    private var bytes: UInt64 = 0
    private var milliseconds: UInt64 = 0

    /// Longer than this no file is: the serial arithmetic of its times ends at 24 days.
    private static let segmentMaximum: UInt32 = 20 * 86_400_000
    private static let retryNanoseconds: UInt64 = 10_000_000_000

    package init(
        _ key: StreamKey, _ options: Options, on disk: any RecordingDisk, probe: RecordingProbe,
        tell: @escaping (Event.Kind) -> Void,
        now: @escaping () -> (monotonicNanoseconds: UInt64, wallClockMilliseconds: Int64) = {
            (Clock.monotonicNanoseconds(), Clock.wallClockMilliseconds())
        }
    ) {
        self.key = key
        self.disk = disk
        self.probe = probe
        self.tell = tell
        self.now = now
        segmentMilliseconds = min(
            options.segmentMilliseconds ?? Self.segmentMaximum, Self.segmentMaximum)
        probe.facts.post(RecordingFacts(state: .waiting))
    }

    /// The next message of the stream. It is on the disk after `flush`, or before.
    package mutating func take(_ message: MediaMessage) {
        // Behind a gap come all headers in force, those for players that take one track too.
        guard message.audience != .firstTrack else { return }
        if message.isHeader {
            headers.update(with: message, at: 0)
            headers.forget(before: .max)
        } else if message.clearsMetadata {
            headers.clearMetadata(at: 0)
        }
        let mayBegin = beginning.admits(message)
        switch state {
        case .waiting:
            if mayBegin { begin(with: message, after: nil) } else { prelude.note(message) }
        case .failed(let retryAt):
            if mayBegin, now().monotonicNanoseconds >= retryAt { begin(with: message, after: nil) }
        case .writing(let segment):
            if mayBegin, segment.milliseconds(to: message) >= segmentMilliseconds {
                guard let finished = finish(segment) else { return }
                begin(with: message, after: finished)
            } else {
                write(message, to: segment)
            }
        }
    }

    /// Hands the disk all that was taken.
    package mutating func flush() {
        guard case .writing(let segment) = state else { return }
        flush(segment)
    }

    /// The last file gets its name.
    package mutating func end(why: String) {
        defer { probe.facts.post(RecordingFacts(state: .ended, path: lastPath, why: lastFailure)) }
        guard case .writing(let segment) = state, let finished = finish(segment) else { return }
        tellEnd(of: finished, why: why)
    }

    // MARK: Steps

    /// `finished`: the file before, if this one goes on right behind it.
    private mutating func begin(with message: MediaMessage, after finished: RecordedFile?) {
        let segment: Segment
        do throws(PosixError) {
            segment = Segment(
                try disk.create(for: key, wallClockMilliseconds: now().wallClockMilliseconds),
                after: finished, firstTimestamp: message.timestamp)
        } catch {
            tellEnd(of: finished, why: "failed")
            return fail(RecordedFile(path: SafeText(disk.path)), error)
        }
        state = .writing(segment)
        for header in headers.inForce { segment.write(header) }
        for sound in prelude.take(before: message) { segment.write(sound) }
        write(message, to: segment)
    }

    /// The disk has the beginning of a file: it is one.
    private mutating func announce(_ segment: Segment) {
        failures = 0
        lastFailure = nil
        let path = SafeText(segment.file.path)
        lastPath = path
        probe.facts.post(RecordingFacts(state: .writing, path: path))
        if let finished = segment.predecessor {
            tell(.recordSegment(stream: probe.stream, finished, next: path))
        } else {
            tell(.recordStart(stream: probe.stream, path: path))
        }
    }

    private func tellEnd(of finished: RecordedFile?, why: String) {
        guard let finished else { return }
        tell(.recordEnd(stream: probe.stream, finished, files: files, why: why))
    }

    private mutating func write(_ message: MediaMessage, to segment: Segment) {
        segment.write(message)
        if segment.pendingBytes >= Segment.batchBytes { flush(segment) }
    }

    private mutating func flush(_ segment: Segment) {
        do throws(PosixError) {
            if try segment.flush() { announce(segment) }
            probe.bytes.set(bytes &+ segment.bytes)
            probe.milliseconds.set(milliseconds &+ segment.milliseconds)
        } catch {
            abandon(segment, error)
        }
    }

    /// nil: the disk refused, and that is told.
    private mutating func finish(_ segment: Segment) -> RecordedFile? {
        do throws(PosixError) {
            if try segment.flush() { announce(segment) }
        } catch {
            abandon(segment, error)
            return nil
        }
        do throws(PosixError) {
            return try settle(segment)
        } catch {
            fail(segment.recorded(as: segment.file.path + RecordingName.unfinished), error)
            return nil
        }
    }

    private mutating func settle(_ segment: Segment) throws(PosixError) -> RecordedFile {
        let finished = segment.recorded(as: try segment.finish())
        files += 1
        bytes &+= finished.bytes
        milliseconds &+= finished.milliseconds
        lastPath = finished.path
        probe.bytes.set(bytes)
        probe.milliseconds.set(milliseconds)
        return finished
    }

    /// The file ends with what the disk has taken of it.
    private mutating func abandon(_ segment: Segment, _ reason: PosixError) {
        guard segment.holdsFrames else {
            segment.file.discard()
            tellEnd(of: segment.predecessor, why: "failed")
            return fail(RecordedFile(path: SafeText(segment.file.path)), reason)
        }
        do throws(PosixError) {
            fail(try settle(segment), reason)
        } catch {
            // It stays unfinished for the next start; what came first is the reason to tell.
            fail(segment.recorded(as: segment.file.path + RecordingName.unfinished), reason)
        }
    }

    private mutating func fail(_ file: RecordedFile, _ error: PosixError) {
        let retry = min(Self.retryNanoseconds, UInt64(segmentMilliseconds) * 1_000_000)
        state = .failed(retryAtNanoseconds: now().monotonicNanoseconds + retry)
        let why = SafeText(error.description)
        lastFailure = why
        probe.facts.post(RecordingFacts(state: .failed, path: file.path, why: why))
        failures += 1
        // A disk that stays full is told of once.
        if failures == 1 { tell(.recordFail(stream: probe.stream, file, why: why)) }
    }
}

/// A file of a recording and the bytes on their way to it.
private final class Segment {
    let file: any RecordingFile
    /// The file that ended right before this one.
    let predecessor: RecordedFile?
    private var flv = FLVWriter(keyframesMaximum: Segment.keyframesMaximum, awaitsVideo: false)
    /// As the disk has it.
    private var written: FLVWriter?
    private var pending = ByteWriter(reserving: Segment.batchBytes)
    private let firstTimestamp: UInt32

    static let batchBytes = 256 << 10
    /// 36 kB of index; of a longer recording every second, fourth … keyframe stands in it.
    private static let keyframesMaximum = 2048

    init(
        _ file: any RecordingFile, after predecessor: RecordedFile?, firstTimestamp: UInt32
    ) {
        self.file = file
        self.predecessor = predecessor
        self.firstTimestamp = firstTimestamp
    }

    var pendingBytes: Int { pending.count }
    var bytes: UInt64 { written?.position ?? 0 }
    var milliseconds: UInt64 { UInt64(written?.figures.durationMilliseconds ?? 0) }

    /// The first write has a frame.
    var holdsFrames: Bool { written != nil }

    /// From the first frame, in the stream's time; 0 for what lies before it.
    func milliseconds(to message: MediaMessage) -> UInt32 {
        UInt32(clamping: Int32(bitPattern: message.timestamp &- firstTimestamp))
    }

    func write(_ message: MediaMessage) {
        flv.write(message, into: &pending)
    }

    /// - Returns: whether this is the first that the disk has of the file.
    func flush() throws(PosixError) -> Bool {
        guard pending.count > 0 else { return false }
        try file.append(pending.bytes)
        pending.removeAll()
        defer { written = flv }
        return written == nil
    }

    func finish() throws(PosixError) -> String {
        try file.finish(bytes: bytes, patches: written?.patches() ?? [])
    }

    func recorded(as path: String) -> RecordedFile {
        RecordedFile(path: SafeText(path), bytes: bytes, milliseconds: milliseconds)
    }
}
