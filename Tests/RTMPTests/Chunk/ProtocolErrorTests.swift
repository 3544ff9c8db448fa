import RTMP
import Testing

@Suite struct ProtocolErrorTests {
    private static let errors: [ProtocolError] = [
        .chunkWithoutPreviousHeader(3, form: 2),
        .messageInterrupted(6, form: 0, received: 128, length: 200),
        .tooManyChunkStreams(limit: 64),
        .messageTooLong(.video, length: 11, limit: 10),
        .tooManyPartialBytes(limit: 10),
        .tooManyChunks(perKibibyte: 64),
        .chunkSizeOutOfRange(0x8000_0000),
        .setChunkSizeTooShort(3),
        .malformedCommand(.truncated),
    ]

    @Test func `every error has a code of its own, made for scripts`() {
        let codes = Self.errors.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.allSatisfy { $0.isLowercase || $0 == "-" } })
    }

    @Test func `the sentence holds the values a person needs`() {
        #expect(
            "\(Self.errors[1])"
                == "type 0 chunk on chunk stream 6 interrupts a message at byte 128 of 200")
        #expect("\(Self.errors[3])" == "message of type 9 declares 11 bytes, limit 10")
        #expect("\(Self.errors[8])" == "malformed command: the value is cut off")
    }
}
