import Telemetry
import Testing

@testable import Monitor

/// A server of which nobody wants figures: what is told stays the same, and costs nothing a session.
@Suite struct StoryWatchTests {
    @Test(arguments: [true, false])
    func `what happened is told the same whether or not anybody wants figures`(
        wantsFigures: Bool
    ) {
        let server = ObservedServer(wantsFigures: wantsFigures)
        let first = server.accept(1, role: .player, stream: "live/cam1")
        let second = server.accept(2, role: .player, stream: "live/cam2")
        _ = server.accept(3, role: .player, stream: "live/cam1")
        server.tell(.handshakeDone(1, kind: "simple", tookNanoseconds: 1))
        server.run(seconds: 1)
        first.skippedVideo.add(30)
        first.skippedAudio.add(7)
        first.skipReason.set(SkipReason.window.probeCode)
        server.run(seconds: 1)
        second.skippedVideo.add(4)
        server.close(second, server.facts(.player, "live/cam2"))
        server.run(seconds: 1)
        first.skippedVideo.add(1)
        let snapshot = server.run(seconds: 1)
        #expect(
            snapshot.journal.all.map { "\($0.name) \($0.session ?? 0) \($0.detail)" } == [
                "hs.done 1 simple, 0 ms",
                "media.drop 1 37 frames of live/cam1, to the next keyframe: "
                    + "fell out of the stream's window",
                "media.drop 2 4 frames of live/cam2, to the next keyframe: "
                    + "queue over its limit in bytes",
                "session.close 2 closed by the peer in play after 2.0 s (0 B in, 0 B out)",
                "media.drop 1 1 frames of live/cam1, to the next keyframe: "
                    + "fell out of the stream's window",
            ])
        #expect(snapshot.sessions.isEmpty == !wantsFigures)
        #expect(!server.sampler.isResting)
    }

    @Test func `it rests when the last session has ended, also one whose end was not told`() {
        let server = ObservedServer(
            lanes: Lanes(events: 1, messages: 1, trace: 1), wantsFigures: false)
        #expect(server.sampler.isResting)
        let first = server.accept(1, role: .player, stream: "live/cam1")
        let second = server.accept(2, role: .player, stream: "live/cam1")
        server.tick()
        #expect(!server.sampler.isResting)
        server.close(first, server.facts(.player, "live/cam1"))
        server.close(second, server.facts(.player, "live/cam1"))
        let names = server.run(seconds: 2).journal.all.map(\.name)
        #expect(names == ["session.close", "missed"])
        #expect(server.sampler.isResting)
    }
}
