import RTMP
import TestSupport
import Testing

/// Memory and work that a peer can make us spend (CH-19, SEC-1, SEC-2, SEC-5).
@Suite struct ChunkLimitTests {
    /// A type 0 header with `payload` behind it, whatever `length` it declares.
    private func chunk(
        on id: UInt8, length: Int, type: MessageType = .video, payload: [UInt8] = []
    ) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(id)
        writer.writeUInt24(0)
        writer.writeUInt24(UInt32(length))
        writer.write(type.rawValue)
        writer.writeUInt32LittleEndian(1)
        writer.write(payload)
        return writer.bytes
    }

    @Test func `the 65th chunk stream ends the connection (T-CH-24)`() {
        var writer = ByteWriter()
        for id in 0..<65 as Range<UInt32> {
            writer.write(0x01)
            writer.write(UInt8(id))
            writer.write(0)
            writer.write(chunk(on: 2, length: 0).dropFirst())
        }
        let outcome = decode(writer.bytes)
        #expect(outcome.messages.count == 64)
        #expect(outcome.error == .tooManyChunkStreams(limit: 64))
    }

    @Test func `memory follows what was received, not what was declared (T-CH-25)`() {
        var limits = Limits()
        limits.mediaMessageBytes = 16_777_215
        var decoder = ChunkDecoder(limits: limits, startOffset: 0)
        decoder.isAuthorised = true
        let bytes = chunk(on: 6, length: 16_777_215, payload: Array(repeating: 1, count: 10))
        let failure = error(of: &decoder, fedWith: bytes)
        let reserved = decoder.partialBytes
        decoder.abort(6)
        let left = decoder.partialBytes
        #expect(failure == nil)
        #expect(reserved <= 4096)
        #expect(left == 0)
    }

    @Test func `partial messages on many chunk streams share one bound (T-SEC-02)`() {
        var limits = Limits()
        limits.partialBytes = 100_000
        var decoder = ChunkDecoder(limits: limits, startOffset: 0)
        decoder.isAuthorised = true
        decoder.chunkSize = 5000
        var failure: ProtocolError?
        var most = 0
        for id in 2..<64 as Range<UInt8> where failure == nil {
            let bytes = chunk(
                on: id, length: 10 << 20, payload: Array(repeating: 1, count: 5000))
            failure = error(of: &decoder, fedWith: bytes)
            most = max(most, decoder.partialBytes)
        }
        #expect(failure == .tooManyPartialBytes(limit: 100_000))
        #expect(most <= 100_000 && most >= 90_000)
    }

    @Test func `before publish or play messages are short (CH-19)`() {
        let long = chunk(on: 6, length: 70_000)
        let cut = Cut.all(of: long, count: 0)[0]
        #expect(
            decode(cut, isAuthorised: false).error
                == .messageTooLong(.video, length: 70_000, limit: 65_536))
        #expect(decode(cut, isAuthorised: true).error == nil)
    }

    @Test func `before publish or play partial messages take 128 KiB together (CH-19)`() {
        var bytes: [UInt8] = []
        for id in 3...5 as ClosedRange<UInt8> {
            bytes += chunk(on: id, length: 65_536, payload: Array(repeating: 1, count: 60_000))
        }
        let cut = Cut.all(of: bytes, count: 0)[0]
        #expect(
            decode(cut, isAuthorised: false, chunkSize: 60_000).error
                == .tooManyPartialBytes(limit: 131_072))
        #expect(decode(cut, isAuthorised: true, chunkSize: 60_000).error == nil)
    }

    @Test func `a message that outgrows its first memory stays whole (CH-19)`() throws {
        let payload = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let bytes = chunk(on: 6, length: payload.count, payload: payload)
        #expect(try anyCut(bytes) { decode($0, chunkSize: 60_000) }.payloads == [payload])
    }

    @Test func `a flood of one-byte chunks runs out of budget (T-SEC-01)`() {
        let continuation: [UInt8] = [0xC6, 0x11]
        let first = chunk(on: 6, length: 1 << 20, payload: [0x11])
        let flood = first + (0..<70_000).flatMap { _ in continuation }
        let outcome = decode(flood, chunkSize: 1)
        #expect(outcome.error == .tooManyChunks(perKibibyte: 64))
        #expect(outcome.chunksRead == 65_536)
    }

    @Test func `a short message in one-byte chunks is legal (T-PC-01)`() {
        let bytes = chunk(on: 6, length: 3, payload: [1]) + [0xC6, 2, 0xC6, 3]
        #expect(decode(bytes, chunkSize: 1).payloads == [[1, 2, 3]])
    }

    @Test func `small chunks of ordinary size never touch the budget (SEC-2)`() {
        let size = 64
        var bytes: [UInt8] = []
        for _ in 0..<4 {
            bytes += chunk(on: 6, length: 640_000, payload: Array(repeating: 1, count: size))
            for _ in 1..<(640_000 / size) {
                bytes += [0xC6] + Array(repeating: 1, count: size)
            }
        }
        let outcome = decode(bytes, chunkSize: UInt32(size))
        #expect(outcome.error == nil)
        #expect(outcome.messages.count == 4)
    }
}
