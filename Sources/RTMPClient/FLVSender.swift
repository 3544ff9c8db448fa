import Posix
import RTMP

/// Publishes an FLV file, or what comes through standard input, by its timestamps.
public struct FLVSender: Sendable {
    /// nil: standard input.
    public var path: String?
    /// As fast as the server takes it, instead of at the pace of its timestamps.
    public var isFast = false
    /// Again and again; the time goes on. A file only.
    public var loops = false
    /// Of media; then the end.
    public var limit: Duration?
    /// Heard about every second while it goes on.
    public var report: (@Sendable (StreamProgress) -> Void)?

    public init(path: String?) {
        self.path = path
    }

    /// Until the file or the time is over, or the signal was given: those are good ends.
    ///
    /// The input is read up to its first frame before the server is dialled, so that what needs
    /// Enhanced RTMP is announced, and a file that is none never gets that far.
    public func run(
        to url: String, options: ClientOptions = ClientOptions(), stop: StopSignal
    ) throws(ClientError) -> StreamProgress {
        var run = SenderRun(self, try FLVInput(path: path), stop)
        return try run.run(to: url, options)
    }
}

/// One run of a sender, on the thread that called it.
private struct SenderRun: ~Copyable {
    private let sender: FLVSender
    private let input: FLVInput
    private let stop: StopSignal
    private var pacing = FLVPacing()
    private var begin: UInt64?
    private var reportedAt: UInt64 = 0
    private var progress = StreamProgress()

    private static let reportNanoseconds: UInt64 = 1_000_000_000
    /// What is read ahead to know whether Enhanced RTMP is needed: metadata and sequence headers.
    private static let openingMaximum = 64

    init(_ sender: FLVSender, _ input: FLVInput, _ stop: StopSignal) {
        self.sender = sender
        self.input = input
        self.stop = stop
    }

    mutating func run(
        to url: String, _ options: ClientOptions
    ) throws(ClientError) -> StreamProgress {
        let opening: [FLVTag]
        do throws(ClientError) {
            opening = try readOpening()
        } catch .stopped {
            return progress
        }
        let publisher: Publisher
        do throws(ClientError) {
            publisher = try Publisher(
                to: url, options: options,
                needsEnhanced: opening.contains { MediaPacket($0)?.isEnhanced == true }, stop: stop)
        } catch .stopped {
            return progress
        }
        do throws(ClientError) {
            for tag in opening { try send(tag, publisher) }
            while let tag = try next(publisher) { try send(tag, publisher) }
        } catch .stopped {
            // Said below, as at every other end.
        } catch .malformedFile(let name, let reason) {
            // What was whole is the server's.
            publisher.finish()
            throw .malformedFile(name, reason: reason)
        }
        guard publisher.finish() || stop.wasGiven else { throw .timedOut(.sending) }
        report(isLast: true)
        return progress
    }

    /// The tags up to the first frame.
    private func readOpening() throws(ClientError) -> [FLVTag] {
        var opening: [FLVTag] = []
        while opening.count < Self.openingMaximum {
            switch try input.next() {
            case .tag(let tag):
                opening.append(tag)
                if MediaPacket(tag)?.isFrame == true { return opening }
            case .needsInput:
                var awaited = [
                    Readiness(stop.descriptor, .readable), Readiness(input.descriptor, .readable),
                ]
                do throws(PosixError) {
                    try Readiness.wait(for: &awaited)
                } catch {
                    throw .system(error.description)
                }
                if awaited[0].isReady { throw .stopped }
                if awaited[1].isReady { try input.read() }
            case .end:
                return opening
            }
        }
        return opening
    }

    /// The next tag to be sent; nil at the end.
    private mutating func next(_ publisher: Publisher) throws(ClientError) -> FLVTag? {
        while true {
            switch try input.next() {
            case .tag(let tag):
                return tag
            case .needsInput:
                _ = try publisher.wait(until: nil, readable: input.descriptor)
                try input.read()
            case .end:
                guard sender.loops, sender.path != nil, input.tags > 0 else { return nil }
                try input.rewind()
                pacing.restart()
            }
        }
    }

    private mutating func send(_ tag: FLVTag, _ publisher: Publisher) throws(ClientError) {
        let due = pacing.due(tag)
        if let limit = sender.limit, due.milliseconds > limit.nanoseconds / 1_000_000 {
            throw .stopped
        }
        progress.mediaTime = .milliseconds(due.milliseconds)
        var timed = tag
        timed.timestamp = due.timestamp
        guard let packet = MediaPacket(timed) else {
            progress.dropped += 1
            return
        }
        try waitUntil(due, publisher)
        try publisher.send(packet)
        progress.packets += 1
        progress.bytes += UInt64(packet.byteCount)
        report(isLast: false)
    }

    /// Not for what comes late anyhow: from a pipe that is itself paced, everything does.
    private mutating func waitUntil(
        _ due: FLVPacing.Due, _ publisher: Publisher
    ) throws(ClientError) {
        let now = Clock.monotonicNanoseconds()
        let begin = begin ?? now
        self.begin = begin
        guard !sender.isFast else { return }
        let time = begin &+ due.milliseconds &* 1_000_000
        // Even what is late passes through here, so that it leaves at once.
        _ = try publisher.wait(until: max(time, now), readable: nil)
    }

    private mutating func report(isLast: Bool) {
        let now = Clock.monotonicNanoseconds()
        progress.elapsed = .nanoseconds(Int64(clamping: now &- (begin ?? now)))
        guard isLast || now &- reportedAt >= Self.reportNanoseconds else { return }
        reportedAt = now
        sender.report?(progress)
    }
}
