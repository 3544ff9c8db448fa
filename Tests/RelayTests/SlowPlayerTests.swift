import RTMP
import Relay
import Testing

/// Players that fall behind: MED-12, T-MED-14, invariant 6.
@Suite struct SlowPlayerTests {
    /// A player at live, one keyframe of a hundred bytes ago.
    private func started(limits: WindowLimits = WindowLimits()) -> (StreamLog, PlayerCursor) {
        var log = StreamLog(limits: limits)
        log.append(.videoHeader(at: 0))
        log.append(.keyframe(at: 0))
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        _ = player.all(in: log)
        return (log, player)
    }

    private let wide = SlowLimits(bytes: 1 << 30, milliseconds: 1 << 30)

    @Test func `within the limits nothing is skipped`() {
        var (log, player) = started()
        for index in 1...100 { log.append(.inter(at: UInt32(index * 40))) }
        #expect(player.backlog(in: log).bytes == 600)
        #expect(player.backlog(in: log).milliseconds == 4000)
        #expect(player.keepUp(in: log, limits: SlowLimits(bytes: 600, milliseconds: 4000)) == nil)
        #expect(player.all(in: log).count == 100)
        #expect(player.backlog(in: log) == (0, 0))
        #expect(player.skippedVideo == 0)
    }

    @Test(arguments: [
        (SlowLimits(bytes: 599, milliseconds: 9000), PlayerCursor.Skip.Reason.queueBytes),
        (SlowLimits(bytes: 9000, milliseconds: 3999), .queueTime),
    ])
    func `beyond a limit it jumps to the newest keyframe`(
        limits: SlowLimits, reason: PlayerCursor.Skip.Reason
    ) {
        var (log, player) = started()
        for index in 1...96 { log.append(.inter(at: UInt32(index * 40))) }
        log.append(.keyframe(at: 3880))
        log.append(.audio(at: 3890))
        for index in 98...100 { log.append(.inter(at: UInt32(index * 40))) }
        #expect(player.overrun(in: log, limits: limits) == reason)
        #expect(
            player.keepUp(in: log, limits: limits)
                == .init(reason: reason, videoFrames: 96, audioFrames: 0))
        #expect(player.all(in: log).map(\.timestamp) == [3880, 3890, 3920, 3960, 4000])
        #expect(player.skippedVideo == 96 && player.skippedAudio == 0)
    }

    /// Every inter frame is followed by a frame of audio.
    private func withAudio(_ player: PlayerCursor, _ log: StreamLog) -> (StreamLog, PlayerCursor) {
        var log = log
        for index in 1...10 {
            log.append(.inter(at: UInt32(index * 40)))
            log.append(.audio(at: UInt32(index * 40)))
        }
        return (log, player)
    }

    @Test func `video is left out up to the newest keyframe, audio goes on (MED-12)`() {
        var (log, player) = started()
        (log, player) = withAudio(player, log)
        log.append(.keyframe(at: 440))
        log.append(.inter(at: 480))
        let limits = SlowLimits(bytes: 20, milliseconds: 10_000)
        #expect(
            player.keepUp(in: log, limits: limits)
                == .init(reason: .queueBytes, videoFrames: 10, audioFrames: 0))
        #expect(player.isRecovering)
        let audio = (1...10).map { Delivery(.audio, UInt32($0 * 40)) }
        #expect(player.few(9, in: log) == Array(audio.prefix(9)))
        #expect(player.isRecovering)
        #expect(player.all(in: log) == [audio[9], .init(.keyframe, 440), .init(.inter, 480)])
        #expect(!player.isRecovering)
        #expect(player.skippedVideo == 10 && player.skippedAudio == 0)
    }

    @Test func `without a newer keyframe audio goes on, and video waits for the next`() {
        var (log, player) = started()
        (log, player) = withAudio(player, log)
        let limits = SlowLimits(bytes: 20, milliseconds: 10_000)
        #expect(
            player.keepUp(in: log, limits: limits)
                == .init(reason: .queueBytes, videoFrames: 10, audioFrames: 0))
        #expect(player.all(in: log).map(\.what) == Array(repeating: .audio, count: 10))
        log.append(.inter(at: 440))
        log.append(.audio(at: 450))
        #expect(player.all(in: log) == [.init(.audio, 450)])
        #expect(player.isRecovering)
        log.append(.keyframe(at: 480))
        #expect(player.all(in: log) == [.init(.keyframe, 480)])
        #expect(!player.isRecovering)
        #expect(player.skippedVideo == 11 && player.skippedAudio == 0)
    }

    @Test func `audio is left out when that was not enough, and nothing is counted twice`() {
        var (log, player) = started()
        (log, player) = withAudio(player, log)
        let limits = SlowLimits(bytes: 20, milliseconds: 10_000)
        let first = player.keepUp(in: log, limits: limits)
        #expect(first?.videoFrames == 10 && first?.audioFrames == 0)
        // Half the limit more is what it gets to come up.
        log.append(.inter(at: 440))
        log.append(.audio(at: 450))
        #expect(player.keepUp(in: log, limits: limits) == nil)
        log.append(.audio(at: 455))
        #expect(
            player.keepUp(in: log, limits: limits)
                == .init(reason: .queueBytes, videoFrames: 1, audioFrames: 12))
        #expect(player.neededSequence(in: log) == nil)
        #expect(player.backlog(in: log) == (0, 0))
        #expect(player.next(in: log) == nil)
        log.append(.inter(at: 460))
        log.append(.audio(at: 470))
        log.append(.keyframe(at: 480))
        #expect(player.all(in: log) == [.init(.keyframe, 480)])
        #expect(player.skippedVideo == 12 && player.skippedAudio == 13)
        #expect(!player.isRecovering)
    }

    @Test func `the sum of both steps is what was not delivered`() {
        var (log, player) = started()
        let limits = SlowLimits(bytes: 200, milliseconds: 10_000)
        var got = 0
        for index in 1...5000 {
            let timestamp = UInt32(index * 20)
            log.append(
                index % 50 == 0
                    ? .keyframe(at: timestamp)
                    : index % 2 == 0 ? .inter(at: timestamp) : .audio(at: timestamp))
            _ = player.keepUp(in: log, limits: limits)
            log.trim(keepingFrom: player.neededSequence(in: log))
            // Too little for the stream, more than for its audio.
            if index % 3 > 0 || index > 4990 { got += player.few(1, in: log).count }
        }
        _ = player.keepUp(in: log, limits: limits)
        got += player.all(in: log).count
        #expect(player.skippedVideo > 0)
        #expect(UInt64(got) + player.skippedVideo + player.skippedAudio == 5000)
    }

    @Test func `headers that pass while video is left out come in their place`() {
        var (log, player) = started()
        for index in 1...10 { log.append(.inter(at: UInt32(index * 40))) }
        _ = player.keepUp(in: log, limits: SlowLimits(bytes: 20, milliseconds: 10_000))
        log.append(.videoHeader(2, at: 440))
        log.append(.metadata(at: 440))
        log.append(.keyframe(at: 480))
        #expect(
            player.all(in: log) == [
                .init(.videoHeader, 440), .init(.metadata, 440), .init(.keyframe, 480),
            ])
    }

    @Test func `headers that pass while it waits come before the keyframe`() {
        var (log, player) = started()
        let limits = SlowLimits(bytes: 20, milliseconds: 10_000)
        for index in 1...10 { log.append(.inter(at: UInt32(index * 40))) }
        _ = player.keepUp(in: log, limits: limits)
        for index in 11...20 { log.append(.inter(at: UInt32(index * 40))) }
        #expect(player.keepUp(in: log, limits: limits)?.videoFrames == 10)
        log.append(.videoHeader(2, at: 840))
        log.append(.metadata(at: 840))
        #expect(player.next(in: log) == nil)
        log.append(.keyframe(at: 880))
        #expect(
            player.all(in: log) == [
                .init(.metadata, 880), .init(.videoHeader, 880), .init(.keyframe, 880),
            ])
    }

    @Test func `a window trimmed over it makes it jump`() {
        var (log, player) = started(limits: WindowLimits(bytes: 100))
        for index in 1...40 { log.append(.inter(at: UInt32(index * 40))) }
        log.append(.keyframe(at: 1640))
        log.append(.inter(at: 1680))
        #expect(player.position < log.firstSequence)
        #expect(player.next(in: log) == nil)
        #expect(
            player.keepUp(in: log, limits: wide)
                == .init(reason: .window, videoFrames: 40, audioFrames: 0))
        #expect(player.all(in: log) == [.init(.keyframe, 1640), .init(.inter, 1680)])
    }

    @Test func `an audio-only player jumps to live, with the header that came meanwhile`() {
        var log = StreamLog()
        log.append(.audioHeader(1, at: 0))
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        log.append(.audio(at: 0))
        #expect(player.all(in: log) == [.init(.audioHeader, 0), .init(.audio, 0)])
        log.append(.audioHeader(2, at: 10))
        for index in 1...50 { log.append(.audio(at: UInt32(index * 20))) }
        #expect(
            player.keepUp(in: log, limits: SlowLimits(bytes: 60, milliseconds: 10_000))
                == .init(reason: .queueBytes, videoFrames: 0, audioFrames: 50))
        #expect(player.next(in: log) == nil)
        log.append(.audio(at: 1020))
        #expect(player.all(in: log) == [.init(.audioHeader, 1020), .init(.audio, 1020)])
    }

    @Test func `who starts at the keyframe of a long GOP is not slow for that`() {
        var log = StreamLog()
        log.append(.keyframe(at: 0))
        for index in 1...120 { log.append(.inter(at: UInt32(index * 100))) }
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        let limits = SlowLimits(bytes: 1 << 20, milliseconds: 10_000)
        _ = player.next(in: log)
        #expect(player.keepUp(in: log, limits: limits) == nil)
        // Having come up to live, it has no more than others.
        #expect(player.all(in: log).count == 120)
        #expect(player.keepUp(in: log, limits: limits) == nil)
        for index in 121...222 { log.append(.inter(at: UInt32(index * 100))) }
        #expect(player.overrun(in: log, limits: limits) == .queueTime)
    }

    @Test func `when half the distance is used up, disposable frames go first (MED-12)`() {
        var (log, player) = started()
        for index in 1...10 {
            log.append(.inter(at: UInt32(index * 40)))
            log.append(.disposable(at: UInt32(index * 40 + 20)))
        }
        let limits = SlowLimits(bytes: 200, milliseconds: 10_000)
        #expect(player.keepUp(in: log, limits: limits) == nil)
        #expect(player.all(in: log).map(\.what) == Array(repeating: .inter, count: 10))
        #expect(player.skippedVideo == 10)
        #expect(player.keepUp(in: log, limits: limits) == nil)
        log.append(.disposable(at: 500))
        #expect(player.all(in: log).map(\.what) == [.disposable])
    }

    @Test
    func `one slow player changes nothing for another, and the window stays bounded (T-MED-14)`() {
        var (log, slow) = started(limits: WindowLimits(bytes: 2000))
        var fast = slow
        var received = 0
        for index in 1...5000 {
            let timestamp = UInt32(index * 40)
            log.append(index % 50 == 0 ? .keyframe(at: timestamp) : .inter(at: timestamp))
            received += fast.all(in: log).count
            _ = slow.keepUp(in: log, limits: SlowLimits(bytes: 1000, milliseconds: 100_000))
            log.trim(keepingFrom: slow.neededSequence(in: log))
            #expect(log.windowBytes <= 2000)
        }
        #expect(received == 5000)
        let got = slow.all(in: log)
        #expect(got.first?.what == .keyframe)
        #expect(UInt64(got.count) + slow.skippedVideo == 5000)
    }

    @Test func `what is gathered on a copy counts once the copy is kept`() {
        var (log, player) = started()
        log.append(.inter(at: 40))
        log.append(.inter(at: 80))
        var ahead = player
        #expect(ahead.all(in: log).count == 2)
        #expect(player.all(in: log) == [.init(.inter, 40), .init(.inter, 80)])
        player = ahead
        #expect(player.all(in: log) == [])
    }
}
