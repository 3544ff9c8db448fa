import Posix
import RTMP
import RTMPServer
import Telemetry
import Testing

/// Clients are asked to connect anew (MED-13; Enhanced RTMP v2).
@Suite(.timeLimit(.minutes(10))) struct ReconnectTests {
    private static let code = "NetConnection.Connect.ReconnectRequest"
    private static let bits: Double = 3

    /// A client that publishes the name of its app.
    private func publisher(
        _ app: String, capabilities: Double?, of rig: TestServer
    ) throws -> (client: TestClient, id: SessionID) {
        let client = try TestClient(port: rig.port)
        try client.connect(app: app, capabilities: capabilities)
        try client.createStream()
        try client.command("publish", 5, [.text(app), "live"], on: 1)
        #expect(try client.expectStatus() == "NetStream.Publish.Start")
        return (client, try rig.publisher(of: "\(app)/\(app)"))
    }

    private func asked(_ id: SessionID, _ rig: TestServer) throws -> Bool {
        try rig.wait("what became of the request to #\(id)") { kind in
            if case .reconnect(id, let isAsked, _) = kind { return isAsked }
            return nil
        }
    }

    @Test(arguments: [nil, "rtmp://other:1936/live", "//other/live", "/live"])
    func `a client that announced it is asked, and goes on meanwhile`(tcURL: String?) throws {
        let rig = try TestServer()
        let (client, id) = try publisher("a", capabilities: Self.bits, of: rig)
        rig.server.control.askToReconnect(id, tcURL: tcURL)
        let status = try client.expectCommand("onStatus")
        #expect(status.messageStreamID == 0 && status.transaction == 0)
        let info = try #require(status.arguments.first)
        #expect(info["level"]?.string == "status" && info["code"]?.string == Self.code)
        #expect(info["description"]?.string?.isEmpty == false)
        #expect(info["tcUrl"]?.string == tcURL)
        #expect(try asked(id, rig))

        let player = try TestClient(port: rig.port)
        try player.play("a", app: "a")
        try client.media(.video, 0, TestMedia.keyframe(1))
        #expect(try player.nextMedia().payload.bytes == TestMedia.keyframe(1))
    }

    @Test(arguments: [nil, 14])
    func `a client that did not is left alone, and the operator hears it`(
        capabilities: Double?
    ) throws {
        let rig = try TestServer()
        let (client, id) = try publisher("a", capabilities: capabilities, of: rig)
        rig.server.control.askToReconnect(id)
        #expect(try asked(id, rig) == false)
        // The answer to this comes first: nothing was said before it.
        try client.send(UserControlEvent.pingRequest(7).message())
        #expect(UserControlEvent.decode(try client.next()) == .pingResponse(7))
    }

    @Test func `of all clients those that can are asked`() throws {
        let rig = try TestServer()
        let able = try ["a", "b", "c"].map {
            try publisher($0, capabilities: Self.bits, of: rig)
        }
        let (other, otherID) = try publisher("d", capabilities: nil, of: rig)
        rig.server.control.askAllToReconnect(tcURL: "//other/live?token=hush")
        for (client, id) in able {
            #expect(try client.expectStatus() == Self.code)
            #expect(try asked(id, rig))
        }
        try other.send(UserControlEvent.pingRequest(7).message())
        #expect(UserControlEvent.decode(try other.next()) == .pingResponse(7))
        for event in rig.events {
            guard case .reconnect(let id, _, let tcURL) = event.kind else { continue }
            #expect(id != otherID)
            #expect(tcURL?.description.contains("hush") == false)
        }
    }

    @Test func `at an orderly end clients are asked before the goodbye`() throws {
        let rig = try TestServer()
        let (able, _) = try publisher("a", capabilities: Self.bits, of: rig)
        let (other, _) = try publisher("b", capabilities: nil, of: rig)
        rig.stop()
        #expect(try able.expectStatus() == Self.code)
        #expect(try able.expectStatus() == "NetStream.Unpublish.Success")
        #expect(try other.expectStatus() == "NetStream.Unpublish.Success")
    }
}
