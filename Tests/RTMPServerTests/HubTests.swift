import Posix
import RTMP
import Relay
import Telemetry
import Testing

@testable import RTMPServer

/// SEC-1: the windows of all streams together have a bound, however many streams there are.
@Suite struct HubTests {
    private let hub: Hub

    init() throws {
        var configuration = ServerConfiguration(listen: [])
        configuration.maximumWindowBytes = 12_000
        configuration.publishConflict = .replaceSilent(afterNanoseconds: 10)
        hub = Hub(
            mailboxes: [try Mailbox(worker: 0)], configuration: configuration,
            registry: ProbeRegistry())
    }

    private func publish(
        _ name: String, by id: SessionID, atNanoseconds now: UInt64 = 1
    ) throws -> LiveStreamHandle {
        let probe = ConnectionProbe(
            id: id, peer: "1.2.3.4:5", listener: ":1935", acceptedAtNanoseconds: now)
        let answer = hub.publish(
            StreamKey(app: "live", name: name), by: probe, worker: 0, nowNanoseconds: now)
        guard case .accepted(let stream, _) = answer else { throw Unexpected() }
        return stream
    }

    private struct Unexpected: Error {}

    @Test func `each published stream has an equal share of what windows may hold`() throws {
        #expect(hub.windowShare == 12_000)
        var streams: [(LiveStreamHandle, SessionID)] = []
        for id in 1...4 as ClosedRange<SessionID> {
            streams.append((try publish("s\(id)", by: id), id))
            #expect(hub.windowShare == 12_000 / id)
        }
        for (stream, id) in streams {
            #expect(hub.unpublish(stream, by: id, worker: 0))
            #expect(hub.windowShare == 12_000 / max(4 - id, 1))
        }
    }

    @Test func `a stream that is taken over is one stream`() throws {
        _ = try publish("other", by: 1)
        _ = try publish("a", by: 2)
        let stream = try publish("a", by: 3, atNanoseconds: 1_000)
        #expect(hub.windowShare == 6_000)
        // Who lost the name ends nothing by leaving.
        #expect(!hub.unpublish(stream, by: 2, worker: 0))
        #expect(hub.windowShare == 6_000)
        #expect(hub.unpublish(stream, by: 3, worker: 0))
        #expect(hub.windowShare == 12_000)
    }

    @Test(arguments: [(1, 10_000...10_000), (4, 0...3_000)] as [(SessionID, ClosedRange<UInt64>)])
    func `a window keeps a GOP as long as it is within its share`(
        streams: SessionID, bytes: ClosedRange<UInt64>
    ) throws {
        let handles = try (1...streams).map { try publish("s\($0)", by: $0) }
        for number in 0..<10 as Range<UInt32> {
            let video = MediaMessage(
                kind: .video, landmark: number == 0 ? .keyframe : .none, timestamp: number,
                payload: Payload([UInt8](repeating: 0x17, count: 1000)))
            #expect(
                hub.forward(video, of: handles[0], by: 1, worker: 0, nowNanoseconds: 2))
        }
        #expect(bytes.contains(handles[0].state.withLock { $0.live.log.windowBytes }))
    }
}
