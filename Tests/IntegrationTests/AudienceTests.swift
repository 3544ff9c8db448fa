import RTMP
import RTMPServer
import TestSupport
import Testing

/// Many players of one stream are served on a beat, a part of them at a time: nobody misses anything
/// (MED-9, MED-12).
@Suite(.timeLimit(.minutes(10))) struct AudienceTests {
    private func publish(_ frames: Range<Int>, by publisher: TestClient) throws {
        for number in frames {
            let mark = UInt8(truncatingIfNeeded: number)
            let video =
                number % 20 == 0 ? TestMedia.keyframe(mark) : TestMedia.frame(mark)
            try publisher.media(.video, UInt32(number) * 40, video)
            try publisher.media(.audio, UInt32(number) * 40 + 3, TestMedia.audio(mark))
        }
        // Handled when it is answered.
        try publisher.ping(UInt32(frames.upperBound))
    }

    /// What a player gets of `frames`, at times that begin at 0.
    private func expect(_ frames: Range<Int>, at player: TestClient, from first: Int) throws {
        for number in frames {
            let mark = UInt8(truncatingIfNeeded: number)
            let video = try player.nextMedia()
            #expect(video.timestamp == UInt32(number - first) * 40)
            #expect(
                video.payload.bytes
                    == (number % 20 == 0 ? TestMedia.keyframe(mark) : TestMedia.frame(mark)))
            let audio = try player.nextMedia()
            #expect(audio.timestamp == UInt32(number - first) * 40 + 3)
            #expect(audio.payload.bytes == TestMedia.audio(mark))
        }
    }

    @Test(arguments: [
        ServerConfiguration.FlushInterval.byAudience, .every(nanoseconds: 0),
        .every(nanoseconds: 20_000_000),
    ])
    func `players that come, stay and go get what they were there for`(
        interval: ServerConfiguration.FlushInterval
    ) throws {
        let rig = try TestServer {
            $0.threads = 2
            $0.flushInterval = interval
        }
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        var early: [TestClient] = []
        for _ in 0..<80 {
            let player = try TestClient(port: rig.port)
            #expect(try player.play("a") == "NetStream.Play.Start")
            early.append(player)
        }
        try publish(0..<50, by: publisher)
        for player in early[..<40] { try expect(0..<50, at: player, from: 0) }
        // Some go, with what is on its way to them; some come, in the middle of a GOP.
        early.removeLast(40)
        var late: [TestClient] = []
        for _ in 0..<10 {
            let player = try TestClient(port: rig.port)
            #expect(try player.play("a") == "NetStream.Play.Start")
            late.append(player)
        }
        try publish(50..<90, by: publisher)
        for player in early { try expect(50..<90, at: player, from: 0) }
        for player in late { try expect(40..<90, at: player, from: 40) }
        // The end comes behind the last message, however far its phase was.
        try publish(90..<95, by: publisher)
        try publisher.command("deleteStream", 0, [.number(1)])
        for player in early {
            try expect(90..<95, at: player, from: 0)
            #expect(try player.expectStatus() == "NetStream.Play.UnpublishNotify")
        }
    }
}
