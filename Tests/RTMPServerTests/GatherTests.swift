import Posix
import RTMP
import Relay
import TestSupport
import Testing

@testable import RTMPServer

@Suite struct GatherTests {
    private func message(bytes: Int, timestamp: UInt32 = 40, chunkSize: Int) -> OutgoingMessage {
        let payload = Payload((0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        return OutgoingMessage(
            media: MediaMessage(kind: .video, timestamp: timestamp, payload: payload),
            messageStreamID: 1, chunkSize: chunkSize)
    }

    private func bytes(of gather: borrowing Gather) -> [UInt8] {
        (0..<gather.vectorCount).flatMap { index in
            let vector = gather.vectors[index]
            return Array(UnsafeRawBufferPointer(start: vector.base, count: vector.count))
        }
    }

    /// What the encoder for replies writes for the same message: the two must agree.
    private func encoded(_ message: OutgoingMessage) -> [UInt8] {
        var encoder = ChunkEncoder()
        encoder.chunkSize = UInt32(message.chunkSize)
        var writer = ByteWriter()
        encoder.encode(
            Message(
                type: message.media.type, messageStreamID: message.messageStreamID,
                timestamp: message.media.timestamp, payload: message.media.payload),
            on: message.chunkStreamID, number: 1, at: 0, into: &writer)
        return writer.bytes
    }

    @Test(arguments: [(0, 128), (1, 128), (128, 128), (129, 128), (1000, 128), (70_000, 60_000)])
    func `a message is gathered as the chunk encoder writes it`(bytes count: Int, chunkSize: Int) {
        for timestamp: UInt32 in [0, 0xFF_FFFE, 0xFF_FFFF, 0xFFFF_FFFF] {
            let message = message(bytes: count, timestamp: timestamp, chunkSize: chunkSize)
            var gather = Gather()
            let isTaken = gather.append(message)
            #expect(isTaken)
            #expect(bytes(of: gather) == encoded(message))
            #expect(gather.byteCount == message.wireBytes)
        }
    }

    @Test func `a message goes on after any number of bytes that were sent`() {
        for timestamp: UInt32 in [5, 0x0100_0000] {
            let message = message(bytes: 700, timestamp: timestamp, chunkSize: 128)
            let whole = encoded(message)
            for sent in 0..<whole.count {
                var gather = Gather()
                let isTaken = gather.append(message, sent: sent)
                #expect(isTaken)
                #expect(bytes(of: gather) == Array(whole[sent...]), "after \(sent)")
            }
        }
    }

    @Test func `a message of more chunks than one write can carry goes out in several writes`() {
        let message = message(bytes: 200_000, chunkSize: 128)
        let whole = encoded(message)
        var received: [UInt8] = []
        while received.count < whole.count {
            var gather = Gather()
            let isTaken = gather.append(message, sent: received.count)
            #expect(isTaken)
            #expect(gather.vectorCount <= Gather.vectorLimit)
            received += bytes(of: gather)
        }
        #expect(received == whole)
    }

    @Test func `nothing follows a message that is cut`() {
        let long = message(bytes: 200_000, chunkSize: 128)
        var gather = Gather()
        let isTaken = gather.append(long)
        let reply: [UInt8] = [1, 2, 3]
        reply.withUnsafeBytes { gather.append($0) }
        let isNextTaken = gather.append(message(bytes: 10, chunkSize: 128))
        #expect(isTaken && !isNextTaken)
        let sent = bytes(of: gather)
        #expect(sent == Array(encoded(long)[..<sent.count]))
    }

    @Test func `what does not fit is left for the next write, whole`() {
        let message = message(bytes: 300_000, chunkSize: 60_000)
        var gather = Gather()
        let first = gather.append(message)
        let second = gather.append(message)
        #expect(first && !second)
        #expect(gather.messages.count == 1)
        #expect(bytes(of: gather) == encoded(message))
    }
}
