import Posix
import RTMP
import RTMPServer
import Telemetry
import Testing

/// What is told is what happened: counted at both ends and compared.
@Suite(.timeLimit(.minutes(10))) struct ObservationTests {
    @Test func `bytes in the report are the bytes on the socket, handshake included`() throws {
        let rig = try TestServer()
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        for number in UInt8(0)..<10 {
            try publisher.media(.video, UInt32(number) * 40, TestMedia.keyframe(number))
        }
        try publisher.command("deleteStream", 0, [.number(1)])
        #expect(try publisher.expectStatus() == "NetStream.Unpublish.Success")
        rig.server.control.close(1)
        try publisher.waitForEnd()
        let report = try rig.closeReport(of: 1)
        #expect(report.bytesIn == publisher.bytesSent)
        #expect(report.bytesOut == publisher.bytesReceived)
    }

    @Test func `the events of a session come in the order of its life`() throws {
        let rig = try TestServer()
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        try publisher.media(.video, 0, TestMedia.avcHeader)
        try publisher.media(.video, 0, TestMedia.keyframe(1))
        try publisher.command("deleteStream", 0, [.number(1)])
        #expect(try publisher.expectStatus() == "NetStream.Unpublish.Success")
        rig.server.control.close(1)
        try publisher.waitForEnd()
        _ = try rig.closeReport(of: 1)
        let words = rig.events.sorted { $0.atNanoseconds < $1.atNanoseconds }
            .compactMap { event -> String? in
                switch event.kind {
                case .accept: "accept"
                case .handshakeDone: "handshake"
                case .connect: "connect"
                case .publish(_, _, accepted: true, _): "publish"
                case .streamStart: "start"
                case .mediaConfiguration: "configuration"
                case .firstFrame: "first"
                case .streamEnd: "end"
                case .close: "close"
                default: nil
                }
            }
        #expect(
            words == [
                "accept", "handshake", "connect", "publish", "start", "configuration", "first",
                "end", "close",
            ])
    }

    @Test func `the trace gives every byte of both directions its chunk`() throws {
        let rig = try TestServer { $0.tracesFromAccept = true }
        let player = try TestClient(port: rig.port)
        try player.play("a")
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        for number in UInt8(0)..<5 {
            let payload = TestMedia.keyframe(number, bytes: 100_000)
            try publisher.media(.video, UInt32(number) * 40, payload)
            #expect(try player.nextMedia().payload.bytes == payload)
        }
        rig.stop()
        for session in [SessionID(1), 2] {
            for direction in [Direction.inward, .outward] {
                let chunks = rig.trace.filter {
                    $0.session == session && $0.direction == direction
                }
                #expect(!chunks.isEmpty)
                var end: UInt64 = 3073
                for chunk in chunks {
                    #expect(chunk.offset == end, "#\(session) \(direction)")
                    end = chunk.offset + UInt64(chunk.headerBytes) + UInt64(chunk.payloadBytes)
                }
                let numbers = chunks.filter { $0.chunkIndex == 1 }.map(\.messageNumber)
                #expect(numbers == (0..<numbers.count).map { UInt64($0 + 1) })
                let probe = try #require(rig.probes[session])
                let total = direction == .inward ? probe.bytesIn.read() : probe.bytesOut.read()
                #expect(end == total)
            }
        }
    }

    @Test func `an armed session is recorded from then on, the others not at all`() throws {
        let rig = try TestServer()
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        let other = try TestClient(port: rig.port)
        try other.connect()
        rig.server.control.trace([1])
        try rig.waitForFacts("armed") { id, facts in id == 1 && facts.isTraced }
        try publisher.media(.video, 0, TestMedia.keyframe(1))
        let record = try rig.poll("a chunk") { rig.trace.first }
        #expect(record.session == 1)
        #expect(record.messageType == MessageType.video.rawValue)
        #expect(rig.trace.allSatisfy { $0.session == 1 })
    }

    @Test func `a session that is disarmed is recorded no longer, the others as before`() throws {
        let rig = try TestServer { $0.tracesFromAccept = true }
        let first = try TestClient(port: rig.port)
        try first.publish("a")
        let second = try TestClient(port: rig.port)
        try second.publish("b")
        rig.server.control.trace(arming: [], disarming: [1])
        try rig.waitForFacts("disarmed") { id, facts in id == 1 && !facts.isTraced }
        let before = rig.trace.count { $0.session == 1 }
        #expect(before > 0)
        func isVideo(_ record: TraceRecord) -> Bool {
            record.messageType == MessageType.video.rawValue
        }
        try first.media(.video, 0, TestMedia.keyframe(1))
        try second.media(.video, 0, TestMedia.keyframe(2))
        _ = try rig.poll("a chunk of the other") {
            rig.trace.first { $0.session == 2 && isVideo($0) }
        }
        rig.server.control.trace(arming: [1], disarming: [2])
        try rig.waitForFacts("armed") { id, facts in id == 1 && facts.isTraced }
        #expect(!rig.trace.contains { $0.session == 1 && isVideo($0) })
        try first.media(.video, 40, TestMedia.keyframe(3))
        _ = try rig.poll("a chunk of the first") {
            rig.trace.first { $0.session == 1 && isVideo($0) }
        }
    }

    @Test func `codec facts are read from the sequence header`() throws {
        let rig = try TestServer()
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        try publisher.media(.audio, 0, TestMedia.aacHeader)
        let configuration = try rig.wait("configuration") { kind -> MediaConfiguration? in
            if case .mediaConfiguration(1, _, track: 0, let found) = kind { return found }
            return nil
        }
        #expect(configuration.codec == "AAC-LC")
        #expect(configuration.sampleRate == 44100)
        #expect(configuration.channels == 2)
    }
}
