import Posix
import RTMP
import Relay
import Security
import Telemetry

// Values of one foundation said in the words of another: foundations do not know one another.

extension HandshakeCrypto {
    static let system = {
        let seed = RandomBytes.make(count: 8).reduce(0) { $0 << 8 | UInt64($1) }
        let filling = HandshakeFilling(seed: seed)
        return HandshakeCrypto(
            hmacSHA256: { key, message in HMAC.sha256(key: key, message: message) },
            randomBytes: { count in filling.make(count: count) })
    }()
}

extension ServerConfiguration {
    var session: SessionConfiguration {
        var session = SessionConfiguration()
        session.outChunkSize = chunkSize
        session.windowAcknowledgementSize = acknowledgementWindow
        session.limits = limits
        session.limits.mediaMessageBytes = maximumMessageBytes
        // Audio and video of the greatest length at once.
        session.limits.partialBytes = 2 * maximumMessageBytes
        return session
    }
}

extension MediaConfiguration {
    init(_ codec: CodecConfiguration) {
        self.init(kind: codec.kind == .audio ? .audio : .video, codec: codec.codec)
        profile = codec.profile
        level = codec.level
        width = codec.width
        height = codec.height
        bitDepth = codec.bitDepth
        chroma = codec.chroma
        sampleRate = codec.sampleRate
        channels = codec.channels
    }
}

extension MediaConfiguration {
    /// What is known once `newer` was read: frames say what a record does not, and the other way round.
    func updated(by newer: MediaConfiguration) -> MediaConfiguration {
        guard newer.codec == codec else { return newer }
        var all = newer
        all.profile = newer.profile ?? profile
        all.level = newer.level ?? level
        all.width = newer.width ?? width
        all.height = newer.height ?? height
        all.bitDepth = newer.bitDepth ?? bitDepth
        all.chroma = newer.chroma ?? chroma
        all.sampleRate = newer.sampleRate ?? sampleRate
        all.channels = newer.channels ?? channels
        return all
    }
}

extension TraceRecord {
    init(
        _ chunk: ChunkRecord, session: SessionID, _ direction: Direction, atNanoseconds: UInt64
    ) {
        self.init(
            session: session, direction: direction,
            atNanoseconds: atNanoseconds, offset: chunk.offset,
            chunkStreamID: chunk.chunkStreamID, form: chunk.form,
            headerBytes: chunk.headerBytes, payloadBytes: chunk.payloadBytes,
            messageLength: chunk.messageLength, messageType: chunk.messageType.rawValue,
            messageStreamID: chunk.messageStreamID, timestamp: chunk.timestamp,
            timestampDelta: chunk.timestampDelta, messageNumber: chunk.messageNumber,
            chunkIndex: chunk.chunkIndex, chunkCount: chunk.chunkCount,
            head: (chunk.head[0], chunk.head[1], chunk.head[2], chunk.head[3]),
            headCount: chunk.headCount, body: chunk.body)
    }
}

extension UserControlEvent {
    /// The event as JSON Lines name it, and its value: message stream or ping time.
    var words: (event: String, value: UInt32) {
        switch self {
        case .streamBegin(let id): ("stream-begin", id)
        case .streamEOF(let id): ("stream-eof", id)
        case .streamDry(let id): ("stream-dry", id)
        case .setBufferLength(_, let milliseconds): ("set-buffer-length", milliseconds)
        case .streamIsRecorded(let id): ("stream-is-recorded", id)
        case .pingRequest(let time): ("ping-request", time)
        case .pingResponse(let time): ("ping-response", time)
        case .other(let event): ("other", UInt32(event))
        }
    }
}

extension PlayerCursor.Skip.Reason {
    var telemetry: SkipReason {
        switch self {
        case .queueBytes: .queueBytes
        case .queueTime: .queueTime
        case .window: .window
        }
    }
}
