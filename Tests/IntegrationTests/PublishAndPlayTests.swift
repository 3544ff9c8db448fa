import Posix
import RTMP
import RTMPServer
import Relay
import Telemetry
import Testing

/// A whole server and whole clients on the loopback.
@Suite(.timeLimit(.minutes(10))) struct PublishAndPlayTests {
    @Test func `what is published is played, byte for byte and in order (T-CMD-14)`() throws {
        let rig = try TestServer()
        let player = try TestClient(port: rig.port)
        #expect(try player.play("a") == "NetStream.Play.Start")
        let publisher = try TestClient(port: rig.port)
        #expect(try publisher.publish("a") == "NetStream.Publish.Start")

        var sent: [[UInt8]] = [TestMedia.aacHeader, TestMedia.avcHeader]
        try publisher.media(.audio, 1000, TestMedia.aacHeader)
        try publisher.media(.video, 1000, TestMedia.avcHeader)
        for number in UInt8(0)..<100 {
            let isKey = number % 20 == 0
            let video = isKey ? TestMedia.keyframe(number, bytes: 70_000) : TestMedia.frame(number)
            try publisher.media(.video, 1000 + UInt32(number) * 40, video)
            try publisher.media(.audio, 1000 + UInt32(number) * 40, TestMedia.audio(number))
            sent += [video, TestMedia.audio(number)]
        }
        var played: [Message] = []
        while played.count < sent.count { played.append(try player.nextMedia()) }
        #expect(played.map(\.payload.bytes) == sent)
        // From time 0, one offset for all (MED-9).
        #expect(played[2].timestamp == 0)
        #expect(played.map(\.timestamp).max() == UInt32(99 * 40))
    }

    @Test func `answers and long messages in small chunks keep their order on a full socket`()
        throws
    {
        let rig = try TestServer { $0.chunkSize = 128 }
        let player = try TestClient(port: rig.port)
        try player.play("a")
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        var sent: [[UInt8]] = []
        for number in UInt8(0)..<24 {
            let payload = TestMedia.keyframe(number, bytes: 300_000)
            sent.append(payload)
            try publisher.media(.video, UInt32(number) * 40, payload)
            // Answered while media of some message is under way; fewer than SEC-8 calls a flood.
            guard number % 2 == 0 else { continue }
            try player.send(UserControlEvent.pingRequest(UInt32(number)).message())
        }
        var played: [[UInt8]] = []
        var answered: [UInt32] = []
        while played.count < sent.count || answered.count < sent.count / 2 {
            let message = try player.next()
            if message.type == .video { played.append(message.payload.bytes) }
            if case .pingResponse(let time) = UserControlEvent.decode(message) {
                answered.append(time)
            }
        }
        #expect(played == sent)
        #expect(answered == (0..<12).map { UInt32($0 * 2) })
    }

    @Test func `a late player starts at the newest keyframe, after the headers (MED-9)`() throws {
        let rig = try TestServer()
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        try publisher.media(.audio, 0, TestMedia.aacHeader)
        try publisher.media(.video, 0, TestMedia.avcHeader)
        for number in UInt8(0)..<50 {
            let isKey = number % 20 == 0
            try publisher.media(
                .video, UInt32(number) * 40,
                isKey ? TestMedia.keyframe(number) : TestMedia.frame(number))
        }
        let id = try rig.publisher(of: "live/a")
        _ = try rig.poll("50 frames") {
            rig.probes[id].flatMap { $0.videoFrames.read() == 50 ? $0 : nil }
        }

        let player = try TestClient(port: rig.port)
        try player.play("a")
        let first = try (0..<4).map { _ in try player.nextMedia() }
        #expect(
            first.map(\.payload.bytes) == [
                TestMedia.aacHeader, TestMedia.avcHeader, TestMedia.keyframe(40),
                TestMedia.frame(41),
            ])
        #expect(first.map(\.timestamp) == [0, 0, 0, 40])
    }

    @Test func `players hear that the publisher ended, and the next one is picked up`() throws {
        let rig = try TestServer()
        let player = try TestClient(port: rig.port)
        try player.play("a")
        for round in UInt8(0)..<2 {
            let publisher = try TestClient(port: rig.port)
            try publisher.publish("a")
            try publisher.media(.video, 500, TestMedia.avcHeader)
            try publisher.media(.video, 500, TestMedia.keyframe(round))
            #expect(try player.nextMedia().payload.bytes == TestMedia.avcHeader)
            #expect(try player.nextMedia().payload.bytes == TestMedia.keyframe(round))
            try publisher.command("deleteStream", 0, [.number(1)])
            let end = try player.next { $0.type == .userControl }
            #expect(UserControlEvent.decode(end) == .streamEOF(1))
            #expect(try player.expectStatus() == "NetStream.Play.UnpublishNotify")
            #expect(try player.expectStatus() == "NetStream.Play.Stop")
        }
    }

    @Test func `every player hears of the end behind the last frame (T-CMD-15)`() throws {
        let rig = try TestServer()
        let players = try (0..<4).map { _ in try TestClient(port: rig.port) }
        for player in players { try player.play("a") }
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        try publisher.media(.video, 0, TestMedia.keyframe(1))
        try publisher.command("FCUnpublish", 6, [.text("a")])
        for player in players {
            #expect(try player.nextMedia().payload.bytes == TestMedia.keyframe(1))
            let end = try player.next { $0.type == .userControl }
            #expect(UserControlEvent.decode(end) == .streamEOF(1))
            #expect(try player.expectStatus() == "NetStream.Play.UnpublishNotify")
        }
    }

    @Test func `a second publisher of a live stream is refused, the first is unharmed (T-CMD-12)`()
        throws
    {
        let rig = try TestServer()
        let first = try TestClient(port: rig.port)
        try first.publish("a")
        let second = try TestClient(port: rig.port)
        #expect(try second.publish("a") == "NetStream.Publish.BadName")
        try second.waitForEnd()
        let player = try TestClient(port: rig.port)
        try player.play("a")
        try first.media(.video, 0, TestMedia.keyframe(1))
        #expect(try player.nextMedia().payload.bytes == TestMedia.keyframe(1))
    }

    @Test func `a name that is refused is told without its secrets (SEC-13, T-CMD-27, T-SEC-06)`()
        throws
    {
        let rig = try TestServer()
        let publisher = try TestClient(port: rig.port)
        #expect(try publisher.publish("../x?token=hush") == "NetStream.Publish.Denied")
        let player = try TestClient(port: rig.port)
        #expect(try player.play("../x?token=hush") == "NetStream.Play.StreamNotFound")
        let told = try rig.poll("both refusals") { () -> [SafeText]? in
            let names = rig.events.compactMap { event -> SafeText? in
                switch event.kind {
                case .publish(_, let name, accepted: false, _): name
                case .play(_, let name, accepted: false, _): name
                default: nil
                }
            }
            return names.count == 2 ? names : nil
        }
        for name in told {
            #expect(name.description.hasPrefix("../x"))
            #expect(!name.description.contains("hush"))
        }
    }

    @Test func `a silent publisher makes way for the one that comes back (T-CMD-12)`() throws {
        let rig = try TestServer { $0.publishConflict = .replaceSilent(afterNanoseconds: 0) }
        let first = try TestClient(port: rig.port)
        try first.publish("a")
        let old = try rig.publisher(of: "live/a")
        let second = try TestClient(port: rig.port)
        #expect(try second.publish("a") == "NetStream.Publish.Start")
        #expect(try rig.closeReport(of: old).why == "taken-over")
        let player = try TestClient(port: rig.port)
        try player.play("a")
        try second.media(.video, 0, TestMedia.keyframe(2))
        #expect(try player.nextMedia().payload.bytes == TestMedia.keyframe(2))
    }

    @Test func `play-wait 0 answers StreamNotFound at once (T-CMD-14)`() throws {
        let rig = try TestServer { $0.playWaitNanoseconds = 0 }
        let player = try TestClient(port: rig.port)
        #expect(try player.play("nobody") == "NetStream.Play.StreamNotFound")
        try player.waitForEnd()
    }

    @Test func `a player nobody publishes for is sent away when its wait is over`() throws {
        let rig = try TestServer { $0.playWaitNanoseconds = 1_000_000 }
        let player = try TestClient(port: rig.port)
        try player.play("nobody")
        #expect(try player.expectStatus() == "NetStream.Play.StreamNotFound")
        try player.waitForEnd()
        let id = try rig.player(of: "live/nobody")
        #expect(try rig.closeReport(of: id).why == "stream-not-found")
    }

    @Test func `a pausing player gets nothing until it goes on, then a keyframe (CMD-18)`() throws {
        let rig = try TestServer()
        let player = try TestClient(port: rig.port)
        try player.play("a")
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        try publisher.media(.video, 0, TestMedia.keyframe(0))
        #expect(try player.nextMedia().payload.bytes == TestMedia.keyframe(0))
        try player.command("pause", 0, [true, 0], on: 1)
        #expect(try player.expectStatus() == "NetStream.Pause.Notify")
        try publisher.media(.video, 40, TestMedia.frame(1))
        try player.command("pause", 0, [false, 0], on: 1)
        #expect(try player.expectStatus() == "NetStream.Unpause.Notify")
        try publisher.media(.video, 80, TestMedia.frame(2))
        try publisher.media(.video, 120, TestMedia.keyframe(3))
        #expect(try player.nextMedia().payload.bytes == TestMedia.keyframe(3))
    }
}
