import Posix
import RTMP
import RTMPServer
import Telemetry
import Testing

/// A publisher that nobody plays or watches is read now and then: nobody can tell by what they get.
@Suite(.timeLimit(.minutes(10))) struct RestTests {
    private let rig: TestServer
    private let publisher: TestClient
    private let frames: Int

    /// Publishes alone for longer than it takes until a publisher rests.
    init() throws {
        rig = try TestServer(wantsFigures: false) { $0.threads = 2 }
        publisher = try rig.client()
        try publisher.publish("a")
        let start = Clock.monotonicNanoseconds()
        var frames = 0
        while frames < 80 {
            try publisher.media(.video, UInt32(frames) * 20, Self.payload(frames))
            frames += 1
            let next = start + UInt64(frames) * 20_000_000
            _ = try rig.poll("time of frame \(frames)") {
                Clock.monotonicNanoseconds() >= next ? true : nil
            }
        }
        self.frames = frames
    }

    private static func payload(_ number: Int) -> [UInt8] {
        let mark = UInt8(truncatingIfNeeded: number)
        return number % 50 == 0 ? TestMedia.keyframe(mark) : TestMedia.frame(mark)
    }

    @Test(arguments: 1...3)
    func `whoever comes to play gets all from the newest keyframe on`(players: Int) throws {
        // They come to both workers.
        var all: [TestClient] = []
        for _ in 0..<players {
            let player = try rig.client()
            #expect(try player.play("a") == "NetStream.Play.Start")
            all.append(player)
        }
        for number in frames..<frames + 45 {
            try publisher.media(.video, UInt32(number) * 20, Self.payload(number))
        }
        let first = frames / 50 * 50
        for player in all {
            for number in first..<frames + 45 {
                let message = try player.nextMedia()
                #expect(message.timestamp == UInt32(number - first) * 20)
                #expect(message.payload.bytes == Self.payload(number))
            }
        }
    }

    @Test func `more than is read in a turn is read before the next look`() throws {
        let large = (frames..<frames + 12).map { TestMedia.frame(UInt8($0 % 256), bytes: 60_000) }
        let player = try rig.client()
        try player.play("a")
        let first = frames / 50 * 50
        for number in first..<frames {
            #expect(try player.nextMedia().payload.bytes == Self.payload(number))
        }
        for (index, payload) in large.enumerated() {
            try publisher.media(.video, UInt32(frames + index) * 20, payload)
        }
        for payload in large { #expect(try player.nextMedia().payload.bytes == payload) }
    }

    @Test func `the end of its stream is noticed`() throws {
        try publisher.command("deleteStream", 0, [.number(1)])
        try publisher.ping()
        try rig.wait("end of the stream") { kind in
            if case .streamEnd(let stream, let why) = kind {
                #expect(stream.description == "live/a")
                #expect(why == "unpublish")
                return true
            }
            return nil
        }
        // It is read as any other from there on.
        try publisher.command("publish", 6, [.text("b"), "live"], on: 1)
        #expect(try publisher.expectStatus() == "NetStream.Publish.Start")
    }

    @Test func `it is closed as any other`() throws {
        let id = try rig.publisher(of: "live/a")
        rig.server.control.close(id)
        try publisher.waitForEnd()
        #expect(try rig.closeReport(of: id).who == .admin)
    }
}
