import RTMP
import Relay
import Testing

/// A stream over a day, by a clock that the test turns (MED-9, MED-11).
@Suite struct LongTimeTests {
    private static let hour = 3600
    private static let day = 24 * hour

    /// A publisher that sends a keyframe, an audio frame and an inter frame a second.
    private struct Broadcast {
        private var stream = LiveStream(
            key: StreamKey(app: "live", name: "tower"), limits: WindowLimits())
        private var elapsedSeconds = 0
        private var publisher: PublisherID = 0
        private var encoderClock: UInt32 = 0

        /// A new connection takes the stream over; its encoder's clock shows that.
        mutating func publish(clock: UInt32) {
            publisher += 1
            encoderClock = clock
            _ = stream.requestPublish(
                by: publisher, nowNanoseconds: nowNanoseconds, policy: .replace)
        }

        private var nowNanoseconds: UInt64 { UInt64(elapsedSeconds) * 1_000_000_000 }

        func join() -> PlayerCursor {
            PlayerCursor(joining: stream.log, usesGOPCache: true, acceptsEnhanced: true)
        }

        mutating func sendSecond() {
            for message: MediaMessage in [
                .keyframe(at: encoderClock), .audio(at: encoderClock &+ 10),
                .inter(at: encoderClock &+ 500),
            ] {
                _ = stream.append(message, by: publisher, nowNanoseconds: nowNanoseconds)
            }
            elapsedSeconds += 1
            encoderClock &+= 1000
        }

        func deliver(to player: inout PlayerCursor) -> [Delivery] {
            player.all(in: stream.log)
        }

        static func second(at milliseconds: Int) -> [Delivery] {
            let time = UInt32(milliseconds)
            return [
                Delivery(.keyframe, time), Delivery(.audio, time + 10),
                Delivery(.inter, time + 500),
            ]
        }
    }

    @Test func `a day has its milliseconds though the encoder's clock wraps at noon (T-MED-12)`() {
        var broadcast = Broadcast()
        let noon = 12 * Self.hour
        broadcast.publish(clock: 0 &- UInt32(noon * 1000))
        var early = broadcast.join()
        var wrongSeconds: [Int] = []
        for second in 0..<noon {
            broadcast.sendSecond()
            if broadcast.deliver(to: &early) != Broadcast.second(at: second * 1000) {
                wrongSeconds.append(second)
            }
        }
        // Begins with the last second before the wrap, at 0.
        var late = broadcast.join()
        #expect(broadcast.deliver(to: &late) == Broadcast.second(at: 0))
        for second in noon..<Self.day {
            broadcast.sendSecond()
            if broadcast.deliver(to: &early) != Broadcast.second(at: second * 1000)
                || broadcast.deliver(to: &late)
                    != Broadcast.second(at: (second - noon + 1) * 1000)
            {
                wrongSeconds.append(second)
            }
        }
        #expect(wrongSeconds.isEmpty)
    }

    @Test(arguments: [0, 3_000_000_000, .max - 5000] as [UInt32])
    func `a publisher that restarts every six hours costs its player no time (T-MED-11)`(
        clock: UInt32
    ) {
        var broadcast = Broadcast()
        broadcast.publish(clock: 70_000)
        var player = broadcast.join()
        var wrongSeconds: [Int] = []
        // What a restart cuts off: the next keyframe comes 10 ms after the last frame, not 500.
        var cut = 0
        for second in 0..<Self.day {
            if second > 0, second.isMultiple(of: 6 * Self.hour) {
                broadcast.publish(clock: clock)
                cut += 490
            }
            broadcast.sendSecond()
            if broadcast.deliver(to: &player) != Broadcast.second(at: second * 1000 - cut) {
                wrongSeconds.append(second)
            }
        }
        #expect(cut == 3 * 490)
        #expect(wrongSeconds.isEmpty)
    }
}
