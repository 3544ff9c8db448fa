import Posix
import RTMP

/// Plays a stream into an FLV file or a pipe: metadata first, then headers, then media from the first
/// keyframe on, its time beginning at 0 and never going back.
public struct FLVReceiver: Sendable {
    public enum Output: Sendable {
        /// What was there before is written over.
        case file(String)
        case standardOutput
        /// Nothing is written.
        case none
    }

    public var output: Output
    /// From the first packet on; then the end.
    public var limit: Duration?
    /// Heard about every second while it goes on.
    public var report: (@Sendable (StreamProgress) -> Void)?

    public init(output: Output) {
        self.output = output
    }

    /// Until the stream or the time is over, or the signal was given: those are good ends. The reader
    /// of standard output may go away too.
    public func run(
        from url: String, options: ClientOptions = ClientOptions(), stop: StopSignal
    ) throws(ClientError) -> StreamProgress {
        var run = ReceiverRun(self, stop)
        return try run.run(from: url, options)
    }
}

/// One run of a receiver, on the thread that called it.
private struct ReceiverRun: ~Copyable {
    private let receiver: FLVReceiver
    private let stop: StopSignal
    private var writer = FLVWriter(keyframesMaximum: 0)
    private var file: FLVOutput?
    private var begin: UInt64?
    private var reportedAt: UInt64 = 0
    private var progress = StreamProgress()

    private static let reportNanoseconds: UInt64 = 1_000_000_000

    init(_ receiver: FLVReceiver, _ stop: StopSignal) {
        self.receiver = receiver
        self.stop = stop
    }

    mutating func run(
        from url: String, _ options: ClientOptions
    ) throws(ClientError) -> StreamProgress {
        let player: Player
        do throws(ClientError) {
            player = try Player(from: url, options: options, stop: stop)
        } catch .stopped {
            return progress
        }
        defer { player.finish() }
        // Not before the server said yes: a refusal leaves the file as it was.
        file = try FLVOutput(receiver.output, stop: stop)
        do throws(ClientError) {
            try play(player)
        } catch .stopped {
            // A good end, as any other.
        } catch {
            try file?.finish(writer.patches())
            throw error
        }
        try file?.finish(writer.patches())
        report(isLast: true)
        return progress
    }

    private mutating func play(_ player: Player) throws(ClientError) {
        while true {
            let limit = receiver.limit.flatMap { limit in
                begin.map { $0.addingClamped(limit.nanoseconds) }
            }
            switch try player.next(until: limit) {
            case .media(let packet):
                try write(packet)
                if let limit, Clock.monotonicNanoseconds() >= limit { return }
            case .ended: return
            case .timeOver: return
            }
        }
    }

    private mutating func write(_ packet: MediaPacket) throws(ClientError) {
        if begin == nil { begin = Clock.monotonicNanoseconds() }
        var bytes = ByteWriter(reserving: packet.byteCount + 64)
        if writer.write(packet.media, into: &bytes) {
            progress.packets += 1
            progress.bytes += UInt64(packet.byteCount)
        } else {
            progress.dropped += 1
        }
        progress.mediaTime = .milliseconds(Int64(writer.figures.lastTimestamp))
        try file?.write(bytes.bytes)
        report(isLast: false)
    }

    private mutating func report(isLast: Bool) {
        let now = Clock.monotonicNanoseconds()
        progress.elapsed = .nanoseconds(Int64(clamping: now &- (begin ?? now)))
        guard isLast || now &- reportedAt >= Self.reportNanoseconds else { return }
        reportedAt = now
        receiver.report?(progress)
    }
}
