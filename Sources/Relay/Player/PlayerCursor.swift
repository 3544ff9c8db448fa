package import RTMP

/// Where a player stands in a stream's log: what it gets next, and with which time.
///
/// A few integers. Who sends may gather ahead on a copy and keep the copy once its messages are on
/// their way; a jump then happens only between messages. Before each gathering: `keepUp`.
///
///     awaiting a keyframe ──▶ flowing ◀──▶ paused
///            ▲                   │
///            └── skip, no newer ─┘
///                keyframe yet
///
/// Which headers it still has to get is `HeaderDelivery`, its own time `PlayerTime`.
package struct PlayerCursor: Sendable {
    private enum Phase: Hashable {
        /// Messages that pass meanwhile count as skipped where the wait follows from a skip.
        case awaitingKeyframe(afterSkip: Bool)
        case flowing
        case paused
    }

    // What `isInStep` looks at stands first, what `advance` changes behind it.

    private var phase = Phase.awaitingKeyframe(afterSkip: false)
    /// The last message of the kind the player got is the last one in the log before `position`, at
    /// its time in the stream less `origin`: what follows comes as long after it as in the stream.
    private var isAudioInStep = false
    private var isVideoInStep = false
    private var dropsDisposable = false
    /// The player was too far behind, and got no frame yet from behind the gap that was made.
    package private(set) var isRecovering = false
    private var wishes: PlayerWishes
    /// The next message to look at; while waiting, the first where a start is allowed.
    package private(set) var position: UInt64
    /// The publish this cursor has noticed last (`StreamLog.startSequence`).
    private var publish: UInt64
    /// The video tracks whose frames pass: closed until a keyframe of theirs came, and all of them
    /// until one of the main track did.
    private var openVideo = TrackSet()
    private var headers = HeaderDelivery()

    private var time = PlayerTime()
    /// Everything before `position`.
    private var totals: StreamTotals
    /// How far from live the player began, or as far as it has come up since.
    private var headStart = StreamTotals()

    /// Video left out although audio goes on: the first thing that is done about a slow player.
    private struct VideoGap {
        /// The keyframe where video goes on, or what comes after the newest message.
        var resumes: UInt64
        /// Video frames of the stream before `resumes`: those are counted as skipped already.
        var framesBefore: UInt32
    }

    private var videoGap: VideoGap?

    /// Frames this player did not get because it was slow, since it joined.
    package private(set) var skippedVideo: UInt64 = 0
    package private(set) var skippedAudio: UInt64 = 0

    /// A player that joins now: at the newest keyframe in the window, or at the next one to come.
    ///
    /// - Parameter previous: what it played until now, where its time goes on from there.
    package init(
        joining log: StreamLog, usesGOPCache: Bool, acceptsEnhanced: Bool,
        continuing previous: PlayerCursor? = nil
    ) {
        if let previous { time = PlayerTime(continuing: previous.time) }
        position = log.endSequence
        totals = log.totals
        publish = log.startSequence
        wishes = PlayerWishes(acceptsEnhanced: acceptsEnhanced)
        // There it begins, whatever comes before its first write.
        if usesGOPCache, let start = log.newestKeyframe {
            begin(at: start, in: log, countsSkipped: false)
        }
    }

    /// The stream's time that is 0 for this player.
    package var origin: UInt32 { time.origin }
    package var isPaused: Bool { phase == .paused }
    package var isFlowing: Bool { phase == .flowing }

    /// The oldest message this player still needs, for `StreamLog.trim`; nil: none.
    package func neededSequence(in log: StreamLog) -> UInt64? {
        switch phase {
        case .flowing: position
        // A publish that began while it waited it gets whole.
        case .awaitingKeyframe: position <= log.startSequence ? log.startSequence : nil
        case .paused: nil
        }
    }

    /// How far the player is behind live.
    package func backlog(in log: StreamLog) -> (bytes: UInt64, milliseconds: UInt64) {
        guard phase == .flowing else { return (0, 0) }
        let distance = log.totals - totals
        return (distance.bytes, distance.milliseconds)
    }

    // MARK: Delivery

    /// The next message for this player with the player's own timestamp; nil: nothing is due.
    package mutating func next(in log: StreamLog) -> MediaMessage? {
        switch phase {
        case .paused:
            return nil
        case .awaitingKeyframe(let afterSkip):
            guard let start = start(in: log) else { return headerWhileWaiting(in: log) }
            begin(at: start, in: log, countsSkipped: afterSkip)
        case .flowing:
            break
        }
        guard position >= log.firstSequence else { return nil }
        while position < log.endSequence {
            if publish != log.startSequence, position >= log.startSequence {
                notice(publish: log.startSequence)
            }
            let sequence = position
            let mark = log.mark(at: sequence)
            let verdict = verdict(on: mark, at: sequence, in: log)
            if headers.areOwed, verdict == .deliver,
                let header = headers.next(before: sequence, in: log.headers, for: wishes)
            {
                setInStep(header.kind, false)
                return stamped(header, as: mark.timestamp)
            }
            position &+= 1
            totals = mark.totals
            switch verdict {
            case .deliver:
                if mark.isHeader { headers.sawInFlow(before: position) }
                if isRecovering, mark.isFrame { noteDelivered(mark.kind, in: log) }
                let startsTime = !mark.isHeader && (mark.kind == .audio || mark.kind == .video)
                let timestamp = time.stamp(mark.timestamp, starts: startsTime)
                setInStep(mark.kind, time.isInStep(timestamp, at: mark.timestamp))
                return log.message(at: sequence, timestamp: timestamp)
            case .withhold:
                setInStep(mark.kind, false)
            case .skip:
                setInStep(mark.kind, false)
                skippedVideo &+= 1
            }
        }
        return nil
    }

    private enum Verdict {
        case deliver
        case withhold
        /// Withheld because the player is slow.
        case skip
    }

    private mutating func verdict(
        on message: StreamLog.Mark, at sequence: UInt64, in log: StreamLog
    ) -> Verdict {
        if !wishes.includes(message.audience) { return .withhold }
        switch message.kind {
        case .metadata, .data:
            return .deliver
        case .audio:
            return wishes.receivesAudio ? .deliver : .withhold
        case .video:
            guard wishes.receivesVideo else { return .withhold }
            if message.isHeader { return .deliver }
            if !openVideo.contains(message.track) {
                let isClosed = videoGap.map { sequence < $0.resumes } ?? false
                let isStart = !openVideo.isEmpty || message.track == log.keyTrack(at: sequence)
                guard message.isKeyframe, isStart, !isClosed else {
                    return videoGap == nil || isClosed || !message.isFrame ? .withhold : .skip
                }
                if openVideo.isEmpty { headers.areOwed = true }
                videoGap = nil
                if message.hasSeveralTracks {
                    openVideo = .all
                } else {
                    openVideo.insert(message.track)
                }
            }
            return dropsDisposable && message.isDisposable ? .skip : .deliver
        }
    }

    // MARK: The flow

    /// Whether the player gets all of `stretch`, and with the distances in time of the stream.
    ///
    /// Mutating only in name: so the cursor is looked at where it stands, and not copied for each look.
    ///
    /// - Parameter current: the log's `startSequence`.
    package mutating func isInStep(with stretch: Stretch, publish current: UInt64) -> Bool {
        guard phase == .flowing, position == stretch.start, !headers.areOwed, !isRecovering,
            publish == current,
            wishes.acceptsEnhanced || !stretch.isForMultitrack,
            !stretch.hasDisposable || !dropsDisposable
        else { return false }
        if stretch.hasAudio { guard isAudioInStep, wishes.receivesAudio else { return false } }
        if stretch.hasVideo {
            guard isVideoInStep, wishes.receivesVideo, openVideo.isSuperset(of: stretch.videoTracks)
            else { return false }
        }
        return true
    }

    /// The player, in step, got everything of the stretch up to there.
    ///
    /// - Returns: `origin`; to ask for it apart would copy the cursor.
    @discardableResult
    package mutating func advance(to milestone: Milestone) -> UInt32 {
        guard milestone.sequence > position else { return time.origin }
        position = milestone.sequence
        totals = milestone.totals
        time.advance(to: milestone.timestamp)
        if milestone.isNewest { headStart = StreamTotals() }
        return time.origin
    }

    /// The player's connection carried messages of another stream since the last one of this.
    package mutating func leaveStep() {
        isAudioInStep = false
        isVideoInStep = false
    }

    private mutating func setInStep(_ kind: MediaMessage.Kind, _ isInStep: Bool) {
        switch kind {
        case .audio: isAudioInStep = isInStep
        case .video: isVideoInStep = isInStep
        case .metadata, .data: break
        }
    }

    /// A header that goes ahead of something carries its time (MED-9).
    private func stamped(_ header: MediaMessage, as following: UInt32) -> MediaMessage {
        var header = header
        header.timestamp = time.stamp(ahead: following)
        return header
    }

    // MARK: Where to start

    /// Where a waiting player can start by now.
    private func start(in log: StreamLog) -> UInt64? {
        if position <= log.startSequence {
            // It waited before the publish began and misses nothing.
            if log.startSequence >= log.firstSequence {
                return log.endSequence > log.startSequence ? log.startSequence : nil
            }
        }
        guard waitsForVideo(in: log) else { return max(position, log.firstSequence) }
        guard let keyframe = log.newestKeyframe, keyframe >= position else { return nil }
        return keyframe
    }

    private func waitsForVideo(in log: StreamLog) -> Bool {
        wishes.receivesVideo && (log.carriesVideo || log.newestKeyframe != nil)
    }

    private mutating func begin(at start: UInt64, in log: StreamLog, countsSkipped: Bool) {
        let before = log.totals(before: start)
        if countsSkipped { count(skippedUpTo: before) }
        phase = .flowing
        position = start
        totals = before
        publish = log.startSequence
        openVideo = TrackSet()
        videoGap = nil
        leaveStep()
        headers.begin()
        headStart = log.totals - before
    }

    /// The log went on to another publish; time continues there (MED-11).
    private mutating func notice(publish: UInt64) {
        self.publish = publish
        openVideo = TrackSet()
        videoGap = nil
        headers.begin()
    }

    /// Who has got nothing yet gets the headers there are, and waits with them.
    private mutating func headerWhileWaiting(in log: StreamLog) -> MediaMessage? {
        guard !time.hasStarted else { return nil }
        return headers.nextWhileWaiting(before: log.endSequence, in: log.headers, for: wishes)
            .map { stamped($0, as: 0) }
    }

    // MARK: Slow players

    /// Why the player is too far behind, if it is.
    package func overrun(in log: StreamLog, limits: SlowLimits) -> Skip.Reason? {
        guard phase == .flowing else { return nil }
        guard position >= log.firstSequence else { return .window }
        let distance = log.totals - totals
        let allowed = limits.extended(by: headStart)
        if distance.bytes > allowed.bytes { return .queueBytes }
        return distance.milliseconds > allowed.milliseconds ? .queueTime : nil
    }

    /// Makes a gap if the player is too far behind (MED-12): in video alone, up to the newest keyframe
    /// or the next one. If the player falls further behind all the same, in audio too.
    ///
    /// Call before each gathering. When half the distance is used up, disposable frames are left
    /// out first (MED-12).
    package mutating func keepUp(in log: StreamLog, limits: SlowLimits) -> Skip? {
        guard let reason = overrun(in: log, limits: limits) else {
            let distance = log.totals - totals
            headStart.bytes = min(headStart.bytes, distance.bytes)
            headStart.milliseconds = min(headStart.milliseconds, distance.milliseconds)
            let allowed = limits.extended(by: headStart)
            dropsDisposable =
                distance.bytes > allowed.bytes - limits.bytes / 2
                || distance.milliseconds > allowed.milliseconds - limits.milliseconds / 2
            return nil
        }
        let earlier = (video: skippedVideo, audio: skippedAudio)
        isRecovering = true
        if reason == .window || !leaveVideoOut(in: log) { skip(in: log) }
        return Skip(
            reason: reason, videoFrames: skippedVideo &- earlier.video,
            audioFrames: skippedAudio &- earlier.audio)
    }

    /// Audio goes on where it stands; it is given half the limit more to come up to the keyframe.
    ///
    /// - Returns: false if there is no video ahead that could be left out, or it is left out already.
    private mutating func leaveVideoOut(in log: StreamLog) -> Bool {
        guard videoGap == nil, waitsForVideo(in: log), position >= log.startSequence,
            log.totals.videoFrames != totals.videoFrames
        else { return false }
        let newest = log.newestKeyframe ?? position
        let resumes = newest > position ? newest : log.endSequence
        let framesBefore = log.totals(before: resumes).videoFrames
        skippedVideo &+= UInt64(framesBefore &- totals.videoFrames)
        videoGap = VideoGap(resumes: resumes, framesBefore: framesBefore)
        openVideo = TrackSet()
        dropsDisposable = false
        headStart = log.totals - totals
        return true
    }

    private mutating func skip(in log: StreamLog) {
        dropsDisposable = false
        // A start where it stands already would gain nothing.
        position = max(position &+ 1, log.firstSequence)
        if !waitsForVideo(in: log) {
            begin(at: log.endSequence, in: log, countsSkipped: true)
        } else if let start = start(in: log) {
            begin(at: start, in: log, countsSkipped: true)
        } else {
            phase = .awaitingKeyframe(afterSkip: true)
            count(skippedUpTo: log.totals)
            videoGap = nil
            position = log.endSequence
            totals = log.totals
        }
    }

    private mutating func count(skippedUpTo end: StreamTotals) {
        var skipped = end - totals
        if let counted = videoGap?.framesBefore {
            let ahead = Int32(bitPattern: counted &- totals.videoFrames)
            skipped.videoFrames -= min(UInt32(max(ahead, 0)), skipped.videoFrames)
        }
        if wishes.receivesVideo { skippedVideo &+= UInt64(skipped.videoFrames) }
        if wishes.receivesAudio { skippedAudio &+= UInt64(skipped.audioFrames) }
    }

    /// Video comes from behind the gap only; audio tells nothing where video is waited for.
    private mutating func noteDelivered(_ kind: MediaMessage.Kind, in log: StreamLog) {
        if kind == .video || !waitsForVideo(in: log) { isRecovering = false }
    }

    // MARK: Wishes of the player

    package mutating func pause() {
        phase = .paused
    }

    /// Goes on at a keyframe newer than where it stopped (CMD-18); what passed was not skipped.
    package mutating func resume(in log: StreamLog) {
        guard phase == .paused else { return }
        phase = .awaitingKeyframe(afterSkip: false)
        if !waitsForVideo(in: log) { position = log.endSequence }
    }

    /// Leaves a kind of media out, or takes it up again: with all headers, video at a keyframe.
    package mutating func setReceives(_ kind: MediaMessage.Kind, _ receives: Bool) {
        switch kind {
        case .audio:
            guard receives != wishes.receivesAudio else { return }
            wishes.receivesAudio = receives
        case .video:
            guard receives != wishes.receivesVideo else { return }
            wishes.receivesVideo = receives
            openVideo = TrackSet()
            videoGap = nil
        case .metadata, .data:
            return
        }
        if receives {
            headers.beginAnew()
        }
    }
}
