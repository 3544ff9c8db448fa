import Telemetry

/// What the sampler remembers of one session between two looks at its probe, besides its row.
///
/// A class, since a thousand stand in an array. The rows stand in one of their own, which snapshots
/// share: all here that changes a row is handed it.
final class SessionTracker {
    /// Counters that rates are made of.
    private struct Totals {
        var bytesIn: UInt64 = 0
        var bytesOut: UInt64 = 0
        var videoFrames: UInt64 = 0
        var audioFrames: UInt64 = 0
        var videoBytes: UInt64 = 0
        var audioBytes: UInt64 = 0
    }

    let probe: ConnectionProbe
    private(set) var isClosed = false
    private(set) var blackBox = BlackBox()
    private(set) var detail: ConnectionDetail?
    /// Keyframe intervals since the last look, newest last.
    private(set) var newGOPs: [UInt64] = []
    private(set) var history: [SessionSecond] = []
    /// As it stood when it ended: with the role and the stream it had last, and its queue.
    private(set) var ended: SessionRow?
    /// What it published or played last.
    private var lastRole: ConnectionFacts.Role?
    private var lastStream: SafeText?
    /// Frames skipped since the last look.
    private(set) var newSkips: UInt64 = 0

    private var totals = SampleRing<Totals>(window: Window.frames, spacing: Window.spacing)
    private var alignments = SampleRing<Double>(
        window: Window.alignment, spacing: Window.second / 10)
    /// Empty until there is one; of equal ones the first: between two samples the earlier holds.
    private var retransmits = SampleRing<UInt64>(
        window: Window.retransmits, spacing: Window.shortest)
    /// The first seconds of A-V, until the baseline stands.
    private var baselineSamples: [Double] = []
    private var baselineEndsAt: UInt64?
    private var mediaStartedAt: UInt64?
    /// What moves by itself, and when it last did.
    private var movedBytes: UInt64 = 0
    private var movedElse: UInt64 = 0
    private var movedAtNanoseconds: UInt64
    private var pingedAtNanoseconds: UInt64 = 0
    /// The second remembered last, and how many before it were the same.
    private var newestSecond = SessionSecond()
    private var sameSeconds = 0
    private var clock = ClockMeter()
    private var lateness = SlidingMaximum()

    init(_ probe: ConnectionProbe) {
        self.probe = probe
        movedAtNanoseconds = probe.acceptedAtNanoseconds
        totals.append(Totals(), atNanoseconds: probe.acceptedAtNanoseconds)
    }

    /// As it stands before the first look.
    var firstRow: SessionRow {
        SessionRow(
            id: probe.id, facts: ConnectionFacts(), peer: probe.peer, listener: probe.listener,
            acceptedAtNanoseconds: probe.acceptedAtNanoseconds, upNanoseconds: 0, bytesIn: 0,
            bytesOut: 0)
    }

    func keep(_ message: CapturedMessage) {
        blackBox.append(message)
    }

    /// Reads the probe. A closed session is read once more and then stands still.
    func look(_ row: inout SessionRow, nowNanoseconds now: UInt64) {
        newGOPs = []
        newSkips = 0
        if let detail = probe.detail.take() { self.detail = detail }
        guard !isClosed else { return }
        let hasNewFacts = takeFacts(&row)
        let motion = motion(row, now)
        guard hasNewFacts || motion == .moving else {
            row.upNanoseconds = now.grown(since: row.acceptedAtNanoseconds)
            row.idleNanoseconds = now.grown(since: probe.lastReceivedAtNanoseconds.read())
            if motion == .pinged { readCounters(&row, now) }
            // When it moves again, its rates begin here.
            totals.append(currentTotals(row), atNanoseconds: now)
            return
        }
        readCounters(&row, now)
        if let close = row.facts.close {
            end(&row, close, now)
        } else {
            row.upNanoseconds = now.grown(since: row.acceptedAtNanoseconds)
            row.idleNanoseconds = now.grown(since: probe.lastReceivedAtNanoseconds.read())
            computeRates(&row, now)
        }
    }

    func write(note: SafeText?, to row: inout SessionRow) {
        row.note = note
        ended?.note = note
    }

    func releaseBlackBox() {
        blackBox.release()
    }

    /// One sample a second; `gaps`: seconds nobody looked at.
    func remember(_ row: inout SessionRow, gaps: Int, capacity: Int) {
        guard !isClosed else { return }
        let second = SessionSecond(row)
        sameSeconds = gaps == 0 && second.isSame(as: newestSecond) ? sameSeconds + 1 : 0
        newestSecond = second
        // Of a session that stands still there is nothing left that would change.
        if sameSeconds > capacity, history.count == capacity { return }
        history.push(second, after: gaps, of: SessionSecond(), limit: capacity)
        Self.push(Float(row.bitsPerSecondIn), to: &row.historyIn)
        Self.push(Float(row.bitsPerSecondOut), to: &row.historyOut)
    }

    func dropEvent(_ row: SessionRow, nowNanoseconds now: UInt64) -> Event {
        .drop(
            probe, stream: row.facts.stream, frames: newSkips,
            atNanoseconds: row.closedAtNanoseconds ?? now)
    }

    func decodedCommands(_ row: SessionRow) -> SessionDetail {
        var session = SessionDetail(
            detail: detail, commands: blackBox.entries(of: probe.id), omitted: blackBox.omitted)
        session.history = history
        session.audioVideoAtStart =
            row.audioVideoMilliseconds == nil ? nil : Self.median(baselineSamples)
        return session
    }

    private enum Motion {
        case still
        /// But for a ping and its answer.
        case pinged
        case moving
    }

    /// A ping, its answer, and room for what TLS puts around them.
    private static let pingBytes: UInt64 = 128

    /// Whether there is anything to read: not if nothing has moved for so long that it stands in no
    /// window. Of a publisher that is silent much is still told, and of what waits for a peer.
    private func motion(_ row: SessionRow, _ now: UInt64) -> Motion {
        let bytes = probe.bytesIn.read() &+ probe.bytesOut.read()
        let moved =
            probe.skippedVideo.read() &+ probe.skippedAudio.read() &+ probe.retransmits.read()
            &+ probe.rttMicroseconds.read()
        // Little that comes again and again is no ping.
        let hasPinged =
            bytes != movedBytes && bytes &- movedBytes <= Self.pingBytes
            && now.grown(since: pingedAtNanoseconds) > 5 * Window.second
        if hasPinged { pingedAtNanoseconds = now }
        if bytes != movedBytes && !hasPinged || moved != movedElse
            || row.facts.role != .player && row.facts.role != .idle
            || row.queueBytes > 0 || row.sendQueueBytes ?? 0 > 0
        {
            movedAtNanoseconds = now
        }
        movedBytes = bytes
        movedElse = moved
        guard now.grown(since: movedAtNanoseconds) > Window.longest + 5 * Window.second else {
            return .moving
        }
        return hasPinged ? .pinged : .still
    }

    /// - Returns: false if there are none that are new.
    private func takeFacts(_ row: inout SessionRow) -> Bool {
        guard let facts = probe.facts.take() else { return false }
        let known = row.facts
        row.facts = facts
        switch facts.role {
        case .publisher, .player, .publisherAndPlayer:
            lastRole = facts.role
            lastStream = facts.stream
        case .handshaking, .idle, .closed: break
        }
        // Facts come eight times in a short life, and what names the client once.
        if facts.flashVersion != known.flashVersion || facts.metadata != known.metadata {
            row.client = ClientName.recognise(
                flashVersion: facts.flashVersion, metadata: facts.metadata)
        }
        if facts.startedAtNanoseconds != mediaStartedAt {
            mediaStartedAt = facts.startedAtNanoseconds
            alignments.removeAll()
            baselineSamples = []
            baselineEndsAt = nil
            clock = ClockMeter()
            lateness = SlidingMaximum()
        }
        return true
    }

    private func end(_ row: inout SessionRow, _ close: CloseReport, _ now: UInt64) {
        isClosed = true
        let queue = (row.queueBytes, row.queueMilliseconds)
        row.facts.role = .closed
        row.facts.state = "closed"
        row.upNanoseconds = close.lastedNanoseconds
        row.closedAtNanoseconds = min(
            row.acceptedAtNanoseconds &+ close.lastedNanoseconds, now)
        row.bytesIn = max(row.bytesIn, close.bytesIn)
        row.bytesOut = max(row.bytesOut, close.bytesOut)
        row.bitsPerSecondIn = 0
        row.bitsPerSecondOut = 0
        row.videoBitsPerSecond = 0
        row.audioBitsPerSecond = 0
        row.audioFramesPerSecond = 0
        row.framesPerSecond = nil
        row.queueBytes = 0
        row.queueMilliseconds = 0
        var ended = row
        ended.facts.role = roleAtEnd(close)
        ended.facts.stream = row.facts.stream ?? lastStream
        (ended.queueBytes, ended.queueMilliseconds) = queue
        self.ended = ended
        // Nothing is measured any more.
        totals.removeAll()
        alignments.removeAll()
        retransmits.removeAll()
        clock = ClockMeter()
        lateness = SlidingMaximum()
    }

    /// It may have come and gone between two looks: then the report says what it was doing.
    private func roleAtEnd(_ close: CloseReport) -> ConnectionFacts.Role {
        if let lastRole { return lastRole }
        return switch close.state {
        case "publish": .publisher
        case "play", "paused": .player
        case let state where state.hasPrefix("hs:"): .handshaking
        default: .idle
        }
    }

    private func readCounters(_ row: inout SessionRow, _ now: UInt64) {
        row.bytesIn = probe.bytesIn.read()
        row.bytesOut = probe.bytesOut.read()
        row.messagesIn = probe.messagesIn.read()
        row.messagesOut = probe.messagesOut.read()
        row.videoFrames = probe.videoFrames.read()
        row.audioFrames = probe.audioFrames.read()
        row.queueBytes = probe.queueBytes.read()
        row.queueMilliseconds = probe.queueMilliseconds.read()
        row.chunkSizeIn = probe.chunkSizeIn.read()
        row.chunkSizeOut = probe.chunkSizeOut.read()
        row.windowIn = probe.windowIn.read()
        row.windowOut = probe.windowOut.read()
        row.unacknowledgedIn = row.bytesIn.grown(since: probe.acknowledgedIn.read())
        row.unacknowledgedOut = row.bytesOut.grown(since: probe.acknowledgedOut.read())
        row.timestampJumps = probe.timestampJumps.read()
        row.timestampBacks = probe.timestampBacks.read()
        row.firstFrameNanoseconds = known(probe.firstFrameNanoseconds.read())
        row.videoTimestamp =
            row.videoFrames > 0 ? UInt32(truncatingIfNeeded: probe.videoTimestamp.read()) : nil
        row.audioTimestamp =
            row.audioFrames > 0 ? UInt32(truncatingIfNeeded: probe.audioTimestamp.read()) : nil
        readSkips(&row)
        readKeyframes(&row, now)
        readNetwork(&row, now)
    }

    private func readSkips(_ row: inout SessionRow) {
        let video = probe.skippedVideo.read()
        let audio = probe.skippedAudio.read()
        newSkips = video.grown(since: row.skippedVideo) + audio.grown(since: row.skippedAudio)
        row.skippedVideo = video
        row.skippedAudio = audio
        row.skips = probe.skips.read()
    }

    private func readKeyframes(_ row: inout SessionRow, _ now: UInt64) {
        let keyframes = probe.keyframes.read()
        row.gopMilliseconds = known(probe.gopMilliseconds.read())
        row.keyframeAgeNanoseconds =
            keyframes > 0
            ? known(probe.keyframeAtNanoseconds.read()).map { now.grown(since: $0) } : nil
        if let length = row.gopMilliseconds, keyframes > row.keyframes {
            let count = min(keyframes - row.keyframes, UInt64(StreamRow.recentGOPLimit))
            newGOPs = Array(repeating: length, count: Int(count))
        }
        row.keyframes = keyframes
    }

    private func readNetwork(_ row: inout SessionRow, _ now: UInt64) {
        row.rttMicroseconds = known(probe.rttMicroseconds.read())
        guard row.rttMicroseconds != nil else { return }
        let total = probe.retransmits.read()
        if total > 0, retransmits.isEmpty {
            retransmits.append(0, atNanoseconds: probe.acceptedAtNanoseconds)
        }
        let base = retransmits.base(ofWindow: Window.retransmits, endingAt: now)
        if total != retransmits.newest?.value ?? 0 {
            retransmits.append(total, atNanoseconds: now)
        }
        row.retransmits = total.grown(since: base?.value ?? 0)
        row.congestionWindow = probe.congestionWindow.read()
        row.unacknowledgedBytes = probe.unacknowledgedBytes.read()
        row.receiveQueueBytes = probe.receiveQueueBytes.read()
        row.sendQueueBytes = probe.sendQueueBytes.read()
    }

    /// Of the counters that were read.
    private func currentTotals(_ row: SessionRow) -> Totals {
        Totals(
            bytesIn: row.bytesIn, bytesOut: row.bytesOut, videoFrames: row.videoFrames,
            audioFrames: row.audioFrames, videoBytes: probe.videoBytes.read(),
            audioBytes: probe.audioBytes.read())
    }

    private func computeRates(_ row: inout SessionRow, _ now: UInt64) {
        let current = currentTotals(row)
        let rates = totals.base(ofWindow: Window.rate, endingAt: now)
        let frames = totals.base(ofWindow: Window.frames, endingAt: now)
        func rate(_ base: SampleRing<Totals>.Sample?, _ counter: (Totals) -> UInt64) -> Double {
            guard let base else { return 0 }
            let growth = counter(current).grown(since: counter(base.value))
            return Window.perSecond(growth, from: base.atNanoseconds, to: now)
        }
        row.bitsPerSecondIn = 8 * rate(rates) { $0.bytesIn }
        row.bitsPerSecondOut = 8 * rate(rates) { $0.bytesOut }
        row.videoBitsPerSecond = 8 * rate(rates) { $0.videoBytes }
        row.audioBitsPerSecond = 8 * rate(rates) { $0.audioBytes }
        row.framesPerSecond = row.videoFrames > 0 ? rate(frames) { $0.videoFrames } : nil
        row.audioFramesPerSecond = rate(frames) { $0.audioFrames }
        totals.append(current, atNanoseconds: now)
        computeAlignment(&row, now)
        computeArrival(&row, now)
    }

    /// CLOCK and LATE: how what a publisher sends arrives (console design, §6.1, §6.3).
    private func computeArrival(_ row: inout SessionRow, _ now: UInt64) {
        let late = probe.lateNanoseconds.take()
        guard row.facts.role == .publisher || row.facts.role == .publisherAndPlayer else {
            row.clock = nil
            row.lateNanoseconds = nil
            return
        }
        if late > 0 { lateness.append(late, atNanoseconds: now) }
        let hasMedia = row.videoFrames > 1 || row.audioFrames > 1
        row.lateNanoseconds =
            hasMedia ? lateness.maximum(ofWindow: Window.lateness, endingAt: now) ?? 0 : nil
        let arrivedAt =
            row.videoTimestamp == nil
            ? probe.audioAtNanoseconds.read() : probe.videoAtNanoseconds.read()
        if let timestamp = row.videoTimestamp ?? row.audioTimestamp, arrivedAt > 0 {
            clock.add(timestamp: timestamp, arrivedAtNanoseconds: arrivedAt)
        }
        row.clock = clock.drift
    }

    /// Console design, §6.3: newest audio minus newest video timestamp, median over two seconds, less
    /// the same over the first five.
    private func computeAlignment(_ row: inout SessionRow, _ now: UInt64) {
        guard row.facts.role == .publisher || row.facts.role == .publisherAndPlayer,
            let audio = row.audioTimestamp, let video = row.videoTimestamp
        else {
            row.audioVideoMilliseconds = nil
            return
        }
        let difference = Double(Int32(bitPattern: audio &- video))
        alignments.append(difference, atNanoseconds: now)
        let endsAt = baselineEndsAt ?? now &+ Window.alignmentBaseline
        baselineEndsAt = endsAt
        if now <= endsAt, baselineSamples.count < 64 { baselineSamples.append(difference) }
        let newest = alignments.values(inWindow: Window.alignment, endingAt: now)
        row.audioVideoMilliseconds = Self.median(newest) - Self.median(baselineSamples)
    }

    private static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2)
            ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    private static func push(_ sample: Float, to history: inout [Float]) {
        if history.count == SessionRow.historyCapacity { history.removeFirst() }
        history.append(sample)
    }

    /// In a probe 0 stands for not known yet.
    private func known(_ value: UInt64) -> UInt64? { value > 0 ? value : nil }
}
