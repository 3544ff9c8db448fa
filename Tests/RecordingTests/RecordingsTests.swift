import Posix
import RTMP
import Relay
import Telemetry
import Testing

@testable import Recording

/// A disk that does not answer until it is told to.
private final class HungDisk: RecordingDisk {
    private let disk = FakeDisk()
    let gate: Wakeup
    /// A write has begun.
    let isAsked: Wakeup

    init() throws {
        gate = try Wakeup()
        isAsked = try Wakeup()
    }

    var path: String { "hung" }

    func create(
        for key: StreamKey, wallClockMilliseconds: Int64
    ) throws(PosixError) -> any RecordingFile {
        HungFile(try disk.create(for: key, wallClockMilliseconds: 0), self)
    }
}

private final class HungFile: RecordingFile {
    private let file: any RecordingFile
    private let disk: HungDisk
    private var hasHung = false

    init(_ file: any RecordingFile, _ disk: HungDisk) {
        self.file = file
        self.disk = disk
    }

    var path: String { file.path }

    func append(_ bytes: [UInt8]) throws(PosixError) {
        if !hasHung {
            hasHung = true
            disk.isAsked.signal()
            disk.gate.wait()
        }
        try file.append(bytes)
    }

    func finish(bytes: UInt64, patches: [FLVWriter.Patch]) throws(PosixError) -> String {
        try file.finish(bytes: bytes, patches: patches)
    }

    func discard() { file.discard() }
}

/// Recordings on threads of their own, on a disk that hangs.
@Suite struct RecordingsTests {
    private let disk: HungDisk
    private let registry = ProbeRegistry()
    private let recordings: Recordings
    private let key = StreamKey(app: "live", name: "cam")

    init() throws {
        disk = try HungDisk()
        recordings = try Recordings(
            Recordings.Options(folder: "", recordsAll: true), on: disk, registry: registry)
    }

    private func told() -> [Event.Kind] {
        var told: [Event.Kind] = []
        for lanes in registry.takeNewLanes() {
            while let event = lanes.events.take() { told.append(event.kind) }
        }
        return told
    }

    /// Until the disk hangs.
    private func begin() throws -> (sink: any MediaSink, log: StreamLog) {
        let sink = try #require(recordings.sinks(for: key).first)
        var log = StreamLog()
        for message in [MediaMessage.videoHeader(at: 0), .keyframe(at: 0)] {
            log.append(message)
            #expect(sink.take(message, in: log))
        }
        disk.isAsked.wait()
        return (sink, log)
    }

    @Test func `while the disk hangs memory has a bound, and what is left out is told`() throws {
        var (sink, log) = try begin()
        let probe = try #require(registry.takeNewRecordings().first)
        // 64 MiB, and no call waits.
        for number in 1...64 as ClosedRange<UInt32> {
            let message = MediaMessage.inter(at: number * 40, size: 1 << 20)
            log.append(message)
            #expect(sink.take(message, in: log))
        }
        #expect(probe.skippedFrames.read() > 32)
        disk.gate.signal()
        sink.end()
        recordings.finish(withinNanoseconds: 10_000_000_000)
        var skipped: UInt64 = 0
        var end: RecordedFile?
        for kind in told() {
            switch kind {
            case .recordSkip(_, let frames): skipped += frames
            case .recordEnd(_, let file, _, "ended"): end = file
            default: break
            }
        }
        #expect(skipped == probe.skippedFrames.read())
        #expect(try #require(end).bytes < 33 << 20)
        #expect(probe.isOver)
    }

    @Test func `a multitrack frame with its form for one track is one frame`() throws {
        var (sink, log) = try begin()
        let probe = try #require(registry.takeNewRecordings().first)
        for number in 1...40 as ClosedRange<UInt32> {
            let whole = MediaMessage.inter(at: number * 40, size: 1 << 20)
            var first = MediaMessage.inter(at: number * 40)
            first.audience = .firstTrack
            for message in [whole, first] {
                log.append(message)
                #expect(sink.take(message, in: log))
            }
        }
        #expect((8...9).contains(probe.skippedFrames.read()))
        disk.gate.signal()
        sink.end()
        recordings.finish(withinNanoseconds: 10_000_000_000)
    }

    @Test func `a disk that never answers does not keep the server from ending`() throws {
        let (sink, _) = try begin()
        sink.end()
        recordings.finish(withinNanoseconds: 1_000_000)
        let isTold = told().contains {
            if case .recordFail(_, _, let why) = $0 {
                why.description.contains("answer")
            } else {
                false
            }
        }
        #expect(isTold)
        disk.gate.signal()
    }

    @Test func `a stream is recorded once at a time`() throws {
        let (sink, log) = try begin()
        #expect(recordings.begin(key) == nil)
        disk.gate.signal()
        #expect(recordings.stop(streamNamed: "live/cam"))
        #expect(!sink.take(.inter(at: 40), in: log))
        #expect(recordings.begin(key) != nil)
        disk.gate.signal()
        recordings.finish(withinNanoseconds: 10_000_000_000)
    }

    @Test func `of several who begin at the same time one records, and every thread is joined`()
        throws
    {
        let begun = Lock(0)
        for _ in 0..<50 {
            let callers = try (0..<4).map { _ in
                try Thread.start(name: "caller") { [recordings, key] in
                    if recordings.begin(key) != nil { begun.withLock { $0 += 1 } }
                }
            }
            for caller in callers { caller.join() }
            #expect(recordings.stop(streamNamed: "live/cam"))
        }
        #expect(begun.withLock { $0 } == 50)
        recordings.finish(withinNanoseconds: 10_000_000_000)
    }
}
