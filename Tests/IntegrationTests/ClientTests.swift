import Posix
import RTMP
import RTMPClient
import RTMPServer
import Relay
import Telemetry
import Testing

/// Our client against our server, each call of it on a thread of its own.
@Suite(.timeLimit(.minutes(10))) struct ClientTests {
    /// Media of a file's tags, as it must come out again.
    private struct Packet: Equatable, CustomStringConvertible {
        var kind: MediaPacket.Kind
        var timestamp: UInt32
        var bytes: [UInt8]

        init(_ packet: MediaPacket) {
            kind = packet.kind
            timestamp = packet.timestampMilliseconds
            bytes = packet.bytes
        }

        var description: String { "\(kind) at \(timestamp), \(bytes.count) bytes" }
    }

    private func packet(
        _ kind: MediaPacket.Kind, _ timestamp: UInt32, _ bytes: [UInt8]
    ) throws -> MediaPacket {
        try #require(
            MediaPacket(kind: kind, timestampMilliseconds: timestamp, bytes: bytes))
    }

    /// A player that takes everything however fast it comes.
    private func patient() throws -> TestServer {
        try TestServer {
            $0.window = WindowLimits(bytes: 256 << 20, milliseconds: 1 << 40, messages: 1 << 20)
            $0.slowLimits = SlowLimits(bytes: 256 << 20, milliseconds: 1 << 40)
        }
    }

    @Test(arguments: [(false, .plain), (true, .plain), (false, .tls)] as [(Bool, Transport)])
    func `what is published is played, byte for byte (CMD-26)`(
        signs: Bool, transport: Transport
    ) throws {
        let rig = try TestServer(over: transport)
        var options = rig.options
        options.signsHandshake = signs
        let player = try Player(from: rig.url("live/a?token=x"), options: options)
        let publisher = try Publisher(to: rig.url("live/a"), options: options)
        var sent: [MediaPacket] = []
        sent.append(try packet(.video, 0, TestMedia.avcHeader))
        sent.append(try packet(.audio, 0, TestMedia.aacHeader))
        for number in 0..<50 {
            let time = UInt32(number) * 40
            let name = UInt8(number)
            let bytes =
                number % 25 == 0
                ? TestMedia.keyframe(name, bytes: 200_000) : TestMedia.frame(name)
            sent.append(try packet(.video, time, bytes))
            sent.append(try packet(.audio, time + 3, TestMedia.audio(name)))
        }
        for packet in sent { try publisher.send(packet) }
        #expect(publisher.finish())
        var got: [MediaPacket] = []
        var end: String?
        while end == nil {
            switch try player.next(within: .seconds(10)) {
            case .media(let packet): got.append(packet)
            case .ended(let word): end = word
            case .timeOver: Issue.record("nothing came for ten seconds"); end = ""
            }
        }
        player.finish()
        #expect(got.map(Packet.init) == sent.map(Packet.init))
        let id = try rig.publisher(of: "live/a")
        let report = try rig.closeReport(of: id)
        #expect(report.who == .peer, "\(report)")
        let kinds = rig.events.compactMap { event -> String? in
            if case .handshakeDone(_, let kind, _) = event.kind { kind } else { nil }
        }
        #expect(kinds.count == 2 && kinds.allSatisfy { $0 == (signs ? "complex" : "simple") })
    }

    // MARK: Refusals and ends

    @Test func `a taken name is refused with the server's code`() throws {
        let rig = try TestServer()
        let first = try Publisher(to: rig.url("live/a"))
        let error = #expect(throws: ClientError.self) { try Publisher(to: rig.url("live/a")) }
        guard case .refused(.publish, "NetStream.Publish.BadName", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        first.finish()
    }

    @Test func `a stream nobody publishes is refused with the server's code`() throws {
        let rig = try TestServer { $0.playWaitNanoseconds = 0 }
        let error = #expect(throws: ClientError.self) { try Player(from: rig.url("live/none")) }
        guard case .refused(.play, "NetStream.Play.StreamNotFound", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `nobody listens`() throws {
        // The port of a socket that has gone is free, and stays so for the moment.
        let port = try Socket.listening(on: .loopback(port: 0)).localAddress?.port ?? 0
        let error = #expect(throws: ClientError.self) {
            try Player(from: "rtmp://127.0.0.1:\(port)/live/a")
        }
        guard case .unreachable("127.0.0.1:\(port)", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `localhost is tried on all its addresses (URL-5)`() throws {
        let rig = try TestServer()  // on IPv4 alone
        let publisher = try Publisher(to: "rtmp://localhost:\(rig.port)/live/a")
        #expect(publisher.finish())
        let unknown = #expect(throws: ClientError.self) {
            try Publisher(to: "rtmp://no-such-host.invalid/live/a")
        }
        guard case .hostUnknown("no-such-host.invalid", _) = unknown else {
            Issue.record("\(String(describing: unknown))")
            return
        }
    }

    @Test func `IPv6 in brackets (URL-5)`() throws {
        let rig = try TestServer { configuration in
            if let loopback = try? SocketAddress(parsing: "[::1]:0") {
                configuration.listen = [loopback]
            }
        }
        let publisher = try Publisher(to: "rtmp://[::1]:\(rig.port)/live/a")
        #expect(publisher.finish())
    }

    @Test func `a server that says nothing is left when the time of the phase is over`() throws {
        let mute = try Socket.listening(on: .loopback(port: 0))
        var options = ClientOptions()
        options.timeout = .milliseconds(50)
        let port = mute.localAddress?.port ?? 0
        #expect(throws: ClientError.timedOut(.handshake)) {
            try Player(from: "rtmp://127.0.0.1:\(port)/live/a", options: options)
        }
    }

    @Test func `what is no URL is refused by name`() {
        #expect(
            throws: ClientError.malformedURL("http:// is not supported, rtmp:// and rtmps:// are")
        ) { try Player(from: "http://localhost/live/a") }
    }

    @Test func `the stop signal ends a wait`() throws {
        let rig = try TestServer()
        let stop = try StopSignal()
        let player = try Player(from: rig.url("live/none"), stop: stop)
        let thread = try Thread.start(name: "stopper") { stop.give() }
        #expect(throws: ClientError.stopped) { try player.next() }
        thread.join()
        player.finish()
        let gone = try rig.player(of: "live/none")
        #expect(try rig.closeReport(of: gone).who == .peer)
    }

    @Test func `a publisher that falls silent is told of, its server is there`() throws {
        let rig = try TestServer()
        let publisher = try Publisher(to: rig.url("live/a"), options: rig.options)
        try publisher.send(try packet(.video, 0, TestMedia.avcHeader))
        try publisher.send(try packet(.video, 0, TestMedia.keyframe(1)))
        try publisher.wait(for: .milliseconds(1))
        var options = rig.options
        options.stall = .milliseconds(200)
        let player = try Player(from: rig.url("live/a"), options: options)
        defer { player.finish() }
        var packets = 0
        let error = #expect(throws: ClientError.self) {
            while case .media = try player.next() { packets += 1 }
        }
        #expect(error == .stalled(.milliseconds(200)))
        #expect(packets == 2)
        publisher.finish()
    }

    @Test func `a publisher the operator kicks hears of it`() throws {
        let rig = try TestServer()
        let publisher = try Publisher(to: rig.url("live/a"))
        rig.server.control.kick(try rig.publisher(of: "live/a"), holdSeconds: 60)
        let error = #expect(throws: ClientError.self) { try publisher.wait(for: .seconds(10)) }
        switch error {
        case .failed, .lost: break
        default: Issue.record("\(String(describing: error))")
        }
        publisher.finish()
    }

    // MARK: Reconnecting (MED-13)

    @Test func `a player asked to reconnect plays on over a new connection`() throws {
        let rig = try TestServer()
        let publisher = try Publisher(to: rig.url("live/a"))
        let player = try Player(from: rig.url("live/a"))
        let first = try rig.player(of: "live/a")
        try publisher.send(packet(.video, 0, TestMedia.avcHeader))
        try publisher.send(packet(.video, 0, TestMedia.keyframe(1)))
        try publisher.wait(for: .zero)
        try expect(player, plays: TestMedia.keyframe(1))
        rig.server.control.askToReconnect(first)
        // The GOP begins again over the new one.
        try expect(player, plays: TestMedia.keyframe(1))
        let second = try rig.player(of: "live/a", number: 1)
        #expect(second != first)
        #expect(try rig.closeReport(of: first).who == .peer)
        try publisher.send(packet(.video, 40, TestMedia.frame(2)))
        try publisher.wait(for: .zero)
        try expect(player, plays: TestMedia.frame(2))
        player.finish()
        publisher.finish()
    }

    @Test(arguments: [nil, "/live"])
    func `a publisher asked to reconnect does so at the next keyframe, headers first`(
        tcURL: String?
    ) throws {
        let rig = try TestServer()
        let player = try Player(from: rig.url("live/a"))
        let publisher = try Publisher(to: rig.url("live/a"), needsEnhanced: true)
        let first = try rig.publisher(of: "live/a")
        try publisher.send(packet(.video, 0, TestMedia.avcHeader))
        try publisher.send(packet(.video, 0, TestMedia.keyframe(1)))
        rig.server.control.askToReconnect(first, tcURL: tcURL)
        try rig.wait("the request") { kind -> Bool? in
            if case .reconnect(first, true, _) = kind { true } else { nil }
        }
        // The wish is read here, and waits for a keyframe.
        try publisher.wait(for: .milliseconds(200))
        try publisher.send(packet(.video, 40, TestMedia.frame(2)))
        try publisher.send(packet(.video, 80, TestMedia.keyframe(3)))
        try publisher.wait(for: .zero)
        for bytes in [
            TestMedia.avcHeader, TestMedia.keyframe(1), TestMedia.frame(2), TestMedia.avcHeader,
            TestMedia.keyframe(3),
        ] {
            try expect(player, plays: bytes)
        }
        #expect(try rig.closeReport(of: first).who == .peer)
        publisher.finish()
        player.finish()
    }

    @Test func `a wish for another host is not followed`() throws {
        let rig = try TestServer()
        let publisher = try Publisher(to: rig.url("live/a"), needsEnhanced: true)
        let first = try rig.publisher(of: "live/a")
        rig.server.control.askToReconnect(first, tcURL: "rtmp://elsewhere.invalid/live")
        try rig.wait("the request") { kind -> Bool? in
            if case .reconnect(first, true, _) = kind { true } else { nil }
        }
        try publisher.wait(for: .milliseconds(100))
        try publisher.send(packet(.video, 0, TestMedia.keyframe(1)))
        #expect(publisher.finish())
    }

    /// Skips what a stream's end and return bring besides media.
    private func expect(_ player: Player, plays bytes: [UInt8]) throws {
        while true {
            switch try player.next(within: .seconds(10)) {
            case .media(let packet)
            where packet.kind == .video
                && !(packet.isHeader
                    && bytes != packet.bytes):
                #expect(packet.bytes == bytes)
                return
            case .media, .ended: continue
            case .timeOver:
                Issue.record("nothing came for ten seconds")
                return
            }
        }
    }

    // MARK: Files

    @Test(arguments: FLVSample.allCases)
    func `a file published and played into a file is the same, packet by packet`(
        sample: FLVSample
    ) throws {
        let rig = try patient()
        let folder = try TemporaryFolder()
        let (source, result) = (folder.path("source.flv"), folder.path("result.flv"))
        try File.create(source).writeAll(FLVSample.flv(sample.tags))
        let stop = try StopSignal()
        let url = rig.url("live/file")
        let played = Lock<Result<StreamProgress, ClientError>?>(nil)
        let thread = try Thread.start(name: "player") {
            let outcome = Result { () throws(ClientError) in
                try FLVReceiver(output: .file(result)).run(from: url, stop: stop)
            }
            played.withLock { $0 = outcome }
        }
        _ = try rig.poll("a player that waits") {
            rig.events.contains {
                if case .play(_, _, accepted: true, _) = $0.kind { true } else { false }
            } ? true : nil
        }
        var sender = FLVSender(path: source)
        sender.isFast = true
        let sent = try sender.run(to: url, stop: stop)
        thread.join()
        let progress = try #require(played.withLock { $0 }).get()
        #expect(sent.packets == UInt64(sample.tags.count) && sent.dropped == 0)
        #expect(progress.packets == sent.packets && progress.dropped == 0)
        let got = try FLVSample.tags(of: try File.readAll(result, limit: 64 << 20))
        func media(_ tags: [FLVTag]) throws -> [Packet] {
            try tags.filter { $0.type != .dataAMF0 }.map { Packet(try #require(MediaPacket($0))) }
        }
        #expect(try media(got) == media(sample.tags))
        // Finished: it says how long it is, and that of the source was not taken over.
        let metadata = try #require(got.first).payload.withUnsafeBytes {
            try AMF0Decoder.values(of: $0, limits: Limits())
        }
        let duration = try #require(metadata[1]["duration"]?.number)
        #expect(duration > 3.9 && duration != 9)
        #expect(metadata[1]["width"]?.number == 320)
    }

    @Test func `times go over 2³² on the wire, and the player's go on (CH-6)`() throws {
        let rig = try patient()
        let player = try Player(from: rig.url("live/wrap"))
        let publisher = try Publisher(to: rig.url("live/wrap"))
        let times = (0..<200).map { UInt32.max &- 4000 &+ UInt32($0) &* 40 }
        try publisher.send(packet(.video, times[0], TestMedia.avcHeader))
        for (number, time) in times.enumerated() {
            let name = UInt8(number)
            try publisher.send(
                packet(
                    .video, time,
                    number % 50 == 0 ? TestMedia.keyframe(name) : TestMedia.frame(name)))
        }
        publisher.finish()
        var got: [UInt32] = []
        while case .media(let packet) = try player.next(within: .seconds(10)) {
            if packet.isFrame { got.append(packet.timestampMilliseconds) }
        }
        player.finish()
        #expect(got.count == 200)
        #expect(zip(got, got.dropFirst()).allSatisfy { $1 &- $0 == 40 })
    }

    @Test func `a loop goes on where the file ended, and --for ends it`() throws {
        let rig = try patient()
        let folder = try TemporaryFolder()
        let source = folder.path("source.flv")
        try File.create(source).writeAll(FLVSample.flv(FLVSample.videoOnly.tags))
        let player = try Player(from: rig.url("live/loop"))
        var sender = FLVSender(path: source)
        sender.isFast = true
        sender.loops = true
        sender.limit = .seconds(10)
        _ = try sender.run(to: rig.url("live/loop"), stop: try StopSignal())
        var times: [UInt32] = []
        while case .media(let packet) = try player.next(within: .seconds(10)) {
            if packet.isFrame { times.append(packet.timestampMilliseconds) }
        }
        player.finish()
        #expect(times == (0...250).map { $0 * 40 })
    }

    @Test func `what is no FLV never reaches the server`() throws {
        let rig = try TestServer()
        let folder = try TemporaryFolder()
        let source = folder.path("source.txt")
        try File.create(source).writeAll("this is text")
        let error = #expect(throws: ClientError.self) {
            try FLVSender(path: source).run(to: rig.url("live/a"), stop: try StopSignal())
        }
        guard case .malformedFile(source, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        rig.collect()
        #expect(rig.probes.isEmpty)
    }
}
