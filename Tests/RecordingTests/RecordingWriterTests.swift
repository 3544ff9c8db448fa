import Posix
import RTMP
import Telemetry
import Testing

@testable import Recording

/// A writer on a fake disk, its time in the hands of the test.
private final class Rig {
    let disk = FakeDisk()
    let probe = RecordingProbe(stream: "live/cam")
    var told: [String] = []
    var now: UInt64 = 0
    private var writer: RecordingWriter?

    init(segmentMilliseconds: UInt32? = nil) {
        writer = RecordingWriter(
            StreamKey(app: "live", name: "cam"),
            RecordingWriter.Options(segmentMilliseconds: segmentMilliseconds), on: disk,
            probe: probe, tell: { [unowned self] in told.append(Self.words($0)) },
            now: { [unowned self] in (now, Int64(now / 1_000_000)) })
    }

    func take(_ messages: [MediaMessage]) {
        for message in messages { writer?.take(message) }
        writer?.flush()
    }

    func end() { writer?.end(why: "ended") }

    func content(_ number: Int) -> Content { Content(disk.finished["disk/\(number).flv"] ?? []) }

    private static func words(_ kind: Event.Kind) -> String {
        switch kind {
        case .recordStart(_, let path): "start \(path)"
        case .recordSegment(_, let file, let next): "segment \(file.path) \(next)"
        case .recordEnd(_, let file, let files, let why):
            "end \(file.path) \(file.milliseconds) \(files) \(why)"
        case .recordFail(_, let file, let why): "fail \(file.path) \(why)"
        default: "?"
        }
    }
}

@Suite struct RecordingWriterTests {
    private let headers: [MediaMessage] = [
        .metadata([MediaMessage.width], at: 0), .videoHeader(at: 0), .audioHeader(at: 0),
    ]

    /// A second of 25 frames, with sound between.
    private func second(_ start: UInt32) -> [MediaMessage] {
        (0..<25 as Range<UInt32>).flatMap { number -> [MediaMessage] in
            let time = start + number * 40
            return [
                number == 0 ? .keyframe(at: time) : .inter(at: time), .audio(at: time + 20),
            ]
        }
    }

    @Test func `metadata, headers, then media from the first keyframe, from time 0 (FLV-1)`() {
        let rig = Rig()
        rig.take(headers + [.audio(at: 4900), .inter(at: 4960), .audio(at: 4980)])
        rig.take(second(5000))
        rig.end()
        let content = rig.content(0)
        #expect(
            content.items.prefix(5) == [
                Item("metadata", 0), Item("audio header 16", 0), Item("video header 31", 0),
                Item("keyframe", 0), Item("audio", 20),
            ])
        #expect(content.items.count == 3 + 50)
        #expect(content.items.last == Item("audio", 980))
        #expect(content["width"] == 640)
    }

    @Test func `sound right before the first keyframe of the stream is in the film`() {
        let rig = Rig()
        rig.take(headers + [.audio(at: 3000), .audio(at: 4980)] + second(5000))
        rig.end()
        let content = rig.content(0)
        #expect(content.items.dropFirst(3).prefix(2) == [Item("audio", 0), Item("keyframe", 20)])
        #expect(content.items.count == 3 + 51)
    }

    @Test func `duration, size and index are written at the end (FLV-2)`() throws {
        let rig = Rig()
        rig.take(headers + second(0) + second(1000))
        #expect(rig.disk.finished.isEmpty)
        rig.end()
        let content = rig.content(0)
        #expect(content["duration"] == 2.02)
        #expect(content["filesize"] == rig.disk.finished["disk/0.flv"].map { Double($0.count) })
        #expect(content["lastkeyframetimestamp"] == 1)
        let times = try #require(content.metadata?["keyframes"]?["times"])
        #expect(times == .strictArray([0, 1]))
        #expect(content.file.isWhole)
        #expect(rig.told == ["start disk/0.flv", "end disk/0.flv 2020 1 ended"])
        #expect(rig.probe.milliseconds.read() == 2020)
    }

    @Test func `segments begin at keyframes, and together are what came`() {
        let rig = Rig(segmentMilliseconds: 1500)
        let media = (0..<6).flatMap { second(UInt32($0) * 1000) }
        rig.take(headers + media)
        rig.end()
        #expect(rig.disk.finished.count == 3)
        var joined: [[UInt8]] = []
        for number in 0..<3 {
            let content = rig.content(number)
            #expect(
                content.items.prefix(4) == [
                    Item("metadata", 0), Item("audio header 16", 0), Item("video header 31", 0),
                    Item("keyframe", 0),
                ])
            #expect(content["duration"] == 2.02)
            #expect(content.file.isWhole)
            joined += content.payloads.dropFirst(3)
        }
        #expect(joined == media.map(\.payload.bytes))
        #expect(
            rig.told == [
                "start disk/0.flv", "segment disk/0.flv disk/1.flv",
                "segment disk/1.flv disk/2.flv", "end disk/2.flv 2020 3 ended",
            ])
    }

    @Test func `a new header within a file stands in the next one too`() {
        let rig = Rig(segmentMilliseconds: 1000)
        rig.take(headers + second(0) + [.videoHeader(0x28, at: 1000)] + second(1000))
        rig.take(second(2000))
        rig.end()
        #expect(rig.content(0).items.last == Item("video header 40", 1000))
        #expect(rig.content(1).items.contains(Item("video header 40", 0)))
        #expect(!rig.content(2).items.contains { $0.word == "video header 31" })
        #expect(rig.content(2).items.contains(Item("video header 40", 0)))
    }

    @Test func `sound alone is cut anywhere`() {
        let rig = Rig(segmentMilliseconds: 1000)
        let media = (0..<100).map { MediaMessage.audio(at: UInt32($0) * 23) }
        rig.take([.audioHeader(at: 0)] + media)
        rig.end()
        #expect(rig.disk.finished.count == 3)
        #expect(rig.content(1).items.dropFirst(2).first == Item("audio", 0))
    }

    @Test func `video that was announced and stays away holds nothing up for long`() {
        let rig = Rig()
        rig.take([.videoHeader(at: 0), .audioHeader(at: 0)])
        rig.take((0..<600).map { .audio(at: $0 * 20) })
        rig.end()
        #expect(rig.content(0).items.dropFirst(3).first == Item("audio", 0))
        // Ten seconds are waited, the last of which is not lost.
        #expect(rig.content(0).items.count == 3 + 50 + 100)
    }

    @Test func `a full disk ends the file with what it took, and is tried again later`() {
        let rig = Rig()
        rig.take(headers + second(0))
        rig.disk.room = 100
        rig.take(second(1000))
        #expect(
            rig.told == [
                "start disk/0.flv", "fail disk/0.flv write: No space left on device",
            ])
        let content = rig.content(0)
        #expect(content["duration"] == 1.02)
        #expect(content.items.count == 3 + 50)
        #expect(content.file.isWhole)
        #expect(rig.probe.facts.take()?.state == .failed)
        // Too soon; then still full, which is not told again; then there is room.
        rig.take(second(2000))
        rig.now += 11_000_000_000
        rig.take(second(3000))
        #expect(rig.disk.files[1].isDiscarded)
        rig.disk.room = .max
        rig.now += 11_000_000_000
        rig.take(second(4000))
        rig.end()
        #expect(rig.told.count == 4)
        #expect(rig.told.suffix(2) == ["start disk/2.flv", "end disk/2.flv 1020 2 ended"])
        #expect(rig.content(2).items.prefix(4).last == Item("keyframe", 0))
    }

    @Test func `a folder that takes no file is told of, and the next segment tries again`() {
        let rig = Rig(segmentMilliseconds: 1000)
        rig.take(headers + second(0))
        rig.disk.refusesFiles = true
        rig.take(second(1000))
        rig.disk.refusesFiles = false
        rig.now += 1_000_000_000
        rig.take(second(2000))
        rig.end()
        #expect(
            rig.told == [
                "start disk/0.flv", "end disk/0.flv 1020 1 failed",
                "fail disk open: Permission denied", "start disk/1.flv",
                "end disk/1.flv 1020 2 ended",
            ])
    }

    @Test func `without a frame there is no file`() {
        let rig = Rig()
        rig.take(headers + [.inter(at: 0), .audio(at: 0)])
        rig.end()
        #expect(rig.disk.files.isEmpty)
        #expect(rig.told.isEmpty)
        #expect(rig.probe.facts.take()?.state == .ended)
    }
}
