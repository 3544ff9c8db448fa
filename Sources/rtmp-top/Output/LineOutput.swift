import Monitor
import Posix
import Synchronization

/// A file that may block for ever, with a thread of its own and a bounded queue in front.
///
/// Whoever has lines appends them and never waits; lines that do not fit are lost and counted. One that
/// is let go without being finished ends at once.
final class LineOutput: Sendable {
    private let channel: Channel
    private let thread: Thread
    private let isFinished = Atomic(false)

    private static let capacityBytes = 1 << 20

    /// Starts the thread, which writes to the end of a file, or to a duplicate of a descriptor where no
    /// file is named.
    ///
    /// - Parameter option: what names the file.
    init(
        name: String, toEndOf path: String?, option: String, elseDescriptor descriptor: Int32
    ) throws(Failure) {
        do throws(PosixError) {
            let file =
                if let path {
                    try File.openForAppend(path)
                } else {
                    try File(duplicating: descriptor)
                }
            let channel = try Channel(file, Self.capacityBytes)
            self.channel = channel
            thread = try Thread.start(name: name) { channel.run() }
        } catch {
            guard let path else { throw .internal("cannot start: \(error)") }
            throw .usage("\(option) \(path): \(error.reason)")
        }
    }

    /// `missed` makes the line that takes the place of so many lost ones.
    func append(_ lines: LineBatch, missed: (UInt64) -> [UInt8]) {
        guard !lines.isEmpty else { return }
        channel.queue.withLock { $0.append(lines, missed: missed) }
        channel.wakeup.signal()
    }

    /// Ends the thread when all is written, or when the time is over.
    func finish(withinNanoseconds time: UInt64) {
        guard !isFinished.exchange(true, ordering: .acquiringAndReleasing) else { return }
        channel.end.withLock { $0 = Clock.monotonicNanoseconds() + time }
        channel.wakeup.signal()
        thread.join()
    }

    deinit {
        finish(withinNanoseconds: 0)
    }

    /// What the two sides share.
    private final class Channel: Sendable {
        let queue: Lock<LineQueue>
        let end = Lock<UInt64?>(nil)
        let wakeup: Wakeup
        private let file: File

        init(_ file: consuming File, _ capacityBytes: Int) throws(PosixError) {
            self.file = file
            queue = Lock(LineQueue(capacity: capacityBytes))
            wakeup = try Wakeup()
        }

        func run() {
            var bytes: [UInt8] = []
            while true {
                if bytes.isEmpty { bytes = next() }
                let end = end.withLock { $0 }
                if bytes.isEmpty {
                    if end != nil { return }
                    wakeup.wait()
                } else if !write(&bytes) {
                    if let end, Clock.monotonicNanoseconds() >= end { return }
                    // Nobody tells us when a reader reads again: ask twenty times a second.
                    wakeup.wait(timeoutMilliseconds: 50)
                }
            }
        }

        /// Bytes leave the queue before they are written: no lock is held across a system call.
        private func next() -> [UInt8] {
            queue.withLock { queue in
                var bytes: [UInt8] = []
                queue.drain { waiting in
                    bytes = Array(waiting.prefix(65536))
                    return bytes.count
                }
                return bytes
            }
        }

        /// False: the reader takes nothing now.
        private func write(_ bytes: inout [UInt8]) -> Bool {
            do {
                let result = try bytes.withUnsafeBytes { bytes throws(PosixError) in
                    try file.writeIfReady(bytes)
                }
                guard case .bytes(let count) = result else { return false }
                bytes.removeFirst(count)
                return true
            } catch {
                // The reader is gone for good. The server serves on.
                bytes = []
                return true
            }
        }
    }
}
