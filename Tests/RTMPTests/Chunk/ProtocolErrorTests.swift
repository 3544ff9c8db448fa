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

    private static let sentences = [
        "type 2 chunk opens chunk stream 3, which has no header to inherit from",
        "type 0 chunk on chunk stream 6 interrupts a message at byte 128 of 200",
        "more than 64 chunk streams",
        "message of type 9 declares 11 bytes, limit 10",
        "incomplete messages need more than 10 bytes",
        "more than 64 chunks per KiB",
        "chunk size 2147483648 is out of range",
        "Set Chunk Size has 3 bytes instead of 4",
        "malformed command: the value is cut off",
    ]

    @Test(arguments: zip(errors, sentences))
    func `the sentence holds the values a person needs`(error: ProtocolError, sentence: String) {
        #expect("\(error)" == sentence)
    }
}
