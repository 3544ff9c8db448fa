import Posix
import RTMP
import Relay
import Telemetry

/// The short way out: a player in the flow gets the bytes all others get.
extension Connection {
    /// Sends the run if nothing stands before it and the player needs nothing of its own.
    ///
    /// - Returns: false if that is not so; nothing was sent then.
    func send(_ run: ChunkRun, to play: Play) -> Bool {
        guard isOpen, !isBlocked, hasSolePlay, run.chunkSize == chunkSize, begun == nil,
            outbox.isEmpty,
            play.cursor.isInStep(with: run.stretch, publish: run.publish)
        else { return false }
        do throws(CloseReason) {
            let sent =
                switch try self.send(
                    UnsafeRawBufferPointer(
                        rebasing: run.bytes.prefix(worker.configuration.writeLimitBytes)))
                {
                case .bytes(let count): count
                case .wouldBlock, .endOfFile: 0
                }
            commit(sent, of: run, to: play)
        } catch {
            peerEnded(error)
        }
        return true
    }

    private func commit(_ sent: Int, of run: ChunkRun, to play: Play) {
        if isTraced { trace(run, sent: sent, to: play) }
        probe.bytesOut.add(sent)
        if sent == run.bytes.count, let end = run.end {
            let origin = play.cursor.advance(to: end)
            noteSent(run.sums, to: play, origin: origin)
            return
        }
        var sums = SentSums()
        var index = 0
        var start = 0
        while start < sent {
            let entry = run.entries[index]
            sums.add(entry.sums)
            index += 1
            if entry.end > sent {
                begun = BegunMessage(
                    outgoing(entry, at: run.stretch.start &+ UInt64(index - 1), to: play),
                    sent: sent - start)
            }
            start = entry.end
        }
        if index > 0 {
            let begun = run.stretch.start &+ UInt64(index)
            play.cursor.advance(to: play.feed.log.milestone(at: begun))
        }
        noteSent(sums, to: play, origin: play.cursor.origin)
        isBlocked = true
        worker.watch(self)
        noteBacklog()
    }

    /// One message of the run as this player gets it.
    private func outgoing(
        _ entry: ChunkRun.Entry, at sequence: UInt64, to play: Play
    ) -> OutgoingMessage {
        var media = play.feed.log[sequence]
        media.timestamp = media.timestamp &- play.cursor.origin
        return OutgoingMessage(
            media: media, messageStreamID: play.messageStreamID,
            chunkSize: chunkSize, delta: entry.delta)
    }

    private func trace(_ run: ChunkRun, sent: Int, to play: Play) {
        let offset = probe.bytesOut.read()
        var number = probe.messagesOut.read()
        var sequence = run.stretch.start
        var start = 0
        for entry in run.entries where start < sent {
            number += 1
            trace(
                outgoing(entry, at: sequence, to: play), number: number,
                atOffset: offset &+ UInt64(start))
            sequence &+= 1
            start = entry.end
        }
    }
}
