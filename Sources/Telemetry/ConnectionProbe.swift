public import Synchronization

/// A number that one thread counts and any thread reads.
///
/// An add is a relaxed load and a relaxed store: no locked instruction, since there is one writer.
public struct Counter: ~Copyable, Sendable {
    @usableFromInline let value: Atomic<UInt64>

    public init(_ initial: UInt64 = 0) {
        value = Atomic(initial)
    }

    @inlinable public func add(_ amount: UInt64) {
        value.store(value.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    @inlinable public func add(_ amount: Int) {
        add(UInt64(truncatingIfNeeded: amount))
    }

    @inlinable public func set(_ newValue: UInt64) {
        value.store(newValue, ordering: .relaxed)
    }

    @inlinable public func read() -> UInt64 {
        value.load(ordering: .relaxed)
    }
}

/// The greatest of the values that came since somebody took it.
///
/// One writer and one taker. Between the writer's load and store the taker may take: then the value
/// counts for the next time, and never is one lost.
package struct Peak: ~Copyable, Sendable {
    private let value = Atomic<UInt64>(0)

    package init() {}

    package func note(_ new: UInt64) {
        if new > value.load(ordering: .relaxed) { value.store(new, ordering: .relaxed) }
    }

    package func take() -> UInt64 {
        value.exchange(0, ordering: .relaxed)
    }
}

/// What the rest of the process may know of one connection.
///
/// Written by the worker that owns the connection, read by the sampler. Counters are plain single-
/// writer adds; facts and detail go through `Latest`, so neither side ever waits.
package final class ConnectionProbe: Sendable {
    // What every write of media changes comes first, side by side: a processor fetches memory in lines.

    package let bytesOut = Counter()
    package let messagesOut = Counter()
    // Media: received of a publisher, sent to a player.
    package let videoFrames = Counter()
    package let audioFrames = Counter()
    package let videoBytes = Counter()
    package let audioBytes = Counter()
    /// Timestamps of the newest message, milliseconds; meaningful once `videoFrames`, `audioFrames` > 0.
    package let videoTimestamp = Counter()
    package let audioTimestamp = Counter()
    package let keyframes = Counter()
    // Player only.
    package let queueBytes = Counter()
    package let queueMilliseconds = Counter()

    package let id: SessionID
    package let peer: String
    package let listener: String
    package let acceptedAtNanoseconds: UInt64

    // Socket, handshake included.
    package let bytesIn = Counter()
    package let messagesIn = Counter()
    package let lastReceivedAtNanoseconds = Counter()
    /// Messages that were let go: unknown type, media without publish, AMF that does not parse.
    package let ignored = Counter()

    /// Of a publisher: when that message arrived; 0 before the first.
    package let videoAtNanoseconds = Counter()
    package let audioAtNanoseconds = Counter()
    /// Of a publisher: by how much a message came later than the media time since the one before it
    /// of its kind.
    package let lateNanoseconds = Peak()
    /// Of a publisher: media timestamps that went forward by more than a second, or back.
    package let timestampJumps = Counter()
    package let timestampBacks = Counter()
    package let keyframeTimestamp = Counter()
    package let keyframeAtNanoseconds = Counter()
    /// Milliseconds between the last two keyframes by their timestamps; 0 before the second.
    package let gopMilliseconds = Counter()
    /// From publish or play to the first keyframe received or handed to the socket; 0 before.
    package let firstFrameNanoseconds = Counter()

    // Player only.
    package let skippedVideo = Counter()
    package let skippedAudio = Counter()
    package let skips = Counter()
    /// `SkipReason.probeCode` of the newest skip; 0 before the first.
    package let skipReason = Counter()

    // Control values in force.
    package let chunkSizeIn = Counter(128)
    package let chunkSizeOut = Counter(128)
    package let windowIn = Counter()
    package let windowOut = Counter()
    /// Bytes in when we last sent an Acknowledgement.
    package let acknowledgedIn = Counter()
    /// What the peer last acknowledged, unwrapped to 64 bits.
    package let acknowledgedOut = Counter()

    // Kernel figures, read once a second while bytes move (TCP_INFO, SIOCINQ, SIOCOUTQ).
    package let rttMicroseconds = Counter()
    package let retransmits = Counter()
    package let congestionWindow = Counter()
    package let unacknowledgedBytes = Counter()
    package let receiveQueueBytes = Counter()
    package let sendQueueBytes = Counter()

    /// Set by the sampler while somebody inspects the session: the worker then posts `detail` often.
    package let isInspected = Atomic<Bool>(false)

    package let facts = Latest<Shared<ConnectionFacts>>()
    package let detail = Latest<ConnectionDetail>()

    package init(id: SessionID, peer: String, listener: String, acceptedAtNanoseconds: UInt64) {
        self.id = id
        self.peer = peer
        self.listener = listener
        self.acceptedAtNanoseconds = acceptedAtNanoseconds
        lastReceivedAtNanoseconds.set(acceptedAtNanoseconds)
    }

    /// Sampler only.
    package func inspect(_ isWanted: Bool) {
        isInspected.store(isWanted, ordering: .relaxed)
    }
}

/// What changes a few times in a connection's life.
package struct ConnectionFacts: Sendable {
    package enum Role: String, Hashable, Sendable {
        case handshaking = "HS"
        case idle = "IDLE"
        case publisher = "PUB"
        case player = "PLAY"
        /// Publishes one stream and plays another.
        case publisherAndPlayer = "PUB+"
        case closed = "CLOSED"
    }

    package var role = Role.handshaking
    /// `hs:TLS`, `hs:C0`, `hs:C1`, `hs:C2`, `connect`, `ready`, `publish`, `play`, `paused`, `drain`, `closed`.
    package var state = "hs:C0"
    package var app: SafeText?
    /// `app/name` as the server keys it.
    package var stream: SafeText?
    package var query: SafeText?
    package var flashVersion: SafeText?
    package var tcURL: SafeText?
    package var swfURL: SafeText?
    package var pageURL: SafeText?
    package var objectEncoding: Int?
    package var announcesEnhanced = false
    /// nil: plain, or its handshake is not done.
    package var tls: TLS?
    package var handshake = HandshakeFacts()
    /// When publish or play was accepted.
    package var startedAtNanoseconds: UInt64?
    /// Of a publisher: one per track, video and audio.
    package var configurations: [TrackConfiguration] = []
    package var metadata: SafeText?
    package var peerBandwidthIn: BandwidthFacts?
    package var peerBandwidthOut: BandwidthFacts?
    package var isTraced = false
    package var close: CloseReport?

    package init() {}

    package struct TLS: Hashable, Sendable {
        /// `TLSv1.3`.
        package var version: String
        /// `TLS_AES_128_GCM_SHA256`.
        package var cipher: String

        package init(version: String, cipher: String) {
            self.version = version
            self.cipher = cipher
        }
    }

    package struct TrackConfiguration: Hashable, Sendable {
        package var track: Int
        package var configuration: MediaConfiguration
        /// How many times a different configuration arrived.
        package var changes: Int
        package var bytes: Int

        package init(track: Int, configuration: MediaConfiguration, changes: Int, bytes: Int) {
            self.track = track
            self.configuration = configuration
            self.changes = changes
            self.bytes = bytes
        }
    }

    package struct BandwidthFacts: Hashable, Sendable {
        package var bytes: UInt32
        /// `hard`, `soft`, `dynamic`.
        package var limit: String

        package init(bytes: UInt32, limit: String) {
            self.bytes = bytes
            self.limit = limit
        }
    }
}

/// The steps of the handshake on the monotonic clock; nil: not reached.
package struct HandshakeFacts: Sendable {
    package var firstByteAtNanoseconds: UInt64?
    package var c1AtNanoseconds: UInt64?
    package var s2AtNanoseconds: UInt64?
    package var c2AtNanoseconds: UInt64?
    package var connectAtNanoseconds: UInt64?
    package var kind: String?
    package var digestBase: Int?
    /// C0 as it came.
    package var version: UInt8?
    package var c1Time: UInt32?
    package var c1Version: UInt32?
    /// C2 repeated S1, which nobody requires (HS-4).
    package var echoesS1: Bool?

    package init() {}
}

/// The costly part, posted by the worker while the session is inspected and at its end.
package struct ConnectionDetail: Sendable {
    package var chunkStreams: [ChunkStreamFigures] = []
    package var tcp: TCPFigures?

    package init() {}

    package struct ChunkStreamFigures: Hashable, Sendable {
        package var direction: Direction
        package var id: UInt32
        /// `control`, `command`, `audio`, `video`, `data`, joined by `+` in the order seen.
        package var use: String
        package var messages: UInt64
        package var chunks: UInt64
        package var bytes: UInt64
        /// 0: not known, since nobody looked.
        package var lastAtNanoseconds: UInt64
        /// Chunks with a type 0, 1, 2, 3 header.
        package var forms: SIMD4<UInt64>

        package init(
            direction: Direction, id: UInt32, use: String, messages: UInt64, chunks: UInt64,
            bytes: UInt64, lastAtNanoseconds: UInt64, forms: SIMD4<UInt64>
        ) {
            self.direction = direction
            self.id = id
            self.use = use
            self.messages = messages
            self.chunks = chunks
            self.bytes = bytes
            self.lastAtNanoseconds = lastAtNanoseconds
            self.forms = forms
        }
    }

    package struct TCPFigures: Hashable, Sendable {
        package var rttMicroseconds: UInt32
        package var rttVarianceMicroseconds: UInt32
        package var minimumRTTMicroseconds: UInt32
        package var congestionWindow: UInt32
        package var segmentSize: UInt32
        package var unacknowledgedBytes: UInt32
        package var notSentBytes: UInt32
        package var retransmits: UInt32
        package var receiveQueueBytes: Int
        package var sendQueueBytes: Int
        package var deliveryBytesPerSecond: UInt64
        package var sendBufferBytes: Int
        package var receiveBufferBytes: Int

        package init(
            rttMicroseconds: UInt32, rttVarianceMicroseconds: UInt32,
            minimumRTTMicroseconds: UInt32, congestionWindow: UInt32, segmentSize: UInt32,
            unacknowledgedBytes: UInt32, notSentBytes: UInt32, retransmits: UInt32,
            receiveQueueBytes: Int, sendQueueBytes: Int, deliveryBytesPerSecond: UInt64,
            sendBufferBytes: Int, receiveBufferBytes: Int
        ) {
            self.rttMicroseconds = rttMicroseconds
            self.rttVarianceMicroseconds = rttVarianceMicroseconds
            self.minimumRTTMicroseconds = minimumRTTMicroseconds
            self.congestionWindow = congestionWindow
            self.segmentSize = segmentSize
            self.unacknowledgedBytes = unacknowledgedBytes
            self.notSentBytes = notSentBytes
            self.retransmits = retransmits
            self.receiveQueueBytes = receiveQueueBytes
            self.sendQueueBytes = sendQueueBytes
            self.deliveryBytesPerSecond = deliveryBytesPerSecond
            self.sendBufferBytes = sendBufferBytes
            self.receiveBufferBytes = receiveBufferBytes
        }
    }
}
