import Posix
import RTMP
import Recording
import Relay
import Telemetry

/// What recordings cost: the format, the disk, and whoever publishes.
enum RecordingBenchmarks {
    static func run(_ media: [MediaMessage]) throws {
        let bytes = flv(media)
        Stopwatch.measure("FLV write", units: bytes.count, in: .gigabytesPerSecond) {
            precondition(flv(media).count == bytes.count)
        }
        try Stopwatch.measure("FLV read", units: bytes.count, in: .gigabytesPerSecond) {
            let tags = try bytes.withUnsafeBytes { raw in
                var reader = FLVReader()
                var cursor = ByteCursor(raw)
                var tags = 0
                while try reader.next(&cursor) != nil { tags += 1 }
                return tags
            }
            precondition(tags > media.count)
        }
        try file(media)
        try sink(media)
    }

    private static func flv(_ media: [MediaMessage]) -> [UInt8] {
        var writer = FLVWriter()
        var bytes = ByteWriter(reserving: 1 << 20)
        for message in media { writer.write(message, into: &bytes) }
        return bytes.bytes
    }

    /// A recording into a file system, a second of media at a time as its thread writes it.
    private static func file(_ media: [MediaMessage]) throws {
        let folder = RecordingFolder("/tmp/rtmp-top-benchmark-\(Clock.monotonicNanoseconds())")
        let size = media.reduce(0) { $0 + $1.payload.count }
        Stopwatch.measure("recording, into /tmp", units: 100 * size, in: .gigabytesPerSecond) {
            var writer = RecordingWriter(
                StreamKey(app: "live", name: "bench"), RecordingWriter.Options(), on: folder,
                probe: RecordingProbe(stream: "live/bench"), tell: { _ in })
            for second in 0..<100 as Range<UInt32> {
                for var message in media {
                    message.timestamp &+= second * 1000
                    writer.take(message)
                }
                writer.flush()
            }
            writer.end(why: "ended")
        }
        for name in try Folder.names(in: folder.path) {
            try Folder.remove(folder.path + "/" + name)
        }
    }

    /// What the publisher's worker pays for a message, with a recorder that cannot write and so keeps
    /// nobody busy beside it: the queue fills up to its bound and is then skipped.
    private static func sink(_ media: [MediaMessage]) throws {
        let recordings = try Recordings(
            Recordings.Options(folder: "/dev/null/none", recordsAll: true),
            registry: ProbeRegistry())
        guard let sink = recordings.sinks(for: StreamKey(app: "live", name: "bench")).first else {
            return
        }
        var log = StreamLog()
        for message in media { log.append(message) }
        Stopwatch.measure(
            "recording, to the publisher", units: media.count, in: .nanoseconds(per: "message")
        ) {
            for message in media { precondition(sink.take(message, in: log)) }
        }
        sink.end()
        recordings.finish(withinNanoseconds: 1_000_000_000)
    }
}
