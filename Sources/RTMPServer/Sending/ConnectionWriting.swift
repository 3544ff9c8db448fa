import Posix
import RTMP
import Relay
import Telemetry

/// The outward half: bytes leave in a fixed order, the rest of a message already begun, then
/// replies, then media from the cursors.
extension Connection {
    /// Offset in the outward direction of the next byte that is queued now.
    var outgoingOffset: UInt64 {
        let rest = begun?.unsentBytes ?? 0
        return probe.bytesOut.read() &+ UInt64(rest + outbox.count)
    }

    func enqueue(_ bytes: [UInt8]) {
        outbox.append(bytes)
    }

    func enqueue(_ message: Message) {
        probe.messagesOut.add(1)
        let offset = outgoingOffset
        worker.replyWriter.removeAll()
        session.encode(
            message, number: probe.messagesOut.read(), at: offset, into: &worker.replyWriter)
        outbox.append(worker.replyWriter.bytes)
        chunkSize = Int(session.outChunkSize)
        chunkStreams.noteSent(
            message.type, on: message.type.chunkStreamID(on: message.messageStreamID),
            chunks: max((message.payload.count + chunkSize - 1) / chunkSize, 1),
            wireBytes: worker.replyWriter.count, nowNanoseconds: worker.nowNanoseconds)
        tell(outgoing: message)
        if outbox.isOverLimit, isOpen { end(.repliesUnread) }
    }

    func enqueue(_ messages: [Message]) {
        for message in messages { enqueue(message) }
    }

    /// The socket has room again.
    func becameWritable() {
        guard isBlocked, sendRecords() else { return }
        isBlocked = false
        worker.watch(self)
        goOnWriting()
    }

    /// Its turn to write has come again.
    func goOnWriting() {
        isInLine = false
        guard !isBlocked, !isClosed else { return }
        for play in plays { keepUp(play) }
        flush()
    }

    /// Sends what is due, as far as the socket takes it and one write carries it.
    ///
    /// - Parameter withMedia: false: replies alone, whose media has a time of its own.
    func flush(withMedia: Bool = true) {
        var hasMore = false
        while !hasMore, !isBlocked, !isClosed {
            gather(withMedia: withMedia)
            let offered = worker.gather.byteCount
            guard offered > 0 else {
                if withMedia, isOpen, tellEnds() { continue }
                break
            }
            worker.gather.cut(to: min(worker.configuration.writeLimitBytes, Gather.byteLimit))
            do throws(CloseReason) {
                let sent =
                    switch try send(
                        vectors: worker.gather.vectors, count: worker.gather.vectorCount)
                    {
                    case .bytes(let count): count
                    case .wouldBlock, .endOfFile: 0
                    }
                commit(sent, of: offered)
                hasMore = begun != nil || !outbox.isEmpty || !plays.allSatisfy(\.isGatheredWhole)
                takeTurns()
                if sent < offered, !isBlocked {
                    isBlocked = true
                    worker.watch(self)
                } else if hasMore {
                    // Three hundred who join at the same time would each be given a whole GOP first.
                    worker.letGoOn(self)
                }
            } catch {
                peerEnded(error)
            }
            worker.gather.removeAll()
        }
        if case .draining = phase, begun == nil, outbox.isEmpty, unsentRecordBytes == 0 {
            finishWriting()
        }
        noteBacklog()
        drainTrace()
    }

    /// Each write begins with another play, so that none waits until those before it have all.
    private func takeTurns() {
        if plays.count > 1 { plays.append(plays.removeFirst()) }
    }

    private func gather(withMedia: Bool) {
        if let begun {
            _ = worker.gather.append(begun.message, sent: begun.sent)
        }
        worker.gather.append(outbox.unsent)
        for play in plays {
            play.gathered = 0
            play.isGatheredWhole = !withMedia || !isOpen || gather(play)
        }
    }

    /// - Returns: false if not everything that is due fits into this write. The cursor `ahead` then
    ///   went one too far, and `commit` counts the messages instead.
    private func gather(_ play: Play) -> Bool {
        // Copied out once: a copy of the window is a handful of references to count.
        let log = play.feed.log
        var ahead = play.cursor
        var gathered = 0
        defer {
            play.ahead = ahead
            play.gathered = gathered
        }
        while let media = ahead.next(in: log) {
            let message = OutgoingMessage(
                media: media, messageStreamID: play.messageStreamID, chunkSize: chunkSize)
            guard worker.gather.append(message) else { return false }
            gathered += 1
        }
        // What was passed over without being sent is behind the player now.
        if gathered == 0 { play.cursor = ahead }
        return true
    }

    /// Accounts for `sent` bytes of the gathered write, in the order they stand in it.
    private func commit(_ sent: Int, of offered: Int) {
        let start = probe.bytesOut.read()
        probe.bytesOut.add(sent)
        var number = probe.messagesOut.read()
        var rest = sent
        var index = 0
        if let begun {
            guard rest >= begun.unsentBytes else {
                begun.sent += rest
                return
            }
            rest -= begun.unsentBytes
            self.begun = nil
            index = 1
        }
        let replies = min(rest, outbox.count)
        if replies > 0 { outbox.advance(by: replies) }
        rest -= replies
        guard rest > 0 else { return }
        for play in plays {
            if sent == offered, play.isGatheredWhole {
                play.cursor = play.ahead
            }
            var sums = SentSums()
            defer { noteSent(sums, to: play) }
            for _ in 0..<play.gathered {
                guard rest > 0 else { return }
                let message = worker.gather.messages[index]
                index += 1
                if !(sent == offered && play.isGatheredWhole) {
                    _ = play.cursor.next(in: play.feed.log)
                }
                if isTraced {
                    number += 1
                    trace(message, number: number, atOffset: start &+ UInt64(sent - rest))
                }
                sums.add(message)
                if rest < message.wireBytes {
                    begun = BegunMessage(message, sent: rest)
                    return
                }
                rest -= message.wireBytes
            }
        }
    }

    /// What the dashboard calls the queue: bytes and media time the kernel has not taken.
    func noteBacklog() {
        guard isBlocked else {
            for play in plays {
                play.overrunSinceNanoseconds = nil
                if play.cursor.skippedVideo != play.countedSkippedVideo { noteSkipped(play) }
            }
            if probe.queueBytes.read() != 0 {
                probe.queueBytes.set(0)
                probe.queueMilliseconds.set(0)
            }
            return
        }
        var bytes = UInt64(
            unsentRecordBytes + outbox.count + (begun?.unsentBytes ?? 0))
        var milliseconds: UInt64 = 0
        for play in plays {
            noteSkipped(play)
            if !play.cursor.isRecovering {
                play.overrunSinceNanoseconds = nil
            } else if play.overrunSinceNanoseconds == nil {
                play.overrunSinceNanoseconds = worker.nowNanoseconds
            }
            let backlog = play.cursor.backlog(in: play.feed.log)
            bytes += backlog.bytes
            milliseconds = max(milliseconds, backlog.milliseconds)
        }
        probe.queueBytes.set(bytes)
        probe.queueMilliseconds.set(milliseconds)
    }

    /// Frames the cursor passed over since the last look, also while it waited for a keyframe.
    private func noteSkipped(_ play: Play) {
        probe.skippedVideo.add(play.cursor.skippedVideo - play.countedSkippedVideo)
        probe.skippedAudio.add(play.cursor.skippedAudio - play.countedSkippedAudio)
        play.countedSkippedVideo = play.cursor.skippedVideo
        play.countedSkippedAudio = play.cursor.skippedAudio
    }

    /// A player behind its limits goes on at a keyframe, or ends (MED-12). Before every flush of
    /// media: a cursor the window was trimmed over gives nothing until it has skipped.
    func keepUp(_ play: Play) {
        let configuration = worker.configuration
        switch configuration.slowPolicy {
        case .skip:
            let skip = play.cursor.keepUp(in: play.feed.log, limits: configuration.slowLimits)
            if let skip {
                probe.skips.add(1)
                probe.skipReason.set(skip.reason.telemetry.probeCode)
            }
        case .disconnect:
            let limits = configuration.slowLimits
            if play.cursor.overrun(in: play.feed.log, limits: limits) != nil { end(.slowPlayer) }
        }
    }
}
