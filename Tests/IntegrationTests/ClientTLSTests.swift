import Posix
import RTMP
import RTMPClient
import RTMPServer
import Relay
import Telemetry
import TestSupport
import Testing

/// `rtmps://` as our client goes to it (URL-4).
@Suite(.timeLimit(.minutes(10))) struct ClientTLSTests {
    @Test func `large keyframes and thousands of small packets are played as they were`() throws {
        let rig = try TestServer(over: .tls) {
            $0.window.bytes = 64 << 20
            $0.window.messages = 1 << 20
            $0.slowLimits.bytes = 64 << 20
        }
        let player = try Player(from: rig.url("live/a"), options: rig.options)
        let publisher = try Publisher(to: rig.url("live/a"), options: rig.options)
        let sent = try (0..<3000).map { number in
            let bytes =
                number % 1500 == 0
                ? TestMedia.keyframe(UInt8(number / 1500), bytes: 5 << 20)
                : TestMedia.frame(UInt8(truncatingIfNeeded: number), bytes: number % 300 + 1)
            return try #require(
                MediaPacket(
                    kind: .video, timestampMilliseconds: UInt32(number) * 3, bytes: bytes))
        }
        for packet in sent { try publisher.send(packet) }
        #expect(publisher.finish())
        var got = 0
        while case .media(let packet) = try player.next(within: .seconds(30)) {
            guard got < sent.count else { break }
            #expect(packet.bytes == sent[got].bytes)
            got += 1
        }
        player.finish()
        #expect(got == sent.count)
        #expect(try rig.closeReport(of: rig.publisher(of: "live/a")).who == .peer)
    }

    @Test func `a server that does not prove to be the host is refused`() throws {
        let rig = try TestServer(over: .tls)
        var options = rig.options
        options.authoritiesFile = nil
        #expect(throws: ClientError.untrusted(reason: "self-signed certificate")) {
            try Player(from: rig.url("live/a"), options: options)
        }
        options.verifiesServer = false
        let player = try Player(from: rig.url("live/a"), options: options)
        player.finish()
    }

    @Test func `plain on the one side and TLS on the other is said`() throws {
        let plain = try TestServer()
        let error = #expect(throws: ClientError.self) {
            try Player(from: "rtmps://127.0.0.1:\(plain.port)/live/a")
        }
        guard case .lost(.tls, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let secure = try TestServer(over: .tls)
        #expect(throws: ClientError.self) {
            try Player(from: "rtmp://127.0.0.1:\(secure.port)/live/a")
        }
        #expect(try secure.closeReport(of: 1).why == "not-tls")
    }

    @Test func `a server that says nothing is given up`() throws {
        let mute = try Socket.listening(on: .loopback(port: 0))
        var options = ClientOptions()
        options.timeout = .milliseconds(50)
        let port = mute.localAddress?.port ?? 0
        #expect(throws: ClientError.timedOut(.tls)) {
            try Player(from: "rtmps://127.0.0.1:\(port)/live/a", options: options)
        }
    }

    @Test func `the stop signal ends the handshake of TLS`() throws {
        let mute = try Socket.listening(on: .loopback(port: 0))
        let port = mute.localAddress?.port ?? 0
        let stop = try StopSignal()
        let thread = try Thread.start(name: "stopper") { stop.give() }
        #expect(throws: ClientError.stopped) {
            try Player(from: "rtmps://127.0.0.1:\(port)/live/a", stop: stop)
        }
        thread.join()
    }

    @Test func `a file of authorities that holds none is named`() throws {
        let folder = try TemporaryFolder()
        try folder.write("nothing", to: "ca.pem")
        var options = ClientOptions()
        options.authoritiesFile = folder.path("ca.pem")
        let listening = try Socket.listening(on: .loopback(port: 0))
        let url = "rtmps://127.0.0.1:\(listening.localAddress?.port ?? 0)/live/a"
        #expect(
            throws: ClientError.file(
                folder.path("ca.pem"), reason: "no certificate in it (PEM)")
        ) { try Player(from: url, options: options) }
    }
}
