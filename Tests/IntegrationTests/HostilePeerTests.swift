import Posix
import RTMP
import RTMPServer
import Relay
import Telemetry
import Testing

/// What one peer can do to the others: nothing (RTMP.md §9, T-SEC-01 to T-SEC-09).
@Suite(.timeLimit(.minutes(10))) struct HostilePeerTests {
    /// A type 0 header and whatever payload follows it at once.
    private func chunk(
        on id: UInt8, length: UInt32, _ type: MessageType = .video, _ payload: [UInt8] = []
    ) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(id)
        writer.writeUInt24(0)
        writer.writeUInt24(length)
        writer.write(type.rawValue)
        writer.writeUInt32LittleEndian(1)
        writer.write(payload)
        return writer.bytes
    }

    /// Sends as far as the server lets it.
    private func flood(_ peer: TestClient, _ bytes: [UInt8]) throws {
        do {
            try peer.send(bytes)
        } catch let error as PosixError where error.isReset {}
    }

    /// One worker for all, so that who floods stands in the way of who asks. How long the others wait is
    /// for a benchmark to say: a sanitizer makes the same work ten times as long.
    @Test func `a flood of one-byte chunks is ended, others are answered (T-SEC-01)`() throws {
        let rig = try TestServer { $0.threads = 1 }
        let other = try TestClient(port: rig.port)
        try other.connect()
        let flood =
            chunk(on: 6, length: 1 << 20, .video, [0x11])
            + (0..<100_000).flatMap { _ in [0xC6, 0x11] as [UInt8] }
        for round in 0..<3 as Range<UInt32> {
            let peer = try TestClient(port: rig.port)
            try peer.publish("s\(round)")
            try peer.send(ControlMessage.setChunkSize(1).message())
            let id = try rig.publisher(of: "live/s\(round)")
            try self.flood(peer, flood)
            try other.ping(round)
            #expect(try rig.closeReport(of: id).why == "too-many-chunks")
        }
    }

    /// Each byte is a message of length 0: one read holds more of them than a minute may.
    @Test func `a flood of empty messages is ended within its first read (T-SEC-01)`() throws {
        let rig = try TestServer {
            $0.threads = 1
            $0.limits.chunksPerSecond = 1000
        }
        let peer = try TestClient(port: rig.port)
        try peer.publish("a")
        let id = try rig.publisher(of: "live/a")
        let probe = try rig.poll("probe") { rig.probes[id] }
        try flood(
            peer, chunk(on: 4, length: 0, .audio) + [UInt8](repeating: 0xC4, count: 4 << 20))
        #expect(try rig.closeReport(of: id).why == "chunk-flood")
        // Not all that came.
        #expect(probe.messagesIn.read() < 1 << 18)
    }

    /// What it sends costs nothing then, and at the deadline it is closed.
    @Test func `who goes on sending after the goodbye is not listened to (SEC-10)`() throws {
        let rig = try TestServer()
        let peer = try TestClient(port: rig.port)
        try peer.publish("a")
        let id = try rig.publisher(of: "live/a")
        let probe = try rig.poll("probe") { rig.probes[id] }
        // A type 3 chunk on a chunk stream that has begun nothing.
        try flood(peer, [0xC9] + [UInt8](repeating: 0xC9, count: 64 << 20))
        #expect(try rig.closeReport(of: id).why == "chunk-no-previous-header")
        #expect(probe.bytesIn.read() < 1 << 20)
    }

    @Test func `large declarations on many chunk streams share one bound (T-SEC-02)`() throws {
        let rig = try TestServer()
        let peer = try TestClient(port: rig.port)
        try peer.publish("a")
        let id = try rig.publisher(of: "live/a")
        try peer.send(ControlMessage.setChunkSize(500_000).message())
        let part = [UInt8](repeating: 0x27, count: 500_000)
        for number in 8..<64 as Range<UInt8> {
            try flood(peer, chunk(on: number, length: 10 << 20, .video, part))
        }
        #expect(try rig.closeReport(of: id).why == "too-many-partial-bytes")
        let other = try TestClient(port: rig.port)
        #expect(try other.publish("a") == "NetStream.Publish.Start")
    }

    /// Each stays within its own bound; together they may not have that of all.
    @Test func `of all that hoard incomplete messages the greatest ends (SEC-1, T-SEC-02)`() throws
    {
        let rig = try TestServer {
            $0.threads = 1
            $0.maximumMessageBytes = 1 << 20
            $0.maximumPartialBytes = 2 << 20
        }
        let honest = try TestClient(port: rig.port)
        try honest.publish("honest")
        try honest.send(ControlMessage.setChunkSize(500).message())
        let half = [UInt8](repeating: 0x27, count: 500)
        try honest.send(chunk(on: 8, length: 1000, .video, half))
        var hoarders: [TestClient] = []
        for (name, length) in [("a", 1_040_000), ("b", 600_000), ("c", 800_000)] as [(_, UInt32)] {
            let peer = try TestClient(port: rig.port)
            try peer.publish(name)
            try peer.send(ControlMessage.setChunkSize(length - 1).message())
            let most = [UInt8](repeating: 0x27, count: Int(length) - 1)
            try peer.send(chunk(on: 8, length: length, .video, most))
            try peer.ping()
            hoarders.append(peer)
        }
        let ended = try rig.publisher(of: "live/a")
        #expect(try rig.closeReport(of: ended).why == "hoarded-messages")
        try honest.send([0xC8] + half)
        try honest.ping()
        for survivor in hoarders.dropFirst() { try survivor.ping(2) }
    }

    @Test func `idle sockets are closed at the deadline, newcomers are served (T-SEC-03)`() throws {
        let rig = try TestServer { $0.handshakeTimeoutNanoseconds = 2_000_000_000 }
        let idle = try (0..<500).map { _ in try TestClient(port: rig.port) }
        let early = try TestClient(port: rig.port)
        #expect(try early.play("a") == "NetStream.Play.Start")
        for client in idle { try client.waitForEnd() }
        let reasons = try rig.poll("500 ends") {
            let reasons = rig.events.compactMap { event -> String? in
                if case .close(_, let report) = event.kind { return report.why }
                return nil
            }
            return reasons.count == idle.count ? reasons : nil
        }
        #expect(reasons.allSatisfy { $0 == "handshake-timeout" })
        let late = try TestClient(port: rig.port)
        #expect(try late.publish("a") == "NetStream.Publish.Start")
        try late.media(.video, 0, TestMedia.keyframe(1))
        #expect(try early.nextMedia().payload.bytes == TestMedia.keyframe(1))
    }

    /// Slow handshakes take the places of their own kind, so that there is always one to be had.
    @Test func `slow handshakes that fill the server make room (SEC-7, T-SEC-03)`() throws {
        let rig = try TestServer { $0.maximumConnections = 50 }
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        let slow = try (0..<200).map { _ in
            let client = try TestClient(port: rig.port)
            try? client.send([3])
            return client
        }
        let player = try TestClient(port: rig.port)
        try player.play("a")
        try publisher.media(.video, 0, TestMedia.keyframe(1))
        #expect(try player.nextMedia().payload.bytes == TestMedia.keyframe(1))
        let report = try rig.wait("a slow handshake's end") { kind -> CloseReport? in
            if case .close(_, let report) = kind { return report }
            return nil
        }
        #expect(report.why == "crowded-out" && report.state.hasPrefix("hs:"))
        #expect(slow.count == 200)
    }

    @Test func `chunk stream ids are bounded, whatever their numbers (T-CH-24, SEC-5)`() throws {
        let rig = try TestServer()
        let peer = try TestClient(port: rig.port)
        try peer.publish("a")
        let id = try rig.publisher(of: "live/a")
        for number in 0..<70 {
            let large = UInt16(number * 900)
            try flood(
                peer,
                [1, UInt8(truncatingIfNeeded: large), UInt8(truncatingIfNeeded: large >> 8)]
                    + chunk(on: 0, length: 1, .audio, [0xAF]).dropFirst())
        }
        #expect(try rig.closeReport(of: id).why == "too-many-chunk-streams")
    }

    /// A tree of references that would be written out as 2⁴⁰ values.
    @Test func `a bomb of AMF before connect ends the connection, later it is dropped (AMF-7)`()
        throws
    {
        let bomb =
            AMF0Encoder.bytes([.text("x"), 0]) + [0x0A, 0, 0, 0, 41, 0x0A, 0, 0, 0, 1, 5]
            + (1...40 as ClosedRange<UInt8>).flatMap {
                [0x0A, 0, 0, 0, 2, 7, 0, $0, 7, 0, $0] as [UInt8]
            }
        let rig = try TestServer()
        let early = try TestClient(port: rig.port)
        try early.handshake()
        try early.send(
            Message(
                type: .commandAMF0, messageStreamID: 0, timestamp: 0, payload: Payload(bomb)))
        try early.waitForEnd()
        #expect(try rig.closeReport(of: 1).why == "malformed-command")

        let late = try TestClient(port: rig.port)
        try late.connect()
        try late.send(
            Message(
                type: .commandAMF0, messageStreamID: 0, timestamp: 0, payload: Payload(bomb)))
        try late.ping(7)
        let probe = try rig.poll("probe") { rig.probes[2] }
        #expect(probe.ignored.read() == 1)
    }

    @Test func `metadata with every message is read once a second, and the last of it (SEC-6)`()
        throws
    {
        let rig = try TestServer()
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        let begin = Clock.monotonicNanoseconds()
        for number in 1...500 {
            try publisher.media(
                .dataAMF0, 0,
                AMF0Encoder.bytes(["onMetaData", ["take": .number(Double(number))]]))
        }
        try rig.wait("the last one") { kind in
            if case .metadata(_, _, "take 500") = kind { return true }
            return nil
        }
        let seconds = Int((Clock.monotonicNanoseconds() - begin) / 1_000_000_000)
        let told = rig.events.count { event in
            if case .metadata = event.kind { return true }
            return false
        }
        #expect(told <= seconds + 2)
    }

    @Test(arguments: ["createStream", "releaseStream", "nonsense", "ping", "not readable"])
    func `a flood of commands or pings is ended (T-SEC-04)`(name: String) throws {
        let rig = try TestServer {
            $0.limits.commandsPerSecond = 5
            $0.limits.pingsPerSecond = 5
        }
        let peer = try TestClient(port: rig.port)
        try peer.connect()
        do {
            for number in 0..<400 as Range<UInt32> {
                if name == "ping" {
                    try peer.send(UserControlEvent.pingRequest(number).message())
                } else if name == "not readable" {
                    try peer.send(
                        Message(
                            type: .commandAMF0, messageStreamID: 0, timestamp: 0,
                            payload: Payload([3, 0])))
                } else {
                    try peer.command(name, Double(number), [.text("a")])
                }
            }
        } catch let error as PosixError where error.isReset {}
        try peer.waitForEnd()
        #expect(try rig.closeReport(of: 1).why == "command-flood")
    }

    /// Neither a byte from it nor room for one: no sign of life.
    @Test func `a player that never reads is bounded and ended (T-SEC-05)`() throws {
        let rig = try TestServer {
            $0.pingIntervalNanoseconds = 500_000_000
            $0.pingTimeoutNanoseconds = 500_000_000
            $0.slowLimits = SlowLimits(bytes: 1 << 20, milliseconds: 10_000)
            $0.window = WindowLimits(bytes: 4 << 20, milliseconds: 20_000)
        }
        let deaf = try TestClient(port: rig.port)
        try deaf.play("a")
        let id = try rig.player(of: "live/a")
        let probe = try rig.poll("probe") { rig.probes[id] }
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        var queue: UInt64 = 0
        for number in 0..<2500 {
            let mark = UInt8(truncatingIfNeeded: number)
            let payload =
                number % 25 == 0
                ? TestMedia.keyframe(mark, bytes: 60_000) : TestMedia.frame(mark, bytes: 40_000)
            try publisher.media(.video, UInt32(number) * 40, payload)
            queue = max(queue, probe.queueBytes.read())
            rig.collect()
            if probe.skippedVideo.read() > 0 { break }
        }
        #expect(try rig.closeReport(of: id).why == "ping-timeout")
        #expect(queue > 0 && queue < 3 << 20)
    }

    /// It takes nothing, and yet says that it lives.
    @Test func `a player that stays over its limit is ended, its socket is read (MED-12, PC-7)`()
        throws
    {
        let rig = try TestServer {
            $0.overrunTimeoutNanoseconds = 200_000_000
            // How fast it says so is not what it is ended for.
            $0.limits.chunksPerSecond = .max
            $0.slowLimits = SlowLimits(bytes: 1 << 20, milliseconds: 10_000)
            $0.window = WindowLimits(bytes: 4 << 20, milliseconds: 20_000)
        }
        let deaf = try TestClient(port: rig.port)
        try deaf.play("a")
        let id = try rig.player(of: "live/a")
        let probe = try rig.poll("probe") { rig.probes[id] }
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        for number in 0..<2500 where probe.skippedVideo.read() == 0 {
            let mark = UInt8(truncatingIfNeeded: number)
            let payload =
                number % 25 == 0
                ? TestMedia.keyframe(mark, bytes: 60_000) : TestMedia.frame(mark, bytes: 40_000)
            try publisher.media(.video, UInt32(number) * 40, payload)
        }
        let report = try rig.poll("the player's end") { () -> CloseReport? in
            let heard = probe.bytesIn.read()
            // More than any buffer of the kernel holds, in all.
            try? flood(
                deaf,
                (0..<1000).flatMap { _ in
                    chunk(on: 2, length: 4, .acknowledgement, [0, 0, 0, 1])
                })
            #expect(probe.bytesIn.read() >= heard)
            for event in rig.events {
                if case .close(id, let report) = event.kind { return report }
            }
            return nil
        }
        #expect(report.why == "slow-player")
        #expect(report.bytesIn > 16_000)
    }

    @Test func `nobody ends a stream that is not his (T-SEC-08)`() throws {
        let rig = try TestServer()
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        let player = try TestClient(port: rig.port)
        try player.play("a")
        let stranger = try TestClient(port: rig.port)
        try stranger.connect()
        try stranger.command("releaseStream", 2, [.text("a")])
        try stranger.command("FCUnpublish", 3, [.text("a")])
        try stranger.command("deleteStream", 0, [.number(1)])
        _ = try stranger.createStream()
        try stranger.command("closeStream", 0, on: 1)
        try stranger.command("deleteStream", 0, [.number(1)])
        // Answered in order: the server has seen all of it.
        try stranger.ping(1)
        try publisher.media(.video, 0, TestMedia.keyframe(1))
        #expect(try player.nextMedia().payload.bytes == TestMedia.keyframe(1))
        rig.collect()
        #expect(
            !rig.events.contains { event in
                if case .streamEnd = event.kind { return true }
                return false
            })
    }
}
