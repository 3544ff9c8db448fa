package import Posix
package import RTMP
package import Relay

/// Every choice and every bound of the engine (RTMP.md §0, §9). Times are nanoseconds.
package struct ServerConfiguration: Sendable {
    package enum FlushInterval: Hashable, Sendable {
        /// Every message at once while few play, on a beat when many do.
        case byAudience
        /// A beat for any audience; 0: every message at once.
        case every(nanoseconds: UInt64)
    }

    package enum SlowPolicy: Hashable, Sendable {
        case skip
        case disconnect
    }

    package var listen: [SocketAddress]
    /// Where TLS is spoken; `certificate` is there then.
    package var tlsListen: [SocketAddress] = []
    package var certificate: CertificateFiles?
    /// Workers; each has its own epoll and its own connections.
    package var threads = 1
    package var chunkSize: UInt32 = 60_000
    package var acknowledgementWindow: UInt32 = 2_500_000
    package var maximumMessageBytes = 10 << 20
    /// Incomplete messages of all connections together (SEC-1); a worker has its share of it.
    package var maximumPartialBytes = 256 << 20
    /// The bounds of one session; those of media messages follow from `maximumMessageBytes`.
    package var limits = Limits()
    package var handshakeTimeoutNanoseconds: UInt64 = 10 * second
    package var connectTimeoutNanoseconds: UInt64 = 10 * second
    /// From connect to publish or play.
    package var actionTimeoutNanoseconds: UInt64 = 30 * second
    /// A publisher from which nothing comes.
    package var idleTimeoutNanoseconds: UInt64 = 30 * second
    package var pingIntervalNanoseconds: UInt64 = 20 * second
    /// A peer from which nothing came although it was pinged.
    package var pingTimeoutNanoseconds: UInt64 = 30 * second
    /// A player that stays beyond `slowLimits` and takes nothing (MED-12).
    package var overrunTimeoutNanoseconds: UInt64 = 30 * second
    package var maximumConnections = 10_000
    /// 0: no bound. An address is an IPv4 address or the /64 of an IPv6 address.
    package var maximumConnectionsPerAddress = 0
    /// Handshakes that take longer than `handshakeGraceNanoseconds`; the oldest gives way (SEC-7).
    /// 0: no bound.
    package var maximumSlowHandshakes = 256
    package var usesGOPCache = true
    package var window = WindowLimits()
    /// The windows of all streams together; each has an equal share at most, and `window.bytes`.
    package var maximumWindowBytes = 1 << 30
    package var slowPolicy = SlowPolicy.skip
    package var slowLimits = SlowLimits()
    package var flushInterval = FlushInterval.byAudience
    /// One call offers a socket at most this much; what it does not take waits until it can be written.
    /// By a small one, tests end a write after any byte.
    package var writeLimitBytes = Int.max
    package var publishConflict = PublishConflict.replaceSilent(afterNanoseconds: 5 * second)
    /// How long a player waits for somebody to publish; 0: StreamNotFound at once.
    package var playWaitNanoseconds: UInt64 = 60 * second
    /// Chunks of every session are recorded from its first byte, until `ServerControl` disarms it (`--trace`).
    package var tracesFromAccept = false
    /// What else gets a stream from here on, asked when somebody begins to publish it.
    package var sinks: @Sendable (StreamKey) -> [any MediaSink] = { _ in [] }
    package var version = "0"

    package static let second: UInt64 = 1_000_000_000
    /// A timestamp further ahead of its predecessor is a jump.
    static let timestampJumpMilliseconds = 1000
    /// A handshake takes a client less than a second; a thousand clients at once, somewhat longer.
    package static let handshakeGraceNanoseconds: UInt64 = 2 * second
    /// Until metadata is tried again that found no time in its turn.
    package static let metadataPause: UInt64 = second / 50
    /// How long a peer may take to read our goodbye (CMD-3, DESIGN §12).
    package static let drainNanoseconds: UInt64 = second
    /// What the kernel may hold for a peer beyond what is on its way to it. Left to itself it takes
    /// 4 MB for one who does not read, and a player would have to get all of that before it could skip.
    package static let notSentBytes = 256 << 10
    /// Audience up to which every message goes out at once.
    package static let smallAudience = 32
    /// The beat of larger audiences: a call costs 3–4 µs whatever it carries, so that 55 ms at 1000
    /// players is a third of the processor time of a call a message.
    package static let largeAudienceBeatNanoseconds: UInt64 = 55_000_000
    /// Parts of an audience that are served one after the other; between two others may be heard.
    static let audienceSections = 8
    /// Times within a beat at which some of them are served. Each wakes the worker, and those who read:
    /// with eight, a gigabyte took 6 to 8 % more at 55 and 100 ms.
    static let beatPhases = 4

    /// How often those get something who do not get every message at once.
    package var beatNanoseconds: UInt64 {
        switch flushInterval {
        case .every(let interval): interval
        case .byAudience: Self.largeAudienceBeatNanoseconds
        }
    }

    /// - Parameter audience: players of a stream, on one worker.
    package func waitsForBeat(audience: Int) -> Bool {
        switch flushInterval {
        case .every(let interval): interval > 0
        case .byAudience: audience > Self.smallAudience
        }
    }

    package init(listen: [SocketAddress]) {
        self.listen = listen
    }
}
