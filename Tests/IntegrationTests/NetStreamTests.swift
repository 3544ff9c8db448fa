import Posix
import RTMP
import RTMPServer
import Relay
import Telemetry
import Testing

/// Several NetStreams on one connection, each with its own life (RTMP 1.0, 7.2.1.3; CMD-12, CMD-15 … 19).
@Suite(.timeLimit(.minutes(10))) struct NetStreamTests {
    /// A connection with message streams 1, 2 and 3.
    private func client(of rig: TestServer) throws -> TestClient {
        let client = try TestClient(port: rig.port)
        try client.connect()
        for id in 1...3 as ClosedRange<MessageStreamID> {
            #expect(try client.createStream() == id)
        }
        return client
    }

    private func publish(_ name: String, on stream: MessageStreamID, _ client: TestClient) throws {
        try client.command("publish", 0, [.text(name), "live"], on: stream)
        #expect(try client.expectStatus() == "NetStream.Publish.Start")
    }

    private func play(
        _ name: String, on stream: MessageStreamID, _ client: TestClient
    ) throws {
        try client.command("play", 0, [.text(name), -2, -1, false], on: stream)
        #expect(try client.expectStatus() == "NetStream.Play.Start")
    }

    private func expectMedia(
        _ payload: [UInt8], on stream: MessageStreamID, of client: TestClient
    ) throws {
        let media = try client.nextMedia()
        #expect(media.payload.bytes == payload && media.messageStreamID == stream)
    }

    /// Everything the server had to say before the answer to this ping.
    private func saidUntilPong(_ client: TestClient) throws -> [Message] {
        try client.send(UserControlEvent.pingRequest(99).message())
        var said: [Message] = []
        while true {
            let message = try client.next()
            if UserControlEvent.decode(message) == .pingResponse(99) { return said }
            said.append(message)
        }
    }

    @Test(arguments: [1, 2]) func `a connection plays what it publishes`(workers: Int) throws {
        let rig = try TestServer { $0.threads = workers }
        let client = try client(of: rig)
        // One player is there before, one comes later.
        try play("self", on: 2, client)
        try publish("self", on: 1, client)
        try client.media(.video, 1000, TestMedia.avcHeader)
        try client.media(.video, 1000, TestMedia.keyframe(0))
        try expectMedia(TestMedia.avcHeader, on: 2, of: client)
        try expectMedia(TestMedia.keyframe(0), on: 2, of: client)
        try play("self", on: 3, client)
        try expectMedia(TestMedia.avcHeader, on: 3, of: client)
        try expectMedia(TestMedia.keyframe(0), on: 3, of: client)
        try client.media(.video, 1040, TestMedia.frame(1))
        let both = try [client.nextMedia(), client.nextMedia()]
        #expect(both.allSatisfy { $0.payload.bytes == TestMedia.frame(1) && $0.timestamp == 40 })
        #expect(Set(both.map(\.messageStreamID)) == [2, 3])

        try client.command("closeStream", 0, on: 2)
        try client.media(.video, 1080, TestMedia.frame(2))
        try expectMedia(TestMedia.frame(2), on: 3, of: client)
        // Its own end is told to its own player.
        try client.command("FCUnpublish", 0, ["self"])
        #expect(
            UserControlEvent.decode(try client.next { $0.type == .userControl }) == .streamEOF(3))
    }

    /// The mailbox of the worker then has start, media and end at once.
    @Test func `a publish that begins and ends in one read is played whole (CMD-17)`() throws {
        let rig = try TestServer { $0.threads = 1 }
        let client = try client(of: rig)
        try play("self", on: 2, client)
        func command(_ name: String, _ argument: AMFValue) -> Message {
            Command(
                name: name, transaction: 0, object: .null, arguments: [argument],
                messageStreamID: 1
            ).message()
        }
        let picture = Message(
            type: .video, messageStreamID: 1, timestamp: 0, payload: Payload(TestMedia.keyframe(1)))
        try client.send([command("publish", "self"), picture, command("FCUnpublish", "self")])
        try expectMedia(TestMedia.keyframe(1), on: 2, of: client)
        #expect(
            UserControlEvent.decode(try client.next { $0.type == .userControl }) == .streamEOF(2))
    }

    @Test(arguments: [1, 2])
    func `one publishes and plays another's stream at once`(workers: Int) throws {
        let rig = try TestServer { $0.threads = workers }
        let clients = try ["a", "b"].map { name in
            let client = try client(of: rig)
            try publish(name, on: 1, client)
            return client
        }
        for (client, other) in zip(clients, ["b", "a"]) { try play(other, on: 2, client) }
        for (index, client) in clients.enumerated() {
            try client.media(.video, 0, TestMedia.keyframe(UInt8(index)))
        }
        for (index, client) in clients.enumerated() {
            try expectMedia(TestMedia.keyframe(UInt8(1 - index)), on: 2, of: client)
        }
        // The end of what it plays does not touch what it publishes.
        try clients[0].command("deleteStream", 0, [.number(1)])
        let end = try clients[1].next { $0.type == .userControl }
        #expect(UserControlEvent.decode(end) == .streamEOF(2))
        try clients[1].media(.video, 40, TestMedia.keyframe(7))
        try expectMedia(TestMedia.keyframe(7), on: 2, of: clients[0])
    }

    @Test(arguments: [1, 2])
    func `two streams played on one connection come apart by message stream`(workers: Int) throws {
        let rig = try TestServer { $0.threads = workers }
        let player = try client(of: rig)
        try play("a", on: 1, player)
        try play("b", on: 3, player)
        let publishers = try ["a", "b"].map { name in
            let publisher = try TestClient(port: rig.port)
            try publisher.publish(name)
            return publisher
        }
        // Long messages in many chunks, so that one stream's stand between the other's.
        func picture(_ index: Int, _ number: UInt8) -> [UInt8] {
            TestMedia.keyframe(number &+ UInt8(100 * index), bytes: 90_000)
        }
        func tone(_ index: Int, _ number: UInt8) -> [UInt8] {
            TestMedia.audio(number &+ UInt8(100 * index))
        }
        let count = 40
        for number in 0..<UInt8(count) {
            for (index, publisher) in publishers.enumerated() {
                try publisher.media(.video, UInt32(number) * 40, picture(index, number))
                try publisher.media(.audio, UInt32(number) * 40, tone(index, number))
            }
        }
        var got: [MessageStreamID: [Message]] = [:]
        for _ in 0..<4 * count {
            let media = try player.nextMedia()
            got[media.messageStreamID, default: []].append(media)
        }
        #expect(Set(got.keys) == [1, 3])
        for (index, stream) in ([1, 3] as [MessageStreamID]).enumerated() {
            let played = got[stream] ?? []
            #expect(
                played.map(\.payload.bytes)
                    == (0..<UInt8(count)).flatMap { [picture(index, $0), tone(index, $0)] })
            // Each from its own 0.
            #expect(
                played.map(\.timestamp)
                    == (0..<UInt32(count)).flatMap { [$0 * 40, $0 * 40] })
        }

        try player.command("deleteStream", 0, [.number(1)])
        try player.command("pause", 0, [true, 0], on: 3)
        #expect(try player.expectStatus() == "NetStream.Pause.Notify")
        try player.command("pause", 0, [false, 0], on: 3)
        #expect(try player.expectStatus() == "NetStream.Unpause.Notify")
        for (index, publisher) in publishers.enumerated() {
            try publisher.media(.video, 5000, picture(index, 99))
        }
        try expectMedia(picture(1, 99), on: 3, of: player)
        #expect(try saidUntilPong(player).isEmpty)
    }

    @Test(arguments: [1, 2] as [MessageStreamID])
    func `whichever of two plays ends, the other's messages keep their stream`(
        ended: MessageStreamID
    ) throws {
        let rig = try TestServer { $0.threads = 1 }
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        let player = try client(of: rig)
        try play("a", on: 1, player)
        try play("a", on: 2, player)
        for number in 0..<UInt8(4) {
            try publisher.media(.video, UInt32(number) * 40, TestMedia.keyframe(number))
            let both = try [player.nextMedia(), player.nextMedia()]
            #expect(Set(both.map(\.messageStreamID)) == [1, 2])
        }
        try player.command("closeStream", 0, on: ended)
        _ = try saidUntilPong(player)
        for number in 4..<UInt8(8) {
            try publisher.media(.video, UInt32(number) * 40, TestMedia.keyframe(number))
            try expectMedia(TestMedia.keyframe(number), on: 3 - ended, of: player)
        }
    }

    /// Each write takes less than one message, as on a line that is too slow for both.
    @Test func `two streams played on one slow connection get turns`() throws {
        let rig = try TestServer {
            $0.threads = 1
            $0.writeLimitBytes = 500
        }
        let publisher = try client(of: rig)
        try publish("a", on: 1, publisher)
        try publish("b", on: 2, publisher)
        let player = try client(of: rig)
        try play("a", on: 1, player)
        try play("b", on: 2, player)
        let count: UInt8 = 20
        let pictures = (0..<count).flatMap { number in
            ([1, 2] as [MessageStreamID]).map { stream in
                Message(
                    type: .video, messageStreamID: stream, timestamp: UInt32(number) * 40,
                    payload: Payload(TestMedia.keyframe(number, bytes: 600)))
            }
        }
        try publisher.send(pictures)
        let order = try (0..<2 * Int(count)).map { _ in try player.nextMedia().messageStreamID }
        #expect(order.count { $0 == 1 } == Int(count))
        let begin = order.prefix(12)
        #expect(begin.count { $0 == 1 } > 3 && begin.count { $0 == 2 } > 3, "\(order)")
    }

    /// FFFFFF, after which times need four bytes more; a second play, so that each time is written whole.
    @Test(arguments: [1, 2])
    func `a player's time passes 4 h 39 m on the wire (CH-15, MED-9)`(plays: Int) throws {
        let rig = try TestServer { $0.chunkSize = 128 }
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        let player = try client(of: rig)
        for id in 1...MessageStreamID(plays) { try play("a", on: id, player) }
        // Steps of ten seconds are no jump.
        let start: UInt32 = 0 &- 10_000_000
        for number in 0..<1700 as Range<UInt32> {
            let tone = [0xAF, 1] + [UInt8](repeating: UInt8(number & 0xFF), count: 300)
            try publisher.media(.audio, start &+ number * 10_000, tone)
            for _ in 0..<plays {
                let message = try player.nextMedia()
                guard message.timestamp == number * 10_000, message.payload.bytes == tone else {
                    Issue.record("\(number): \(message.timestamp)")
                    return
                }
            }
        }
    }

    @Test func `data in AMF3 reaches players in AMF0 (AMF-10)`() throws {
        let rig = try TestServer()
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        let player = try TestClient(port: rig.port)
        try player.play("a")
        // The selector, @setDataFrame and onMetaData in AMF0; then an object of AMF3 with a 640.
        var payload: [UInt8] = [0]
        payload += AMF0Encoder.bytes(["@setDataFrame", "onMetaData"])
        payload += [0x11, 0x0A, 0x0B, 0x01, 0x0B, 0x77, 0x69, 0x64, 0x74, 0x68]
        payload += [0x04, 0x85, 0x00, 0x01]
        try publisher.send(
            Message(
                type: .dataAMF3, messageStreamID: 1, timestamp: 0, payload: Payload(payload)))
        let name = AMF0Encoder.bytes(["onMetaData"])
        let data = try player.next { $0.payload.bytes.starts(with: name) }
        #expect(data.payload.bytes == AMF0Encoder.bytes(["onMetaData", ["width": 640]]))
    }

    @Test(arguments: [1, 2])
    func `two streams are published on one connection, and end one by one`(workers: Int) throws {
        let rig = try TestServer { $0.threads = workers }
        let publisher = try client(of: rig)
        try publish("a", on: 1, publisher)
        try publish("b", on: 2, publisher)
        let players = try ["a", "b"].map { name in
            let player = try TestClient(port: rig.port)
            try player.play(name)
            return player
        }
        for number in 0..<UInt8(20) {
            try publisher.media(.video, UInt32(number) * 40, TestMedia.keyframe(number), on: 1)
            try publisher.media(
                .video, UInt32(number) * 40, TestMedia.keyframe(number + 100), on: 2)
        }
        for number in 0..<UInt8(20) {
            try expectMedia(TestMedia.keyframe(number), on: 1, of: players[0])
            try expectMedia(TestMedia.keyframe(number + 100), on: 1, of: players[1])
        }
        try publisher.command("closeStream", 0, on: 1)
        #expect(try publisher.expectStatus() == "NetStream.Unpublish.Success")
        #expect(try players[0].expectStatus() == "NetStream.Play.UnpublishNotify")
        // What comes on the closed one is dropped; the other goes on.
        try publisher.media(.video, 900, TestMedia.keyframe(50), on: 1)
        try publisher.media(.video, 900, TestMedia.keyframe(51), on: 2)
        try expectMedia(TestMedia.keyframe(51), on: 1, of: players[1])
        try publish("a", on: 1, publisher)
        try publisher.media(.video, 0, TestMedia.keyframe(52), on: 1)
        try expectMedia(TestMedia.keyframe(52), on: 1, of: players[0])
    }

    @Test(arguments: [1, 2])
    func `published again on the same connection, time goes on (CMD-12, T-CMD-21)`(
        workers: Int
    ) throws {
        let rig = try TestServer { $0.threads = workers }
        let publisher = try client(of: rig)
        let player = try TestClient(port: rig.port)
        try player.play("a")
        // The message stream of each publish, and whether the one before was ended first.
        let rounds: [(stream: MessageStreamID, isFresh: Bool)] = [
            (1, true), (1, true), (2, false), (1, false), (3, true),
        ]
        for (number, round) in rounds.enumerated() {
            if number > 0, round.isFresh {
                try publisher.command("FCUnpublish", 0, ["a"])
                try publisher.expectCommand("onFCUnpublish")
                #expect(try player.expectStatus() == "NetStream.Play.UnpublishNotify")
                #expect(try player.expectStatus() == "NetStream.Play.Stop")
            }
            try publisher.command("publish", 0, ["a", "live"], on: round.stream)
            if !round.isFresh {
                #expect(try publisher.expectStatus() == "NetStream.Unpublish.Success")
            }
            #expect(try publisher.expectStatus() == "NetStream.Publish.Start")
            let payload = TestMedia.keyframe(UInt8(number))
            try publisher.media(.video, 500, TestMedia.avcHeader, on: round.stream)
            try publisher.media(.video, 500, payload, on: round.stream)
            #expect(try player.nextMedia().payload.bytes == TestMedia.avcHeader)
            let keyframe = try player.nextMedia()
            #expect(keyframe.payload.bytes == payload)
            #expect(keyframe.timestamp == UInt32(10 * number))
        }
    }

    @Test func `what was refused before play stays away (CMD-18)`() throws {
        let rig = try TestServer()
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        let player = try client(of: rig)
        try player.command("receiveAudio", 0, [false], on: 1)
        #expect(try saidUntilPong(player).isEmpty)
        try play("a", on: 1, player)
        try play("a", on: 2, player)
        try publisher.media(.audio, 0, TestMedia.aacHeader)
        try publisher.media(.audio, 0, TestMedia.audio(0))
        try publisher.media(.video, 0, TestMedia.keyframe(1))
        var got: [MessageStreamID: [[UInt8]]] = [:]
        for _ in 0..<4 {
            let media = try player.nextMedia()
            got[media.messageStreamID, default: []].append(media.payload.bytes)
        }
        #expect(got[1] == [TestMedia.keyframe(1)])
        #expect(
            got[2] == [TestMedia.aacHeader, TestMedia.audio(0), TestMedia.keyframe(1)])
        try player.command("receiveAudio", 0, [true], on: 1)
        #expect(try player.expectStatus() == "NetStream.Seek.Notify")
        #expect(try player.expectStatus() == "NetStream.Play.Start")
        try publisher.media(.audio, 40, TestMedia.audio(2))
        let more = try (0..<3).map { _ in try player.nextMedia() }
        #expect(
            more.filter { $0.messageStreamID == 1 }.map(\.payload.bytes)
                == [TestMedia.aacHeader, TestMedia.audio(2)])
    }

    @Test func `play2 switches to another stream, and time goes on (CMD-18)`() throws {
        let rig = try TestServer()
        let publishers = try ["low", "high"].map { name in
            let publisher = try TestClient(port: rig.port)
            try publisher.publish(name)
            return publisher
        }
        let player = try TestClient(port: rig.port)
        try player.play("low")
        try publishers[0].media(.video, 80_000, TestMedia.keyframe(0))
        try publishers[0].media(.video, 84_000, TestMedia.frame(1))
        #expect(try player.nextMedia().timestamp == 0)
        #expect(try player.nextMedia().timestamp == 4000)
        try player.command("play2", 0, [["streamName": "high", "transition": "switch"]], on: 1)
        // No Play.Reset.
        #expect(try player.expectStatus() == "NetStream.Play.Start")
        try publishers[1].media(.video, 7, TestMedia.keyframe(2))
        let switched = try player.nextMedia()
        #expect(switched.payload.bytes == TestMedia.keyframe(2) && switched.timestamp == 4010)
        // play begins anew.
        try player.command("play", 0, ["low"], on: 1)
        #expect(try player.expectStatus() == "NetStream.Play.Reset")
        #expect(try player.expectStatus() == "NetStream.Play.Start")
        try publishers[0].media(.video, 84_040, TestMedia.keyframe(3))
        #expect(
            try player.next { $0.payload.bytes == TestMedia.keyframe(3) }.timestamp <= 4040)
    }

    @Test func `the small commands are answered as clients need it (CMD-15 … CMD-18)`() throws {
        let rig = try TestServer()
        let player = try client(of: rig)
        try player.command("FCSubscribe", 0, ["a"])
        #expect(
            try player.expectCommand("onFCSubscribe").arguments.first?["code"]?.string
                == "NetStream.Play.Start")
        try player.command("getStreamLength", 7, ["a"])
        let length = try player.expectCommand("_result")
        #expect(length.transaction == 7 && length.arguments.first?.number == 0)
        try play("a", on: 1, player)
        try player.command("seek", 0, [5000], on: 1)
        #expect(try player.expectStatus() == "NetStream.Seek.Notify")
        try player.command("FCUnsubscribe", 8, ["a"])
        try player.command("seek", 0, [5000], on: 2)
        #expect(try saidUntilPong(player).isEmpty)
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        try publisher.media(.video, 0, TestMedia.keyframe(1))
        try expectMedia(TestMedia.keyframe(1), on: 1, of: player)
    }
}
