package import RTMP
package import Testing

/// A server written down as a transcript: it sends, and expects what the client says, line by line.
///
/// Drives a `ClientSession` by bytes, as its owner does, without a socket: what is sent at once is one
/// read. What the client says is decoded again and compared as text; see `Line`. `sent` holds all
/// bytes of a transcript, to be sent again in other pieces.
package final class ScriptedServer: ScriptedSender {
    /// What ended the session, if the server broke a rule.
    package private(set) var thrown: ProtocolError?
    /// Every byte the server sent.
    package private(set) var sent: [UInt8] = []
    /// Every byte that left the client.
    package private(set) var outgoing: [UInt8] = []
    /// Every step but what is sent, as a line.
    package private(set) var steps: [String] = []

    package var session: ClientSession
    private var writer = ChunkEncoder()
    private var reader: ChunkDecoder
    private var heard = 0
    private var stepsSeen = 0

    /// What the client sends before its first chunk: C0, C1 and C2.
    package static let handshakeBytes = 3073

    package init(_ configuration: ClientConfiguration) {
        session = ClientSession(configuration: configuration, time: 0, crypto: .scripted)
        reader = ChunkDecoder(limits: Limits(), startOffset: UInt64(Self.handshakeBytes))
        reader.isAuthorised = true
        read([])
    }

    // MARK: What the server does

    /// S0, S1 and S2 in one flight.
    package func shakesHands() {
        let packet = [UInt8](repeating: 0, count: 8) + [UInt8](repeating: 0xA5, count: 1528)
        sends(bytes: [3] + packet + packet)
    }

    package func sends(bytes: [UInt8]) {
        sent += bytes
        read(bytes)
    }

    package func sends(_ message: Message, on chunkStream: ChunkStreamID) {
        var bytes = ByteWriter()
        writer.encode(message, on: chunkStream, number: 1, at: 0, into: &bytes)
        if case .setChunkSize(let size) = ControlMessage.decode(message),
            (1...0xFF_FFFF).contains(size)
        {
            writer.chunkSize = size
        }
        sends(bytes: bytes.bytes)
    }

    /// onStatus with a level that follows from the code, as servers have it.
    package func sends(
        status code: String, _ description: String = "", transaction: Double = 0,
        level: String = "status", on messageStream: MessageStreamID = 1
    ) {
        sends(
            "onStatus", transaction,
            [
                "level": .text(level), "code": .text(code), "description": .text(description),
            ], on: messageStream)
    }

    /// The owner takes leave, or does something else to the session.
    package func owner(_ act: (inout ClientSession) -> Void) {
        act(&session)
        read([])
    }

    // MARK: What the server expects

    /// The next lines of the client, no more and no less.
    package func expects(
        _ lines: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found = hears()
        #expect(found == lines, sourceLocation: sourceLocation)
    }

    /// The steps since the last call, as lines; commands are left out.
    package func expectsSteps(
        _ lines: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found = steps[stepsSeen...].filter { !$0.hasPrefix("command ") }
        stepsSeen = steps.count
        #expect(found == lines, sourceLocation: sourceLocation)
    }

    /// What the client said since the last call.
    package func hears() -> [String] {
        let unread = Array(outgoing[max(heard, min(outgoing.count, Self.handshakeBytes))...])
        heard = outgoing.count
        return unread.withUnsafeBytes { bytes in
            var lines: [String] = []
            var cursor = ByteCursor(bytes)
            do {
                while let message = try reader.next(&cursor) {
                    if case .setChunkSize(let size) = ControlMessage.decode(message) {
                        reader.chunkSize = size
                    }
                    lines.append(Line.text(message))
                }
            } catch {
                lines.append("unreadable: \(error)")
            }
            return lines
        }
    }

    // MARK: The owner of the session

    /// One socket read.
    private func read(_ bytes: [UInt8]) {
        guard thrown == nil else { return }
        bytes.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            do throws(ProtocolError) {
                while let step = try session.next(&cursor) { act(on: step) }
                #expect(cursor.isEmpty)
            } catch {
                thrown = error
            }
        }
    }

    private func act(on step: ClientStep) {
        switch step {
        case .write(let bytes):
            outgoing += bytes
        case .send(let message):
            var bytes = ByteWriter()
            session.encode(message, number: 1, at: UInt64(outgoing.count), into: &bytes)
            outgoing += bytes.bytes
        default:
            steps.append(Line.text(step))
        }
    }
}

extension HandshakeCrypto {
    /// Signatures of zeros, and bytes that are random to nobody.
    package static let scripted = HandshakeCrypto(
        hmacSHA256: { _, _ in [UInt8](repeating: 0, count: 32) },
        randomBytes: { count in (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) } })
}
