import Console
import Monitor
import RTMP
import RTMPServer
import Telemetry
import Testing

/// What is secret is seen nowhere, wherever a peer puts it (SEC-13, T-SEC-06).
@Suite(.timeLimit(.minutes(10))) struct SecretTests {
    /// Every secret of every place contains it.
    private static let secret = "hUsH"

    /// A way to tell the server a secret.
    private struct Place: Sendable {
        let description: String
        /// What is seen in the secret's stead, somewhere.
        let shown: String
        /// The server ends the connection over it.
        let isEnd: Bool
        let tell: @Sendable (TestClient) throws -> Void

        init(
            _ description: String, shown: String, isEnd: Bool = false,
            tell: @escaping @Sendable (TestClient) throws -> Void
        ) {
            self.description = description
            self.shown = shown
            self.isEnd = isEnd
            self.tell = tell
        }
    }

    /// A connect with more or other properties than usual, and what follows its object.
    private static func connect(
        _ client: TestClient, _ properties: [String: AMFValue], _ arguments: [AMFValue] = []
    ) throws {
        try client.handshake()
        let usual: [String: AMFValue] = ["app": "live", "tcUrl": "rtmp://h/live", "flashVer": "x"]
        let all = usual.merging(properties) { $1 }.sorted { $0.key < $1.key }
        try client.command(
            "connect", 1, object: .object(all.map { AMFProperty($0.key, $0.value) }), arguments)
        try client.expectCommand("_result")
        try client.ping()
    }

    private static func metadata(_ client: TestClient, _ properties: AMFValue) throws {
        try client.publish("cam2")
        try client.media(
            .dataAMF0, 0, AMF0Encoder.bytes(["@setDataFrame", "onMetaData", properties]))
        try client.ping()
    }

    private static let places = [
        Place("the query of a name that is published", shown: "token=***") {
            try $0.publish("cam?token=hUsH")
            try $0.ping()
        },
        Place("the query of a name that is played", shown: "txSecret=***") {
            try $0.play("cam?e=1&txSecret=hUsH")
            try $0.ping()
        },
        Place("a signature with parts of its own", shown: "hdnea=***") {
            try $0.play("cam?hdnea=exp=1~acl=/*~hmac=hUsH;hUsH")
            try $0.ping()
        },
        Place("a name that is refused", shown: "../x?key=***", isEnd: true) {
            try $0.publish("../x?key=hUsH")
            try $0.waitForEnd()
        },
        Place("commands around publish", shown: "cam?token=***") {
            try $0.connect()
            for name in ["releaseStream", "FCPublish", "FCUnpublish", "getStreamLength"] {
                try $0.command(name, 2, [.text("cam?token=hUsH")])
            }
            try $0.ping()
        },
        Place("user information and query of tcUrl", shown: "rtmp://***@h/live?auth=***") {
            try connect($0, ["tcUrl": "rtmp://bob:hUsH@h/live?auth=hUsH"])
        },
        Place("the query of app", shown: "password=***") {
            try connect($0, ["app": "live?user=bob&password=hUsH"])
        },
        Place("pageUrl, swfUrl and flashVer", shown: "http://h/p?sig=***") {
            try connect(
                $0,
                [
                    "pageUrl": "http://h/p?sig=hUsH", "swfUrl": "http://bob:hUsH@h/s",
                    "flashVer": "x?key=hUsH",
                ])
        },
        Place("properties of connect, nested and as numbers", shown: "token  string \"***\"") {
            try connect(
                $0,
                [
                    "token": "hUsH", "pwd": 471_147_114,
                    "credentials": ["first": "hUsH", "all": .strictArray(["hUsH", 471_147_114])],
                    "more": ["streamKey": "hUsH"],
                ])
        },
        Place("what librtmp's conn puts behind connect", shown: "\"***\"") {
            try connect($0, [:], ["hUsH", 471_147_114, ["any": "hUsH"]])
        },
        Place("an answer to a challenge", shown: "secureTokenResponse") {
            try $0.connect()
            try $0.command("secureTokenResponse", 0, ["hUsH"])
            try $0.ping()
        },
        Place("the name of an unknown command", shown: "x?token=***") {
            try $0.connect()
            try $0.command("x?token=hUsH", 3)
            try $0.ping()
        },
        Place("metadata", shown: "streamKey \"***\"") {
            try metadata(
                $0,
                .ecmaArray([
                    AMFProperty("streamKey", "hUsH"), AMFProperty("authNumber", 471_147_114),
                    AMFProperty("source", "rtmp://bob:hUsH@h/live?token=hUsH"),
                    AMFProperty("passwords", .strictArray(["hUsH"])),
                    AMFProperty("title", "evening"),
                ]))
        },
        Place("another data message", shown: "onKey") {
            try $0.publish("cam3")
            try $0.media(.dataAMF0, 0, AMF0Encoder.bytes(["onKey", "hUsH", ["a": "hUsH"]]))
            try $0.ping()
        },
        Place("a request of another protocol", shown: "HTTP on the RTMP port", isEnd: true) {
            try $0.send(Array("GET /live?token=hUsH HTTP/1.1\r\nCookie: hUsH\r\n\r\n".utf8))
            try $0.waitForEnd()
        },
        Place("a command that is not readable", shown: "malformed command", isEnd: true) {
            try $0.handshake()
            let payload =
                AMF0Encoder.bytes(["connect", 1]) + [3, 0, 5] + "token".utf8 + [2, 0, 99]
            try $0.send(
                Message(
                    type: .commandAMF0, messageStreamID: 0, timestamp: 0,
                    payload: Payload(payload + "hUsH".utf8)))
            try $0.waitForEnd()
        },
    ]

    @Test func `no secret reaches events, logs, pages or exports`() throws {
        let watched = try WatchedServer { $0.tracesFromAccept = true }
        watched.sampler.setInspected(Set((1...Self.places.count).map(SessionID.init)))
        var clients: [TestClient] = []
        for place in Self.places {
            let client = try TestClient(port: watched.port)
            try place.tell(client)
            clients.append(client)
        }
        // The last words of those that are ended.
        let ends = Self.places.count(where: \.isEnd)
        let snapshot = try watched.wait { snapshot in
            snapshot.sessions.count { $0.closedAtNanoseconds != nil } == ends
        }
        let texts = try texts(of: snapshot)
        let leaks = texts.filter { $0.text.contains(Self.secret) || $0.text.contains("471147114") }
        #expect(leaks.map(\.name) == [])
        for place in Self.places {
            #expect(texts.contains { $0.text.contains(place.shown) }, "\(place.description)")
        }
        #expect(clients.count == Self.places.count)
    }

    /// Everything a person or a program gets to read.
    private func texts(of snapshot: Snapshot) throws -> [(name: String, text: String)] {
        func text(_ lines: LineBatch) -> String {
            lines.map { String(decoding: $0, as: UTF8.self) }.joined()
        }
        var events = EventWriter(traceLevel: .chunk)
        var log = LogFormatter(format: .text, level: .trace)
        var jsonLog = LogFormatter(format: .json, level: .trace)
        var texts = [
            ("events", text(events.lines(of: snapshot))),
            ("statistics", text(events.statistics(of: snapshot))),
            ("log", text(log.lines(of: snapshot))), ("JSON log", text(jsonLog.lines(of: snapshot))),
            ("snapshot", "\(snapshot)"),
        ]
        for line in snapshot.trace.firstNumber..<snapshot.trace.endNumber {
            guard let decode = TraceDecode(line: line, of: snapshot.trace) else { continue }
            let words = decode.fields.map { "\($0.name) \($0.value)\n" }.joined()
            let bytes = (0..<decode.length).map {
                decode.isSecret(at: $0) ? UInt8(ascii: "*") : decode.byte(at: $0) ?? 0
            }
            texts.append(("decode of chunk \(line)", words))
            texts.append(("bytes of chunk \(line)", String(decoding: bytes, as: UTF8.self)))
        }
        for view in ViewKind.allCases.map(\.name) + ["help"]
            + snapshot.sessions.map({ "#\($0.id)" })
        {
            for (width, height) in view.hasPrefix("#") ? [(160, 50)] : [(80, 24), (160, 50)] {
                var state = try SnapshotText.state(
                    snapshot, view: view, width: width, height: height)
                if let export = ViewExport(snapshot, state) {
                    texts += [
                        ("\(view) as CSV", export.csv), ("\(view) as JSON", export.json),
                        ("\(view) as JSON lines", export.jsonLines),
                        ("\(view) as Markdown", export.markdown),
                    ]
                }
                let ansi = SnapshotText.Format.ansi(Theme(name: "plain"))
                texts.append(
                    (
                        "\(view) with colours",
                        try SnapshotText.render(
                            snapshot, view: view, width: width, height: height, format: ansi)
                    ))
                for keys in view.hasPrefix("#") ? Self.trees : Self.panels {
                    for key in keys {
                        _ = state.reduce(.key(key), snapshot, at: snapshot.takenAtNanoseconds)
                        state.didDraw()
                    }
                    let screen = ConsoleView.draw(snapshot, state, width: width, height: height)
                    texts.append(("\(view) at \(width)x\(height), \(keys)", screen.text()))
                }
            }
        }
        return texts
    }

    private static let panels: [[Key]] = [[.end], [.home], [.enter], [.escape], [.tab], [.tab]]
    /// Into the tree of every line of a short black box.
    private static let trees: [[Key]] =
        [[.home, .enter]] + Array(repeating: [.escape, .down, .enter], count: 11)
}
