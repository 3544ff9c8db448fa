import RTMP
import Relay
import Testing

/// What a player gets when it joins (MED-9, invariant 7).
@Suite struct JoinTests {
    @Test
    func `a late player gets the headers in order, then the keyframe, from time 0 (T-MED-07)`() {
        var log = StreamLog()
        log.append(.videoHeader(at: 0))
        log.append(.audioHeader(at: 0))
        log.append(.metadata(at: 0))
        log.append(.audio(at: 970))
        log.append(.keyframe(at: 1000))
        log.append(.audio(at: 995))
        log.append(.inter(at: 1040))
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        #expect(
            player.all(in: log) == [
                .init(.metadata, 0), .init(.audioHeader, 0), .init(.videoHeader, 0),
                .init(.keyframe, 0), .init(.audio, 0), .init(.inter, 40),
            ])
    }

    @Test func `who joins before the first keyframe gets headers and waits (T-MED-08)`() {
        var log = StreamLog()
        log.append(.videoHeader(at: 0))
        log.append(.inter(at: 900))
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        #expect(player.all(in: log) == [.init(.videoHeader, 0)])
        log.append(.audio(at: 950))
        log.append(.inter(at: 960))
        #expect(player.all(in: log) == [])
        log.append(.keyframe(at: 1000))
        log.append(.audio(at: 1010))
        #expect(player.all(in: log) == [.init(.keyframe, 0), .init(.audio, 10)])
    }

    @Test func `who waits before the publish begins gets everything from the first message`() {
        var log = StreamLog()
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        #expect(player.all(in: log) == [])
        log.append(.metadata(at: 0))
        log.append(.videoHeader(at: 0))
        log.append(.audioHeader(at: 0))
        log.append(.audio(at: 500))
        log.append(.keyframe(at: 510))
        #expect(
            player.all(in: log) == [
                .init(.metadata, 0), .init(.videoHeader, 0), .init(.audioHeader, 0),
                .init(.audio, 0), .init(.keyframe, 10),
            ])
    }

    /// Its socket was full when the end came.
    @Test func `who has only headers when the publish ends gets its video all the same`() {
        var log = StreamLog()
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        log.append(.videoHeader(at: 0))
        #expect(player.all(in: log) == [.init(.videoHeader, 0)])
        log.append(.keyframe(at: 0))
        log.append(.audio(at: 3))
        log.append(.inter(at: 40))
        log.restart()
        // The next publisher is there before the player goes on.
        log.restart()
        log.trim(keepingFrom: player.neededSequence(in: log))
        #expect(
            player.all(in: log) == [.init(.keyframe, 0), .init(.audio, 3), .init(.inter, 40)])
    }

    @Test func `a player begins where it joined, though a keyframe comes before its first write`() {
        var log = StreamLog()
        log.append(.keyframe(at: 0))
        log.append(.inter(at: 40))
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        log.append(.keyframe(at: 80))
        log.trim(keepingFrom: player.neededSequence(in: log))
        #expect(
            player.all(in: log) == [.init(.keyframe, 0), .init(.inter, 40), .init(.keyframe, 80)])
    }

    @Test func `an audio-only stream starts at once (T-MED-09)`() {
        var log = StreamLog()
        log.append(.audioHeader(at: 0))
        log.append(.audio(at: 700))
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        log.append(.audio(at: 723))
        #expect(player.all(in: log) == [.init(.audioHeader, 0), .init(.audio, 0)])
    }
}
