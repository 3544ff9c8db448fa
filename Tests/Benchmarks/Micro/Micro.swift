import Monitor
import RTMP
import Relay
import Telemetry

/// What the layers of the hot path cost by themselves, without a socket: `Tests/Benchmarks/micro`.
@main
struct Micro {
    static func main() throws {
        try chunks(of: 4096)
        try chunks(of: 60_000)
        try metadata()
        window(players: 1000)
        stretch()
        eventLines()
        try RecordingBenchmarks.run(messages.compactMap { MediaMessage.classify($0) })
    }

    // MARK: Chunks

    /// A second of 2.6 Mbit/s: 30 frames of video and 43 of audio.
    private static let messages: [Message] = (0..<73).map { number in
        let isVideo = number % 5 < 2
        let type = isVideo ? MessageType.video : .audio
        let first: [UInt8] = isVideo ? [number == 0 ? 0x17 : 0x27, 1, 0, 0, 0] : [0xAF, 1]
        return Message(
            type: type, messageStreamID: 1, timestamp: UInt32(number * 13),
            payload: Payload(first + [UInt8](repeating: 7, count: isVideo ? 10_400 : 370)))
    }

    private static func encoded(chunkSize: UInt32) -> [UInt8] {
        var encoder = ChunkEncoder()
        encoder.chunkSize = chunkSize
        var writer = ByteWriter(reserving: 1 << 20)
        for message in messages {
            encoder.encode(
                message, on: message.type.chunkStreamID(on: 1), number: 0, at: 0, into: &writer)
        }
        return writer.bytes
    }

    private static func chunks(of size: UInt32) throws {
        let bytes = encoded(chunkSize: size)
        Stopwatch.measure("chunk encode, \(size)", units: bytes.count, in: .gigabytesPerSecond) {
            precondition(encoded(chunkSize: size).count == bytes.count)
        }
        try Stopwatch.measure(
            "chunk decode, \(size)", units: bytes.count, in: .gigabytesPerSecond
        ) {
            var decoder = ChunkDecoder(limits: Limits(), startOffset: 0)
            decoder.chunkSize = size
            decoder.isAuthorised = true
            let count = try bytes.withUnsafeBytes { raw in
                var input = ByteCursor(raw)
                var count = 0
                while try decoder.next(&input) != nil { count += 1 }
                return count
            }
            precondition(count == messages.count)
        }
    }

    // MARK: AMF

    private static func metadata() throws {
        let value: AMFValue = [
            "width": 1920, "height": 1080, "framerate": 30, "videocodecid": 7,
            "audiocodecid": 10, "videodatarate": 2500, "audiodatarate": 128, "stereo": true,
            "encoder": "obs-output module (libobs version 30.1.2)",
        ]
        let bytes = AMF0Encoder.bytes([value])
        Stopwatch.measure("AMF0 encode, metadata", units: 1, in: .nanoseconds(per: "object")) {
            precondition(AMF0Encoder.bytes([value]).count == bytes.count)
        }
        try Stopwatch.measure(
            "AMF0 decode, metadata", units: 1, in: .nanoseconds(per: "object")
        ) {
            try bytes.withUnsafeBytes { raw in
                var decoder = AMF0Decoder(limits: Limits())
                var cursor = ByteCursor(raw)
                _ = try decoder.next(&cursor)
            }
        }
    }

    // MARK: Relay

    private static func filled() -> StreamLog {
        var log = StreamLog()
        for message in messages {
            if let media = MediaMessage.classify(message) { log.append(media) }
        }
        return log
    }

    private static func window(players: Int) {
        let media = messages.compactMap { MediaMessage.classify($0) }
        Stopwatch.measure("window, append", units: media.count, in: .nanoseconds(per: "message")) {
            var log = StreamLog()
            for message in media { log.append(message) }
            precondition(log.endSequence == UInt64(media.count))
        }
        let log = filled()
        let joined = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: false)
        Stopwatch.measure(
            "cursor, next", units: players * media.count,
            in: .nanoseconds(per: "message and player")
        ) {
            var sum = 0
            for _ in 0..<players {
                var cursor = joined
                while let message = cursor.next(in: log) { sum &+= message.payload.count }
            }
            precondition(sum > 0)
        }
    }

    private static func stretch() {
        let log = filled()
        var cursor = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: false)
        while cursor.next(in: log) != nil {}
        var longer = log
        let start = log.endSequence
        var stretch = Stretch(at: start)
        for message in messages.suffix(2) {
            guard var media = MediaMessage.classify(message) else { continue }
            media.timestamp &+= 1000
            longer.append(media)
            _ = stretch.extend(with: media)
        }
        let milestone = longer.milestone(at: longer.endSequence)
        Stopwatch.measure(
            "players in step, advance", units: 1000, in: .nanoseconds(per: "player")
        ) {
            for _ in 0..<1000 {
                var player = cursor
                if player.isInStep(with: stretch, publish: longer.startSequence) {
                    player.advance(to: milestone)
                }
            }
        }
    }

    // MARK: Monitor

    private static func eventLines() {
        let writer = EventWriter()
        let kind = Event.Kind.publish(
            12, stream: "live/studio", accepted: true, code: "NetStream.Publish.Start")
        let words = EventWords(kind)
        let entry = JournalEntry(
            wallClockMilliseconds: 1_700_000_000_000, event: Event(atNanoseconds: 5, kind: kind),
            level: words.level, source: words.source, session: words.session, name: words.name,
            detail: words.detail)
        Stopwatch.measure("JSON Lines, events", units: 1, in: .perSecond("lines")) {
            precondition(!writer.line(for: entry).isEmpty)
        }
    }
}
