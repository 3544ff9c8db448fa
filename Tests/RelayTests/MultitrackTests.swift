import RTMP
import Relay
import Testing

/// Several tracks in one stream: MED-5, MED-7, MED-9, MED-11.
@Suite struct MultitrackTests {
    private static let hvc1: [UInt8] = [0x68, 0x76, 0x63, 0x31]

    /// One track in the words of many: packet type 0 is a header, 1 a frame.
    private func video(
        _ packet: UInt8, track: UInt8, key: Bool = true, mark: UInt8 = 0, at timestamp: UInt32 = 0
    ) -> MediaMessage {
        .classified(
            .video, [key ? 0x96 : 0xA6, packet] + Self.hvc1 + [track, 0, 0, 0, mark], at: timestamp)
    }

    /// Many tracks in one message.
    private func videos(
        _ packet: UInt8, _ tracks: [UInt8], key: Bool = true, mark: UInt8 = 0,
        at timestamp: UInt32 = 0
    ) -> MediaMessage {
        let parts = tracks.flatMap { track -> [UInt8] in [track, 0, 0, 5, 0, 0, 0, mark, track] }
        return .classified(
            .video, [key ? 0x96 : 0xA6, 0x10 | packet] + Self.hvc1 + parts, at: timestamp)
    }

    private func channels(track: UInt8) -> MediaMessage {
        .classified(
            .audio, [0x95, 0x04, 0x4F, 0x70, 0x75, 0x73, track, 1, 2, 0, 0, 0, 3], at: 0)
    }

    /// A log as the engine fills it: with track 0 apart for players that know no other.
    private func log(_ messages: [MediaMessage]) -> StreamLog {
        var log = StreamLog()
        fill(&log, messages)
        return log
    }

    private func fill(_ log: inout StreamLog, _ messages: [MediaMessage]) {
        for message in messages {
            log.append(message)
            if let first = message.firstTrackAlone() { log.append(first) }
        }
    }

    private func join(_ log: StreamLog, multitrack: Bool = true) -> PlayerCursor {
        PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: multitrack)
    }

    private func payloads(_ player: inout PlayerCursor, _ log: StreamLog) -> [[UInt8]] {
        var payloads: [[UInt8]] = []
        while let message = player.next(in: log) { payloads.append(message.payload.bytes) }
        return payloads
    }

    // MARK: Headers

    @Test func `a late player gets the header and channel layout of every track (MED-9)`() {
        let headers = [
            channels(track: 1), video(0, track: 1, mark: 11), video(0, track: 0, mark: 10),
            channels(track: 0), video(0, track: 7, mark: 17),
        ]
        let log = log(headers + [video(1, track: 0), video(1, track: 1), video(1, track: 7)])
        var late = join(log)
        let expected = [headers[1], headers[2], headers[4], headers[0], headers[3]]
        #expect(Array(payloads(&late, log).prefix(5)) == expected.map(\.payload.bytes))
    }

    @Test func `headers of many tracks in one message are replaced track by track`() {
        let both = videos(0, [0, 1], mark: 1)
        let second = video(0, track: 1, mark: 2)
        let again = videos(0, [0, 1], mark: 3)
        var log = StreamLog()
        func inForce() -> [[UInt8]] {
            log.headersInForce(at: log.endSequence).map(\.payload.bytes)
        }
        log.append(both)
        log.append(second)
        // Track 0 is only in the older message, which therefore stays, and goes out first.
        #expect(inForce() == [both, second].map(\.payload.bytes))
        log.append(second)
        #expect(inForce().count == 2)
        log.append(again)
        #expect(inForce() == [again.payload.bytes])
        log.append(video(0, track: 0, mark: 4))
        log.append(both)
        #expect(inForce() == [both.payload.bytes])
    }

    // MARK: Keyframes

    @Test func `each track begins with a keyframe of its own, after one of the main track`() {
        var log = log([
            video(0, track: 0), video(0, track: 1), video(1, track: 1, mark: 1),
            video(1, track: 0, mark: 2), video(1, track: 1, key: false, mark: 3),
        ])
        var late = join(log)
        let start = payloads(&late, log)
        // Track 1 had its keyframe before the start: its frames wait for the next one.
        #expect(start.count == 3 && start.last == video(1, track: 0, mark: 2).payload.bytes)
        let rest = [
            video(1, track: 0, key: false, mark: 4), video(1, track: 1, key: false, mark: 5),
            video(1, track: 1, mark: 6), video(1, track: 1, key: false, mark: 7),
        ]
        fill(&log, rest)
        #expect(
            payloads(&late, log) == [rest[0], rest[2], rest[3]].map(\.payload.bytes))
    }

    @Test func `a keyframe of many tracks in one message opens them all`() {
        let keyframe = videos(1, [0, 1], mark: 1, at: 40)
        let frames = [
            videos(1, [0, 1], key: false, mark: 2, at: 80),
            video(1, track: 1, key: false, mark: 3, at: 80),
        ]
        let log = log([keyframe] + frames)
        var late = join(log)
        #expect(payloads(&late, log) == ([keyframe] + frames).map(\.payload.bytes))
    }

    // MARK: Players of one track

    @Test func `who knows one track gets track 0 alone, from the same keyframe (MED-7)`() {
        var log = log([
            videos(0, [1, 0], mark: 9), video(0, track: 1),
            videos(1, [1, 0], mark: 1, at: 1000), video(1, track: 1, mark: 2, at: 1000),
        ])
        var old = join(log, multitrack: false)
        let header: [UInt8] = [0x90] + Self.hvc1 + [0, 0, 0, 9, 0]
        let keyframe: [UInt8] = [0x91] + Self.hvc1 + [0, 0, 0, 1, 0]
        #expect(payloads(&old, log) == [header, keyframe])
        fill(&log, [videos(1, [0, 1], key: false, mark: 3, at: 1040)])
        #expect(old.next(in: log)?.timestamp == 40)
        #expect(old.next(in: log) == nil)
        #expect(log.totals.videoFrames == 3)
    }

    @Test func `a player of one track that lags skips to a keyframe as any other`() {
        var log = log([videos(0, [0, 1]), videos(1, [0, 1], mark: 1)])
        var old = join(log, multitrack: false)
        _ = payloads(&old, log)
        fill(&log, (1...20).map { videos(1, [0, 1], key: false, at: UInt32($0) * 40) })
        fill(&log, [videos(1, [0, 1], mark: 2, at: 840)])
        let skip = old.keepUp(in: log, limits: SlowLimits(bytes: 100, milliseconds: 10_000))
        #expect(skip == .init(reason: .queueBytes, videoFrames: 20, audioFrames: 0))
        #expect(payloads(&old, log) == [[0x91] + Self.hvc1 + [0, 0, 0, 2, 0]])
    }

    // MARK: Time

    @Test func `tracks that stand seconds apart make the window no longer`() {
        var log = StreamLog(limits: WindowLimits(milliseconds: 60_000))
        for index in 0..<100 as Range<UInt32> {
            log.append(video(1, track: 0, key: index == 0, at: 5000 + index * 40))
            log.append(video(1, track: 1, key: index == 0, at: index * 40))
        }
        #expect(log.totals.milliseconds == 99 * 40)
    }

    /// Three tracks, each with its own distance from the first, and what became of their times.
    private func place(
        _ times: [UInt32], _ distances: [UInt32] = [0, 20, 30]
    ) -> [[UInt32]] {
        var stream = LiveStream(
            key: StreamKey(app: "live", name: "camera"), limits: WindowLimits())
        _ = stream.requestPublish(by: 1, nowNanoseconds: 0, policy: .reject)
        return times.enumerated().map { index, time in
            let now = UInt64(index + 1) * 40_000_000
            let messages = [
                video(1, track: 0, at: time &+ distances[0]),
                video(1, track: 3, at: time &+ distances[1]),
                MediaMessage.audio(at: time &+ distances[2]),
            ]
            return messages.map { stream.append($0, by: 1, nowNanoseconds: now)!.timestamp }
        }
    }

    @Test func `tracks that stand apart are no jump (MED-11)`() {
        let times = (0..<50).map { UInt32($0) * 40 + 100_000 }
        #expect(
            place(times, [0, 0 &- 5000, 3000])
                == times.map { [$0, $0 - 5000, $0 + 3000] })
    }

    @Test(arguments: [3_600_000, 0, .max - 50] as [UInt32])
    func `a jump of three tracks is one jump (MED-11)`(target: UInt32) {
        let placed = place([100_000, 100_040, target, target &+ 40])
        #expect(
            placed == [
                [100_000, 100_020, 100_030], [100_040, 100_060, 100_070],
                [100_080, 100_100, 100_110], [100_120, 100_140, 100_150],
            ])
    }

    @Test func `a track that comes late and counts from elsewhere begins with the others`() {
        var stream = LiveStream(
            key: StreamKey(app: "live", name: "camera"), limits: WindowLimits())
        _ = stream.requestPublish(by: 1, nowNanoseconds: 0, policy: .reject)
        let placed = [
            video(1, track: 0, at: 100_000), video(1, track: 1, at: 0),
            video(1, track: 0, at: 100_040), video(1, track: 1, at: 40),
            // Eight seconds behind is a slow encoder.
            .audio(at: 92_040),
        ].map { stream.append($0, by: 1, nowNanoseconds: 0)!.timestamp }
        #expect(placed == [100_000, 100_000, 100_040, 100_040, 92_040])
    }

    @Test func `of two hundred tracks the last ones keep the time of the first`() {
        var stream = LiveStream(
            key: StreamKey(app: "live", name: "camera"), limits: WindowLimits())
        _ = stream.requestPublish(by: 1, nowNanoseconds: 0, policy: .reject)
        for time in [5000, 5040] as [UInt32] {
            for track in 0..<200 as Range<UInt8> {
                let frame = video(1, track: track, at: time)
                #expect(stream.append(frame, by: 1, nowNanoseconds: 0)?.timestamp == time)
            }
        }
    }

    /// Begins as the clock wraps; the second picture stands ahead of the first, the tones behind and ahead.
    @Test(arguments: [0, 100_000, 0 &- 60] as [UInt32])
    func `one offset is taken from all tracks (MED-9)`(start: UInt32) {
        func tone(_ track: UInt8, at time: UInt32) -> MediaMessage {
            .classified(.audio, [0x95, 0x01, 0x4F, 0x70, 0x75, 0x73, track, 7], at: time)
        }
        let messages = (0..<5 as Range<UInt32>).flatMap { index -> [MediaMessage] in
            let time = start &+ index * 40
            return [
                video(1, track: 0, at: time), video(1, track: 1, at: time &+ 7),
                tone(0, at: time &- 5), tone(1, at: time &+ 13),
            ]
        }
        let log = log(messages)
        for (joined, played) in [(StreamLog(), messages), (log, Array(messages.suffix(4)))] {
            var player = join(joined)
            var times: [UInt32] = []
            while let message = player.next(in: log) { times.append(message.timestamp) }
            // What comes before the first one of all is at 0 too.
            #expect(
                times
                    == played.map { message in
                        let distance = Int32(
                            bitPattern: message.timestamp &- played[0].timestamp)
                        return UInt32(max(distance, 0))
                    })
        }
    }
}
