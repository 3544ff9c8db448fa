/// What both ends of a session have in common: chunks to messages and back, and the control values
/// that are in force (RTMP.md §2, §3).
struct SessionWire: ~Copyable {
    private let limits: Limits
    private var decoder: ChunkDecoder
    private var encoder = ChunkEncoder()
    private var window: AcknowledgementWindow
    private var peerBandwidthLimit: BandwidthLimit?
    private(set) var messagesIn: UInt64 = 0

    /// The Window Acknowledgement Size we said last, which need not be said again (PC-6).
    var announcedWindow: UInt32?

    /// What each side sends before its first chunk: two packets and a version.
    static let handshakeBytes = UInt64(1 + 2 * HandshakePacket.length)

    /// `window`: what is assumed of a peer that announces none.
    init(limits: Limits, window size: UInt32) {
        self.limits = limits
        decoder = ChunkDecoder(limits: limits, startOffset: Self.handshakeBytes)
        window = AcknowledgementWindow(assumed: size)
    }

    // MARK: Inward

    /// Publish or play was accepted: messages may be long from here on.
    var isAuthorised: Bool {
        get { decoder.isAuthorised }
        set { decoder.isAuthorised = newValue }
    }

    /// Bytes of the handshake count for acknowledgements too (PC-3).
    mutating func receiveHandshake(byteCount: Int) {
        window.receive(byteCount)
    }

    /// The next message; nil when the input is used up.
    mutating func next(_ input: inout ByteCursor) throws(ProtocolError) -> Message? {
        let start = input.offset
        defer { window.receive(input.offset - start) }
        guard let message = try decoder.next(&input) else { return nil }
        messagesIn &+= 1
        return message
    }

    /// Puts a message of type 1, 2, 3, 5 or 6 in force; nil if it is too short to mean anything.
    ///
    /// `reply` is what it must be answered with.
    mutating func receive(
        control message: Message
    ) throws(ProtocolError) -> (control: ControlMessage, reply: Message?)? {
        guard let control = ControlMessage.decode(message) else {
            guard message.type != .setChunkSize else {
                throw .setChunkSizeTooShort(message.payload.count)
            }
            return nil
        }
        switch control {
        case .setChunkSize(let size):
            guard (1...0x7FFF_FFFF).contains(size) else { throw .chunkSizeOutOfRange(size) }
            decoder.chunkSize = min(size, limits.chunkSizeMaximum)
        case .abort(let chunkStream):
            decoder.abort(chunkStream)
        case .acknowledgement:
            break  // The owner knows what was sent: `PeerAcknowledgement`.
        case .windowAcknowledgementSize(let size):
            window.announce(size)
        case .setPeerBandwidth(let size, let limit):
            return (control, limitOutput(to: size, limit))
        }
        return (control, nil)
    }

    /// The peer wants acknowledgements of another window: we announce that one, unless it stands
    /// already, or a dynamic limit follows one that was not hard (PC-6).
    private mutating func limitOutput(to size: UInt32, _ limit: BandwidthLimit) -> Message? {
        let isInForce = limit != .dynamic || peerBandwidthLimit == .hard
        if limit != .dynamic { peerBandwidthLimit = limit }
        guard isInForce, size > 0, size != announcedWindow else { return nil }
        announcedWindow = size
        return ControlMessage.windowAcknowledgementSize(size).message()
    }

    /// The Acknowledgement that is due now. Asked at the end of the input, so that one loop over a
    /// socket read gives at most one (PC-3).
    mutating func acknowledgement() -> Message? {
        window.due().map { ControlMessage.acknowledgement($0).message() }
    }

    mutating func restartAcknowledgementSums(_ restarts: Bool) {
        window.restartsSum = restarts
    }

    // MARK: Outward

    /// Writes a message in chunks; it is the `number`th in this direction, its first byte at `offset`.
    ///
    /// Our chunk size changes exactly behind our own Set Chunk Size (CH-17).
    mutating func encode(
        _ message: Message, number: UInt64, at offset: UInt64, into writer: inout ByteWriter
    ) {
        let chunkStream = message.type.chunkStreamID(on: message.messageStreamID)
        encoder.encode(message, on: chunkStream, number: number, at: offset, into: &writer)
        if case .setChunkSize(let size) = ControlMessage.decode(message) {
            encoder.chunkSize = size
        }
    }
}

// MARK: Figures

extension SessionWire {
    var inChunkSize: UInt32 { decoder.chunkSize }
    var outChunkSize: UInt32 { encoder.chunkSize }
    /// The window the peer announced, or the one assumed of it.
    var windowIn: UInt32 { window.size }
    /// Bytes in when the last Acknowledgement was made.
    var acknowledgedIn: UInt64 { window.acknowledged }
    /// What incomplete messages take.
    var partialBytes: Int { decoder.partialBytes }
    /// Chunks read, for the owner of the clock to hold against `Limits.chunksPerSecond`.
    var chunksIn: UInt64 { decoder.chunksRead }
    /// Of the inward direction, in order of first sight.
    var chunkStreams: [ChunkStreamFigures] { decoder.chunkStreams }

    /// Chunks of one direction since its log was last emptied; nil while not armed.
    var chunkLogIn: [ChunkRecord]? {
        get { decoder.log }
        set { decoder.log = newValue }
    }

    var chunkLogOut: [ChunkRecord]? {
        get { encoder.log }
        set { encoder.log = newValue }
    }
}
