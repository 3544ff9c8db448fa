import Posix
import RTMP
import Synchronization
import Telemetry

/// What is done at times instead of on bytes: deadlines, pings, the kernel's figures.
extension Connection {
    /// The worker's clock has reached the time this connection asked for.
    func look() {
        switch phase {
        case .closed:
            return
        case .draining(let reason, let until):
            guard worker.nowNanoseconds < until else {
                close(reason)
                return
            }
            worker.schedule(self, atNanoseconds: until)
        case .open:
            lookAfterOpen()
            guard isOpen else { return }
            worker.schedule(self, atNanoseconds: nextLook)
        }
    }

    /// When something can be due of what the worker is to look for, as things stand now.
    var nextLook: UInt64 {
        let now = worker.nowNanoseconds
        let configuration = worker.configuration
        var next = clock.nextLook(
            nowNanoseconds: now, lastReceivedNanoseconds: probe.lastReceivedAtNanoseconds.read(),
            publishes: !publications.isEmpty, plays: !plays.isEmpty, configuration: configuration)
        for play in plays {
            if let until = play.waitsUntilNanoseconds { next = min(next, until) }
            // Nobody says when a player begins to take nothing: before this it cannot be too long.
            next = min(
                next,
                (play.overrunSinceNanoseconds ?? now) + configuration.overrunTimeoutNanoseconds)
        }
        if pendingMetadata != nil {
            // That of somebody else may be long: soon again.
            next = min(
                next,
                max(
                    metadataReadAtNanoseconds + ServerConfiguration.second,
                    now + ServerConfiguration.metadataPause))
        }
        if probe.isInspected.load(ordering: .relaxed) {
            next = min(next, now + ServerConfiguration.second / 4)
        }
        return next
    }

    /// Something began that may be due earlier than what was asked for.
    func lookEarlier() {
        guard isOpen else { return }
        let next = nextLook
        guard Deadlines.due(next) < scheduledAtNanoseconds else { return }
        worker.schedule(self, atNanoseconds: next)
    }

    private func lookAfterOpen() {
        let overdue = clock.overdue(
            nowNanoseconds: worker.nowNanoseconds,
            lastReceivedNanoseconds: probe.lastReceivedAtNanoseconds.read(),
            bytesOut: probe.bytesOut.read(), publishes: !publications.isEmpty,
            plays: !plays.isEmpty, configuration: worker.configuration)
        switch overdue {
        case .nothing:
            break
        case .ping:
            enqueue(
                session.ping(UInt32(truncatingIfNeeded: worker.nowNanoseconds / 1_000_000)))
            flush()
            clock.notePing(
                nowNanoseconds: worker.nowNanoseconds, bytesOut: probe.bytesOut.read())
        case .end(let reason):
            end(reason)
            return
        }
        for play in plays {
            if let until = play.waitsUntilNanoseconds, worker.nowNanoseconds >= until {
                end(.playWaitOver)
                return
            }
            guard isWithinOverrun(play) else { return }
        }
        readPendingMetadata()
        if probe.isInspected.load(ordering: .relaxed) {
            sampleKernel()
            postDetail()
        }
    }

    /// MED-12: to skip is no help to a player that takes nothing at all.
    private func isWithinOverrun(_ play: Play) -> Bool {
        let timeout = worker.configuration.overrunTimeoutNanoseconds
        guard let since = play.overrunSinceNanoseconds, worker.nowNanoseconds - since >= timeout
        else { return true }
        end(.stuckPlayer(seconds: timeout / ServerConfiguration.second))
        return false
    }

    /// SEC-2; ends the connection if it is not so.
    func isWithinChunkRate() -> Bool {
        let excess = chunkRate.excess(
            chunks: session.chunksIn, nowNanoseconds: worker.nowNanoseconds)
        guard let excess else { return true }
        end(.chunkFlood(perSecond: excess))
        return false
    }

    /// Of those that moved more than a ping and its answer, or have some on the way.
    func sampleKernelIfMoved() {
        let moved = probe.bytesIn.read() &+ probe.bytesOut.read()
        guard moved &- sampledBytes > Self.stillBytes || probe.sendQueueBytes.read() > 0 else {
            return
        }
        sampleKernel()
    }

    private static let stillBytes: UInt64 = 256

    /// TCP_INFO, and what the kernel holds.
    private func sampleKernel() {
        sampledBytes = probe.bytesIn.read() &+ probe.bytesOut.read()
        guard let info = socket.tcpInfo() else { return }
        probe.rttMicroseconds.set(UInt64(info.rttMicroseconds))
        probe.retransmits.set(UInt64(info.retransmits))
        probe.congestionWindow.set(UInt64(info.congestionWindowSegments))
        probe.unacknowledgedBytes.set(UInt64(info.unacknowledgedBytes))
        let queued = socket.queuedBytes()
        probe.receiveQueueBytes.set(UInt64(max(queued.receive, 0)))
        probe.sendQueueBytes.set(UInt64(max(queued.send, 0)))
    }

    func postDetail() {
        var detail = ConnectionDetail()
        detail.chunkStreams = chunkStreams.figures(of: session.chunkStreams)
        if let info = socket.tcpInfo() {
            let queued = socket.queuedBytes()
            detail.tcp = ConnectionDetail.TCPFigures(
                rttMicroseconds: info.rttMicroseconds,
                rttVarianceMicroseconds: info.rttVarianceMicroseconds,
                minimumRTTMicroseconds: info.minimumRTTMicroseconds,
                congestionWindow: info.congestionWindowSegments, segmentSize: info.segmentSize,
                unacknowledgedBytes: info.unacknowledgedBytes,
                notSentBytes: info.notSentBytes, retransmits: info.retransmits,
                receiveQueueBytes: queued.receive, sendQueueBytes: queued.send,
                deliveryBytesPerSecond: info.deliveryBytesPerSecond,
                sendBufferBytes: socket.sendBufferBytes,
                receiveBufferBytes: socket.receiveBufferBytes)
        }
        probe.detail.post(detail)
    }
}
