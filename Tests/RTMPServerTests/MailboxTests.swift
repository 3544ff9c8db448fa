import Posix
import RTMP
import Relay
import Telemetry
import Testing

@testable import RTMPServer

/// SEC-10: a worker that does not get to its mail bounds what it costs, and its players go on.
@Suite struct MailboxTests {
    private let boxes: [Mailbox]
    private let hub: Hub
    private let registry = ProbeRegistry()
    private let publisher: ConnectionProbe
    private let key = StreamKey(app: "live", name: "a")

    init() throws {
        boxes = [try Mailbox(worker: 0), try Mailbox(worker: 1)]
        hub = Hub(
            mailboxes: boxes, configuration: ServerConfiguration(listen: []), registry: registry)
        publisher = ConnectionProbe(
            id: 1, peer: "1.2.3.4:5", listener: ":1935", acceptedAtNanoseconds: 1)
    }

    private func publish() throws -> LiveStreamHandle {
        let answer = hub.publish(key, by: publisher, worker: 0, nowNanoseconds: 1)
        guard case .accepted(let stream, _) = answer else { throw Unexpected() }
        return stream
    }

    private struct Unexpected: Error {}

    /// A player's feed on worker 1.
    private func join() throws -> Feed {
        let answer = hub.join(key, worker: 1, address: "1.2.3.4", nowNanoseconds: 1)
        guard case .joined(let stream, let window, let publish, _) = answer else {
            throw Unexpected()
        }
        return Feed(stream: stream, window: window, publish: publish)
    }

    private func message(_ number: Int, bytes: Int) -> MediaMessage {
        MediaMessage(
            kind: .video, landmark: number % 50 == 0 ? .keyframe : .none,
            timestamp: UInt32(number * 20),
            payload: Payload([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bytes)))
    }

    /// What worker 1 does with its mail, in words but for media.
    private func readMail(of feed: Feed) -> [String] {
        var mail: [WorkerMessage] = []
        boxes[1].exchange(&mail)
        var words: [String] = []
        for message in mail {
            switch message {
            case .media(_, let sequence, let media):
                feed.append(media, sequence: sequence)
            case .fellBehind(let stream):
                let (window, publish) = hub.window(of: stream, for: 1)
                feed.replace(window: window, publish: publish)
                words.append("fell behind")
            case .started(_, let publish):
                words.append("started \(publish) \(feed.restart(publish: publish))")
            case .ended(_, let publish):
                words.append("ended \(publish) \(feed.restart(publish: publish))")
            default:
                words.append("something else")
            }
        }
        return words
    }

    @Test(arguments: [100_000, 1])
    func `mail that nobody reads is bounded, and the publisher goes on`(bytes: Int) throws {
        let stream = try publish()
        let feed = try join()
        for number in 0..<70_000 {
            #expect(
                hub.forward(
                    message(number, bytes: bytes), of: stream, by: 1, worker: 0,
                    nowNanoseconds: UInt64(number)))
        }
        var mail: [WorkerMessage] = []
        boxes[1].exchange(&mail)
        var media = 0
        var mediaBytes = 0
        for case .media(_, _, let message) in mail {
            media += 1
            mediaBytes += message.payload.count
        }
        #expect(mail.count == media + 1)
        #expect(media <= Mailbox.mediaMessagesMaximum)
        #expect(mediaBytes <= Mailbox.mediaBytesMaximum)
        #expect(
            media == Mailbox.mediaMessagesMaximum
                || mediaBytes > Mailbox.mediaBytesMaximum - bytes)
        _ = feed
    }

    @Test func `after a gap players go on at the newest keyframe, and miss nothing more`() throws {
        let stream = try publish()
        let feed = try join()
        var cursor = PlayerCursor(joining: feed.log, usesGOPCache: true, acceptsEnhanced: true)
        var number = 0
        func forward(_ count: Int) {
            for _ in 0..<count {
                _ = hub.forward(
                    message(number, bytes: 100_000), of: stream, by: 1, worker: 0,
                    nowNanoseconds: UInt64(number))
                number += 1
            }
        }
        func deliver() -> [UInt32] {
            _ = cursor.keepUp(in: feed.log, limits: SlowLimits())
            var times: [UInt32] = []
            while let message = cursor.next(in: feed.log) { times.append(message.timestamp) }
            return times
        }
        forward(10)
        #expect(readMail(of: feed) == [])
        #expect(deliver() == (0..<10).map { UInt32($0 * 20) })
        forward(1015)  // some 670 of them fit
        #expect(readMail(of: feed) == ["fell behind"])
        // From the newest keyframe, number 1000, to live.
        #expect(deliver() == (1000..<1025).map { UInt32($0 * 20) })
        #expect(cursor.skippedVideo == 990)
        forward(20)
        #expect(readMail(of: feed) == [])
        #expect(deliver() == (1025..<1045).map { UInt32($0 * 20) })
    }

    @Test func `players hear of every start and end, though the window came after them`() throws {
        let stream = try publish()
        let feed = try join()
        for number in 0..<1000 {
            _ = hub.forward(
                message(number, bytes: 100_000), of: stream, by: 1, worker: 0, nowNanoseconds: 2)
        }
        #expect(hub.unpublish(stream, by: 1, worker: 0))
        _ = try publish()
        for number in 0..<3 {
            _ = hub.forward(
                message(number, bytes: 10), of: stream, by: 1, worker: 0, nowNanoseconds: 3)
        }
        #expect(readMail(of: feed) == ["fell behind", "ended 2 true", "started 3 true"])
        let cursor = PlayerCursor(joining: feed.log, usesGOPCache: true, acceptsEnhanced: true)
        #expect(feed.log.endSequence == 1003)
        #expect(cursor.position == 1000)
    }
}
