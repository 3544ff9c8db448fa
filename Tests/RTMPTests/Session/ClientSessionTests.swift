import RTMP
import TestSupport
import Testing

/// What a client says and takes, against servers written down (RTMP.md §5.4).
@Suite struct ClientSessionTests {
    // MARK: Publishing

    @Test func `a publisher says what OBS and FMLE say, in their order (CMD-26)`() {
        let server = ScriptedServer(.publisher)
        #expect(server.outgoing.count == 1537)
        #expect(server.session.awaits == .handshake)
        server.shakesHands()
        server.expects(
            "connect 1 {app: live, type: nonprivate, "
                + "flashVer: FMLE/3.0 (compatible; rtmp-client), tcUrl: rtmp://host/live}")
        #expect(server.session.awaits == .connect)
        server.answersConnect()
        server.expects(
            "setChunkSize 60000", "releaseStream 2 null camera?key=1",
            "FCPublish 3 null camera?key=1", "createStream 4 null")
        #expect(server.session.awaits == .createStream)
        server.sends("_result", 4, 1)
        server.expects("publish 5 null camera?key=1 live @1")
        #expect(server.session.awaits == .publish)
        server.sends(status: "NetStream.Publish.Start")
        #expect(server.session.awaits == nil)
        server.owner { $0.stop() }
        server.expects("FCUnpublish 6 null camera?key=1", "deleteStream 7 null 1")
        server.expectsSteps(
            "handshakeDone simple", "connected FMS/3,0,1,123",
            "status status NetStream.Publish.Start @1", "publishing @1", "close stopped")
    }

    /// CMD-20, T-CMD-24: SRS says 0, others echo, some count.
    @Test(arguments: [0, 5, 77] as [Double])
    func `the transaction of onStatus means nothing (T-CMD-24)`(transaction: Double) {
        let server = ScriptedServer(.publisher)
        server.getsTo(.publish)
        server.sends(status: "NetStream.Publish.Start", transaction: transaction)
        #expect(server.steps.last == "publishing @1")
    }

    @Test func `a _result to publish is no success (T-CMD-24)`() {
        let server = ScriptedServer(.publisher)
        server.getsTo(.publish)
        server.sends("_result", 5, ["code": "NetStream.Publish.Start"])
        #expect(server.session.awaits == .publish)
        server.sends(status: "NetStream.Publish.Start")
        #expect(server.session.awaits == nil)
    }

    /// CMD-21, T-CMD-25
    @Test(arguments: [("releaseStream", 2), ("FCPublish", 3)] as [(String, Double)])
    func `an _error to what a publisher can do without is not fatal (T-CMD-25)`(
        name: String, transaction: Double
    ) {
        let server = ScriptedServer(.publisher)
        server.getsTo(.createStream)
        server.sends(
            "_error", transaction,
            ["level": "error", "code": "NetConnection.Call.Failed", "description": .text(name)])
        server.sends("_result", 4, 1)
        server.sends(status: "NetStream.Publish.Start")
        #expect(server.steps.last == "publishing @1")
    }

    @Test func `nginx-rtmp answers createStream with transaction 0 (CMD-20)`() {
        let server = ScriptedServer(.publisher)
        server.getsTo(.createStream)
        server.sends("_result", 2)
        server.sends("_result", 3)
        #expect(server.session.awaits == .createStream)
        server.sends("_result", 0, 7)
        #expect(server.hears().last == "publish 5 null camera?key=1 live @7")
    }

    @Test(arguments: [Double.nan, .infinity, -1, 1.5, 5_000_000_000])
    func `a stream id that is none is waited over (SEC-16)`(id: Double) {
        let server = ScriptedServer(.publisher)
        server.getsTo(.createStream)
        server.sends("_result", 4, .number(id))
        server.sends("_result", 4, "one")
        #expect(server.session.awaits == .createStream)
    }

    /// RTMP.md §5.1: what a server says before the answer is in force at once.
    @Test func `control values of the server are in force and told`() {
        let server = ScriptedServer(.publisher)
        server.getsTo(.connect)
        _ = server.hears()
        server.sends(.windowAcknowledgementSize(5_000_000))
        server.sends(.setPeerBandwidth(5_000_000, .hard))
        server.sends(.setChunkSize(4096))
        server.sends(.acknowledgement(1000))
        #expect(server.session.windowIn == 5_000_000)
        #expect(server.session.inChunkSize == 4096)
        #expect(server.session.outChunkSize == 128)
        server.expectsSteps(
            "handshakeDone simple", "control windowAcknowledgementSize 5000000",
            "control setPeerBandwidth 5000000 hard", "control setChunkSize 4096",
            "control acknowledgement 1000")
        // PC-6
        server.expects("windowAcknowledgementSize 5000000")
    }

    @Test func `pings are answered at once, and onBWDone by _checkbw (PC-8, CMD-21)`() {
        let server = ScriptedServer(.publisher)
        server.getsTo(.publish)
        _ = server.hears()
        server.sends(UserControlEvent.pingRequest(0x0D0F))
        server.sends("onBWDone", 0)
        server.expects("pingResponse 3343", "_checkbw 8 null")
        server.sends("_error", 8, ["code": "NetConnection.Call.Failed"])
        server.sends("onFCPublish", 0, ["code": "NetStream.Publish.Start"])
        server.sends("ping", 9)
        server.expects()
        #expect(server.session.awaits == .publish)
    }

    @Test func `half a window that came in is acknowledged (PC-3)`() {
        let server = ScriptedServer(.player)
        server.plays()
        server.sends(.windowAcknowledgementSize(10_000))
        _ = server.hears()
        server.sends(.video, [UInt8](repeating: 0x27, count: 6000), on: 1)
        server.expects("acknowledgement \(server.sent.count)")
    }

    // MARK: Refusals

    @Test func `a refused connect ends with what the server said (CMD-20)`() {
        let server = ScriptedServer(.publisher)
        server.getsTo(.connect)
        server.sends(
            "_error", 1,
            ["level": "error", "code": "NetConnection.Connect.Rejected", "description": "no"])
        #expect(server.steps.last == "close connectRejected NetConnection.Connect.Rejected: no")
        server.sends("_result", 1)
        #expect(server.steps.last == "close connectRejected NetConnection.Connect.Rejected: no")
    }

    @Test(arguments: [
        ("NetConnection.Connect.Rejected", "status", true),
        ("NetConnection.Connect.InvalidApp", "error", true),
        ("NetConnection.Connect.Success", "status", false),
        ("NetConnection.Connect.Success.Degraded", "status", false),
    ])
    func `a _result is an acceptance only by its code (CMD-20)`(
        code: String, level: String, isRefused: Bool
    ) {
        let server = ScriptedServer(.publisher)
        server.getsTo(.connect)
        server.sends("_result", 1, ["level": .text(level), "code": .text(code)])
        #expect((server.steps.last == "close connectRejected \(code): ") == isRefused)
        #expect((server.session.awaits == .createStream) == !isRefused)
    }

    @Test func `a bare _result to connect is an acceptance`() {
        let server = ScriptedServer(.publisher)
        server.getsTo(.connect)
        server.sends("_result", 1)
        #expect(server.steps.last == "connected –")
    }

    static let publishRefusals: [(String, String)] = [
        ("NetStream.Publish.BadName", "error"), ("NetStream.Publish.Denied", "status"),
        ("NetStream.Publish.Unauthorized", "error"), ("NetStream.Publish.Rejected", "status"),
        ("NetStream.Failed", "status"), ("NetStream.Something.New", "error"),
    ]

    @Test(arguments: publishRefusals)
    func `a refused publish ends with the code (RTMP.md §5.1)`(code: String, level: String) {
        let server = ScriptedServer(.publisher)
        server.getsTo(.publish)
        server.sends(status: code, "why", level: level)
        #expect(server.steps.last == "close publishRejected \(code): why")
    }

    @Test func `a server that goes wrong later ends the session with its code`() {
        let server = ScriptedServer(.publisher)
        server.publishes()
        _ = server.hears()
        server.sends(status: "NetStream.Record.NoAccess", "full", level: "error")
        #expect(server.steps.last == "close failed NetStream.Record.NoAccess: full")
        server.owner { $0.stop() }
        #expect(server.hears() == [])
    }

    @Test func `other errors: createStream, play, close, another version, another protocol`() {
        let stream = ScriptedServer(.player)
        stream.getsTo(.createStream)
        stream.sends("_error", 4, ["code": "NetConnection.Call.Failed", "description": "x"])
        #expect(stream.steps.last == "close createStreamRejected NetConnection.Call.Failed: x")

        let play = ScriptedServer(.player)
        play.getsTo(.play)
        play.sends(status: "NetStream.Play.StreamNotFound", "x", level: "error")
        #expect(play.steps.last == "close playRejected NetStream.Play.StreamNotFound: x")

        let closing = ScriptedServer(.player)
        closing.plays()
        closing.sends("close", 0)
        #expect(closing.steps.last == "close closedByServer")

        let version = ScriptedServer(.player)
        version.sends(bytes: [6] + [UInt8](repeating: 0, count: 3072))
        version.expectsSteps("close serverVersion 6")

        let http = ScriptedServer(.player)
        http.sends(bytes: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
        http.expectsSteps("close serverVersion 72")
    }

    @Test func `broken rules throw, and close (CH-20, AMF-7)`() {
        let size = ScriptedServer(.player)
        size.plays()
        size.sends(.setChunkSize(0))
        #expect(size.thrown == .chunkSizeOutOfRange(0))
        size.owner { $0.stop() }
        #expect(size.steps.last != "close stopped")

        let answer = ScriptedServer(.player)
        answer.getsTo(.connect)
        answer.sends(.commandAMF0, [2, 0, 7, 0x5F], on: 0)
        #expect(answer.thrown == .malformedCommand(.truncated))

        let later = ScriptedServer(.player)
        later.plays()
        later.sends(.commandAMF0, [2, 0, 7, 0x5F], on: 0)
        #expect(later.thrown == nil)
        #expect(later.steps.last == "ignored type 20")
    }

    // MARK: Playing

    @Test func `a player says what ffmpeg says, and announces Enhanced RTMP (CMD-26, MED-8)`() {
        let server = ScriptedServer(.player)
        server.shakesHands()
        let connect = server.hears()
        #expect(connect.count == 1)
        let expected = [
            "connect 1 {app: live, flashVer: LNX 9,0,124,2, tcUrl: rtmp://host/live, fpad: false, "
                + "capabilities: 239, audioCodecs: 4071, videoCodecs: 252, videoFunction: 1, "
                + "objectEncoding: 0, "
                + "fourCcList: [avc1, hvc1, vvc1, av01, vp08, vp09, mp4a, Opus, fLaC, ac-3, ec-3, .mp3]"
                + ", videoFourCcInfoMap: {avc1: 1, hvc1: 1, vvc1: 1, av01: 1, vp08: 1, vp09: 1}, "
                + "audioFourCcInfoMap: {mp4a: 1, Opus: 1, fLaC: 1, ac-3: 1, ec-3: 1, .mp3: 1}, "
                + "capsEx: 15}"
        ]
        #expect(connect == expected)
        server.answersConnect()
        server.expects("windowAcknowledgementSize 2500000", "createStream 4 null")
        server.sends("_result", 4, 1)
        server.expects("play 5 null camera?key=1 -2 @1", "setBufferLength 1 3000")
        server.sends(UserControlEvent.streamBegin(1))
        server.sends(status: "NetStream.Play.Reset")
        server.sends(status: "NetStream.Play.Start")
        server.sends(.dataAMF0, AMF0Encoder.bytes(["onMetaData", ["width": 1920]]), on: 1)
        server.sends(.audio, audioHeader, on: 1)
        server.sends(.video, videoHeader, on: 1)
        server.sends(.video, keyframe, on: 1, at: 40)
        server.owner { $0.stop() }
        server.expects("deleteStream 7 null 1")
        server.expectsSteps(
            "handshakeDone simple", "connected FMS/3,0,1,123", "userControl streamBegin 1",
            "status status NetStream.Play.Reset @1", "status status NetStream.Play.Start @1",
            "playing @1", "metadata 33 bytes at 0", "audio 4 bytes at 0", "video 12 bytes at 0",
            "video 10 bytes at 40", "close stopped")
    }

    /// The first word counts, whatever its form; the stream may come back.
    @Test(arguments: [
        "NetStream.Play.UnpublishNotify", "NetStream.Play.Stop", "NetStream.Play.Complete",
    ])
    func `the end of what is played is told once`(code: String) {
        let server = ScriptedServer(.player)
        server.plays()
        let before = server.steps.count
        server.sends(status: code)
        server.sends(UserControlEvent.streamEOF(1))
        server.sends(status: "NetStream.Play.Stop")
        server.sends(status: "NetStream.Play.PublishNotify")
        server.sends(UserControlEvent.streamEOF(1))
        server.sends(.video, keyframe, on: 1)
        let told = server.steps[before...].filter {
            !$0.hasPrefix("status") && !$0.hasPrefix("userControl")
        }
        #expect(
            Array(told) == [
                "playEnded \(code)", "playing @1", "playEnded streamEOF", "playing @1",
                "video 10 bytes at 0",
            ])
    }

    @Test func `media without Play.Start begins the play; a word about it does not`() {
        let server = ScriptedServer(.player)
        server.getsTo(.play)
        let before = server.steps.count
        server.sends(.dataAMF0, AMF0Encoder.bytes(["onStatus", ["code": "x"]]), on: 1)
        #expect(server.session.awaits == .play)
        server.sends(.audio, audioFrame, on: 0)
        #expect(
            Array(server.steps[before...]) == [
                "data 25 bytes at 0", "playing @1", "audio 4 bytes at 0",
            ])
    }

    /// MED-14
    @Test func `aggregates are taken apart`() {
        let server = ScriptedServer(.player)
        server.plays()
        let body: [UInt8] = [
            0x08, 0, 0, 3, 0, 3, 0xE8, 0, 0, 0, 0, 0xAF, 1, 0x21, 0, 0, 0, 0x0E,
            0x09, 0, 0, 6, 0, 3, 0xF2, 0, 0, 0, 0, 0x27, 1, 0, 0, 0, 0x65, 0, 0, 0, 0x11,
        ]
        server.sends(.aggregate, body, on: 1, at: 5000)
        server.sends(.aggregate, Array(body.dropLast(8)), on: 1, at: 6000)
        #expect(
            server.steps.suffix(4) == [
                "audio 3 bytes at 5000", "video 6 bytes at 5010", "audio 3 bytes at 6000",
                "ignored type 22",
            ])
    }

    /// Rows 7 and 40 of interop.md: YouTube acknowledges by increments, AMS tells of its buffer.
    @Test func `a server's odd acknowledgements and events end nothing (PC-5, PC-8)`() {
        let server = ScriptedServer(.publisher)
        server.publishes()
        _ = server.hears()
        for _ in 0..<3 { server.sends(.acknowledgement(1000)) }
        for event in [31, 32, 5] as [UInt8] {
            server.sends(.userControl, [0, event, 0, 0, 0, 1], on: 0)
        }
        server.expects()
        #expect(
            server.steps.suffix(6) == [
                "control acknowledgement 1000", "control acknowledgement 1000",
                "control acknowledgement 1000", "userControl event 31", "userControl event 32",
                "userControl event 5",
            ])
        #expect(server.session.awaits == nil)
    }

    @Test func `what nobody asked for is passed over and told (MED-16)`() {
        let server = ScriptedServer(.publisher)
        server.publishes()
        server.sends(.video, keyframe, on: 1)
        server.sends(MessageType(rawValue: 7), [1], on: 0)
        server.sends(.sharedObjectAMF0, [1], on: 0)
        server.sends(.userControl, [0], on: 0)
        server.sends(.abort, [0], on: 0)
        #expect(
            server.steps.suffix(5) == [
                "ignored type 9", "ignored type 7", "ignored type 19", "ignored type 4",
                "ignored type 2",
            ])
        #expect(server.session.messagesIn == 8)
        #expect(server.session.chunkStreams.map(\.id) == [3, 4])
    }

    // MARK: What servers told of themselves

    @Test func `the answer to connect is kept for a probe`() throws {
        var session = ClientSession(configuration: .player, time: 0, crypto: .scripted)
        let server = ScriptedServer(.player)
        server.getsTo(.connect)
        server.sends(
            "_result", 1,
            object: ["fmsVer": "FMS/5,0,15,5004", "capabilities": 255, "mode": 1],
            [
                "level": "status", "code": "NetConnection.Connect.Success", "objectEncoding": 3,
                "videoFourCcInfoMap": ["*": 4], "capsEx": 7,
            ])
        var answer: ConnectAnswer?
        try server.sent.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            while let step = try session.next(&cursor) {
                if case .connected(let found) = step { answer = found }
            }
        }
        #expect(answer?.serverVersion == "FMS/5,0,15,5004")
        #expect(answer?.capabilities == 255)
        #expect(answer?.objectEncoding == 3)
        #expect(answer?.enhanced == [.reconnect, .multitrack, .modEx])
    }

    @Test func `words of the user go behind the connect object (URL-3)`() throws {
        let url = try RTMPURL(parsing: "rtmp://me:pass%3Aword@host/live/camera")
        let server = ScriptedServer(ClientConfiguration(role: .play, url: url))
        server.shakesHands()
        let connect = try #require(server.hears().first)
        #expect(connect.hasSuffix(" me pass:word"))
        #expect(connect.contains("tcUrl: rtmp://host/live,"))
    }

    /// CMD-7: YouTube drops every type but these.
    @Test func `record and append are said when asked for`() {
        for type in ["record", "append"] {
            let server = ScriptedServer(
                ClientConfiguration(
                    role: .publish(type: type), app: "live", tcURL: "rtmp://host/live", stream: "s")
            )
            server.getsTo(.publish)
            #expect(server.hears().last == "publish 5 null s \(type) @1")
        }
    }

    /// CH-17: nothing is longer than 128 bytes a chunk before our Set Chunk Size is out.
    @Test func `chunks are as long as announced`() {
        let server = ScriptedServer(.publisher)
        server.publishes()
        #expect(server.session.outChunkSize == 60_000)
        var bytes = ByteWriter()
        let video = Message(
            type: .video, messageStreamID: 1, timestamp: 0,
            payload: Payload([UInt8](repeating: 1, count: 70_000)))
        server.owner { $0.encode(video, number: 9, at: 0, into: &bytes) }
        #expect(bytes.count == 12 + 60_000 + 1 + 10_000)
    }

    @Test(arguments: [ClientConfiguration.Role.play, .publish(type: "live")])
    func `leave may be taken at any time`(role: ClientConfiguration.Role) {
        for phase in [ClientSession.Awaited.handshake, .connect, .createStream] {
            let server = ScriptedServer(role == .play ? .player : .publisher)
            if phase != .handshake { server.getsTo(phase) }
            _ = server.hears()
            server.owner { $0.stop() }
            server.expects()
            #expect(server.steps.last == "close stopped")
        }
    }

    @Test(arguments: [ClientConfiguration.player, .publisher])
    func `the same in every cut`(configuration: ClientConfiguration) throws {
        let server = ScriptedServer(configuration)
        server.getsTo(configuration.role == .play ? .play : .publish)
        server.sends(status: configuration.role == .play ? Status.playStart : Status.publishStart)
        server.sends(UserControlEvent.pingRequest(7))
        server.sends(.video, keyframe, on: 1, at: 16_777_215)
        server.sends(status: "NetStream.Play.Stop")
        let steps = try anyCut(server.sent) { cut in
            let again = ScriptedServer(configuration)
            for piece in cut.pieces { again.sends(bytes: piece) }
            return again.steps + again.hears()
        }
        #expect(steps == server.steps + server.hears())
    }
}

// MARK: Words of these tests

extension ClientConfiguration {
    fileprivate static let publisher = ClientConfiguration(
        role: .publish(type: "live"), app: "live", tcURL: "rtmp://host/live", stream: "camera?key=1"
    )
    fileprivate static let player = ClientConfiguration(
        role: .play, app: "live", tcURL: "rtmp://host/live", stream: "camera?key=1")
}

extension ScriptedServer {
    fileprivate func answersConnect() {
        sends(
            "_result", 1, object: ["fmsVer": "FMS/3,0,1,123", "capabilities": 31],
            ["level": "status", "code": "NetConnection.Connect.Success", "description": "ok"])
    }

    /// Up to where this is awaited.
    fileprivate func getsTo(_ awaited: ClientSession.Awaited) {
        shakesHands()
        guard awaited != .connect else { return }
        answersConnect()
        guard awaited != .createStream else { return }
        sends("_result", 4, 1)
    }

    fileprivate func publishes() {
        getsTo(.publish)
        sends(status: Status.publishStart)
    }

    fileprivate func plays() {
        getsTo(.play)
        sends(status: Status.playStart)
    }
}
