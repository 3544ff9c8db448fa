import RTMP
import TestSupport

/// The chunk decoder alone, with limits that are soon reached.
///
/// The first byte: bit 0 chunks by script or bytes as they are, bit 1 authorised, bit 2 small limits,
/// bits 4 to 6 the first chunk size.
enum ChunkTarget {
    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let options = input.byte()
        var limits = Limits()
        if options & 4 != 0 {
            limits.partialBytes = 16 << 10
            limits.unauthorisedPartialBytes = 8 << 10
            limits.chunkStreams = 5
        }
        let size: UInt32 = [128, 1, 2, 60, 127, 129, 4096, 65_536][Int(options >> 4 & 7)]
        let start = ChunkRun.Start(
            limits: limits, isAuthorised: options & 2 != 0, chunkSize: size)
        let wire = options & 1 == 0 ? Array(input.rest) : script(input, chunkSize: size)

        let cuts = Cut.all(of: wire, seed: UInt64(bytes.count), count: 1)
        let whole = ChunkRun(cuts[0], start)
        for cut in cuts.dropFirst() {
            let other = ChunkRun(cut, start)
            // How much is reserved ahead follows the size of a read, so the sum may be full earlier.
            if case .tooManyPartialBytes = whole.error { return }
            if case .tooManyPartialBytes = other.error { return }
            hold(other == whole, "the same in any cut; \(cut): \(other), whole: \(whole)")
        }
        checkRoundTrip(whole.messages)
    }

    private static func script(_ input: FuzzInput, chunkSize: UInt32) -> [UInt8] {
        var input = input
        var chunks = ChunkScript(ids: [2, 3, 4, 63, 64, 319, 320, 65_599])
        chunks.chunkSize = chunkSize
        var writer = ByteWriter()
        while !input.isEmpty, writer.count < 16 << 10 { chunks.write(&input, into: &writer) }
        return writer.bytes
    }

    /// What was read can be written, and reads the same.
    private static func checkRoundTrip(_ messages: [ChunkRun.Seen]) {
        var encoder = ChunkEncoder()
        var writer = ByteWriter()
        // Set Chunk Size and Abort would act on the reader.
        let messages = messages.filter { $0.type != 1 && $0.type != 2 }
        for seen in messages {
            let message = Message(
                type: MessageType(rawValue: seen.type), messageStreamID: seen.messageStreamID,
                timestamp: seen.timestamp, payload: Payload(seen.payload))
            encoder.encode(message, on: 4, number: 1, at: 0, into: &writer)
        }
        let start = ChunkRun.Start(limits: Limits(), isAuthorised: true, chunkSize: 128)
        let again = ChunkRun(Cut.all(of: writer.bytes, count: 0)[0], start)
        hold(again.messages == messages, "decode(encode(messages)): \(again)")
    }
}

private struct ChunkRun: Equatable, CustomStringConvertible {
    struct Start {
        var limits: Limits
        var isAuthorised: Bool
        var chunkSize: UInt32
    }

    struct Seen: Equatable {
        var type: UInt8
        var messageStreamID: UInt32
        var timestamp: UInt32
        var payload: [UInt8]
    }

    private(set) var messages: [Seen] = []
    private(set) var error: ProtocolError?
    private var records: [ChunkRecord] = []
    private var figures: [ChunkStreamFigures] = []

    var description: String {
        let lines = messages.map { "\($0.type) \($0.timestamp) \($0.payload.count)" }
        return "\(lines) \(error.map { "\($0)" } ?? "")"
    }

    init(_ cut: Cut, _ start: Start) {
        var decoder = ChunkDecoder(limits: start.limits, startOffset: 3073)
        decoder.isAuthorised = start.isAuthorised
        decoder.chunkSize = start.chunkSize
        decoder.log = []
        let limit = start.limits.partialBytes(isAuthorised: start.isAuthorised)
        do throws(ProtocolError) {
            for piece in cut.pieces {
                try receive(piece, &decoder)
                hold(decoder.partialBytes <= limit, "partial bytes stay within \(limit) (SEC-1)")
            }
            let count = UInt64(cut.pieces.reduce(0) { $0 + $1.count })
            hold(decoder.bytesRead == 3073 + count, "all input is taken and counted")
        } catch {
            self.error = error
        }
        records = decoder.log ?? []
        figures = decoder.chunkStreams
        hold(figures.count <= start.limits.chunkStreams, "chunk streams are bounded (SEC-5)")
    }

    private mutating func receive(
        _ piece: [UInt8], _ decoder: inout ChunkDecoder
    ) throws(ProtocolError) {
        // Memory of just this length, so that the sanitizer sees a read beyond it.
        let input = Payload(piece)
        var cursor = ByteCursor(UnsafeRawBufferPointer(start: input.pointer, count: input.count))
        defer { withExtendedLifetime(input) {} }
        while let message = try decoder.next(&cursor) {
            switch ControlMessage.decode(message) {
            case .setChunkSize(let size) where size > 0: decoder.chunkSize = size
            case .abort(let chunkStream): decoder.abort(chunkStream)
            default: break
            }
            messages.append(
                Seen(
                    type: message.type.rawValue, messageStreamID: message.messageStreamID,
                    timestamp: message.timestamp, payload: message.payload.bytes))
        }
    }
}
