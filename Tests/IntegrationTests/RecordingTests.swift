import Foundation
import Posix
import RTMP
import RTMPClient
import RTMPServer
import Recording
import Relay
import Telemetry
import Testing

/// What is published is recorded: server, recorder and client together.
@Suite struct RecordingTests {
    private struct Packet: Equatable {
        var kind: MediaPacket.Kind
        var timestamp: UInt32
        var bytes: [UInt8]
    }

    /// A server that records, and what its recordings told.
    private final class Rig {
        let folder: TemporaryFolder
        let server: TestServer
        let recordings: Recordings
        private let registry = ProbeRegistry()
        private var lanes: [Lanes] = []
        private(set) var told: [Event.Kind] = []

        init(segmentMilliseconds: UInt32? = nil, recordsAll: Bool = true, folder name: String = "r")
            throws
        {
            folder = try TemporaryFolder()
            let recordings = try Recordings(
                Recordings.Options(
                    folder: folder.path(name), recordsAll: recordsAll,
                    writer: RecordingWriter.Options(segmentMilliseconds: segmentMilliseconds)),
                registry: registry)
            self.recordings = recordings
            server = try TestServer { $0.sinks = { recordings.sinks(for: $0) } }
        }

        func publish(_ tags: [FLVTag], as stream: String) throws {
            let source = folder.path("source.flv")
            try File.create(source).writeAll(FLVSample.flv(tags))
            var sender = FLVSender(path: source)
            sender.isFast = true
            let sent = try sender.run(to: server.url(stream), stop: StopSignal())
            #expect(sent.packets == UInt64(tags.count) && sent.dropped == 0)
        }

        /// Ends the server, then the recordings.
        func finish() {
            server.stop()
            recordings.finish(withinNanoseconds: 10_000_000_000)
            collect()
        }

        func collect() {
            lanes += registry.takeNewLanes()
            for lane in lanes {
                while let event = lane.events.take() { told.append(event.kind) }
            }
        }

        func wait(_ what: String, _ isIt: (Event.Kind) -> Bool) throws {
            _ = try server.poll(what) {
                collect()
                return told.contains(where: isIt) ? true : nil
            }
        }

        /// The tags of every file in order, and what it says of its duration in milliseconds.
        func files() throws -> [(tags: [FLVTag], duration: Double)] {
            let names = try Folder.names(in: folder.path("r"))
            #expect(names.allSatisfy { $0.hasSuffix(".flv") })
            return try names.map { name in
                let tags = try FLVSample.tags(
                    of: try File.readAll(folder.path("r/\(name)"), limit: 64 << 20))
                let values = try #require(tags.first).payload.withUnsafeBytes {
                    try AMF0Decoder.values(of: $0, limits: Limits())
                }
                return (tags, (values[1]["duration"]?.number ?? 0) * 1000)
            }
        }
    }

    private func media(_ tags: [FLVTag]) throws -> [Packet] {
        try tags.filter { $0.type != .dataAMF0 }.map { tag in
            let packet = try #require(MediaPacket(tag))
            return Packet(
                kind: packet.kind, timestamp: packet.timestampMilliseconds, bytes: packet.bytes)
        }
    }

    @Test(arguments: FLVSample.allCases)
    func `what is published stands in the file, packet by packet`(sample: FLVSample) throws {
        let rig = try Rig()
        try rig.publish(sample.tags, as: "live/film")
        rig.finish()
        let files = try rig.files()
        #expect(files.count == 1)
        let file = try #require(files.first)
        func sorted(_ packets: [Packet]) -> [Packet] {
            // Headers stand in the order of MED-9, all before the first frame.
            packets.enumerated().sorted {
                ($0.element.timestamp, $0.element.kind == .audio ? 0 : 1, $0.offset)
                    < ($1.element.timestamp, $1.element.kind == .audio ? 0 : 1, $1.offset)
            }.map(\.element)
        }
        #expect(try sorted(media(file.tags)) == sorted(media(sample.tags)))
        #expect(file.duration > 3900)
    }

    @Test func `segments together are the film, without a frame lost or doubled`() throws {
        let rig = try Rig(segmentMilliseconds: 1000)
        try rig.publish(FLVSample.reordered.tags, as: "live/film")
        rig.finish()
        let files = try rig.files()
        #expect(files.count == 4)
        func frames(_ tags: [FLVTag]) throws -> [[UInt8]] {
            try media(tags).map(\.bytes).filter { $0[1] != 0 }
        }
        #expect(
            try files.flatMap { try frames($0.tags) } == frames(FLVSample.reordered.tags))
        for file in files { #expect(try media(file.tags).first?.timestamp == 0) }
    }

    @Test func `a folder that cannot be leaves the stream unharmed`() throws {
        let rig = try Rig(folder: "source.flv/r")
        try rig.publish(FLVSample.reordered.tags, as: "live/film")
        rig.finish()
        #expect(
            rig.told.contains {
                if case .recordFail(_, _, let why) = $0 {
                    why == "mkdir: Not a directory" || why == "open: Not a directory"
                } else {
                    false
                }
            })
    }

    @Test func `a stream is recorded from its window on, and no longer when that is not wanted`()
        throws
    {
        let rig = try Rig(recordsAll: false)
        let publisher = try Publisher(to: rig.server.url("live/film"))
        func send(_ bytes: [UInt8], _ kind: MediaPacket.Kind, _ time: UInt32) throws {
            try publisher.send(
                #require(
                    MediaPacket(kind: kind, timestampMilliseconds: time, bytes: bytes)))
            // Sends what it gathered.
            try publisher.wait(for: .milliseconds(1))
        }
        try send(TestMedia.avcHeader, .video, 0)
        try send(TestMedia.keyframe(0), .video, 0)
        try send(TestMedia.frame(1), .video, 40)
        _ = try rig.server.publisher(of: "live/film")
        let recordings = rig.recordings
        let probe = try rig.server.poll("three messages") { () -> Bool? in
            let probes = rig.server.probes.values
            return probes.contains { $0.videoFrames.read() == 2 } ? true : nil
        }
        #expect(probe)
        rig.server.server.control.attach(to: "live/film") { recordings.begin($0) }
        try rig.wait("a start") { if case .recordStart = $0 { true } else { false } }
        // A second wish changes nothing.
        rig.server.server.control.attach(to: "live/film") { recordings.begin($0) }
        try send(TestMedia.frame(2), .video, 80)
        _ = try rig.server.poll("a third frame") {
            rig.server.probes.values.contains { $0.videoFrames.read() == 3 } ? true : nil
        }
        #expect(recordings.stop(streamNamed: "live/film"))
        try rig.wait("the end") {
            if case .recordEnd(_, _, files: 1, why: "stopped") = $0 { true } else { false }
        }
        #expect(!recordings.stop(streamNamed: "live/film"))
        try send(TestMedia.frame(3), .video, 120)
        publisher.finish()
        rig.finish()
        let files = try rig.files()
        #expect(files.count == 1)
        #expect(try media(files[0].tags).map(\.timestamp) == [0, 0, 40, 80])
    }

    @Test func `a stream nobody publishes is said to be none`() throws {
        let rig = try Rig(recordsAll: false)
        let recordings = rig.recordings
        rig.server.server.control.attach(to: "live/none") { recordings.begin($0) }
        try rig.server.wait("a note") { kind in
            if case .note(.warn, source: "admin", "nobody publishes live/none") = kind {
                true
            } else {
                nil
            }
        }
        rig.finish()
    }

    @Test func `a publisher that takes over begins a file of its own`() throws {
        let rig = try Rig()
        for _ in 0..<2 { try rig.publish(FLVSample.videoOnly.tags, as: "live/film") }
        rig.finish()
        #expect(try rig.files().count == 2)
    }
}
