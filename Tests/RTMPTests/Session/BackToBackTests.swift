import Security
import TestSupport
import Testing

@testable import RTMP

/// Our client and our server, byte by byte and in seeded pieces, without a socket.
@Suite struct BackToBackTests {
    /// Both ends, and the bytes on their way. Everything that travels is cut by a seed.
    private final class Wire {
        var client: ClientSession
        var server: ServerSession
        private(set) var clientSteps: [String] = []
        private(set) var serverSteps: [String] = []
        private(set) var published: [MediaMessage] = []
        private(set) var played: [MediaMessage] = []
        private var toServer = ByteWriter()
        private var toClient = ByteWriter()
        private var taken = (server: 0, client: 0)
        private var generator: SeededGenerator
        private let refusal: String?

        init(_ configuration: ClientConfiguration, seed: UInt64, refusal: String? = nil) {
            let crypto = HandshakeCrypto(
                hmacSHA256: { HMAC.sha256(key: $0, message: $1) },
                randomBytes: { (0..<$0).map { UInt8(truncatingIfNeeded: $0 &* 17) } })
            client = ClientSession(configuration: configuration, time: 0, crypto: crypto)
            server = ServerSession(
                configuration: SessionConfiguration(), time: 0, crypto: crypto)
            generator = SeededGenerator(seed: seed)
            self.refusal = refusal
        }

        /// Until nothing is under way any more.
        func settle() throws {
            try readClient([])
            while taken.server < toServer.count || taken.client < toClient.count {
                if taken.server < toServer.count { try readServer(piece(toServer, &taken.server)) }
                if taken.client < toClient.count { try readClient(piece(toClient, &taken.client)) }
            }
        }

        func sends(_ message: Message) {
            client.encode(message, number: 0, at: 0, into: &toServer)
        }

        func serves(_ message: Message) {
            server.encode(message, number: 0, at: 0, into: &toClient)
        }

        private func piece(_ writer: ByteWriter, _ taken: inout Int) -> [UInt8] {
            let length = Int.random(in: 1...700, using: &generator)
            let part = Array(writer.bytes.dropFirst(taken).prefix(length))
            taken += part.count
            return part
        }

        private func readClient(_ bytes: [UInt8]) throws {
            try bytes.withUnsafeBytes { bytes in
                var cursor = ByteCursor(bytes)
                while let step = try client.next(&cursor) {
                    switch step {
                    case .write(let bytes): toServer.write(bytes)
                    case .send(let message): sends(message)
                    case .media(let media): played.append(media)
                    case .command, .control, .userControl: break
                    default: clientSteps.append(Line.text(step))
                    }
                }
            }
        }

        private func readServer(_ bytes: [UInt8]) throws {
            try bytes.withUnsafeBytes { bytes in
                var cursor = ByteCursor(bytes)
                while let step = try server.next(&cursor) {
                    switch step {
                    case .write(let bytes): toClient.write(bytes)
                    case .reply(let message): serves(message)
                    case .media(_, let media): published.append(media)
                    case .command, .control, .userControl: continue
                    case .connectRequested: server.acceptConnect()
                    case .publishRequested:
                        if let refusal {
                            server.rejectPublish(code: refusal, description: "no")
                        } else {
                            server.acceptPublish()
                        }
                    case .playRequested: server.acceptPlay()
                    default: break
                    }
                    serverSteps.append(Line.text(step))
                }
            }
        }
    }

    private func configuration(
        _ role: ClientConfiguration.Role, signs: Bool
    ) throws -> ClientConfiguration {
        var configuration = ClientConfiguration(
            role: role, url: try RTMPURL(parsing: "rtmp://host/live/camera?key=1"))
        configuration.signsHandshake = signs
        return configuration
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `what is published arrives byte for byte`(seed: UInt64) throws {
        let signs = seed % 2 == 1
        let wire = Wire(try configuration(.publish(type: "live"), signs: signs), seed: seed)
        try wire.settle()
        #expect(wire.client.awaits == nil)
        let kind = "handshakeDone \(signs ? HandshakeKind.complex(digestBase: 8) : .simple)"
        #expect(
            wire.clientSteps == [
                kind, "connected FMS/3,0,1,123",
                "status status NetStream.Publish.Start @1", "publishing @1",
            ])

        var generator = SeededGenerator(seed: seed)
        let frames = (0..<30 as Range<UInt32>).map { index in
            Message(
                type: index % 3 == 0 ? .video : .audio, messageStreamID: 1,
                timestamp: 0xFF_FFF0 + index * 4,
                payload: Payload(
                    [index % 3 == 0 ? 0x17 : 0xAF, 1, 0, 0, 0]
                        + (0..<Int.random(in: 0...3000, using: &generator)).map {
                            UInt8(truncatingIfNeeded: $0)
                        }))
        }
        wire.sends(
            Message(
                type: .dataAMF0, messageStreamID: 1, timestamp: 0, payload: Payload(setDataFrame)))
        for frame in frames { wire.sends(frame) }
        try wire.settle()
        #expect(wire.published.map(\.kind).first == .metadata)
        #expect(wire.published.dropFirst().map(\.timestamp) == frames.map(\.timestamp))
        #expect(wire.published.dropFirst().map(\.payload.bytes) == frames.map(\.payload.bytes))

        wire.client.stop()
        try wire.settle()
        #expect(wire.clientSteps.last == "close stopped")
        #expect(wire.serverSteps.filter { $0.hasPrefix("publishEnded") } == ["publishEnded @1"])
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `what is served is played byte for byte, and its end is heard`(seed: UInt64) throws {
        let wire = Wire(try configuration(.play, signs: seed % 2 == 1), seed: seed)
        try wire.settle()
        #expect(wire.clientSteps.last == "playing @1")
        let frames = (0..<30 as Range<UInt32>).map { index in
            Message(
                type: .video, messageStreamID: 1, timestamp: (.max - 10) &+ index,
                payload: Payload(
                    [0x17, 1, 0, 0, 0] + [UInt8](repeating: 7, count: Int(index) * 99)))
        }
        for frame in frames { wire.serves(frame) }
        for message in wire.server.endOfStream(on: 1) { wire.serves(message) }
        try wire.settle()
        #expect(wire.played.map(\.timestamp) == frames.map(\.timestamp))
        #expect(wire.played.map(\.payload.bytes) == frames.map(\.payload.bytes))
        #expect(wire.clientSteps.filter { $0.hasPrefix("playEnded") }.count == 1)
    }

    @Test func `a refused publisher hears why`() throws {
        let wire = Wire(
            try configuration(.publish(type: "live"), signs: false), seed: 1,
            refusal: Status.publishBadName)
        try wire.settle()
        #expect(wire.clientSteps.last == "close publishRejected NetStream.Publish.BadName: no")
    }

    @Test(arguments: ["rtmp://host/other", "//host/app", "/app", nil])
    func `a server's wish to be left is heard where the client can (T-MED-17)`(
        tcURL: String?
    ) throws {
        var asking = try configuration(.play, signs: false)
        for announces in [true, false] {
            asking.announcesEnhanced = announces
            let wire = Wire(asking, seed: 5)
            try wire.settle()
            let request = wire.server.reconnectRequest(tcURL: tcURL, description: "moving")
            #expect((request != nil) == announces)
            guard let request else { return }
            wire.serves(request)
            try wire.settle()
            #expect(wire.clientSteps.last == "reconnect \(tcURL ?? "–")")
            #expect(wire.client.awaits == nil)
        }
    }

    /// MED-8: each side announces, the server answers with what both can.
    @Test(arguments: [true, false])
    func `Enhanced RTMP is agreed upon`(announces: Bool) throws {
        var asking = try configuration(.play, signs: false)
        asking.announcesEnhanced = announces
        let server = ScriptedPeer()
        server.shakesHands()
        server.sends(asking.connectCommand.message())
        let info = try #require(server.hears().last)
        #expect(info.contains("capsEx: 15") == announces)
        #expect(server.connectRequests.first?.announcesEnhanced == announces)
    }
}
