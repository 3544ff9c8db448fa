import Posix
import RTMP
import RTMPServer
import Relay
import Telemetry
import Testing

/// A slow player harms only itself (MED-12, T-MED-14).
@Suite(.timeLimit(.minutes(10))) struct SlowPlayerTests {
    private func publish(
        _ frames: Range<Int>, by publisher: TestClient, readBy reader: TestClient
    ) throws {
        for number in frames {
            let isKey = number % 25 == 0
            let mark = UInt8(truncatingIfNeeded: number)
            let payload =
                isKey
                ? TestMedia.keyframe(mark, bytes: 60_000) : TestMedia.frame(mark, bytes: 40_000)
            try publisher.media(.video, UInt32(number) * 40, payload)
            #expect(try reader.nextMedia().payload.bytes == payload)
        }
    }

    @Test(arguments: Transport.allCases)
    func `a player that does not read skips to a keyframe, the others miss nothing`(
        transport: Transport
    ) throws {
        let rig = try TestServer(over: transport) {
            $0.slowLimits = SlowLimits(bytes: 1 << 20, milliseconds: 10_000)
            $0.window = WindowLimits(bytes: 4 << 20, milliseconds: 20_000)
        }
        let slow = try rig.client()
        try slow.play("a")
        let slowID = try rig.player(of: "live/a")
        let quick = try rig.client()
        try quick.play("a")
        let publisher = try rig.client()
        try publisher.publish("a")

        var frames = 0
        let probe = try rig.poll("probe") { rig.probes[slowID] }
        // What the kernel takes differs: go on until the player is behind by more than its limit.
        while probe.skippedVideo.read() == 0, frames < 2500 {
            try publish(frames..<frames + 25, by: publisher, readBy: quick)
            frames += 25
            rig.collect()
        }
        #expect(probe.skippedVideo.read() > 0)
        #expect(probe.queueBytes.read() < 3 << 20)
        // Left to itself the kernel takes more than that for a peer that does not read.
        #expect(probe.bytesOut.read() < 2 << 20)

        // It reads again: what it had, then a gap that ends at a keyframe, then no gap.
        try publish(frames..<frames + 50, by: publisher, readBy: quick)
        frames += 50
        let last = TestMedia.frame(UInt8(truncatingIfNeeded: frames - 1), bytes: 40_000)
        var previous: Int?
        var gaps = 0
        while true {
            let message = try slow.nextMedia()
            let number = Int(message.timestamp / 40)
            if let previous, number != previous + 1 {
                gaps += 1
                #expect(message.payload.bytes[0] == 0x17, "a gap ends at a keyframe")
            }
            previous = number
            if message.payload.bytes == last, number == frames - 1 { break }
        }
        #expect(gaps >= 1)
    }

    @Test func `a player that still takes the GOP it began with loses nothing of it to the next`()
        throws
    {
        let rig = try TestServer {
            $0.threads = 1
            $0.slowLimits = SlowLimits(bytes: 64 << 20, milliseconds: 60_000)
        }
        let quick = try rig.client()
        try quick.play("a")
        // Served beside the first, and gone: whoever comes next is served in its place.
        let other = try rig.client()
        try other.play("a")
        let publisher = try rig.client()
        try publisher.publish("a")
        func publish(_ frames: Range<Int>) throws {
            for number in frames {
                try publisher.media(.video, UInt32(number) * 40, payload(number))
                _ = try quick.nextMedia()
            }
            try publisher.ping(UInt32(frames.upperBound))
        }
        func payload(_ number: Int) -> [UInt8] {
            let mark = UInt8(truncatingIfNeeded: number)
            return number % 100 == 0
                ? TestMedia.keyframe(mark, bytes: 60_000) : TestMedia.frame(mark, bytes: 60_000)
        }
        try publish(0..<1)
        _ = try other.nextMedia()
        try publish(1..<100)
        try other.command("deleteStream", 0, [.number(1)])
        try other.ping()

        let late = try rig.client()
        try late.play("a")
        try publish(100..<110)
        for number in 0..<110 {
            let message = try late.nextMedia()
            try #require(message.timestamp == UInt32(number) * 40)
            let isWhole = message.payload.bytes == payload(number)
            #expect(isWhole)
        }
    }

    @Test func `with the disconnect policy a slow player is ended`() throws {
        let rig = try TestServer {
            $0.slowLimits = SlowLimits(bytes: 1 << 20, milliseconds: 10_000)
            $0.window = WindowLimits(bytes: 4 << 20, milliseconds: 20_000)
            $0.slowPolicy = .disconnect
        }
        let slow = try TestClient(port: rig.port)
        try slow.play("a")
        let slowID = try rig.player(of: "live/a")
        let quick = try TestClient(port: rig.port)
        try quick.play("a")
        let publisher = try TestClient(port: rig.port)
        try publisher.publish("a")
        var frames = 0
        func isClosed() -> Bool {
            rig.collect()
            return rig.events.contains { event in
                if case .close(slowID, _) = event.kind { return true }
                return false
            }
        }
        while !isClosed(), frames < 2500 {
            try publish(frames..<frames + 25, by: publisher, readBy: quick)
            frames += 25
        }
        #expect(try rig.closeReport(of: slowID).why == "slow-player")
    }
}
