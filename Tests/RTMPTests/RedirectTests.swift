import RTMP
import TestSupport
import Testing

/// NetConnection.Connect.ReconnectRequest, from the wire to the next URL (MED-13, CMD-22, SEC-14).
@Suite struct RedirectTests {
    private let url: RTMPURL

    init() throws {
        url = try RTMPURL(parsing: "rtmp://me:word@host:1936/live/room/camera?key=1")
    }

    private func following(
        _ tcURL: String?, from url: RTMPURL? = nil, allowsOtherHosts: Bool = false
    ) throws -> RTMPURL {
        try (url ?? self.url).following(
            ReconnectRequest(tcURL: tcURL, description: ""), allowsOtherHosts: allowsOtherHosts)
    }

    /// T-MED-17, CMD-22
    @Test(
        arguments: [("rtmp://host/other", "rtmp://host/other"), (nil, "–")] as [(String?, String)])
    func `the request is told and the connection goes on (T-MED-17)`(
        tcURL: String?, said: String
    ) throws {
        let server = ScriptedServer(ClientConfiguration(role: .play, url: url))
        server.shakesHands()
        server.sends("_result", 1)
        server.sends("_result", 4, 1)
        server.sends(status: Status.playStart)
        var info: [AMFProperty] = [
            AMFProperty("level", "status"),
            AMFProperty("code", "NetConnection.Connect.ReconnectRequest"),
            AMFProperty("description", "moving"),
        ]
        if let tcURL { info.append(AMFProperty("tcUrl", .text(tcURL))) }
        server.sends("onStatus", 0, .object(info), on: 0)
        #expect(server.steps.last == "reconnect \(said)")
        server.sends(.video, keyframe, on: 1)
        #expect(server.steps.last == "video 10 bytes at 0")
    }

    @Test(arguments: [
        ("rtmp://host/other", "rtmp://host/other"), ("rtmp://HOST:99/a/b", "rtmp://HOST:99/a/b"),
        ("//host/app", "rtmp://host/app"), ("/app", "rtmp://host:1936/app"),
        ("/a/b?x=1", "rtmp://host:1936/a/b?x=1"), ("hall", "rtmp://host:1936/live/hall"),
        ("?token=2", "rtmp://host:1936/live/room?token=2"), ("", "rtmp://host:1936/live/room"),
    ])
    func `an address is absolute or relative to the one in use (T-MED-17)`(
        reference: String, tcURL: String
    ) throws {
        let next = try following(reference)
        #expect(next.tcURL == tcURL)
        #expect(next.stream == "camera?key=1")
        #expect(next.credentials == ["me", "word"])
    }

    @Test func `without an address it is the same again`() throws {
        #expect(try following(nil) == url)
    }

    @Test func `another host only with leave, and without the user's word (SEC-14)`() throws {
        #expect(throws: RTMPURL.RedirectFault.otherHost("evil")) {
            try following("rtmp://evil/live")
        }
        #expect(throws: RTMPURL.RedirectFault.otherHost("evil")) { try following("//evil/live") }
        let next = try following("rtmp://evil/live", allowsOtherHosts: true)
        #expect(next.tcURL == "rtmp://evil/live")
        #expect(next.userInfo == nil)
    }

    @Test func `what is not followed at all (MED-13)`() throws {
        let safe = try RTMPURL(parsing: "rtmps://host/live/camera")
        #expect(throws: RTMPURL.RedirectFault.downgrade) {
            try following("rtmp://host/live", from: safe, allowsOtherHosts: true)
        }
        #expect(try following("rtmps://host/live").scheme == .rtmps)
        #expect(throws: RTMPURL.RedirectFault.namesUser) { try following("rtmp://you@host/live") }
        #expect(throws: RTMPURL.RedirectFault.malformed(.unsupportedScheme("http"))) {
            try following("http://host/live")
        }
        #expect(throws: RTMPURL.RedirectFault.malformed(.illegalCharacter)) {
            try following("rtmp://host/live flashVer=x")
        }
        for fault in [
            RTMPURL.RedirectFault.downgrade, .namesUser, .otherHost("x"), .malformed(.noScheme),
        ] {
            #expect(!"\(fault)".isEmpty)
        }
    }
}
