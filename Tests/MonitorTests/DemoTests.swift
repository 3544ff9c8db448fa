import Monitor
import Telemetry
import Testing

@Suite struct DemoTests {
    private let snapshot = Demo().snapshot(at: 0)

    @Test func `tick 0 is the moment of the mock-ups`() throws {
        #expect(WallClock(milliseconds: snapshot.wallClockMilliseconds).time == "14:02:31.000")
        #expect(snapshot.server.upNanoseconds == 8_024_000_000_000)
        #expect(snapshot.server.connections == 7)
        #expect(snapshot.server.publishers == 2)
        #expect(snapshot.server.players == 3)
        #expect(snapshot.server.idle == 1)
        #expect(snapshot.server.handshaking == 1)
        #expect(snapshot.server.accepted == 31)
        #expect(snapshot.server.skippedVideo == 212)
        #expect(snapshot.sessions.map(\.id) == [3, 4, 9, 12, 15, 17, 18, 2, 16])
        #expect(snapshot.streams.map(\.key) == ["live/cam1", "live/cam2", "live/studio"])
        #expect(snapshot.streams[0].players == [9, 12])
        let slow = try #require(snapshot.session(12))
        #expect(slow.queueMilliseconds == 5440)
        #expect(slow.acknowledgementPercent == 112)
        #expect(snapshot.session(18)?.facts.flashVersion?.isEscaped == true)
    }

    @Test func `the inspected session shows its first commands with secrets masked`() throws {
        let commands = try #require(snapshot.inspected[3]).commands
        #expect(
            commands.map(\.name) == [
                "connect", "WindowAckSize", "SetPeerBandwidth", "SetChunkSize", "_result",
                "SetChunkSize", "releaseStream", "FCPublish", "createStream", "_result", "publish",
                "onStatus",
            ])
        #expect(commands[10].summary == #"tid 5  stream 1  "cam1?token=***"  "live""#)
        #expect(
            commands[11].summary
                == #"tid 0  stream 1  NetStream.Publish.Start  "cam1 is now published.""#)
        #expect(commands[2].summary == "2500000 dynamic")
        #expect(
            commands[0].tree.map { "\($0.depth) \($0.text)" } == [
                #"0 string "connect""#, "0 number 1", "0 object", #"1 app  string "live""#,
                #"1 type  string "nonprivate""#,
                #"1 flashVer  string "FMLE/3.0 (compatible; FMSc/1.0)""#,
                #"1 swfUrl  string "rtmp://ingest.example.net/live""#,
                #"1 tcUrl  string "rtmp://ingest.example.net/live""#,
            ])
    }

    @Test func `the trace says what the mock-up says`() throws {
        let trace = snapshot.trace
        let infos = (trace.firstNumber..<trace.endNumber).compactMap { trace[$0] }.map {
            TraceDecoder.info(for: $0.record).description
        }
        #expect(
            infos.prefix(6) == [
                "P frame cts 33", "continued", "continued", "b frame cts 0",
                "continued", "sequence 1578016220",
            ])
        #expect(infos[6] == "KEY cts 33")
        #expect(infos.filter { $0 != "continued" }.count == 14)
    }

    @Test(arguments: [0, 1, 4, 41, 400])
    func `the same arguments give the same snapshot`(tick: Int) {
        func words() -> [String] {
            var snapshot = Demo(sessions: 60, seed: 9).snapshot(at: tick)
            // A dictionary has no order to compare.
            let details = snapshot.inspected.sorted { $0.key < $1.key }
            snapshot.inspected = [:]
            return [String(describing: snapshot), String(describing: details)]
        }
        let isSame = words() == words()
        #expect(isSame)
    }

    @Test func `time goes on and counters only grow`() {
        let demo = Demo(sessions: 40)
        let later = demo.snapshot(at: 400)
        let now = demo.snapshot(at: 0)
        #expect(later.takenAtNanoseconds - now.takenAtNanoseconds == 100_000_000_000)
        #expect(later.server.bytesOut > now.server.bytesOut)
        #expect(later.journal.count > now.journal.count)
        #expect(later.trace.endNumber > now.trace.endNumber)
        // What closed before the moment is forgotten by then.
        #expect(later.sessions.allSatisfy { $0.closedAtNanoseconds == nil })
        #expect(later.sessions.count == 40)
        for (a, b) in zip(now.sessions, later.sessions) where a.id == b.id {
            #expect(b.bytesIn >= a.bytesIn)
        }
    }

    @Test(arguments: [0, 1, 3, 7, 8, 1000])
    func `it has as many open sessions as were asked for`(count: Int) {
        let snapshot = Demo(sessions: count).snapshot(at: 0)
        #expect(snapshot.server.connections == count)
        #expect(Set(snapshot.sessions.map(\.id)).count == snapshot.sessions.count)
    }
}
