import RTMP
import TestSupport

/// A client's session against a server that may say anything; the first byte chooses role and handshake.
///
/// Holds that bytes end in steps or in a `ProtocolError`, that they give the same however they are
/// cut, that all input is taken, that what the client says is legal RTMP and bounded by what it heard,
/// that nothing follows `close`, and that no reconnect request leads where it must not.
enum ClientTarget {
    static func run(_ input: [UInt8]) {
        var configuration = ClientConfiguration(
            role: (input.first ?? 0) & 4 == 0 ? .play : .publish(type: "live"), app: "live",
            tcURL: "rtmp://host/live", stream: "camera")
        configuration.signsHandshake = (input.first ?? 0) & 8 != 0
        let bytes = ServerScript.bytes(of: input)
        let given = min(ServerScript.handshakeBytes, bytes.count)
        let isGiven = (input.first ?? 0) & 3 > 0
        let head = isGiven ? Array(bytes.prefix(given)) : []
        let rest = isGiven ? Array(bytes.dropFirst(given)) : bytes
        let whole = ClientRun([head + rest], configuration)
        whole.checkWords(to: bytes.count)
        for cut in Cut.all(of: rest, seed: UInt64(input.count), count: 1).dropFirst() {
            let other = ClientRun([head] + cut.pieces, configuration)
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
private struct ClientRun: CustomStringConvertible {
    /// Acknowledgements left out: when one is due depends on the reads (PC-3).
    private(set) var steps: [String] = []
    private(set) var error: ProtocolError?
    private var outgoing = ByteWriter()
    private var isClosed = false

    var description: String { "\(steps) \(error.map { "\($0)" } ?? "")" }

    init(_ pieces: [[UInt8]], _ configuration: ClientConfiguration) {
        var session = ClientSession(configuration: configuration, time: 0, crypto: .scripted)
        do throws(ProtocolError) {
            try receive([], &session)
            for piece in pieces { try receive(piece, &session) }
        } catch {
            self.error = error
        }
        let wasOver = isClosed || error != nil
        session.stop()
        // Nothing is read any more, so nothing can be thrown.
        try? receive([], &session)
        hold(isClosed || error != nil, "stop ends the session")
        if wasOver { hold(session.awaits == nil, "what is over awaits nothing") }
    }

    private mutating func receive(
        _ piece: [UInt8], _ session: inout ClientSession
    ) throws(ProtocolError) {
        // Memory of just this length, so that a read beyond it is seen.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
        defer { buffer.deallocate() }
        buffer.copyBytes(from: piece)
        var cursor = ByteCursor(UnsafeRawBufferPointer(buffer))
        while let step = try session.next(&cursor) { act(on: step, &session) }
        hold(cursor.isEmpty, "all input is taken")
    }

    private mutating func act(on step: ClientStep, _ session: inout ClientSession) {
        hold(!isClosed, "nothing follows close: \(Line.text(step))")
        switch step {
        case .write(let bytes):
            outgoing.write(bytes)
        case .send(let message):
            session.encode(message, number: 1, at: UInt64(outgoing.count), into: &outgoing)
            if message.type == .acknowledgement { return }
        case .reconnectRequested(let request):
            follow(request)
        case .media(let media):
            steps.append("\(media.payload.bytes.hashValue)")
        case .close:
            isClosed = true
        case .handshakeDone, .connected, .publishing, .playing, .playEnded, .status, .control,
            .userControl, .command, .ignored:
            break
        }
        steps.append(Line.text(step))
    }

    private func follow(_ request: ReconnectRequest) {
        for text in ["rtmps://me:word@host/live/camera", "rtmp://me@host:9/a/b?c"] {
            do {
                let url = try RTMPURL(parsing: text)
                let next = try url.following(request, allowsOtherHosts: false)
                hold(next.host.lowercased() == "host", "the host stays: \(next)")
                hold(url.scheme == .rtmp || next.scheme == .rtmps, "no downgrade: \(next)")
                hold(next.userInfo == url.userInfo, "the user stays: \(next)")
                hold(next.stream == url.stream, "the stream stays: \(next)")
            } catch {
                continue  // It is not followed: that is an answer too.
            }
        }
    }

    /// What the client wrote is read by our own decoder, and is no flood.
    func checkWords(to count: Int) {
        hold(outgoing.count <= 40 * count + (16 << 10), "\(outgoing.count) bytes out, \(count) in")
        guard steps.contains(where: { $0.hasPrefix("handshakeDone") }) else { return }
        var reader = ChunkDecoder(limits: Limits(), startOffset: 0)
        reader.isAuthorised = true
        let words = Payload(Array(outgoing.bytes.dropFirst(ScriptedServer.handshakeBytes)))
        var cursor = ByteCursor(UnsafeRawBufferPointer(start: words.pointer, count: words.count))
        do throws(ProtocolError) {
            while let message = try reader.next(&cursor) {
                if case .setChunkSize(let size) = ControlMessage.decode(message) {
                    reader.chunkSize = size
                }
                let line = Line.text(message)
                hold(!line.hasPrefix("unreadable"), "our own word: \(line)")
            }
        } catch {
            hold(false, "our own words are legal: \(error)")
        }
    }
}
