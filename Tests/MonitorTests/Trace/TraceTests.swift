import Monitor
import RTMP
import Telemetry
import Testing

@Suite struct TraceTests {
    private let server = ObservedServer(lanes: Lanes(events: 8, messages: 8, trace: 4096))

    private func record(
        _ type: MessageType, _ head: [UInt8], form: UInt8 = 0, index: UInt32 = 1,
        number: UInt64 = 1, session: SessionID = 3
    ) -> TraceRecord {
        var kept: TraceRecord.Head = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &kept) { $0.copyBytes(from: head.prefix(32)) }
        return TraceRecord(
            session: session, direction: .inward, atNanoseconds: server.now, offset: 3073,
            chunkStreamID: 4, form: form, headerBytes: 12, payloadBytes: 128, messageLength: 200,
            messageType: type.rawValue, messageStreamID: 1, timestamp: 40, timestampDelta: 20,
            messageNumber: number, chunkIndex: index, chunkCount: 2, head: kept,
            headCount: UInt8(min(head.count, 32)))
    }

    @Test func `chunks of all threads stand in the order of time`() {
        let other = Lanes(events: 8, messages: 8, trace: 8)
        server.registry.add(other)
        func put(_ lane: Lanes, _ number: UInt64, at milliseconds: UInt64) {
            var record = self.record(.audio, [0xAF, 1], number: number)
            record.atNanoseconds = ObservedServer.startedAt + milliseconds * 1_000_000
            lane.trace.put(record)
        }
        for (number, at) in [(1, 10), (3, 30), (5, 50), (7, 270)] as [(UInt64, UInt64)] {
            put(server.lanes, number, at: at)
        }
        for (number, at) in [(2, 20), (4, 40), (6, 260)] as [(UInt64, UInt64)] {
            put(other, number, at: at)
        }
        server.pass(milliseconds: 250)
        func numbers(_ snapshot: Snapshot) -> [UInt64] {
            snapshot.trace.newest(10).map(\.record.messageNumber)
        }
        #expect(numbers(server.tick()) == [1, 2, 3, 4, 5])
        // What came after this look waits: the other thread may have something older by the next.
        put(other, 8, at: 265)
        server.pass(milliseconds: 250)
        #expect(numbers(server.tick()) == [1, 2, 3, 4, 5, 6, 8, 7])
    }

    @Test(
        arguments: [
            (.video, [0x17, 1, 0, 0, 33, 0], "KEY cts 33"),
            (.video, [0x27, 1, 0xFF, 0xFF, 0xDF, 0], "P frame cts -33"),
            (.video, [0x37, 1, 0, 0, 0, 0], "b frame cts 0"),
            (.video, [0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x2A, 0xFF, 0xE1], "AVC config"),
            (.video, [0x17, 2, 0, 0, 0], "AVC no picture"),
            (.video, [0x90, 0x68, 0x76, 0x63, 0x31, 1], "HEVC config"),
            (.video, [0x93, 0x68, 0x76, 0x63, 0x31, 1], "KEY cts 0"),
            (.video, [], "not readable"),
            (.audio, [0xAF, 0, 0x11, 0x90], "AAC config"),
            (.audio, [0xAF, 1, 0x21], "audio"),
            (.audio, [], "silence"),
            (.commandAMF0, [2, 0, 7] + Array("publish".utf8) + [0], "publish"),
            (.dataAMF0, [2, 0, 10] + Array("onMetaData".utf8) + [8], "onMetaData"),
            (.commandAMF0, [2, 0, 9] + Array("a\u{1b}[2Jxyz".utf8), #"a\x1b[2Jxyz…"#),
            (.commandAMF0, [5], "?"),
            (.acknowledgement, [0x5E, 0x0F, 0x1A, 0x1C], "sequence 1578048028"),
            (.windowAcknowledgementSize, [0, 0x26, 0x25, 0xA0], "window 2500000"),
            (.setChunkSize, [0, 0, 0x10, 0], "chunk size 4096"),
            (.setPeerBandwidth, [0, 0x26, 0x25, 0xA0, 2], "bandwidth 2500000 dynamic"),
            (.userControl, [0, 6, 0, 0, 0, 1], "ping request"),
            (.userControl, [0, 0, 0, 0, 0, 1], "stream 1 begins"),
            (.abort, [0, 0, 0, 4], "abort csid 4"),
            (.abort, [0], "200 B"),
        ] as [(MessageType, [UInt8], String)])
    func `a chunk says what it is in a few words`(
        type: MessageType, head: [UInt8], info: String
    ) {
        #expect(TraceDecoder.info(for: record(type, head)).description == info)
        #expect(TraceDecoder.info(for: record(type, head, index: 2)).description == "continued")
    }

    @Test(
        arguments: [
            (0, [("ts", 40), ("len", 200), ("type", 9), ("msid", 1)]),
            (1, [("dts", 20), ("len", 200), ("type", 9)]),
            (2, [("dts", 20)]),
            (3, []),
        ] as [(UInt8, [(String, Double)])])
    func `a chunk's line has what its header has`(form: UInt8, fields: [(String, Double)]) throws {
        server.tell(.serverStart(listen: [], version: "", pid: 1))
        server.lanes.trace.put(record(.video, [0x17, 1], form: form, number: 7))
        var writer = EventWriter(traceLevel: .chunk)
        let line = try JSONReader.line(try #require(writer.lines(of: server.tick()).last))
        #expect(
            line.keys == ["v", "t", "ms", "ev", "s", "dir", "at", "csid", "fmt", "hdr_b", "pay_b"]
                + fields.map(\.0) + ["msg"])
        #expect(line["ev"] == .text("trace.chunk"))
        #expect(line["dir"] == .text("in"))
        #expect(line["at"] == .number(3073))
        #expect(line["csid"] == .number(4))
        #expect(line["fmt"] == .number(Double(form)))
        #expect(line["hdr_b"] == .number(12))
        #expect(line["pay_b"] == .number(128))
        #expect(line["msg"] == .number(7))
        for (key, value) in fields { #expect(line[key] == .number(value)) }
    }

    @Test func `at message level only the first chunk has a line`() throws {
        server.tell(.serverStart(listen: [], version: "", pid: 1))
        server.lanes.trace.put(record(.video, [0x17, 1, 0, 0, 0], form: 1))
        server.lanes.trace.put(record(.video, [], form: 3, index: 2))
        var writer = EventWriter(traceLevel: .message)
        let lines = try writer.lines(of: server.tick()).dropFirst().map { try JSONReader.line($0) }
        #expect(lines.count == 1)
        #expect(lines[0]["ev"] == .text("trace.message"))
        #expect(lines[0]["len"] == .number(200))
    }

    @Test func `without a trace level no chunk is written, and none twice`() {
        server.tell(.serverStart(listen: [], version: "", pid: 1))
        server.lanes.trace.put(record(.video, [0x17, 1]))
        var silent = EventWriter()
        var talking = EventWriter(traceLevel: .chunk)
        let snapshot = server.tick()
        #expect(silent.lines(of: snapshot).count == 1)
        #expect(talking.lines(of: snapshot).count == 2)
        #expect(talking.lines(of: server.tick()).isEmpty)
    }

    @Test(
        arguments: [
            (nil, nil, [3, 4]), (nil, "role:pub", [3]), (nil, "role:play", [4]),
            ("role:play", nil, [4]), ("role:play", "role:pub", []), ("id>3", "", [4]),
        ] as [(String?, String?, [SessionID])])
    func `chunks are written of sessions that match --filter and --trace`(
        sessions: String?, traced: String?, written: [SessionID]
    ) throws {
        server.tell(.serverStart(listen: [], version: "", pid: 1))
        _ = server.accept(3, role: .publisher, stream: "live/a")
        _ = server.accept(4, role: .player, stream: "live/a")
        for session in [3, 4] as [SessionID] {
            server.lanes.trace.put(record(.video, [0x17, 1], session: session))
        }
        var writer = EventWriter(
            sessions: try sessions.map { try FilterPredicate($0) },
            traced: try traced.map { try FilterPredicate($0) }, traceLevel: .chunk)
        let lines = try writer.lines(of: server.tick()).map { try JSONReader.line($0) }
        #expect(
            lines.filter { $0["ev"] == .text("trace.chunk") }.map { $0["s"] }
                == written.map { .number(Double($0)) })
    }

    @Test func `records of a full lane are counted`() {
        for number in 0..<5000 {
            server.lanes.trace.put(record(.video, [], number: UInt64(number)))
        }
        let snapshot = server.tick()
        #expect(snapshot.trace.count == 4096)
        #expect(snapshot.journal.all.map(\.detail) == ["904 trace records lost"])
    }
}

@Suite struct LogTailTests {
    @Test func `the newest lines stay and keep their numbers`() {
        var tail = LogTail<Int>(capacity: 100, segmentCapacity: 10)
        for number in 0..<1000 { tail.append(number) }
        #expect(tail.endNumber == 1000)
        #expect(tail.count <= 100)
        #expect(tail[999] == 999)
        #expect(tail[tail.firstNumber] == tail.firstNumber)
        #expect(tail[tail.firstNumber - 1] == nil)
        #expect(tail[1000] == nil)
    }

    @Test func `a copy stands still while the original goes on`() {
        var tail = LogTail<Int>(capacity: 20, segmentCapacity: 4)
        for number in 0..<10 { tail.append(number) }
        let copy = tail
        for number in 10..<100 { tail.append(number) }
        #expect(copy.all == Array(0..<10))
        #expect(tail.all.last == 99)
    }
}

@Suite struct ClientNameTests {
    @Test(
        arguments: [
            ("FMLE/3.0 (compatible; Lavf61.1.100)", nil, "Lavf61.1"),
            ("FMLE/3.0 (compatible; FMSc/1.0)", nil, "FMLE"),
            (
                "FMLE/3.0 (compatible; FMSc/1.0)",
                "encoder obs-output module (libobs version 30.1.2)",
                "OBS 30.1.2"
            ),
            ("FMLE/3.0 (compatible; FMSc/1.0)", "encoder Lavf60.16.100", "Lavf60.16"),
            ("LNX 9,0,124,2", nil, "Lavf"),
            ("WIN 10,0,32,18", nil, "librtmp"),
            ("rtmpload/1.2", nil, "rtmpload 1.2"),
            ("Wirecast/FM 1.0 vMix", nil, "Wirecast"),
            ("GStreamer 1.22.0", nil, "GStreamer 1.22.0"),
            ("something else", nil, nil),
            ("Lavf", nil, nil),
        ] as [(String, String?, String?)])
    func `a client is called what it is known to be`(
        flashVersion: String, metadata: String?, name: String?
    ) {
        let server = ObservedServer()
        let probe = server.accept(1)
        var facts = server.facts(.publisher, "live/cam1")
        facts.flashVersion = SafeText(flashVersion)
        facts.metadata = metadata.map { SafeText($0) }
        probe.facts.post(Shared(facts))
        #expect(server.tick().session(1)?.client?.description == name)
    }
}
