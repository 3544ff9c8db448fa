import RTMP
import TestSupport

/// A whole session from its first byte, driven as a connection drives it.
///
/// The owner refuses what is called `refused` and accepts the rest, at once or, by bit 3 of the first
/// byte, when more bytes came; the low bits are for `PeerScript`. Holds that bytes end in steps or in a
/// `ProtocolError`, that they give the same however they are cut, that all input is taken, that what
/// we answer is legal RTMP, and that answers are bounded by what was asked.
enum SessionTarget {
    static func run(_ input: [UInt8]) {
        let (handshake, rest) = PeerScript.bytes(of: input)
        let answersLate = (input.first ?? 0) & 8 != 0
        let cuts = Cut.all(of: rest, seed: UInt64(input.count), count: 1)
        let whole = SessionRun([handshake + rest], answersLate: answersLate)
        whole.checkAnswers(to: handshake.count + rest.count)
        for cut in cuts.dropFirst() {
            let other = SessionRun([handshake] + cut.pieces, answersLate: answersLate)
            // How much is reserved ahead follows the size of a read, so the sum may be full earlier.
            if case .tooManyPartialBytes = whole.error { continue }
            if case .tooManyPartialBytes = other.error { continue }
            hold(
                other.steps == whole.steps && other.error == whole.error,
                "the same in any cut; \(cut): \(other), whole: \(whole)")
        }
    }
}

/// What became of some bytes.
private struct SessionRun: CustomStringConvertible {
    /// Acknowledgements left out: when one is due depends on the reads (PC-3).
    private(set) var steps: [String] = []
    private(set) var error: ProtocolError?
    private var outgoing = ByteWriter()
    /// Behind an open request, as the connection's buffer keeps it.
    private var unread: [UInt8] = []
    private var openRequest: ServerStep?
    private let answersLate: Bool

    var description: String { "\(steps) \(error.map { "\($0)" } ?? "")" }

    init(_ pieces: [[UInt8]], answersLate: Bool) {
        self.answersLate = answersLate
        // The digest of zeros is one that a fuzzer can find.
        var session = ServerSession(
            configuration: SessionConfiguration(), time: 0,
            crypto: HandshakeCrypto(
                hmacSHA256: { _, _ in [UInt8](repeating: 0, count: 32) },
                randomBytes: { [UInt8](repeating: 0x5A, count: $0) }))
        do throws(ProtocolError) {
            for piece in pieces {
                answerOpenRequest(&session)
                try receive(piece, &session)
            }
            while openRequest != nil {
                answerOpenRequest(&session)
                try receive([], &session)
            }
            hold(unread.isEmpty, "without an open request all input is taken")
        } catch {
            self.error = error
            hold(session.stateDescription == "closed", "an error closes the session")
        }
    }

    private mutating func receive(
        _ piece: [UInt8], _ session: inout ServerSession
    ) throws(ProtocolError) {
        // An array of just this length, so that the sanitizer sees a read beyond it.
        let input = Payload(unread + piece)
        var cursor = ByteCursor(UnsafeRawBufferPointer(start: input.pointer, count: input.count))
        defer { withExtendedLifetime(input) {} }
        while let step = try session.next(&cursor) { act(on: step, &session) }
        hold(session.hasOpenRequest == (openRequest != nil), "an open request was told")
        unread = Array(cursor.remaining)
    }

    private mutating func act(on step: ServerStep, _ session: inout ServerSession) {
        var line = Line.text(step)
        switch step {
        case .write(let bytes):
            outgoing.write(bytes)
        case .reply(let message):
            session.encode(message, number: 1, at: UInt64(outgoing.count), into: &outgoing)
            if message.type == .acknowledgement { return }
        case .connectRequested, .publishRequested, .playRequested:
            openRequest = step
            if !answersLate { answerOpenRequest(&session) }
        case .media(_, let media):
            line += " \(media.payload.bytes.hashValue)"
        case .handshakeDone, .control, .userControl, .publishEnded, .playEnded, .paused, .receives,
            .command, .ignored, .close:
            break
        }
        steps.append(line)
    }

    private mutating func answerOpenRequest(_ session: inout ServerSession) {
        switch openRequest {
        case .connectRequested(let request) where request.app == "refused":
            session.rejectConnect(description: "No.")
        case .connectRequested:
            session.acceptConnect()
        case .publishRequested(let request) where request.key.map { $0.name == "refused" } ?? true:
            session.rejectPublish(code: Status.publishDenied, description: "Bad name.")
        case .publishRequested:
            session.acceptPublish()
        case .playRequested(let request) where request.key.map { $0.name == "refused" } ?? true:
            session.rejectPlay(code: Status.playStreamNotFound, description: "Bad name.")
        case .playRequested:
            session.acceptPlay()
        default:
            return
        }
        openRequest = nil
    }

    /// What we wrote is read by our own decoder, and is no flood (SEC-8).
    func checkAnswers(to count: Int) {
        hold(outgoing.count <= 40 * count + (16 << 10), "\(outgoing.count) bytes out, \(count) in")
        guard steps.contains(where: { $0.hasPrefix("handshakeDone") }) else { return }
        var reader = ChunkDecoder(limits: Limits(), startOffset: 0)
        reader.isAuthorised = true
        let answers = Payload(Array(outgoing.bytes.dropFirst(ScriptedPeer.handshakeBytes)))
        var cursor = ByteCursor(
            UnsafeRawBufferPointer(start: answers.pointer, count: answers.count))
        do throws(ProtocolError) {
            while let message = try reader.next(&cursor) {
                if case .setChunkSize(let size) = ControlMessage.decode(message) {
                    reader.chunkSize = size
                }
                let line = Line.text(message)
                hold(!line.hasPrefix("unreadable"), "our own answer: \(line)")
            }
        } catch {
            hold(false, "our own answers are legal: \(error)")
        }
    }
}
