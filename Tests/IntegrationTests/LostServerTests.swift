import RTMPClient
import Testing

/// A server that was there and is not any more (CLI-2).
@Suite(.timeLimit(.minutes(10))) struct LostServerTests {
    private func packet(
        _ kind: MediaPacket.Kind, _ timestamp: UInt32, _ bytes: [UInt8]
    ) throws -> MediaPacket {
        try #require(MediaPacket(kind: kind, timestampMilliseconds: timestamp, bytes: bytes))
    }

    /// Somebody publishes, and a player has seen it through the passage.
    private func playing(
        _ change: (inout ClientOptions) -> Void = { _ in }
    ) throws -> (rig: TestServer, passage: Passage, player: Player, publisher: Publisher) {
        let rig = try TestServer()
        let publisher = try Publisher(to: rig.url("live/a"))
        try publisher.send(try packet(.video, 0, TestMedia.avcHeader))
        try publisher.send(try packet(.video, 0, TestMedia.keyframe(1)))
        try publisher.wait(for: .milliseconds(1))
        let passage = try Passage(to: rig.port)
        var options = ClientOptions()
        change(&options)
        let player = try Player(from: passage.url("live/a"), options: options)
        for _ in 0..<2 { _ = try player.next() }
        return (rig, passage, player, publisher)
    }

    /// Sends until it fails, as it must once the kernel's buffers are full.
    private func flood(_ publisher: Publisher) -> ClientError? {
        #expect(throws: ClientError.self) {
            for number in 0..<1000 as Range<UInt32> {
                let picture = TestMedia.keyframe(1, bytes: 1 << 20)
                try publisher.send(try packet(.video, number * 40, picture))
            }
        }
    }

    @Test func `one that says nothing more is left by its player`() throws {
        let (rig, passage, player, publisher) = try playing { $0.silence = .milliseconds(100) }
        passage.block()
        #expect(throws: ClientError.timedOut(.receiving)) { try player.next() }
        player.finish()
        publisher.finish()
        rig.stop()
    }

    @Test func `one that is gone is lost to its player`() throws {
        let (rig, passage, player, publisher) = try playing()
        passage.cut()
        let error = #expect(throws: ClientError.self) { try player.next() }
        #expect(error == .lost(.receiving, reason: "Connection reset by peer"))
        player.finish()
        publisher.finish()
        rig.stop()
    }

    @Test func `one that takes nothing more is left by its publisher, who says so at the end`()
        throws
    {
        let rig = try TestServer()
        let passage = try Passage(to: rig.port)
        var options = ClientOptions()
        options.silence = .milliseconds(100)
        let publisher = try Publisher(to: passage.url("live/a"), options: options)
        passage.block()
        #expect(flood(publisher) == .timedOut(.sending))
        #expect(!publisher.finish())
    }

    @Test func `one that is gone is lost to its publisher`() throws {
        let rig = try TestServer()
        let passage = try Passage(to: rig.port)
        let publisher = try Publisher(to: passage.url("live/a"))
        passage.cut()
        guard case .lost(.sending, _) = flood(publisher) else {
            Issue.record("it went on")
            return
        }
        #expect(!publisher.finish())
    }
}
