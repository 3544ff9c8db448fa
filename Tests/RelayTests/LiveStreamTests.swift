import RTMP
import Relay
import Testing

/// Who publishes (CMD-9, T-CMD-12), and the stream's time over restarts and jumps (MED-11).
@Suite struct LiveStreamTests {
    private static let key = StreamKey(app: "live", name: "camera")
    private static let second: UInt64 = 1_000_000_000

    private func stream(publishedAt nowNanoseconds: UInt64 = 0) -> LiveStream {
        var stream = LiveStream(key: Self.key, limits: WindowLimits())
        _ = stream.requestPublish(by: 1, nowNanoseconds: nowNanoseconds, policy: .reject)
        return stream
    }

    // MARK: Publishers

    @Test func `the first publisher is accepted, and the stream is live`() {
        var stream = LiveStream(key: Self.key, limits: WindowLimits())
        #expect(stream.state == .waiting && stream.publisher == nil)
        #expect(
            stream.requestPublish(by: 1, nowNanoseconds: 5, policy: .reject) == .accepted)
        #expect(stream.publisher == 1 && stream.lastReceivedNanoseconds == 5)
    }

    @Test(arguments: [
        (PublishConflict.reject, UInt64(60), PublishVerdict.busy(1)),
        (.replace, 0, .takesOver(1)),
        (.replaceSilent(afterNanoseconds: 5_000_000_000), 4, .busy(1)),
        (.replaceSilent(afterNanoseconds: 5_000_000_000), 5, .takesOver(1)),
    ])
    func `a second publisher meets the policy`(
        policy: PublishConflict, silentSeconds: UInt64, verdict: PublishVerdict
    ) {
        var stream = stream()
        _ = stream.append(.keyframe(at: 0), by: 1, nowNanoseconds: 10 * Self.second)
        let now = (10 + silentSeconds) * Self.second
        #expect(stream.requestPublish(by: 2, nowNanoseconds: now, policy: policy) == verdict)
        #expect(stream.publisher == (verdict == .busy(1) ? 1 : 2))
        // The old one is heard only as long as the stream is its own.
        let heard = stream.append(.inter(at: 40), by: 1, nowNanoseconds: now)
        #expect((heard != nil) == (verdict == .busy(1)))
    }

    @Test func `who publishes already may publish again`() {
        var stream = stream()
        #expect(stream.requestPublish(by: 1, nowNanoseconds: 1, policy: .reject) == .accepted)
    }

    @Test func `only the publisher ends the stream, and only once`() {
        var stream = stream()
        _ = stream.append(.metadata(at: 0), by: 1, nowNanoseconds: 0)
        _ = stream.append(.keyframe(at: 0), by: 1, nowNanoseconds: 0)
        let foreign = stream.endPublish(by: 2)
        #expect(!foreign && stream.publisher == 1)
        let own = stream.endPublish(by: 1)
        #expect(own && stream.state == .ended && stream.lastReceivedNanoseconds == nil)
        let again = stream.endPublish(by: 1)
        #expect(!again)
        #expect(stream.append(.inter(at: 40), by: 1, nowNanoseconds: 0) == nil)
        // Caches go with the publish (row 14), numbers stay.
        #expect(stream.log.isEmpty && stream.log.endSequence == 2)
        #expect(stream.log.headersInForce(at: 2).isEmpty)
    }

    @Test func `the hub's window holds one GOP`() {
        var stream = stream()
        for index in 0..<100 {
            let timestamp = UInt32(index * 40)
            _ = stream.append(
                index % 25 == 0 ? .keyframe(at: timestamp) : .inter(at: timestamp), by: 1,
                nowNanoseconds: 0)
        }
        #expect(stream.log.firstSequence == 75 && stream.log.count == 25)
    }

    // MARK: Time

    @Test func `a publisher that restarts at 0 goes on after what there is (T-MED-11)`() {
        var stream = stream()
        // A worker's copy of the window, which gets every message as it was placed.
        var feed = stream.log
        var player = PlayerCursor(joining: feed, usesGOPCache: true, acceptsEnhanced: true)
        for timestamp: UInt32 in [70_000, 70_040, 70_080] {
            feed.append(stream.append(.keyframe(at: timestamp), by: 1, nowNanoseconds: 0)!)
        }
        #expect(player.all(in: feed).map(\.timestamp) == [0, 40, 80])
        _ = stream.requestPublish(by: 2, nowNanoseconds: 0, policy: .replace)
        feed.restart()
        for message: MediaMessage in [
            .metadata(at: 0), .videoHeader(at: 0), .inter(at: 0), .keyframe(at: 20),
            .audio(at: 15), .inter(at: 60),
        ] {
            feed.append(stream.append(message, by: 2, nowNanoseconds: 0)!)
        }
        #expect(
            player.all(in: feed) == [
                .init(.metadata, 90), .init(.videoHeader, 90), .init(.keyframe, 110),
                .init(.audio, 105), .init(.inter, 150),
            ])
    }

    @Test func `a player that waits over a restart begins with the new headers`() {
        var stream = stream()
        _ = stream.append(.videoHeader(1, at: 0), by: 1, nowNanoseconds: 0)
        _ = stream.append(.keyframe(at: 500), by: 1, nowNanoseconds: 0)
        var log = stream.log
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        _ = player.all(in: log)
        let ended = stream.endPublish(by: 1)
        #expect(ended)
        // A worker's copy: what lagged behind may still go out.
        log.append(.inter(at: 540))
        log.restart()
        #expect(player.all(in: log) == [.init(.inter, 40)])
        log.append(.inter(at: 550))
        log.append(.videoHeader(2, at: 550))
        log.append(.audio(at: 560))
        log.append(.keyframe(at: 590))
        // Inter frames of a publish whose keyframe is missing are withheld.
        #expect(
            player.all(in: log) == [
                .init(.videoHeader, 50), .init(.audio, 60), .init(.keyframe, 90),
            ])
    }

    @Test func `time passes 2³² without a step (T-MED-12)`() {
        var stream = stream()
        var player = PlayerCursor(joining: stream.log, usesGOPCache: true, acceptsEnhanced: true)
        var times: [UInt32] = []
        for index in 0..<100 {
            let timestamp = UInt32.max &- 2000 &+ UInt32(index * 40)
            let placed = stream.append(
                index % 2 == 0 ? .keyframe(at: timestamp) : .audio(at: timestamp), by: 1,
                nowNanoseconds: 0)
            #expect(placed?.timestamp == timestamp)
            times += player.all(in: stream.log).map(\.timestamp)
        }
        #expect(times == (0..<100).map { UInt32($0 * 40) })
    }

    @Test func `a player's own time passes 2³² too`() {
        var log = StreamLog()
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        // A step a day, fifty days: each far less than half the range.
        var times: [UInt32] = []
        for day in 0..<60 {
            log.append(.keyframe(at: 123 &+ UInt32(day) &* 86_400_000))
            _ = player.keepUp(in: log, limits: SlowLimits())
            times += player.all(in: log).map(\.timestamp)
        }
        #expect(times == (0..<60).map { UInt32($0) &* 86_400_000 })
    }

    /// Publishes audio and video of the given times, one pair every 40 ms, and returns where they came.
    private func place(
        _ times: [(video: UInt32, audio: UInt32)], in stream: inout LiveStream
    ) -> [[UInt32]] {
        times.enumerated().map { index, time in
            let now = UInt64(index + 1) * 40_000_000
            return [
                stream.append(.keyframe(at: time.video), by: 1, nowNanoseconds: now)!.timestamp,
                stream.append(.audio(at: time.audio), by: 1, nowNanoseconds: now)!.timestamp,
            ]
        }
    }

    @Test(arguments: [3_600_000, 0, 11_081, .max - 5] as [UInt32])
    func `a jump of both tracks is closed to ten milliseconds`(target: UInt32) {
        var stream = stream()
        let placed = place(
            [
                (100_000, 100_005), (100_040, 100_045), (target, target &+ 5),
                (target &+ 40, target &+ 45),
            ], in: &stream)
        #expect(
            placed == [
                [100_000, 100_005], [100_040, 100_045], [100_055, 100_060], [100_095, 100_100],
            ])
    }

    /// Row 31 of interop.md: a camera whose time stands still at first.
    @Test func `a time that stands still stays where it is`() {
        var stream = stream()
        let times: [(UInt32, UInt32)] = Array(repeating: (7, 7), count: 500) + [(47, 30)]
        #expect(place(times, in: &stream) == times.map { [$0.0, $0.1] })
    }

    /// Rows 32 and 77: sound seconds behind the picture keeps its distance, for late players too.
    @Test func `a track that comes late is where it belongs`() {
        var stream = stream()
        _ = stream.append(.keyframe(at: 5000), by: 1, nowNanoseconds: 0)
        var early = PlayerCursor(joining: stream.log, usesGOPCache: true, acceptsEnhanced: true)
        _ = stream.append(.audioHeader(at: 8000), by: 1, nowNanoseconds: 3 * Self.second)
        _ = stream.append(.audio(at: 8000), by: 1, nowNanoseconds: 3 * Self.second)
        var late = PlayerCursor(joining: stream.log, usesGOPCache: true, acceptsEnhanced: true)
        #expect(
            early.all(in: stream.log) == [
                .init(.keyframe, 0), .init(.audioHeader, 3000), .init(.audio, 3000),
            ])
        #expect(late.all(in: stream.log).last == .init(.audio, 3000))
    }

    @Test func `disorder up to a second and gaps up to ten are forwarded as they are`() {
        var stream = stream()
        let times: [(UInt32, UInt32)] = [
            (5000, 5000), (4000, 4500), (14_000, 14_000), (14_040, 13_500),
        ]
        #expect(place(times, in: &stream) == times.map { [$0.0, $0.1] })
    }

    @Test func `a jump that the other track does not follow is let through after two seconds`() {
        var stream = stream()
        var times: [(video: UInt32, audio: UInt32)] = []
        for index in 0..<100 {
            let time = UInt32(index * 40)
            times.append((index < 10 ? time : time + 60_000, time))
        }
        let placed = place(times, in: &stream)
        #expect(placed.map { $0[1] } == times.map(\.audio))
        #expect(placed[10][0] == 370)
        #expect(placed[50][0] <= 2100)
        #expect(placed[99][0] == times[99].video)
    }

    @Test func `one wrong timestamp is put right`() {
        var stream = stream()
        let placed = place(
            [(1000, 1000), (9_000_000, 1040), (1080, 1080), (1120, 1120)], in: &stream)
        #expect(placed == [[1000, 1000], [1010, 1040], [1080, 1080], [1120, 1120]])
    }

    @Test func `a single track needs no confirmation`() {
        var stream = stream()
        let placed = [0, 40, 500_000, 500_040, 7].map { (timestamp: UInt32) in
            stream.append(.keyframe(at: timestamp), by: 1, nowNanoseconds: 0)!.timestamp
        }
        #expect(placed == [0, 40, 50, 90, 100])
    }

    @Test func `headers and data with another clock stay with the frames around them`() {
        var stream = stream()
        let placed = [
            MediaMessage.keyframe(at: 100_000), .videoHeader(at: 0), .data(at: 0),
            .data(at: 100_020), .keyframe(at: 100_040),
        ].map { stream.append($0, by: 1, nowNanoseconds: 0)!.timestamp }
        #expect(placed == [100_000, 100_000, 100_000, 100_020, 100_040])
    }
}
