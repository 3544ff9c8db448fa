import Posix
import RTMP
import Relay
import Telemetry
import Testing

@testable import RTMPServer

@Suite struct FeedTests {
    private let worker: Worker
    private let connection: Connection
    private let feed: Feed
    private let run = ChunkRun(chunkSize: 4096)

    /// A feed whose window is a keyframe and nine frames.
    init() throws {
        let registry = ProbeRegistry()
        let configuration = ServerConfiguration(listen: [])
        let boxes = [try Mailbox(worker: 0)]
        worker = try Worker(
            index: 0, mailboxes: boxes, listeners: [],
            hub: Hub(mailboxes: boxes, configuration: configuration, registry: registry),
            admission: Admission(workers: 1, configuration: configuration), registry: registry,
            configuration: configuration)
        let listener = try Listener(on: .loopback(port: 0))
        let here = listener.socket.localAddress
        let address = try #require(here)
        connection = Connection(
            AcceptedConnection(
                descriptor: try Socket.connected(to: address).release(), address: address,
                probe: ConnectionProbe(
                    id: 1, peer: "1.2.3.4:5", listener: ":1935", acceptedAtNanoseconds: 1),
                tls: nil),
            worker: worker)
        var window = StreamLog()
        for number in 0..<10 { window.append(Self.message(number)) }
        feed = Feed(
            stream: LiveStreamHandle(
                key: StreamKey(app: "live", name: "a"), window: WindowLimits(), workers: 1,
                nowNanoseconds: 1),
            window: window, publish: 1)
    }

    private static func message(_ number: Int) -> MediaMessage {
        MediaMessage(
            kind: .video, landmark: number % 10 == 0 ? .keyframe : .none,
            timestamp: UInt32(number * 20), payload: Payload([1, 2, 3]))
    }

    private func join(usesGOPCache: Bool = true) -> Play {
        let play = Play(
            messageStreamID: 1, connection: connection, feed: feed,
            cursor: PlayerCursor(
                joining: feed.log, usesGOPCache: usesGOPCache, acceptsEnhanced: false),
            acceptedAtNanoseconds: 1)
        feed.add(play)
        return play
    }

    @Test func `what a laggard needed of a publish that is over goes when it has it`() {
        let slow = join()
        let slower = join()
        // This one has found no keyframe, and gets nothing of a publish that is over.
        _ = join(usesGOPCache: false)
        for play in [slow, slower] { _ = play.cursor.next(in: feed.log) }
        feed.trimAfterEnd()
        #expect(feed.restart(publish: 2))
        feed.trim()
        #expect(feed.log.count == 10)

        while slow.cursor.next(in: feed.log) != nil {}
        for _ in 0..<3 { _ = slower.cursor.next(in: feed.log) }
        feed.trimAfterEnd()
        #expect(feed.log.count == 6)

        while slower.cursor.next(in: feed.log) != nil {}
        feed.trimAfterEnd()
        #expect(feed.log.isEmpty)
    }

    @Test func `what went by a section without players is not kept for who comes later`() {
        let first = join()
        for number in 10..<25 { feed.append(Self.message(number), sequence: UInt64(number)) }
        _ = join(usesGOPCache: false)
        while first.cursor.next(in: feed.log) != nil {}
        for section in feed.sections where section.plays.contains(where: { $0 === first }) {
            section.fill(run, from: feed)
            section.noteLagging(first, in: feed.log)
        }
        feed.trim()
        #expect(feed.log.firstSequence == 20)
    }

    @Test func `a large audience is served a quarter at a time, all of it within a beat`() {
        let plays = (0..<40).map { _ in join() }
        worker.makeDue(feed)
        // What comes meanwhile makes nobody due twice.
        worker.makeDue(feed)
        #expect(worker.dueSections.isEmpty)

        let step = worker.configuration.beatNanoseconds / 4
        var now = worker.nowNanoseconds
        var quarters: [[FeedSection]] = []
        for _ in 0..<4 {
            now += step
            quarters.append(worker.beat.takeDue(nowNanoseconds: now).map(\.section))
        }
        #expect(quarters.map { $0.reduce(0) { $0 + $1.plays.count } } == [10, 10, 10, 10])
        let served = Set(quarters.joined().flatMap(\.plays).map(ObjectIdentifier.init))
        #expect(served == Set(plays.map(ObjectIdentifier.init)))
    }

    @Test func `a small audience is served at once`() {
        let plays = (0..<ServerConfiguration.smallAudience).map { _ in join() }
        worker.makeDue(feed)
        #expect(worker.dueSections.flatMap(\.section.plays).count == plays.count)
        #expect(worker.beat.nextNanoseconds == nil)
    }
}
