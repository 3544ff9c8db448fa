import Posix
import RTMP
import RTMPClient
import RTMPServer
import Testing

/// What a probe says of a stream (CLI-11, CLI-15).
@Suite(.timeLimit(.minutes(10))) struct ProberTests {
    /// A probe under way, on a thread of its own.
    private final class Probing {
        private let report = Lock<ProbeReport?>(nil)
        private let thread: Thread

        init(
            _ url: String, _ options: ClientOptions = ClientOptions(), stop: StopSignal? = nil
        ) throws {
            var prober = Prober()
            prober.duration = .seconds(60)
            let stop = try stop ?? StopSignal()
            thread = try Thread.start(name: "probe") { [prober, report] in
                // The URLs of these tests are some.
                let result = try? prober.run(url, options: options, stop: stop)
                report.withLock { $0 = result }
            }
        }

        func end() throws -> ProbeReport {
            thread.join()
            return try #require(report.withLock { $0 })
        }
    }

    private func packet(
        _ kind: MediaPacket.Kind, _ timestamp: UInt32, _ bytes: [UInt8]
    ) throws -> MediaPacket {
        try #require(MediaPacket(kind: kind, timestampMilliseconds: timestamp, bytes: bytes))
    }

    @Test func `a stream is measured in its own time, however it comes`() throws {
        let rig = try TestServer()
        let told = Lock<[String]>([])
        var options = ClientOptions()
        options.narrate = { sentence in told.withLock { $0.append(sentence) } }
        let probing = try Probing(rig.url("live/a"), options)
        _ = try rig.player(of: "live/a")
        let publisher = try Publisher(to: rig.url("live/a"))
        try publisher.send(try packet(.video, 0, TestMedia.avcHeader))
        try publisher.send(try packet(.audio, 0, TestMedia.aacHeader))
        for number in 0..<50 as Range<UInt32> {
            let picture = number % 25 == 0 ? TestMedia.keyframe(1) : TestMedia.frame(1)
            try publisher.send(try packet(.video, number * 40, picture))
            try publisher.send(try packet(.audio, number * 40 + 4, TestMedia.audio(1)))
        }
        publisher.finish()
        let report = try probing.end()
        #expect(report.isPlayable && report.error == nil && report.end != nil)
        let video = try #require(report.tracks.first { $0.kind == .video })
        #expect(video.codec?.codec == "H.264" && video.frames == 50 && video.keyframes == 2)
        #expect(video.framesPerSecond == 25 && video.gopMilliseconds == 1000)
        // The last frame's duration is not known, so its bytes do not count.
        let bytes = 2 * TestMedia.keyframe(1).count + 47 * TestMedia.frame(1).count
        #expect(video.bitsPerSecond == Double(bytes) * 8000 / 1960)
        let audio = try #require(report.tracks.first { $0.kind == .audio })
        #expect(audio.codec?.codec == "AAC-LC" && audio.frames == 50)
        // 4 ms behind at each sound, 36 ahead at each picture but the first.
        #expect(report.videoAheadMilliseconds == Double(49 * 36 - 50 * 4) / 99)
        #expect(report.firstKeyframeAt != nil && report.roundTripMicroseconds != nil)
        let server = try #require(report.server)
        #expect(server.handshakeKind == .simple && server.answer?.serverVersion != nil)
        #expect(server.statuses.contains { $0.code == "NetStream.Play.Start" })
        let words = told.withLock { $0 }
        #expect(words.contains("handshake done: simple"))
        #expect(words.contains { $0.hasPrefix("status NetStream.Play.Start") })
    }

    @Test func `a refusal is told with what the server was until then`() throws {
        let rig = try TestServer { $0.playWaitNanoseconds = 0 }
        let report = try Probing(rig.url("live/none")).end()
        guard case .refused(.play, "NetStream.Play.StreamNotFound", _) = report.error else {
            Issue.record("\(String(describing: report.error))")
            return
        }
        #expect(!report.isPlayable && report.server?.answer != nil)
        #expect(report.server?.startedAt == nil)
    }

    @Test func `a stream without media is silent when the time of the phase is over`() throws {
        let rig = try TestServer()
        var options = ClientOptions()
        options.timeout = .seconds(5)
        let report = try Probing(rig.url("live/none"), options).end()
        #expect(report.error == .stalled(.seconds(5)) && !report.isPlayable)
        #expect(report.server?.startedAt != nil)
    }

    @Test func `a stream that stalls was playable, and has stalled`() throws {
        let rig = try TestServer()
        let publisher = try Publisher(to: rig.url("live/a"))
        try publisher.send(try packet(.video, 0, TestMedia.avcHeader))
        try publisher.send(try packet(.video, 0, TestMedia.keyframe(1)))
        try publisher.wait(for: .milliseconds(1))
        var options = ClientOptions()
        options.stall = .milliseconds(300)
        let report = try Probing(rig.url("live/a"), options).end()
        #expect(report.error == .stalled(.milliseconds(300)) && report.isPlayable)
        publisher.finish()
    }

    @Test func `what was seen until the stop signal counts`() throws {
        let rig = try TestServer()
        let stop = try StopSignal()
        let probing = try Probing(rig.url("live/a"), stop: stop)
        _ = try rig.player(of: "live/a")
        stop.give()
        let report = try probing.end()
        // The answer to play may still be on its way; that to connect came before it was asked for.
        #expect(report.error == nil && report.server?.answeredAt != nil)
    }
}
