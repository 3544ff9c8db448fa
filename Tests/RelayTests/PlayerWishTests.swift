import RTMP
import Relay
import Testing

/// Pause, receiveAudio and receiveVideo (CMD-18).
@Suite struct PlayerWishTests {
    private func started() -> (StreamLog, PlayerCursor) {
        var log = StreamLog()
        log.append(.videoHeader(at: 0))
        log.append(.audioHeader(at: 0))
        log.append(.keyframe(at: 0))
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        _ = player.all(in: log)
        return (log, player)
    }

    @Test func `a paused player gets nothing and resumes at the next keyframe`() {
        var (log, player) = started()
        player.pause()
        log.append(.inter(at: 40))
        #expect(player.isPaused && player.next(in: log) == nil)
        #expect(player.neededSequence(in: log) == nil && player.backlog(in: log) == (0, 0))
        player.resume(in: log)
        log.append(.audio(at: 60))
        log.append(.inter(at: 80))
        #expect(player.all(in: log) == [])
        log.append(.keyframe(at: 120))
        #expect(player.all(in: log) == [.init(.keyframe, 120)])
        #expect(player.skippedVideo == 0)
    }

    @Test func `a keyframe that came during the pause is where it goes on`() {
        var (log, player) = started()
        player.pause()
        log.append(.keyframe(at: 40))
        log.append(.inter(at: 80))
        player.resume(in: log)
        #expect(player.all(in: log) == [.init(.keyframe, 40), .init(.inter, 80)])
    }

    @Test func `without video it resumes at live`() {
        var log = StreamLog()
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        log.append(.audio(at: 0))
        _ = player.all(in: log)
        player.pause()
        log.append(.audio(at: 20))
        player.resume(in: log)
        log.append(.audio(at: 40))
        #expect(player.all(in: log) == [.init(.audio, 40)])
    }

    @Test func `resuming one that is not paused does nothing`() {
        var (log, player) = started()
        log.append(.inter(at: 40))
        player.resume(in: log)
        #expect(player.all(in: log) == [.init(.inter, 40)])
    }

    @Test func `video taken up again comes with headers and at a keyframe (T-CMD-16)`() {
        var (log, player) = started()
        player.setReceives(.video, false)
        log.append(.inter(at: 40))
        log.append(.videoHeader(2, at: 60))
        log.append(.audio(at: 60))
        #expect(player.all(in: log) == [.init(.audio, 60)])
        player.setReceives(.video, true)
        log.append(.inter(at: 80))
        log.append(.audio(at: 90))
        log.append(.keyframe(at: 120))
        #expect(
            player.all(in: log) == [
                .init(.audioHeader, 90), .init(.videoHeader, 90), .init(.audio, 90),
                .init(.keyframe, 120),
            ])
    }

    @Test func `audio left out and taken up again`() {
        var (log, player) = started()
        player.setReceives(.audio, false)
        log.append(.audio(at: 20))
        log.append(.inter(at: 40))
        #expect(player.all(in: log) == [.init(.inter, 40)])
        player.setReceives(.audio, true)
        player.setReceives(.audio, true)
        log.append(.audio(at: 60))
        #expect(
            player.all(in: log) == [
                .init(.audioHeader, 60), .init(.videoHeader, 60), .init(.audio, 60),
            ])
    }

    @Test func `who wants no video does not wait for a keyframe, nor counts it as skipped`() {
        var log = StreamLog()
        log.append(.videoHeader(at: 0))
        log.append(.inter(at: 40))
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        player.setReceives(.video, false)
        log.append(.audio(at: 40))
        #expect(player.all(in: log) == [.init(.audio, 0)])
        for index in 2...50 {
            log.append(.inter(at: UInt32(index * 40)))
            log.append(.audio(at: UInt32(index * 40)))
        }
        let skip = player.keepUp(in: log, limits: SlowLimits(bytes: 50, milliseconds: 1000))
        #expect(skip == .init(reason: .queueBytes, videoFrames: 0, audioFrames: 49))
    }

    @Test func `a stream that is switched goes on where the one before stood (CMD-18)`() {
        var (log, player) = started()
        log.append(.inter(at: 4000))
        _ = player.all(in: log)
        var other = StreamLog()
        other.append(.videoHeader(at: 0))
        other.append(.keyframe(at: 70_000))
        other.append(.inter(at: 70_040))
        var next = PlayerCursor(
            joining: other, usesGOPCache: true, acceptsEnhanced: true, continuing: player)
        // Switched again before anything came: what counts is what was played.
        var third = PlayerCursor(
            joining: log, usesGOPCache: true, acceptsEnhanced: true, continuing: next)
        #expect(third.next(in: log)?.timestamp == 4010)
        #expect(
            next.all(in: other) == [
                .init(.videoHeader, 4010), .init(.keyframe, 4010), .init(.inter, 4050),
            ])
    }

    @Test func `every other wish about data is ignored`() {
        var (log, player) = started()
        player.setReceives(.data, false)
        log.append(.data(at: 10))
        #expect(player.all(in: log) == [.init(.data, 10)])
    }
}
