import Posix
import RTMP
import RTMPServer
import Synchronization
import Telemetry
import Testing

/// Every connection ends with one reason, and says who ended it (architecture §7).
@Suite(.timeLimit(.minutes(10))) struct EndsTests {
    /// The report of the first session of this server.
    private func report(_ rig: TestServer) throws -> CloseReport {
        try rig.closeReport(of: 1)
    }

    @Test(
        arguments: [
            ([0x16, 0x03, 0x01, 0x02, 0x00], "tls", ""),
            (Array("GET / HTTP/1.1\r\n\r\n".utf8), "http", "HTTP/1.1 400"),
            ([0x06, 1, 2, 3], "rtmpe", ""),
            ([0xff, 0xfe, 0xfd], "not-rtmp", ""),
        ] as [([UInt8], String, String)])
    func `what is not RTMP is named and closed (T-HS-08, T-HS-10, T-HS-11)`(
        bytes: [UInt8], why: String, answer: String
    ) throws {
        let rig = try TestServer()
        let peer = try TestClient(port: rig.port)
        try peer.send(bytes)
        let answered = String(decoding: try peer.receiveToEnd(), as: UTF8.self)
        #expect(answer.isEmpty ? answered.isEmpty : answered.hasPrefix(answer))
        let report = try report(rig)
        #expect(report.who == .us)
        #expect(report.why == why)
        #expect(report.bytesIn == UInt64(bytes.count))
    }

    @Test(arguments: [0, 1, 1000, 1537, 3072])
    func `silence and half a handshake end at the one deadline (T-HS-12)`(bytes: Int) throws {
        let rig = try TestServer { $0.handshakeTimeoutNanoseconds = 100_000_000 }
        let peer = try TestClient(port: rig.port)
        try peer.send(Array(repeating: 3, count: bytes))
        try peer.waitForEnd()
        let report = try report(rig)
        #expect(report.why == "handshake-timeout")
        #expect(report.bytesIn == UInt64(bytes))
        #expect(report.state.hasPrefix("hs:"))
    }

    @Test func `a peer that does not connect, and one that does nothing, are ended`() throws {
        let rig = try TestServer {
            $0.connectTimeoutNanoseconds = 100_000_000
            $0.actionTimeoutNanoseconds = 100_000_000
        }
        let silent = try TestClient(port: rig.port)
        try silent.handshake()
        try silent.waitForEnd()
        #expect(try rig.closeReport(of: 1).why == "connect-timeout")
        let idle = try TestClient(port: rig.port)
        try idle.connect()
        try idle.waitForEnd()
        #expect(try rig.closeReport(of: 2).why == "action-timeout")
    }

    @Test func `a publisher that goes silent is ended`() throws {
        let rig = try TestServer { $0.idleTimeoutNanoseconds = 100_000_000 }
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        try publisher.waitForEnd()
        #expect(try report(rig).why == "publisher-silent")
        try rig.wait("end of the stream") { kind in
            if case .streamEnd(_, why: "closed") = kind { return true }
            return nil
        }
    }

    @Test func `an idle player is pinged; silent to that, it is ended (T-PC-13)`() throws {
        let rig = try TestServer {
            $0.pingIntervalNanoseconds = 50_000_000
            $0.pingTimeoutNanoseconds = 50_000_000
        }
        let player = try TestClient(port: rig.port)
        try player.play("a")
        let ping = try player.next { message in
            if case .pingRequest = UserControlEvent.decode(message) { return true }
            return false
        }
        #expect(ping.type == .userControl)
        try player.waitForEnd()
        #expect(try report(rig).why == "ping-timeout")
    }

    @Test func `an oversize declaration closes before a byte of it is kept (CH-19)`() throws {
        let rig = try TestServer()
        let peer = try TestClient(port: rig.port)
        try peer.connect()
        // 16 MiB of video declared by a peer that may not even publish.
        try peer.send([6, 0, 0, 0, 0xff, 0xff, 0xff, 9, 1, 0, 0, 0])
        try peer.waitForEnd()
        let report = try report(rig)
        #expect(report.who == .us)
        #expect(report.why == "message-too-long")
    }

    @Test func `an end by the peer is the peer's`() throws {
        let rig = try TestServer()
        do {
            let peer = try TestClient(port: rig.port)
            try peer.connect()
        }
        let report = try report(rig)
        #expect(report.who == .peer)
        #expect(report.why == "fin" || report.why == "tcp-reset")
        #expect(report.bytesIn > 3073)
    }

    // MARK: Kill

    @Test func `a closed publisher hears it, its players too, and they stay`() throws {
        let rig = try TestServer()
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        let player = try TestClient(port: rig.port)
        try player.play("a")
        let id = try rig.publisher(of: "live/a")
        rig.server.control.close(id)
        #expect(try publisher.expectStatus() == "NetStream.Unpublish.Success")
        try publisher.waitForEnd()
        #expect(try player.expectStatus() == "NetStream.Play.UnpublishNotify")
        let report = try rig.closeReport(of: id)
        #expect(report.who == .admin)
        #expect(report.why == "closed")
        let again = try TestClient(port: rig.port)
        #expect(try again.publish("a") == "NetStream.Publish.Start")
    }

    @Test func `a kicked publisher's name is refused for as long as it is held (T-CMD-13)`() throws
    {
        let rig = try TestServer()
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        rig.server.control.kick(try rig.publisher(of: "live/a"), holdSeconds: 60)
        try publisher.waitForEnd()
        let again = try TestClient(port: rig.port)
        #expect(try again.publish("a") == "NetStream.Publish.Denied")
        let other = try TestClient(port: rig.port)
        #expect(try other.publish("b") == "NetStream.Publish.Start")
    }

    @Test func `a kicked player's address is refused that stream, others are not`() throws {
        let rig = try TestServer()
        let player = try TestClient(port: rig.port)
        try player.play("a")
        rig.server.control.kick(try rig.player(of: "live/a"), holdSeconds: 60)
        try player.waitForEnd()
        let again = try TestClient(port: rig.port)
        #expect(try again.play("a") == "NetStream.Play.StreamNotFound")
        let elsewhere = try TestClient(port: rig.port)
        #expect(try elsewhere.play("b") == "NetStream.Play.Start")
    }

    @Test func `a reset leaves without a word`() throws {
        let rig = try TestServer()
        let player = try TestClient(port: rig.port)
        try player.play("a")
        let id = try rig.player(of: "live/a")
        rig.server.control.reset(id)
        try player.waitForEnd()
        #expect(try rig.closeReport(of: id).why == "reset")
    }

    @Test func `to kill a session that is gone does nothing`() throws {
        let rig = try TestServer()
        rig.server.control.close(77)
        let player = try TestClient(port: rig.port)
        #expect(try player.play("a") == "NetStream.Play.Start")
    }

    // MARK: Shutdown and admission

    @Test func `who comes after the stop is refused by the system`() throws {
        let rig = try TestServer()
        rig.stop()
        #expect(throws: PosixError.self) {
            _ = try Socket.connected(to: .loopback(port: rig.port)).release()
        }
    }

    @Test func `on a graceful stop everybody is told, and every connection has its reason`()
        throws
    {
        let rig = try TestServer()
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        let player = try TestClient(port: rig.port)
        try player.play("a")
        let silent = try TestClient(port: rig.port)
        try silent.send([3])
        _ = try rig.poll("three sessions") { rig.probes.count == 3 ? true : nil }
        rig.stop()
        #expect(try publisher.expectStatus() == "NetStream.Unpublish.Success")
        #expect(try player.expectStatus() == "NetStream.Play.UnpublishNotify")
        let reasons = rig.events.compactMap { event -> String? in
            if case .close(_, let report) = event.kind { return report.why }
            return nil
        }
        #expect(reasons == ["shutdown", "shutdown", "shutdown"])
    }

    @Test func `more connections than allowed are refused and counted (SEC-7, T-SEC-09)`() throws {
        let rig = try TestServer { $0.maximumConnectionsPerAddress = 2 }
        let kept = try (0..<2).map { _ in try TestClient(port: rig.port) }
        for client in kept { try client.connect() }
        let refused = try TestClient(port: rig.port)
        try refused.waitForEnd()
        try rig.wait("refusal") { kind in
            if case .refused(_, why: "per-address") = kind { return true }
            return nil
        }
        #expect(rig.registry.process.refused.load(ordering: .relaxed) == 1)
    }
}
