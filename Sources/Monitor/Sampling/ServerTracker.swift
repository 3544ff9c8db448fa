import Telemetry

/// What the sampler remembers of the server as a whole.
struct ServerTracker {
    var figures = ServerFigures()
    private let readProcess: () -> ProcessFigures
    /// Of sessions that ended.
    private var bytesInBefore: UInt64 = 0
    private var bytesOutBefore: UInt64 = 0
    private var skippedVideoBefore: UInt64 = 0
    /// At the last sample of the history.
    private var droppedBefore: UInt64 = 0
    private var totals = SampleRing<(bytesIn: UInt64, bytesOut: UInt64)>(
        window: Window.rate, spacing: Window.spacing)
    private var processor = SampleRing<UInt64>(window: Window.second, spacing: Window.spacing)

    /// - Parameter readProcess: what the system says of this process; asked once a second.
    init(startedAtNanoseconds: UInt64, readProcess: @escaping () -> ProcessFigures) {
        self.readProcess = readProcess
        figures.startedAtNanoseconds = startedAtNanoseconds
        totals.append((0, 0), atNanoseconds: startedAtNanoseconds)
    }

    mutating func started(listen: [String], version: String, atNanoseconds at: UInt64) {
        figures.listen = listen
        figures.version = version
        figures.startedAtNanoseconds = at
    }

    /// A session ended: what it did stays done.
    mutating func bury(_ row: SessionRow) {
        bytesInBefore += row.bytesIn
        bytesOutBefore += row.bytesOut
        skippedVideoBefore += row.skippedVideo
    }

    /// - Parameter newSeconds: how many have passed since the last sample of the history.
    mutating func look(
        at rows: [SessionRow], _ counts: ProcessProbe.Counts, nowNanoseconds now: UInt64,
        newSeconds: Int
    ) {
        figures.upNanoseconds = now.grown(since: figures.startedAtNanoseconds)
        figures.accepted = counts.accepted
        figures.closed = counts.closed
        figures.refused = counts.refused
        figures.handshakesFailed = counts.handshakesFailed
        figures.count(rows)
        figures.bytesIn += bytesInBefore
        figures.bytesOut += bytesOutBefore
        figures.skippedVideo += skippedVideoBefore
        if let base = totals.base(ofWindow: Window.rate, endingAt: now) {
            func bitsPerSecond(_ bytes: UInt64, since before: UInt64) -> Double {
                8 * Window.perSecond(bytes.grown(since: before), from: base.atNanoseconds, to: now)
            }
            figures.bitsPerSecondIn = bitsPerSecond(figures.bytesIn, since: base.value.bytesIn)
            figures.bitsPerSecondOut = bitsPerSecond(figures.bytesOut, since: base.value.bytesOut)
        }
        totals.append((figures.bytesIn, figures.bytesOut), atNanoseconds: now)
        if newSeconds > 0 || processor.isEmpty { lookAtProcess(now) }
        if newSeconds > 0 {
            figures.remember(gaps: newSeconds - 1, droppedBefore: droppedBefore)
            droppedBefore = figures.skippedVideo
        }
    }

    private mutating func lookAtProcess(_ now: UInt64) {
        let process = readProcess()
        figures.residentBytes = process.residentBytes
        figures.openDescriptors = process.openDescriptors
        figures.descriptorLimit = process.descriptorLimit
        guard let spent = process.cpuNanoseconds else { return }
        if let base = processor.newest, now > base.atNanoseconds {
            figures.cpuPercent =
                100 * Double(spent.grown(since: base.value)) / Double(now - base.atNanoseconds)
        }
        processor.append(spent, atNanoseconds: now)
    }
}
