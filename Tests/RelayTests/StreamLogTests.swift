import RTMP
import Relay
import Testing

/// The window: what it keeps, what it lets go, and that it never exceeds its limits (MED-10).
@Suite struct StreamLogTests {
    private func log(
        _ limits: WindowLimits = WindowLimits(), frames: Int, keyframeEvery interval: Int
    ) -> StreamLog {
        var log = StreamLog(limits: limits)
        for index in 0..<frames {
            let timestamp = UInt32(index * 40)
            log.append(
                index % interval == 0 ? .keyframe(at: timestamp) : .inter(at: timestamp))
        }
        return log
    }

    @Test func `numbers go on without a gap and name the message`() {
        var log = log(frames: 300, keyframeEvery: 50)
        #expect(log.firstSequence == 0 && log.endSequence == 300 && log.count == 300)
        #expect(log[217].timestamp == 217 * 40)
        log.trim(keepingFrom: nil)
        #expect(log.firstSequence == 250 && log.newestKeyframe == 250)
        #expect(log[250].isKeyframe && log.count == 50)
        #expect(log.windowBytes == 300)
        #expect(log.windowMilliseconds == 50 * 40)
    }

    @Test func `a trim keeps what the furthest player needs, and never less than the newest GOP`() {
        var lagging = log(frames: 300, keyframeEvery: 50)
        lagging.trim(keepingFrom: 120)
        #expect(lagging.firstSequence == 120)
        lagging.trim(keepingFrom: 280)
        #expect(lagging.firstSequence == 250)
        lagging.trim(keepingFrom: 10)
        #expect(lagging.firstSequence == 250)
    }

    /// SEC-1: what a server has for all windows is shared among more and more streams.
    @Test func `a share that becomes smaller takes the oldest at the next message`() {
        var log = log(frames: 300, keyframeEvery: 100)
        #expect(log.count == 300)
        log.byteShare = log.windowBytes / 2
        log.append(.inter(at: 300 * 40))
        #expect(log.windowBytes <= log.byteShare && log.endSequence == 301)
        #expect(log.newestKeyframe == 200)
        log.byteShare = 0
        log.append(.inter(at: 301 * 40))
        #expect(log.count == 1 && log.newestKeyframe == nil)
    }

    @Test func `without a GOP cache nothing is kept for those who come`() {
        var log = log(WindowLimits(keepsGOP: false), frames: 60, keyframeEvery: 50)
        log.trim(keepingFrom: 55)
        #expect(log.firstSequence == 55)
        log.trim(keepingFrom: nil)
        #expect(log.isEmpty && log.newestKeyframe == nil)
    }

    @Test func `an audio-only stream keeps nothing, its headers stay`() {
        var log = StreamLog()
        log.append(.audioHeader(at: 0))
        for index in 0..<100 { log.append(.audio(at: UInt32(index * 23))) }
        log.trim(keepingFrom: nil)
        #expect(log.isEmpty && !log.carriesVideo)
        #expect(log.headersInForce(at: log.endSequence).count == 1)
    }

    @Test(arguments: [
        WindowLimits(bytes: 600), WindowLimits(milliseconds: 3960), WindowLimits(messages: 100),
    ])
    func `the limits hold without a trim, and a GOP that passes them is no cache`(
        limits: WindowLimits
    ) {
        var bounded = log(limits, frames: 1000, keyframeEvery: 700)
        #expect(bounded.count <= 100 && bounded.count >= 99)
        #expect(bounded.newestKeyframe == nil)
        bounded.trim(keepingFrom: nil)
        #expect(bounded.isEmpty)
    }

    @Test func `one message larger than the window is kept until the next`() {
        var log = StreamLog(limits: WindowLimits(bytes: 100))
        log.append(.keyframe(at: 0, size: 500))
        #expect(log.count == 1 && log.newestKeyframe == 0)
        log.append(.inter(at: 40))
        #expect(log.firstSequence == 1 && log.newestKeyframe == nil)
    }

    @Test func `what is let go is released`() {
        var log = StreamLog(limits: WindowLimits(messages: 4))
        weak var first: Payload?
        do {
            let message = MediaMessage.keyframe(at: 0)
            first = message.payload
            log.append(message)
        }
        #expect(first != nil)
        for index in 1...4 { log.append(.inter(at: UInt32(index * 40))) }
        #expect(first == nil && log.count == 4)
    }

    @Test func `tracks that stand apart do not make the window long`() {
        var log = StreamLog(limits: WindowLimits(milliseconds: 2000))
        for index in 0..<50 {
            log.append(.keyframe(at: UInt32(index * 40) &+ 3_600_000))
            log.append(.audio(at: UInt32(index * 40)))
        }
        #expect(log.windowMilliseconds == 49 * 40 && log.count == 100)
    }

    @Test func `video that stopped long ago is waited for no more`() {
        var log = StreamLog()
        log.append(.keyframe(at: 0))
        for index in 0..<1500 {
            log.append(.audio(at: UInt32(index * 20)))
        }
        #expect(!log.carriesVideo && log.newestKeyframe == nil)
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        log.append(.audio(at: 30_000))
        #expect(player.all(in: log) == [.init(.audio, 0)])
    }

    @Test func `a GOP begins with the lowest track's keyframe`() {
        var second = MediaMessage.keyframe(at: 0)
        second.track = 1
        var log = StreamLog()
        log.append(second)
        #expect(log.newestKeyframe == 0)
        log.append(.keyframe(at: 0))
        log.append(second)
        #expect(log.newestKeyframe == 1)
        log.append(.keyframe(at: 40))
        log.append(second)
        #expect(log.newestKeyframe == 3)
    }

    @Test func `a restart forgets keyframes and headers but not the messages (row 14)`() {
        var log = log(frames: 60, keyframeEvery: 50)
        log.append(.videoHeader(at: 0))
        var laggard = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        _ = laggard.next(in: log)
        log.restart()
        #expect(log.newestKeyframe == nil && log.startSequence == 61 && log.count == 61)
        #expect(log.headersInForce(at: 61).isEmpty)
        var late = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        #expect(late.all(in: log) == [])
        #expect(laggard.all(in: log).count == 10)
        log.removeAll()
        #expect(log.isEmpty && log.endSequence == 61)
    }

    @Test func `the next publish brings nothing of the one before`() {
        var log = StreamLog()
        log.append(.metadata(at: 0))
        log.append(.videoHeader(1, at: 0))
        log.restart()
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        log.append(.keyframe(at: 0))
        #expect(player.all(in: log) == [.init(.keyframe, 0)])
    }

    @Test func `a copy and its origin go their own ways`() {
        var origin = log(frames: 100, keyframeEvery: 50)
        let copy = origin
        origin.append(.keyframe(at: 4000))
        origin.trim(keepingFrom: nil)
        #expect(copy.count == 100 && copy[99].timestamp == 3960)
        #expect(origin.count == 1 && origin[100].timestamp == 4000)
    }
}
