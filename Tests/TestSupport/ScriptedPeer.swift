package import RTMP
package import Testing

/// A peer written down as a transcript: it sends, and expects what the server answers, line by line.
///
/// Drives a `ServerSession` by bytes, as a connection does, without a socket: what is sent at once is
/// one read. What the server says is decoded again and compared as text, one line a message; see
/// `Line`. `sent` holds all bytes of a transcript, to be sent again in other pieces.
package final class ScriptedPeer: ScriptedSender {
    package enum Answer {
        /// A request without a key is refused even then.
        case accept
        case reject(code: String, description: String)
        /// The request stays open until `answers` is called.
        case wait
    }

    /// What the owner of the session says to connect, publish and play.
    package var connectAnswer = Answer.accept
    package var publishAnswer = Answer.accept
    package var playAnswer = Answer.accept
    /// What ended the session, if the peer broke a rule.
    package private(set) var thrown: ProtocolError?
    /// Every byte the peer sent, to be sent again in other pieces.
    package private(set) var sent: [UInt8] = []
    /// Every byte that left the server.
    package private(set) var outgoing: [UInt8] = []
    /// Every step but replies and raw bytes, as a line.
    package private(set) var steps: [String] = []
    package private(set) var publishRequests: [PublishRequest] = []
    package private(set) var playRequests: [PlayRequest] = []
    package private(set) var connectRequests: [ConnectRequest] = []

    package var session: ServerSession
    private var arrived: [UInt8] = []
    private var writer = ChunkEncoder()
    private var reader: ChunkDecoder
    private var answersRead = 0
    private var stepsSeen = 0

    /// What the server sends before its first chunk: S0, S1 and S2.
    package static let handshakeBytes = 3073

    package init(configuration: SessionConfiguration = SessionConfiguration()) {
        session = ServerSession(
            configuration: configuration, time: 0, crypto: .scripted)
        reader = ChunkDecoder(limits: Limits(), startOffset: UInt64(Self.handshakeBytes))
        reader.isAuthorised = true
    }

    // MARK: What the peer does

    /// C0, C1 and C2 in one flight, as some clients send them (HS-5).
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

    /// The owner answers the request that waits, and goes on with the bytes that came meanwhile.
    package func answers(_ decide: (inout ServerSession) -> Void) {
        decide(&session)
        read([])
    }

    // MARK: What the peer expects

    /// The next lines of the server, no more and no less.
    package func expects(
        _ lines: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found = hears()
        #expect(found == lines, sourceLocation: sourceLocation)
    }

    package func expectsNothing(sourceLocation: SourceLocation = #_sourceLocation) {
        let found = hears()
        #expect(found == [], sourceLocation: sourceLocation)
    }

    /// The steps since the last call, as lines; commands are left out, since each is said already.
    package func expectsSteps(
        _ lines: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found = stepsSinceLastLook()
        #expect(found == lines, sourceLocation: sourceLocation)
    }

    package func stepsSinceLastLook() -> [String] {
        defer { stepsSeen = steps.count }
        return steps[stepsSeen...].filter { !$0.hasPrefix("command ") }
    }

    /// What the server said since the last call.
    package func hears() -> [String] {
        let unread = Array(outgoing[max(answersRead, min(outgoing.count, Self.handshakeBytes))...])
        answersRead = outgoing.count
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
        arrived += bytes
        let buffer = arrived
        let taken = buffer.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            do throws(ProtocolError) {
                while let step = try session.next(&cursor) { act(on: step) }
            } catch {
                thrown = error
            }
            return cursor.offset
        }
        arrived.removeFirst(taken)
    }

    private func act(on step: ServerStep) {
        switch step {
        case .write(let bytes):
            outgoing += bytes
        case .reply(let message):
            var bytes = ByteWriter()
            session.encode(message, number: 1, at: UInt64(outgoing.count), into: &bytes)
            outgoing += bytes.bytes
        case .connectRequested(let request):
            connectRequests.append(request)
            steps.append(Line.text(step))
            switch connectAnswer {
            case .accept: session.acceptConnect()
            case .reject(let code, let description):
                session.rejectConnect(code: code, description: description)
            case .wait: break
            }
        case .publishRequested(let request):
            publishRequests.append(request)
            steps.append(Line.text(step))
            switch publishAnswer {
            case .accept where request.key == nil:
                session.rejectPublish(code: Status.publishDenied, description: "Bad name.")
            case .accept: session.acceptPublish()
            case .reject(let code, let description):
                session.rejectPublish(code: code, description: description)
            case .wait: break
            }
        case .playRequested(let request):
            playRequests.append(request)
            steps.append(Line.text(step))
            switch playAnswer {
            case .accept where request.key == nil:
                session.rejectPlay(code: Status.playStreamNotFound, description: "Bad name.")
            case .accept: session.acceptPlay()
            case .reject(let code, let description):
                session.rejectPlay(code: code, description: description)
            case .wait: break
            }
        default:
            steps.append(Line.text(step))
        }
    }
}
