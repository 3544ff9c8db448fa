import Posix
import RTMP
import RTMPServer
import Relay
import Telemetry
import Testing

/// Many want one name at once, on one worker and across two (CMD-9).
@Suite(.timeLimit(.minutes(10))) struct TakeoverTests {
    /// A client that is ready to publish or play on message stream 1.
    private func client(of rig: TestServer) throws -> TestClient {
        let client = try TestClient(port: rig.port)
        try client.connect()
        try client.createStream()
        return client
    }

    private func asksToPublish(_ client: TestClient) throws {
        try client.command("publish", 5, ["a", "live"], on: 1)
    }

    /// A sequence header and a keyframe that say whose they are.
    private func sendsMedia(_ publisher: UInt8, _ client: TestClient) throws {
        var header = TestMedia.avcHeader
        header[header.count - 1] = publisher
        try client.media(.video, 0, header)
        try client.media(.video, 0, TestMedia.keyframe(publisher))
    }

    @Test(arguments: [1, 2])
    func `of many that ask at once one gets the name`(workers: Int) throws {
        let rig = try TestServer { $0.threads = workers }
        let player = try TestClient(port: rig.port)
        try player.play("a")
        let clients = try (0..<12).map { _ in try client(of: rig) }
        for client in clients { try asksToPublish(client) }
        let answers = try clients.map { try $0.expectStatus() }
        let winners = answers.indices.filter { answers[$0] == "NetStream.Publish.Start" }
        #expect(winners.count == 1)
        #expect(answers.filter { $0 == "NetStream.Publish.BadName" }.count == clients.count - 1)
        let winner = try #require(winners.first)
        try sendsMedia(UInt8(winner), clients[winner])
        _ = try player.nextMedia()
        #expect(try player.nextMedia().payload.bytes == TestMedia.keyframe(UInt8(winner)))
    }

    @Test(arguments: [1, 2])
    func `a name is free once its publisher was told that it left`(workers: Int) throws {
        let rig = try TestServer { $0.threads = workers }
        let player = try TestClient(port: rig.port)
        try player.play("a")
        var holder = try client(of: rig)
        try asksToPublish(holder)
        #expect(try holder.expectStatus() == "NetStream.Publish.Start")
        for round in 1...20 as ClosedRange<UInt8> {
            let rival = try client(of: rig)
            // Both at once: the rival comes before or after the end.
            try holder.command("deleteStream", 0, [.number(1)])
            try asksToPublish(rival)
            let answer = try rival.expectStatus()
            #expect(try holder.expectStatus() == "NetStream.Unpublish.Success")
            if answer == "NetStream.Publish.Start" {
                holder = rival
            } else {
                #expect(answer == "NetStream.Publish.BadName")
                holder = try client(of: rig)
                try asksToPublish(holder)
                #expect(try holder.expectStatus() == "NetStream.Publish.Start")
            }
            // Who joins now gets this publisher, as does who was there all the time.
            let newcomer = try TestClient(port: rig.port)
            try newcomer.play("a")
            try sendsMedia(round, holder)
            for player in [player, newcomer] {
                #expect(try player.nextMedia().payload.bytes.last == round)
                #expect(try player.nextMedia().payload.bytes == TestMedia.keyframe(round))
            }
        }
    }

    @Test(arguments: [1, 2])
    func `of a chain of takeovers players see each publisher whole, and one after the other`(
        workers: Int
    ) throws {
        let rig = try TestServer {
            $0.threads = workers
            $0.publishConflict = .replace
        }
        let early = try (0..<4).map { _ in
            let player = try TestClient(port: rig.port)
            try player.play("a")
            return player
        }
        let count: UInt8 = 12
        var publishers: [TestClient] = []
        var late: [TestClient] = []
        for number in 0..<count {
            let publisher = try client(of: rig)
            let newcomer = try client(of: rig)
            try asksToPublish(publisher)
            // The one before goes on sending until it hears of it; a player joins meanwhile.
            if let evicted = publishers.last {
                do {
                    for time in 1...5 as ClosedRange<UInt32> {
                        try evicted.media(.video, time * 40, TestMedia.frame(number - 1))
                    }
                } catch is PosixError {
                    // Gone already.
                } catch is TestClient.Ended {
                    // The same.
                }
            }
            try newcomer.command("play", 0, ["a"], on: 1)
            #expect(try publisher.expectStatus() == "NetStream.Publish.Start")
            try sendsMedia(number, publisher)
            publishers.append(publisher)
            late.append(newcomer)
        }
        for player in early + late {
            // Whose header came last, and whose keyframe: a takeover may stand between the two.
            var header: UInt8?
            var keyframe: UInt8?
            var time: UInt32 = 0
            while keyframe != count - 1 {
                let media = try player.nextMedia()
                #expect(media.timestamp >= time)
                time = media.timestamp
                let bytes = media.payload.bytes
                if bytes[1] == 0 {
                    let owner = try #require(bytes.last)
                    #expect(header.map { owner > $0 } != false)
                    header = owner
                } else if bytes[0] == 0x17 {
                    keyframe = header
                    #expect(keyframe.map { TestMedia.keyframe($0) } == bytes)
                } else {
                    #expect(keyframe == header && keyframe.map { TestMedia.frame($0) } == bytes)
                }
            }
        }
        for publisher in publishers.dropLast() { try publisher.waitForEnd() }
        let evicted = try rig.poll("eleven evictions") { () -> Int? in
            let ends = rig.events.filter {
                if case .close(_, let report) = $0.kind { return report.why == "taken-over" }
                return false
            }
            return ends.count < count - 1 ? nil : ends.count
        }
        #expect(evicted == count - 1)
    }
}
