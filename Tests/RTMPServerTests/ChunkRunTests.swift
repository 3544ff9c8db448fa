import Posix
import RTMP
import Relay
import TestSupport
import Testing

@testable import RTMPServer

@Suite struct ChunkRunTests {
    private func frame(_ kind: MediaMessage.Kind, bytes: Int, at timestamp: UInt32) -> MediaMessage
    {
        MediaMessage(
            kind: kind, timestamp: timestamp,
            payload: Payload((0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31) }))
    }

    /// A window that begins with an audio and a video frame, and a run of all behind them.
    private func run(
        _ messages: [MediaMessage], chunkSize: Int, from start: UInt32 = 1000,
        _ body: (ChunkRun, StreamLog) throws -> Void
    ) rethrows {
        var log = StreamLog()
        var known = Stretch(at: 2)
        for first in [frame(.audio, bytes: 3, at: start), frame(.video, bytes: 3, at: start)] {
            log.append(first)
            known.note(first)
        }
        for message in messages { log.append(message) }
        let run = ChunkRun(chunkSize: chunkSize)
        run.fill(from: log, at: known)
        try body(run, log)
    }

    @Test(arguments: [1, 128, 129, 4096, 60_000])
    func `a peer reads the messages of a run at its own times`(chunkSize: Int) throws {
        let messages = [
            frame(.video, bytes: 700, at: 1033), frame(.audio, bytes: 0, at: 1021),
            frame(.audio, bytes: 128, at: 1044), frame(.video, bytes: 5000, at: 1066),
            frame(.video, bytes: 1, at: 1066),
        ]
        // A player that began 300 days before, and one that begins now.
        for shift: UInt32 in [0, 0xFFFF_F000] {
            try run(messages, chunkSize: chunkSize) { run, _ in
                var bytes: [UInt8] = []
                for kind in [MediaMessage.Kind.audio, .video] {
                    let first = OutgoingMessage(
                        media: frame(kind, bytes: 3, at: 1000 &+ shift), messageStreamID: 5,
                        chunkSize: chunkSize)
                    var gather = Gather()
                    _ = gather.append(first)
                    for index in 0..<gather.vectorCount {
                        let vector = gather.vectors[index]
                        bytes += UnsafeRawBufferPointer(start: vector.base, count: vector.count)
                    }
                }
                bytes += Array(run.bytes)
                let read = try decoded(bytes, chunkSize: chunkSize).dropFirst(2)
                #expect(read.map(\.timestamp) == messages.map { $0.timestamp &+ shift })
                #expect(read.map(\.payload.bytes) == messages.map(\.payload.bytes))
                #expect(read.allSatisfy { $0.messageStreamID == 5 })
                #expect(read.map(\.type) == messages.map(\.type))
            }
        }
    }

    private func decoded(_ bytes: [UInt8], chunkSize: Int) throws -> [Message] {
        var decoder = ChunkDecoder(limits: Limits(), startOffset: 0)
        decoder.chunkSize = UInt32(chunkSize)
        var messages: [Message] = []
        try bytes.withUnsafeBytes { buffer in
            var input = ByteCursor(buffer)
            while let message = try decoder.next(&input) { messages.append(message) }
        }
        return messages
    }

    @Test func `a run stops before what has to be said to each player alone`() {
        var header = frame(.video, bytes: 9, at: 1066)
        header.landmark = .sequenceHeader
        run(
            [frame(.video, bytes: 9, at: 1033), header, frame(.audio, bytes: 9, at: 1050)],
            chunkSize: 4096
        ) { run, log in
            #expect(run.entries.count == 1)
            #expect(run.stretch.end == 3)
            #expect(log.endSequence == 5)
        }
    }

    @Test func `the sums of a run are those of its messages, and its entries end where they end`() {
        var keyframe = frame(.video, bytes: 10_000, at: 1033)
        keyframe.landmark = .keyframe
        run(
            [keyframe, frame(.audio, bytes: 100, at: 1021), frame(.video, bytes: 1, at: 1066)],
            chunkSize: 4096
        ) { run, _ in
            #expect(run.sums.video.messages == 2)
            #expect(run.sums.video.payloadBytes == 10_001)
            #expect(run.sums.video.chunks == 4)
            #expect(run.sums.video.timestamp == 1066)
            #expect(run.sums.keyframes == 1)
            #expect(run.sums.audio.messages == 1)
            #expect(run.sums.audio.wireBytes == 108)
            #expect(run.entries.map(\.end) == [10_010, 10_118, 10_127])
            #expect(run.bytes.count == 10_127)
        }
    }

    @Test func `a run stays within its bound`() {
        let big = (1...5).map { frame(.video, bytes: 700_000, at: 1000 + UInt32($0)) }
        run(big, chunkSize: 60_000) { run, _ in
            #expect(run.entries.count == 2)
            #expect(run.bytes.count < ChunkRun.byteLimit)
        }
    }

    @Test func `a message that began in a run goes on after any number of its bytes`() {
        run([frame(.video, bytes: 700, at: 1033)], chunkSize: 128) { run, log in
            let whole = Array(run.bytes)
            let message = OutgoingMessage(
                media: log[2], messageStreamID: 1, chunkSize: 128, delta: run.entries[0].delta)
            #expect(message.wireBytes == whole.count)
            for sent in 0..<whole.count {
                var gather = Gather()
                _ = gather.append(message, sent: sent)
                let rest = (0..<gather.vectorCount).flatMap { index in
                    let vector = gather.vectors[index]
                    return Array(UnsafeRawBufferPointer(start: vector.base, count: vector.count))
                }
                #expect(rest == Array(whole[sent...]), "after \(sent)")
            }
        }
    }
}
