package import Posix
package import RTMP
package import Relay
import Synchronization
package import Telemetry

/// All recordings of a server: which streams are recorded, and the threads that do it.
package final class Recordings: Sendable {
    package struct Options: Sendable {
        package var folder: String
        /// Every publish is recorded from its beginning.
        package var recordsAll: Bool
        /// And of these, where not every one is.
        package var streams: [StreamPattern]
        package var writer: RecordingWriter.Options

        package init(
            folder: String, recordsAll: Bool = false, streams: [StreamPattern] = [],
            writer: RecordingWriter.Options = RecordingWriter.Options()
        ) {
            self.folder = folder
            self.recordsAll = recordsAll
            self.streams = streams
            self.writer = writer
        }
    }

    private struct Running {
        let recorder: Recorder
        let thread: Thread
    }

    private let options: Options
    private let disk: any RecordingDisk
    private let registry: ProbeRegistry
    private let teller: Teller
    private let running = Lock<[Running]>([])
    private let repairs = Repairs()
    private let room = Room()
    /// Signalled by each thread at its end.
    private let ended: Wakeup

    private static let stackBytes = 256 << 10

    /// Media that waits for disks has a bound of one recording and one of all together.
    private final class Room: Sendable {
        let recordings = Atomic<Int>(0)
        static let bytesMaximum = 32 << 20
        static let bytesOfAllMaximum = 512 << 20

        var bytesOfEach: Int {
            min(
                Self.bytesMaximum,
                Self.bytesOfAllMaximum / max(recordings.load(ordering: .relaxed), 1))
        }
    }

    package convenience init(
        _ options: Options, registry: ProbeRegistry
    ) throws(PosixError) {
        try self.init(options, on: RecordingFolder(options.folder), registry: registry)
    }

    package init(
        _ options: Options, on disk: any RecordingDisk, registry: ProbeRegistry
    ) throws(PosixError) {
        self.options = options
        self.disk = disk
        self.registry = registry
        ended = try Wakeup()
        teller = Teller(registry)
    }

    /// What the engine asks when somebody begins to publish.
    package func sinks(for key: StreamKey) -> [any MediaSink] {
        guard options.recordsAll || options.streams.contains(where: { $0.matches(key) }) else {
            return []
        }
        return begin(key).map { [$0] } ?? []
    }

    /// A new recording of a stream that is live; nil: it is recorded already, or there is no thread
    /// for it, which is told.
    package func begin(_ key: StreamKey) -> (any MediaSink)? {
        reap()
        do throws(PosixError) {
            // Who asks at the same time waits for the thread to be made: a stream has one recording.
            return try running.withLock { running throws(PosixError) in
                let isRecorded = running.contains {
                    $0.recorder.key == key && !$0.recorder.isEnding
                }
                guard !isRecorded else { return nil }
                let new = try start(key)
                running.append(new)
                return new.recorder
            }
        } catch {
            let file = RecordedFile(path: SafeText(disk.path))
            teller.tell(
                .recordFail(
                    stream: SafeText(key.description), file, why: SafeText(error.description)))
            return nil
        }
    }

    /// Ends the recording of a stream; false: there is none.
    @discardableResult
    package func stop(streamNamed name: SafeText) -> Bool {
        let found = running.withLock { running in
            running.map(\.recorder).filter { $0.probe.stream == name && !$0.isEnding }
        }
        for recorder in found { recorder.stop() }
        return !found.isEmpty
    }

    /// Makes whole what an earlier run left, on a thread of its own: it may be much.
    package func repairLeftovers() throws(PosixError) {
        guard let folder = disk as? RecordingFolder else { return }
        repairs.isOver.store(false, ordering: .relaxed)
        let thread = try Thread.start(name: "repair") { [teller, ended, repairs] in
            folder.repairLeftovers { teller.tell($0) }
            repairs.isOver.store(true, ordering: .releasing)
            ended.signal()
        }
        repairs.thread.withLock { $0 = thread }
    }

    /// Waits until all that was recorded is written, when no stream is published any more. What a disk
    /// does not take in time stays unfinished, and is told.
    package func finish(withinNanoseconds limit: UInt64) {
        let deadline = Clock.monotonicNanoseconds() + limit
        let rest = running.withLock { running in
            defer { running = [] }
            return running
        }
        for recording in rest { recording.recorder.end() }
        let isOver = {
            rest.allSatisfy(\.recorder.hasEnded)
                && self.repairs.isOver.load(ordering: .acquiring)
        }
        while !isOver() {
            let now = Clock.monotonicNanoseconds()
            guard now < deadline else { break }
            ended.wait(timeoutMilliseconds: Int32(clamping: (deadline - now) / 1_000_000 + 1))
        }
        for recording in rest { leave(recording) }
        guard let repair = repairs.thread.withLock({ $0.take() }) else { return }
        if repairs.isOver.load(ordering: .acquiring) { repair.join() } else { repair.detach() }
    }

    // MARK: Threads

    private final class Repairs: Sendable {
        let thread = Lock<Thread?>(nil)
        let isOver = Atomic<Bool>(true)
    }

    private func start(_ key: StreamKey) throws(PosixError) -> Running {
        let recorder = try Recorder(key) { [room] in room.bytesOfEach }
        room.recordings.add(1, ordering: .relaxed)
        let (disk, teller, room, ended) = (disk, teller, room, ended)
        let writer = options.writer
        let thread: Thread
        do throws(PosixError) {
            thread = try Thread.start(name: "recorder", stackBytes: Self.stackBytes) {
                recorder.run(writer, on: disk, teller: teller)
                room.recordings.subtract(1, ordering: .relaxed)
                ended.signal()
            }
        } catch {
            room.recordings.subtract(1, ordering: .relaxed)
            throw error
        }
        registry.add(recorder.probe)
        return Running(recorder: recorder, thread: thread)
    }

    /// Joins the threads that are through.
    private func reap() {
        let over = running.withLock { running in
            var (over, rest): ([Running], [Running]) = ([], [])
            // Asked once: a thread may end at any moment.
            for recording in running {
                if recording.recorder.hasEnded {
                    over.append(recording)
                } else {
                    rest.append(recording)
                }
            }
            running = rest
            return over
        }
        for recording in over { recording.thread.join() }
    }

    private func leave(_ recording: Running) {
        if recording.recorder.hasEnded { return recording.thread.join() }
        recording.thread.detach()
        let file = RecordedFile(
            path: SafeText(disk.path), bytes: recording.recorder.probe.bytes.read())
        teller.tell(
            .recordFail(
                stream: recording.recorder.probe.stream, file,
                why: "the disk does not answer; what it has is left unfinished"))
    }
}

extension Teller {
    fileprivate func tell(_ leftover: RecordingFolder.Leftover) {
        switch leftover {
        case .repaired(let path, let repair):
            let file = RecordedFile(
                path: SafeText(path), bytes: repair.after,
                milliseconds: UInt64(repair.file.figures.durationMilliseconds))
            tell(.recordRepair(file, cutBytes: repair.before - min(repair.after, repair.before)))
        case .removed(let path):
            tell(.note(.info, source: "record", "\(SafeText(path)) held no frame and is removed"))
        case .failed(let path, let why):
            tell(
                .note(
                    .error, source: "record",
                    "\(SafeText(path)) cannot be repaired: \(SafeText(why))"))
        }
    }
}
