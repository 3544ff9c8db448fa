import RTMP
import TestSupport

/// A whole session from its first byte, driven as a connection drives it: every request is accepted.
///
/// Holds that bytes end in steps or in a `ProtocolError`, that they give the same however they are
/// cut, that all input is taken, that what we answer is legal RTMP, and that answers are bounded by
/// what was asked.
enum SessionTarget {
    static func run(_ input: [UInt8]) {
        let (handshake, rest) = PeerScript.bytes(of: input)
        let cuts = Cut.all(of: rest, seed: UInt64(input.count), count: 1)
        let whole = SessionRun([handshake + rest])
        whole.checkAnswers(to: handshake.count + rest.count)
        for cut in cuts.dropFirst() {
            let other = SessionRun([handshake] + cut.pieces)
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

    var description: String { "\(steps) \(error.map { "\($0)" } ?? "")" }

    init(_ pieces: [[UInt8]]) {
        // The digest of zeros is one that a fuzzer can find.
        var session = ServerSession(
            configuration: SessionConfiguration(), time: 0,
            crypto: HandshakeCrypto(
                hmacSHA256: { _, _ in [UInt8](repeating: 0, count: 32) },
                randomBytes: { [UInt8](repeating: 0x5A, count: $0) }))
        do throws(ProtocolError) {
            for piece in pieces { try receive(piece, &session) }
        } catch {
            self.error = error
            hold(session.stateDescription == "closed", "an error closes the session")
        }
    }

    private mutating func receive(
        _ piece: [UInt8], _ session: inout ServerSession
    ) throws(ProtocolError) {
        // Memory of just this length, so that a read beyond it is seen.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
        defer { buffer.deallocate() }
        buffer.copyBytes(from: piece)
        var cursor = ByteCursor(UnsafeRawBufferPointer(buffer))
        while let step = try session.next(&cursor) { act(on: step, &session) }
        hold(cursor.isEmpty, "without an open request all input is taken")
    }

    private mutating func act(on step: ServerStep, _ session: inout ServerSession) {
        switch step {
        case .write(let bytes):
            outgoing.write(bytes)
        case .reply(let message):
            session.encode(message, number: 1, at: UInt64(outgoing.count), into: &outgoing)
            if message.type == .acknowledgement { return }
        case .connectRequested:
            session.acceptConnect()
        case .publishRequested(let request):
            if request.key == nil {
                session.rejectPublish(code: Status.publishDenied, description: "Bad name.")
            } else {
                session.acceptPublish()
            }
        case .playRequested(let request):
            if request.key == nil {
                session.rejectPlay(code: Status.playStreamNotFound, description: "Bad name.")
            } else {
                session.acceptPlay()
            }
        case .media(_, let media):
            steps.append("\(media.payload.bytes.hashValue)")
        case .handshakeDone, .control, .userControl, .publishEnded, .playEnded, .paused, .receives,
            .command, .ignored, .close:
            break
        }
        steps.append(Line.text(step))
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
