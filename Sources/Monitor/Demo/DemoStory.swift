import RTMP
import Telemetry

/// What happened before the moment of the mock-ups: events, chunks, commands.
enum DemoStory {
    static func journal(at time: DemoTime) -> LogTail<JournalEntry> {
        var journal = Journal()
        var events = story.map { milliseconds, kind in
            Event(atNanoseconds: DemoTime.before(milliseconds: milliseconds), kind: kind)
        }
        // #12 loses a few frames more every ten seconds.
        for round in 0..<min(time.wholeSeconds / 10, 2000) {
            events.append(
                Event(
                    atNanoseconds: DemoTime.before(milliseconds: 0)
                        + UInt64(round + 1) * 10 * Window.second,
                    kind: .drop(12, stream: "live/cam1", frames: 26, why: .queueTime)))
        }
        journal.append(
            events, nowNanoseconds: time.nowNanoseconds,
            wallClockMilliseconds: time.wallClockMilliseconds)
        return journal.tail
    }

    /// Milliseconds before the moment, and what was told.
    private static let story: [(UInt64, Event.Kind)] = [
        (8_024_000, .serverStart(listen: ["0.0.0.0:1935"], version: "0.1.0", pid: 4711)),
        (
            251_118,
            .accept(12, peer: "198.51.100.23:60122", listener: "0.0.0.0:1935", isTLS: false)
        ),
        (250_969, .handshakeDone(12, kind: "simple", tookNanoseconds: 149_000_000)),
        (
            250_812,
            .connect(
                12, app: "live", tcURL: "rtmp://203.0.113.5/live", flashVersion: "LNX 9,0,124,2",
                objectEncoding: 0)
        ),
        (250_648, .play(12, stream: "live/cam1", accepted: true, code: "NetStream.Play.Start")),
        (250_436, .firstFrame(12, stream: "live/cam1", afterNanoseconds: 212_000_000)),
        (87_229, .drop(12, stream: "live/cam1", frames: 26, why: .queueTime)),
        (
            41_000,
            .close(
                2,
                CloseReport(
                    who: .peer, why: "fin", detail: "closed by the peer", state: "publish",
                    lastedNanoseconds: 4329 * Window.second, bytesIn: 2_310_000_000,
                    bytesOut: 31_000))
        ),
        (41_000, .streamEnd(stream: "live/studio", why: "closed")),
        (
            40_994,
            .close(
                16,
                CloseReport(
                    who: .peer, why: "tcp-reset", detail: "reset by the peer", state: "hs:C1",
                    lastedNanoseconds: 6_012_000_000, bytesIn: 812, bytesOut: 0))
        ),
        (40_990, .trace("#3")),
        (19_520, .play(15, stream: "live/cam2", accepted: true, code: "NetStream.Play.Start")),
        (5690, .note(.info, source: "stderr", "libfoo: what a library prints lands here")),
        (
            2953,
            .connect(
                18, app: "live", tcURL: "rtmp://203.0.113.5/live",
                flashVersion: SafeText("WIN 11,5\u{1b}[2J"), objectEncoding: 0)
        ),
    ]

    static func detail(at time: DemoTime) -> SessionDetail {
        var blackBox = BlackBox()
        let acceptedAt = DemoTime.before(milliseconds: 7_839_000)
        for (microseconds, direction, message) in commands {
            let payload = message.payload.bytes
            blackBox.append(
                CapturedMessage(
                    session: 3, direction: direction,
                    atNanoseconds: acceptedAt + microseconds * 1000, type: message.type.rawValue,
                    messageStreamID: message.messageStreamID, timestamp: 0, payload: payload,
                    payloadBytes: payload.count))
        }
        return SessionDetail(
            detail: connectionDetail(at: time), commands: blackBox.entries(of: 3), omitted: 0)
    }

    private static var commands: [(UInt64, Direction, Message)] {
        [
            (121_000, .inward, connect),
            (122_000, .outward, ControlMessage.windowAcknowledgementSize(2_500_000).message()),
            (122_000, .outward, ControlMessage.setPeerBandwidth(2_500_000, .dynamic).message()),
            (122_000, .outward, ControlMessage.setChunkSize(4096).message()),
            (123_000, .outward, connectResult),
            (152_000, .inward, ControlMessage.setChunkSize(4096).message()),
            (152_000, .inward, command("releaseStream", 2, ["cam1"])),
            (152_000, .inward, command("FCPublish", 3, ["cam1"])),
            (152_000, .inward, command("createStream", 4, [])),
            (153_000, .outward, command("_result", 4, [1])),
            (153_000, .inward, command("publish", 5, ["cam1?token=hidden", "live"], stream: 1)),
            (168_000, .outward, published),
        ]
    }

    private static let connect = command(
        "connect", 1, [],
        object: .object([
            AMFProperty("app", "live"),
            AMFProperty("type", "nonprivate"),
            AMFProperty("flashVer", "FMLE/3.0 (compatible; FMSc/1.0)"),
            AMFProperty("swfUrl", "rtmp://ingest.example.net/live"),
            AMFProperty("tcUrl", "rtmp://ingest.example.net/live"),
        ]))

    static let connectResult = command(
        "_result", 1,
        [
            .object([
                AMFProperty("level", "status"),
                AMFProperty("code", "NetConnection.Connect.Success"),
                AMFProperty("description", "Connection succeeded."),
                AMFProperty("objectEncoding", 0),
            ])
        ],
        object: .object([
            AMFProperty("fmsVer", "FMS/3,0,1,123"), AMFProperty("capabilities", 31),
        ]))

    private static let published = command(
        "onStatus", 0,
        [
            .object([
                AMFProperty("level", "status"),
                AMFProperty("code", "NetStream.Publish.Start"),
                AMFProperty("description", "cam1 is now published."),
            ])
        ], stream: 1)

    private static func command(
        _ name: String, _ transaction: Double, _ arguments: [AMFValue], object: AMFValue = .null,
        stream: MessageStreamID = 0
    ) -> Message {
        Command(
            name: name, transaction: transaction, object: object, arguments: arguments,
            messageStreamID: stream
        ).message()
    }

    private static func connectionDetail(at time: DemoTime) -> ConnectionDetail {
        let now = time.nowNanoseconds
        let accepted = DemoTime.before(milliseconds: 7_838_800)
        let media = UInt64(time.wholeSeconds)
        func figures(
            _ direction: Direction, _ id: UInt32, _ use: String, _ messages: UInt64,
            _ chunks: UInt64, _ bytes: UInt64, _ lastAt: UInt64, _ forms: SIMD4<UInt64>
        ) -> ConnectionDetail.ChunkStreamFigures {
            ConnectionDetail.ChunkStreamFigures(
                direction: direction, id: id, use: use, messages: messages, chunks: chunks,
                bytes: bytes, lastAtNanoseconds: lastAt, forms: forms)
        }
        var detail = ConnectionDetail()
        detail.chunkStreams = [
            figures(.inward, 2, "control", 6, 6, 112, now - 21 * Window.second, [6, 0, 0, 0]),
            figures(.inward, 3, "command", 11, 13, 1900, accepted, [8, 3, 0, 2]),
            figures(
                .inward, 4, "audio+video", 828_512 + media * 107, 1_840_000 + media * 238,
                5_870_000_000 + time.grown(atBitsPerSecond: 6_010_000), now,
                [2, 828_510, 0, 1_011_488]),
            figures(
                .outward, 2, "control", 2391, 2391, 38_000, now - Window.second, [2391, 0, 0, 0]),
            figures(.outward, 3, "command", 10, 10, 1400, accepted, [10, 0, 0, 0]),
        ]
        detail.tcp = ConnectionDetail.TCPFigures(
            rttMicroseconds: 14_200, rttVarianceMicroseconds: 1100,
            minimumRTTMicroseconds: 12_800, congestionWindow: 10, segmentSize: 1448,
            unacknowledgedBytes: 0, notSentBytes: 0, retransmits: 0, receiveQueueBytes: 0,
            sendQueueBytes: 0, deliveryBytesPerSecond: 762_500, sendBufferBytes: 87_040,
            receiveBufferBytes: 425_984)
        return detail
    }
}
