import RTMP
import RTMPServer
import TestSupport
import Testing

/// Wherever a write stops, the bytes go on there: each write of the server takes a few bytes at most,
/// so that in time one ends after every byte of every kind of chunk.
@Suite(.timeLimit(.minutes(10))) struct PartialWriteTests {
    @Test(
        arguments: [(1, .plain), (1, .tls), (64, .tls), (1021, .tls)]
            + [2, 3, 5, 7, 13, 64, 127, 1021].map { ($0, Transport.plain) })
    func `a player gets what was published through writes of a few bytes`(
        limit: Int, transport: Transport
    ) throws {
        let rig = try TestServer(over: transport) {
            $0.writeLimitBytes = limit
            $0.chunkSize = 128
        }
        let publisher = try rig.client()
        try publisher.publish("a")
        let early = try rig.client()
        try early.play("a")
        var random = SeededGenerator(seed: UInt64(limit))
        var sent: [(payload: [UInt8], timestamp: UInt32)] = []
        var late: TestClient?
        for number in 0..<60 {
            let isKey = number % 20 == 0
            let size = Int.random(in: 1...(isKey ? 3000 : 700), using: &random)
            let mark = UInt8(truncatingIfNeeded: number)
            let video =
                isKey ? TestMedia.keyframe(mark, bytes: size) : TestMedia.frame(mark, bytes: size)
            try publisher.media(.video, UInt32(number) * 40, video)
            try publisher.media(.audio, UInt32(number) * 40 + 3, TestMedia.audio(mark))
            for (payload, time) in [(video, 0), (TestMedia.audio(mark), UInt32(3))] {
                let message = try early.nextMedia()
                #expect(message.payload.bytes == payload)
                #expect(message.timestamp == UInt32(number) * 40 + time)
                sent.append((payload, message.timestamp))
            }
            if number == 30 {
                late = try rig.client()
                try late?.play("a")
            }
        }
        // It begins with the keyframe before it came, at its own time.
        let joined = try #require(late)
        for (payload, time) in sent.dropFirst(40) {
            let message = try joined.nextMedia()
            #expect(message.payload.bytes == payload)
            #expect(message.timestamp == time - 800)
        }
    }
}
