import Console
import Monitor
import Posix
import RTMP
import RTMPServer
import Relay
import Telemetry
import Testing

/// What was sent, what `stats.*` says and what stands on the screen are the same numbers.
@Suite(.timeLimit(.minutes(10))) struct TruthTests {
    /// The lines of `stats.*`, as a reader of standard output gets them.
    private func statistics(of snapshot: Snapshot) -> [String] {
        var writer = EventWriter()
        _ = writer.lines(of: snapshot)
        return writer.statistics(of: snapshot).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `bytes, frames and windows agree at the socket, in stats and on the screen`() throws
    {
        let watched = try WatchedServer()
        let player = try TestClient(port: watched.port)
        try player.play("a")
        let publisher = try TestClient(port: watched.port)
        try publisher.publish("a")
        for number in UInt8(0)..<40 {
            let isKey = number % 10 == 0
            try publisher.media(
                .video, UInt32(number) * 40,
                isKey ? TestMedia.keyframe(number, bytes: 9000) : TestMedia.frame(number))
            try publisher.media(.audio, UInt32(number) * 40, TestMedia.audio(number))
        }
        var played = 0
        while played < 80 {
            _ = try player.nextMedia()
            played += 1
        }
        watched.sampler.setInspected([1, 2])
        let snapshot = try watched.wait { snapshot in
            // A worker counts one after the other, a reader may come between two.
            snapshot.session(1)?.bytesOut == player.bytesReceived
                && snapshot.session(1)?.audioFrames == 40
                && snapshot.session(1)?.videoFrames == 40
                && snapshot.session(2)?.bytesIn == publisher.bytesSent
                && snapshot.session(2)?.audioFrames == 40
                && snapshot.session(2)?.keyframes == 4
        }

        let playing = try #require(snapshot.session(1))
        let publishing = try #require(snapshot.session(2))
        #expect(playing.bytesIn == player.bytesSent)
        #expect(publishing.bytesOut == publisher.bytesReceived)
        #expect(playing.videoFrames == 40 && playing.audioFrames == 40)
        #expect(publishing.keyframes == 4)
        #expect(publishing.gopMilliseconds == 400)
        #expect(playing.unacknowledgedOut == player.bytesReceived)
        #expect(playing.windowOut == 2_500_000)
        #expect(snapshot.server.bytesIn == player.bytesSent + publisher.bytesSent)

        let lines = statistics(of: snapshot)
        let playerLine = try #require(
            lines.first { $0.contains("stats.session") && $0.contains("\"s\":1,") })
        let publisherLine = try #require(
            lines.first { $0.contains("stats.session") && $0.contains("\"s\":2,") })
        for (line, words) in [
            (
                playerLine,
                [
                    "\"in_b\":\(player.bytesSent),", "\"out_b\":\(player.bytesReceived),",
                    "\"ack_out\":\(player.bytesReceived),", "\"win_out\":2500000",
                    "\"role\":\"play\"", "\"stream\":\"live/a\"", "\"drop\":0",
                ]
            ),
            (
                publisherLine,
                [
                    "\"in_b\":\(publisher.bytesSent),", "\"out_b\":\(publisher.bytesReceived),",
                    "\"gop_ms\":400", "\"role\":\"pub\"",
                ]
            ),
        ] {
            for word in words { #expect(line.contains(word), "\(word) in \(line)") }
        }

        let inspector = try SnapshotText.render(
            snapshot, view: "#1", width: 120, height: 40, format: .text)
        #expect(inspector.contains("sent \(Format.bytes(player.bytesReceived))"))
        #expect(inspector.contains("got \(Format.bytes(player.bytesSent))"))
        #expect(inspector.contains("video 40  audio 40"))
        let overview = try SnapshotText.render(
            snapshot, view: "overview", width: 120, height: 40, format: .text)
        #expect(overview.contains("in \(Format.bytes(snapshot.server.bytesIn))"))
        #expect(overview.contains("out \(Format.bytes(snapshot.server.bytesOut))"))
    }

    @Test func `LATE is what a message came later than its media time`() throws {
        let watched = try WatchedServer()
        let publisher = try TestClient(port: watched.port)
        try publisher.publish("a")
        try publisher.media(.video, 0, TestMedia.keyframe(0, bytes: 9000))
        try publisher.media(.video, 10_000, TestMedia.frame(1))
        let early = try watched.wait { $0.session(1)?.videoFrames == 2 }
        #expect(early.session(1)?.lateNanoseconds == 0)
        // Nothing for at least 300 ms, and then what should have come after 40.
        try watched.wait { ($0.session(1)?.idleNanoseconds ?? 0) >= 300_000_000 }
        try publisher.media(.video, 10_040, TestMedia.frame(2))
        try watched.wait {
            $0.session(1)?.videoFrames == 3
                && ($0.session(1)?.lateNanoseconds ?? 0) >= 260_000_000
        }
    }

    @Test func `timestamps that jump or go back are counted, and told with both values`() throws {
        let watched = try WatchedServer()
        let publisher = try TestClient(port: watched.port)
        try publisher.publish("a")
        try publisher.media(.video, 0xFFFF_FFF0, TestMedia.keyframe(0, bytes: 9000))
        // The wrap is none.
        try publisher.media(.video, 24, TestMedia.frame(1))
        try publisher.media(.video, 1024, TestMedia.frame(2))
        try publisher.media(.video, 5000, TestMedia.frame(3))
        try publisher.media(.video, 4960, TestMedia.frame(4))
        let snapshot = try watched.wait {
            $0.session(1)?.videoFrames == 5 && ($0.session(1)?.timestampBacks ?? 0) > 0
        }
        #expect(snapshot.session(1)?.timestampJumps == 1)
        #expect(snapshot.session(1)?.timestampBacks == 1)
        // Events come another way than figures.
        try watched.wait { snapshot in
            let journal = snapshot.journal
            let told = (journal.firstNumber..<journal.endNumber).compactMap { journal[$0] }
                .first { $0.name == "media.jump" }
            return told?.detail == "live/a video 1024 -> 5000, 4.0 s"
        }
    }

    @Test func `the queues of the kernel are those of the socket`() throws {
        let watched = try WatchedServer()
        let player = try TestClient(port: watched.port)
        try player.play("a")
        let publisher = try TestClient(port: watched.port)
        try publisher.publish("a")
        for number in UInt8(0)..<60 {
            try publisher.media(
                .video, UInt32(number) * 40,
                number % 6 == 0
                    ? TestMedia.keyframe(number, bytes: 80_000)
                    : TestMedia.frame(number, bytes: 80_000))
        }
        // The player reads nothing: what its own kernel has no room for stays in ours.
        try watched.wait { snapshot in
            guard let row = snapshot.session(1) else { return false }
            return row.sendQueueBytes ?? 0 > 0 && row.congestionWindow ?? 0 > 0
                && row.receiveQueueBytes == 0
        }
        // Nor the publisher, whose kernel has room for the few bytes it is sent.
        try watched.wait { $0.session(2)?.sendQueueBytes == 0 }
        while true {
            if try player.nextMedia().timestamp == 59 * 40 { break }
        }
        // Its bytes stand still, and its queue is looked at again.
        try watched.wait {
            $0.session(1)?.sendQueueBytes == 0 && $0.session(1)?.unacknowledgedBytes == 0
        }
    }

    @Test func `what a skipping player lost is counted once, the same everywhere`() throws {
        let watched = try WatchedServer {
            $0.slowLimits = SlowLimits(bytes: 1 << 20, milliseconds: 10_000)
        }
        let player = try TestClient(port: watched.port)
        try player.play("a")
        let publisher = try TestClient(port: watched.port)
        try publisher.publish("a")
        // Whole GOPs of half a megabyte: the kernel takes some, the rest passes the limit.
        for number in UInt8(0)..<120 {
            let isKey = number % 6 == 0
            try publisher.media(
                .video, UInt32(number) * 40,
                isKey
                    ? TestMedia.keyframe(number, bytes: 80_000)
                    : TestMedia.frame(number, bytes: 80_000))
        }
        try watched.wait { snapshot in
            guard let row = snapshot.session(1), row.skippedVideo > 0 else { return false }
            return (row.isSlow || row.queueBytes > 0) && snapshot.session(2)?.videoFrames == 120
        }
        try publisher.media(.video, 120 * 40, TestMedia.keyframe(120, bytes: 10))
        var received = 0
        while true {
            let message = try player.nextMedia()
            received += 1
            if message.timestamp == 120 * 40 { break }
        }
        let snapshot = try watched.wait { snapshot in
            guard let row = snapshot.session(1) else { return false }
            return row.bytesOut == player.bytesReceived && row.videoFrames >= received
                && Int(row.skippedVideo) + received >= 121
        }
        let row = try #require(snapshot.session(1))
        #expect(Int(row.skippedVideo) + received == 121)
        #expect(Int(row.videoFrames) == received)
        let told = (snapshot.journal.firstNumber..<snapshot.journal.endNumber).reduce(0) {
            guard case .drop(1, _, let frames, _) = snapshot.journal[$1]?.event.kind else {
                return $0
            }
            return $0 + Int(frames)
        }
        #expect(told == Int(row.skippedVideo))
        let line = try #require(
            statistics(of: snapshot).first {
                $0.contains("stats.session") && $0.contains("\"s\":1,")
            })
        #expect(line.contains("\"drop\":\(row.skippedVideo)"))
    }
}
