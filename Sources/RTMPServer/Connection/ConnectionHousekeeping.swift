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
            // Somebody else's was long: soon again.
            guard pendingMetadata == nil else {
                worker.schedule(
                    self,
                    atNanoseconds: worker.nowNanoseconds + ServerConfiguration.metadataPause)
                return
            }
            worker.schedule(
                self,
                atNanoseconds: probe.isInspected.load(ordering: .relaxed)
                    ? worker.nowNanoseconds + ServerConfiguration.second / 4
                    : clock.nextLook(
                        nowNanoseconds: worker.nowNanoseconds,
                        configuration: worker.configuration))
        }
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
        guard isWithinChunkRate() else { return }
        for play in plays {
            if let until = play.waitsUntilNanoseconds, worker.nowNanoseconds >= until {
                end(.playWaitOver)
                return
            }
            keepUp(play)
            guard isOpen, isWithinOverrun(play) else { return }
        }
        readPendingMetadata()
        sampleKernel()
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

    /// TCP_INFO once a second, less often among many, of those that move bytes, have some on the way,
    /// or are looked at.
    private func sampleKernel() {
        let isInspected = probe.isInspected.load(ordering: .relaxed)
        let moved = probe.bytesIn.read() &+ probe.bytesOut.read()
        let isMoving = moved != sampledBytes || probe.sendQueueBytes.read() > 0
        let age = worker.nowNanoseconds - sampledAtNanoseconds
        guard isInspected || isMoving && age >= worker.kernelPeriodNanoseconds else { return }
        sampledBytes = moved
        sampledAtNanoseconds = worker.nowNanoseconds
        guard let info = socket.tcpInfo() else { return }
        probe.rttMicroseconds.set(UInt64(info.rttMicroseconds))
        probe.retransmits.set(UInt64(info.retransmits))
        probe.congestionWindow.set(UInt64(info.congestionWindowSegments))
        probe.unacknowledgedBytes.set(UInt64(info.unacknowledgedBytes))
        let queued = socket.queuedBytes()
        probe.receiveQueueBytes.set(UInt64(max(queued.receive, 0)))
        probe.sendQueueBytes.set(UInt64(max(queued.send, 0)))
        if isInspected { postDetail() }
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
