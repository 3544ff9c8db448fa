import Posix
import RTMP
import RTMPServer
import Security
import Telemetry
import TestSupport
import Testing

/// RTMPS: the same server behind TLS (URL-4, SEC-15).
@Suite(.timeLimit(.minutes(10))) struct TLSTests {
    // MARK: What goes through

    @Test func `what is published arrives, small and large, over TLS and plain`() throws {
        let folder = try TemporaryFolder()
        let certificate = TestCertificate()
        let files = try folder.certificate(certificate)
        let rig = try TestServer {
            $0.tlsListen = [.loopback(port: 0)]
            $0.certificate = files
        }
        let secure = try port(rig)
        let context = try TLSContext.client(trusting: Array(certificate.certificate.utf8))
        let publisher = try TestClient(port: secure, tls: context)
        try publisher.publish("a")
        let players = [
            try TestClient(port: secure, tls: context), try TestClient(port: rig.port),
        ]
        for player in players { try player.play("a") }
        var random = SeededGenerator(seed: 7)
        var sent: [[UInt8]] = [TestMedia.keyframe(0, bytes: 5 << 20)]
        sent += (1..<3000).map { number in
            TestMedia.frame(
                UInt8(truncatingIfNeeded: number), bytes: Int.random(in: 1...300, using: &random))
        }
        sent.append(TestMedia.keyframe(9, bytes: 5 << 20))
        // All of a few at once, so that records begin and end anywhere in messages.
        for start in stride(from: 0, to: sent.count, by: 50) {
            let part = sent[start..<min(start + 50, sent.count)]
            try publisher.send(
                part.enumerated().map {
                    Message(
                        type: .video, messageStreamID: 1, timestamp: UInt32(start + $0.offset),
                        payload: Payload($0.element))
                })
            for player in players {
                for payload in part { #expect(try player.nextMedia().payload.bytes == payload) }
            }
        }
        let told = try rig.wait("TLS") { kind in
            if case .secured(let id, let version, let cipher, _) = kind {
                (id, version, cipher)
            } else {
                nil
            }
        }
        #expect(told.1 == "TLSv1.3")
        #expect(told.2 == "TLS_AES_128_GCM_SHA256")
        try rig.waitForFacts("TLS in the facts") { $0 == told.0 && $1.tls?.version == "TLSv1.3" }
        try rig.waitForFacts("plain") { $1.role == .player && $1.tls == nil }
        let accepted = rig.events.compactMap { event in
            if case .accept(_, _, _, let isTLS) = event.kind { isTLS } else { nil }
        }
        // Two listeners tell, each on its own lane.
        #expect(accepted.count { $0 } == 2 && accepted.count == 3)
    }

    private func port(_ rig: TestServer) throws -> UInt16 {
        try #require(UInt16(rig.server.tlsListening[0].split(separator: ":").last ?? ""))
    }

    // MARK: What is no TLS

    @Test(
        arguments: [
            ([3], "C0 0x3: a plain RTMP client on the TLS port"),
            (Array("GET / HTTP/1.1\r\n\r\n".utf8), "C0 0x47: plain HTTP on the TLS port"),
            ([0xff], "C0 0xff: no TLS on the TLS port"),
        ] as [([UInt8], String)])
    func `who speaks no TLS on its port is named`(bytes: [UInt8], detail: String) throws {
        let rig = try TestServer(over: .tls)
        let client = try TestClient(port: rig.port)
        try client.send(bytes)
        try client.waitForEnd()
        let report = try rig.closeReport(of: 1)
        #expect(report.why == "not-tls")
        #expect(report.detail.description == detail)
        #expect(report.state == "hs:TLS")
        #expect(report.who == .us)
        try rig.wait("a failed handshake") { kind in
            if case .handshakeFail(1, let why, 0) = kind { why.description == detail } else { nil }
        }
    }

    @Test func `who begins TLS on the plain port is named`() throws {
        let rig = try TestServer()
        let context = try TLSContext.client(verifies: false)
        #expect(throws: TLSError.self) { try TestClient(port: rig.port, tls: context) }
        #expect(try rig.closeReport(of: 1).why == "tls")
    }

    @Test func `a client that does not take our certificate is named`() throws {
        let rig = try TestServer(over: .tls)
        let stranger = try TLSContext.client(
            trusting: Array(TestCertificate(subject: "x").certificate.utf8))
        let error = #expect(throws: TLSError.self) {
            try TestClient(port: rig.port, tls: stranger)
        }
        #expect(error == .untrusted("self-signed certificate"))
        let report = try rig.closeReport(of: 1)
        #expect(report.why == "tls-refused")
        #expect(report.who == .peer)
    }

    @Test func `a handshake of TLS that is cut off is over`() throws {
        let rig = try TestServer(over: .tls)
        for bytes in [[], [0x16], [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]] as [[UInt8]] {
            let client = try TestClient(port: rig.port)
            try client.send(bytes)
        }
        for id in 1...3 {
            let report = try rig.closeReport(of: SessionID(id))
            #expect(report.why == "fin")
            #expect(report.state == "hs:TLS")
        }
    }

    /// HS-7: TLS has no time of its own.
    @Test func `the handshake of TLS is within the one deadline`() throws {
        let rig = try TestServer(over: .tls) { $0.handshakeTimeoutNanoseconds = 200_000_000 }
        let silent = try TestClient(port: rig.port)
        try silent.waitForEnd()
        let report = try rig.closeReport(of: 1)
        #expect(report.why == "handshake-timeout")
        #expect(report.state == "hs:TLS")
        let half = try rig.client()
        try half.waitForEnd()
        #expect(try rig.closeReport(of: 2).state == "hs:C0")
    }

    @Test func `many handshakes at once all come to their end`() throws {
        let rig = try TestServer(over: .tls) { $0.threads = 1 }
        let clients = try (0..<40).map { _ in try rig.client() }
        for (number, client) in clients.enumerated() {
            #expect(try client.publish("s\(number)") == "NetStream.Publish.Start")
        }
    }

    // MARK: A new certificate

    @Test(arguments: [true, false])
    func `a new certificate is for those to come, who plays plays on`(isAsked: Bool) throws {
        let folder = try TemporaryFolder()
        let (old, new) = (TestCertificate(subject: "old"), TestCertificate(subject: "new"))
        let files = try folder.certificate(old)
        let rig = try TestServer {
            $0.listen = []
            $0.tlsListen = [.loopback(port: 0)]
            $0.certificate = files
        }
        let context = try TLSContext.client(verifies: false)
        func client() throws -> TestClient { try TestClient(port: try port(rig), tls: context) }

        let publisher = try client()
        try publisher.publish("a")
        let player = try client()
        try player.play("a")
        #expect(player.certificate?.subject == "CN=old")
        var frame: UInt8 = 0
        func checkFlow() throws {
            frame += 1
            try publisher.media(.video, UInt32(frame), TestMedia.keyframe(frame))
            #expect(try player.nextMedia().payload.bytes == TestMedia.keyframe(frame))
        }
        func outcome(_ isTaken: Bool) throws -> String {
            try rig.wait("a certificate") { kind in
                guard case .certificate(_, isTaken, let detail) = kind else { return nil }
                return detail.description
            }
        }
        try checkFlow()

        // Its key is missing: the old one stays.
        try folder.write(new.certificate, to: "certificate.pem")
        if isAsked { rig.server.control.reloadCertificate() }
        #expect(try outcome(false) == "\(files.key): the key is not the certificate's")
        #expect(try client().certificate?.subject == "CN=old")
        try checkFlow()

        try folder.certificate(new)
        if isAsked { rig.server.control.reloadCertificate() }
        #expect(try outcome(true).hasPrefix("CN=new, good until 20"))
        #expect(try client().certificate?.subject == "CN=new")
        try checkFlow()
    }

    @Test(arguments: ["certificate.pem", "key.pem"])
    func `a server does not start without its certificate`(name: String) throws {
        let folder = try TemporaryFolder()
        var files = try folder.certificate(TestCertificate())
        switch name {
        case "key.pem": files.key = folder.path("none")
        default: files.certificate = folder.path("none")
        }
        var configuration = ServerConfiguration(listen: [])
        configuration.tlsListen = [.loopback(port: 0)]
        configuration.certificate = files
        let error = #expect(throws: ServerError.self) {
            try Server.start(configuration, registry: ProbeRegistry())
        }
        #expect(
            error?.description == "cannot read \(folder.path("none")): No such file or directory")
    }
}
