import CTestCertificates
import Glibc
import Posix
import Security
import TestSupport
import Testing

/// Two channels and every byte between them (URL-4, SEC-15).
@Suite struct TLSChannelTests {
    private static func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    // MARK: What goes through

    @Test(arguments: [1, 2, 5, 7, 100, 1000, 65536])
    func `bytes arrive as they were, however the wire cuts them`(piece: Int) throws {
        let rig = try TLSRig()
        rig.pieceBytes = piece
        try rig.shakeHands()
        #expect(rig.client.facts == rig.server.facts)
        #expect(rig.client.facts?.version == "TLSv1.3")
        #expect(rig.client.facts?.cipher == "TLS_AES_128_GCM_SHA256")
        let count = piece < 100 ? 5000 : 300_000
        for (sender, receiver) in [(rig.client, rig.server), (rig.server, rig.client)] {
            let bytes = Self.noise(count)
            #expect(try rig.transfer(bytes, from: sender, to: receiver) == bytes)
        }
    }

    @Test(arguments: [1, 300, 16384, 16385, 100_000])
    func `a reader may have little room`(room: Int) throws {
        let rig = try TLSRig()
        try rig.shakeHands()
        let bytes = Self.noise(room == 1 ? 20_000 : 200_000)
        #expect(try rig.transfer(bytes, from: rig.client, to: rig.server, room: room) == bytes)
    }

    @Test func `what is left in a full buffer is said to be there`() throws {
        let rig = try TLSRig()
        try rig.shakeHands()
        #expect(try rig.client.send(Self.noise(1000)) == .bytes(1000))
        rig.carry()
        #expect(try rig.server.receive(room: 400).bytes.count == 400)
        #expect(rig.server.hasUnread)
        #expect(try rig.server.receive(room: 400).bytes.count == 400)
        #expect(rig.server.hasUnread)
        #expect(try rig.server.receive(room: 400).bytes.count == 200)
        #expect(!rig.server.hasUnread)
    }

    @Test func `small parts share a record`() throws {
        let rig = try TLSRig()
        try rig.shakeHands()
        let parts = (0..<10_000).map { Self.noise(10, seed: UInt64($0)) }
        let all = parts.flatMap { $0 }
        let before = rig.carried.toClient
        let result = try all.withUnsafeBytes { bytes in
            try rig.server.send(parts: parts.count) { index in
                UnsafeRawBufferPointer(rebasing: bytes[index * 10..<index * 10 + 10])
            }
        }
        #expect(result == .bytes(100_000))
        var received: [UInt8] = []
        while received.count < all.count {
            _ = try rig.server.flush()
            rig.carry()
            received += try rig.client.receiveAll().bytes
        }
        #expect(received == all)
        // Seven records of 16 KiB, each with 22 bytes of its own.
        #expect(rig.carried.toClient - before == 100_000 + 7 * 22)
    }

    @Test func `what a peer does not read waits within a bound`() throws {
        let rig = try TLSRig()
        try rig.shakeHands()
        let bytes = Self.noise(1 << 20)
        var taken = 0
        while case .bytes(let count) = try rig.server.send(Array(bytes[taken...])) {
            taken += count
        }
        #expect(rig.server.unsentBytes > 0)
        #expect(rig.server.unsentBytes < 96 << 10)
        #expect(try rig.server.send([1]) == .wouldBlock)
        var received: [UInt8] = []
        while received.count < taken {
            _ = try rig.server.flush()
            rig.carry()
            received += try rig.client.receiveAll().bytes
        }
        #expect(received == Array(bytes[..<taken]))
        #expect(rig.server.unsentBytes == 0)
        #expect(try rig.server.send([1]) == .bytes(1))
    }

    @Test func `a read takes little more from the socket than there is room for`() throws {
        let rig = try TLSRig()
        try rig.shakeHands()
        #expect(try rig.client.send(Self.noise(60_000)) == .bytes(60_000))
        rig.carry()
        let before = rig.waitingForServer
        #expect(before > 60_000)
        _ = try rig.server.receive(room: 100)
        #expect(before - rig.waitingForServer <= 1224)
        // A record is many reads then, and the socket says each time that it has more.
        var taken = 0
        while try rig.server.receive(room: 100).bytes.isEmpty { taken += 1 }
        #expect((10...20).contains(taken))
    }

    @Test(arguments: [(100, nil), (101, "more than a hundred records without data")])
    func `a peer that does nothing but renew its key is let go`(
        renewals: Int32, fault: String?
    ) throws {
        var ends: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let (server, client) = (ends[0], ends[1])
        defer { close(client) }
        #expect(fcntl(server, F_SETFL, O_NONBLOCK) == 0)
        let channel = TLSChannel.accepting(try .server(TestCertificate()), on: server)
        let peer = try Thread.start(name: "peer") { _ = ctest_renew_keys(client, renewals) }
        defer { peer.join() }
        defer { close(server) }
        do {
            while case .wouldBlock = try channel.receive(room: 100).result {
                var awaited = [Readiness(server, .readable)]
                try Readiness.wait(for: &awaited)
            }
            #expect(try channel.receive(room: 100).result == .wouldBlock)
            #expect(fault == nil)
        } catch let error as TLSError {
            #expect(error == fault.map { .broken($0) })
        }
    }

    @Test func `nothing is sent before the handshake is done`() throws {
        let rig = try TLSRig()
        #expect(throws: TLSError.self) { try rig.server.send([1]) }
    }

    // MARK: The end

    @Test func `a goodbye comes behind the bytes before it`() throws {
        let rig = try TLSRig()
        try rig.shakeHands()
        #expect(try rig.client.send([1, 2, 3]) == .bytes(3))
        rig.client.finish()
        rig.client.finish()
        rig.carry()
        let first = try rig.server.receive(room: 100)
        #expect(first.bytes == [1, 2, 3])
        #expect(rig.server.hasUnread)
        #expect(try rig.server.receive(room: 100).result == .endOfFile)
        // The other direction is open still.
        #expect(try rig.server.send([4]) == .bytes(1))
        rig.carry()
        #expect(try rig.client.receive(room: 100).bytes == [4])
    }

    @Test func `an end without a goodbye is an end`() throws {
        let rig = try TLSRig()
        try rig.shakeHands()
        rig.endTowardsServer()
        #expect(try rig.server.receive(room: 100).result == .endOfFile)
    }

    // MARK: What is no TLS, or no longer

    @Test(arguments: [[3], Array("POST /open/1 HTTP/1.1\r\n\r\n".utf8), [0x15, 3, 3, 0, 2]])
    func `a server names the first byte of what is no TLS`(bytes: [UInt8]) throws {
        let rig = try TLSRig()
        rig.giveToServer(bytes)
        #expect(throws: TLSError.notTLS(firstByte: bytes[0])) { try rig.server.handshake() }
        #expect(throws: TLSError.notTLS(firstByte: bytes[0])) { try rig.server.handshake() }
    }

    @Test func `a client names the first byte of what is no TLS`() throws {
        let rig = try TLSRig()
        _ = try rig.client.handshake()
        rig.giveToClient([3])
        #expect(throws: TLSError.notTLS(firstByte: 3)) { try rig.client.handshake() }
    }

    @Test func `an old version is refused`() throws {
        let rig = try TLSRig()
        // A ClientHello of TLS 1.1 with one cipher.
        let hello: [UInt8] =
            [3, 2] + Self.noise(32) + [0, 0, 2, 0, 0x2f, 1, 0]
        rig.giveToServer(
            [0x16, 3, 1, 0, UInt8(hello.count + 4), 1, 0, 0, UInt8(hello.count)] + hello)
        #expect(throws: TLSError.broken("unsupported protocol")) { try rig.server.handshake() }
    }

    @Test(arguments: UInt64(0)..<50)
    func `noise ends the handshake`(seed: UInt64) throws {
        let rig = try TLSRig()
        rig.giveToServer([0x16, 3, 1] + Self.noise(30_000, seed: seed))
        rig.endTowardsServer()
        #expect(throws: TLSError.self) {
            while try !rig.server.handshake() {}
        }
    }

    @Test func `a wire that is cut in the handshake ends it, at any byte`() throws {
        let certificate = TestCertificate()
        let contexts = (try TLSContext.server(certificate), try TLSContext.client(certificate))
        let whole = TLSRig(contexts.0, contexts.1)
        try whole.shakeHands()
        for limit in 0..<whole.carried.toServer - 1 {
            let rig = TLSRig(contexts.0, contexts.1)
            rig.pieceBytes = 1
            while rig.carried.toServer < limit {
                _ = try rig.client.handshake()
                _ = try rig.server.handshake()
                rig.carry()
            }
            rig.endTowardsServer()
            #expect(throws: TLSError.cut) { try rig.server.handshake() }
        }
        for limit in stride(from: 0, to: whole.carried.toClient - 1, by: 7) {
            let rig = TLSRig(contexts.0, contexts.1)
            rig.pieceBytes = 1
            while rig.carried.toClient < limit {
                _ = try rig.client.handshake()
                _ = try rig.server.handshake()
                rig.carry()
            }
            rig.endTowardsClient()
            #expect(throws: TLSError.cut) {
                while try !rig.client.handshake() {}
            }
        }
    }

    @Test func `a changed byte ends it on both sides`() throws {
        let rig = try TLSRig()
        try rig.shakeHands()
        _ = try rig.client.send(Self.noise(100))
        var record = rig.takeFromClient()
        record[50] ^= 1
        rig.giveToServer(record)
        #expect(throws: TLSError.broken("decryption failed or bad record mac")) {
            try rig.server.receive(room: 1000)
        }
        rig.carry()
        #expect(throws: TLSError.refused("sslv3 alert bad record mac")) {
            try rig.client.receive(room: 1000)
        }
    }

    // MARK: Who it is

    struct Trial: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let certificate: TestCertificate
        var trusted: TestCertificate?
        var name = "localhost"
        /// nil: taken.
        let doubt: String?
    }

    private static let authority = TestCertificate(
        subject: "authority", names: nil, isAuthority: true)

    static let trials = [
        Trial(testDescription: "trusted itself", certificate: TestCertificate(), doubt: nil),
        Trial(
            testDescription: "an IPv4 address", certificate: TestCertificate(), name: "127.0.0.1",
            doubt: nil),
        Trial(
            testDescription: "an IPv6 address", certificate: TestCertificate(), name: "::1",
            doubt: nil),
        Trial(
            testDescription: "signed by whom we trust",
            certificate: TestCertificate(signedBy: authority), trusted: authority, doubt: nil),
        Trial(
            testDescription: "a wildcard", certificate: TestCertificate(names: "DNS:*.example.org"),
            name: "live.example.org", doubt: nil),
        Trial(
            testDescription: "another host", certificate: TestCertificate(), name: "example.org",
            doubt: "hostname mismatch"),
        Trial(
            testDescription: "another address", certificate: TestCertificate(), name: "127.0.0.2",
            doubt: "IP address mismatch"),
        Trial(
            testDescription: "over", certificate: TestCertificate(notAfter: -60),
            doubt: "certificate has expired"),
        Trial(
            testDescription: "not yet", certificate: TestCertificate(notBefore: 600),
            doubt: "certificate is not yet valid"),
        Trial(
            testDescription: "a stranger's own", certificate: TestCertificate(),
            trusted: authority, doubt: "self-signed certificate"),
        Trial(
            testDescription: "signed by a stranger",
            certificate: TestCertificate(
                signedBy: TestCertificate(subject: "stranger", names: nil, isAuthority: true)),
            trusted: authority, doubt: "unable to get local issuer certificate"),
    ]

    @Test(arguments: trials)
    func `a client takes who proves to be the host, and no other (URL-4)`(trial: Trial) throws {
        let rig = try TLSRig(trial.certificate, trusting: trial.trusted, name: trial.name)
        if let doubt = trial.doubt {
            #expect(throws: TLSError.untrusted(doubt)) { try rig.shakeHands() }
            rig.carry()
            // The server hears that it was refused.
            let error = #expect(throws: TLSError.self) { try rig.server.handshake() }
            guard case .refused = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        } else {
            try rig.shakeHands()
            #expect(rig.client.peerCertificate?.doubt == nil)
        }
    }

    @Test(arguments: trials)
    func `who does not verify goes on and knows what he does not believe`(trial: Trial) throws {
        let rig = try TLSRig(
            trial.certificate, trusting: trial.trusted, verifies: false, name: trial.name)
        try rig.shakeHands()
        #expect(rig.client.peerCertificate?.doubt == trial.doubt)
    }

    @Test func `a certificate says what it is`() throws {
        let certificate = TestCertificate(
            subject: "Bühne", names: "DNS:a.example,DNS:b.example,IP:192.0.2.1,IP:2001:db8::1",
            notBefore: -100, notAfter: 1000, signedBy: Self.authority)
        let rig = try TLSRig(certificate, trusting: Self.authority, name: "b.example")
        try rig.shakeHands()
        let seen = try #require(rig.client.peerCertificate)
        #expect(seen.subject == "CN=Bühne")
        #expect(seen.issuer == "CN=authority")
        #expect(seen.names == ["a.example", "b.example", "192.0.2.1", "2001:db8::1"])
        #expect(seen.notAfter - seen.notBefore == 1100)
        #expect(rig.server.peerCertificate == nil)
    }

    @Test func `a new context is for those to come`() throws {
        let (old, new) = (TestCertificate(subject: "old"), TestCertificate(subject: "new"))
        var context = try TLSContext.server(old)
        let first = TLSRig(context, try .client(old))
        try first.shakeHands()
        context = try .server(new)
        let second = TLSRig(context, try .client(new))
        try second.shakeHands()
        #expect(second.client.peerCertificate?.subject == "CN=new")
        #expect(
            try first.transfer([1, 2, 3], from: first.server, to: first.client) == [1, 2, 3])
    }
}
