import Posix
import RTMPServer
import Relay

extension ServerConfiguration {
    /// What the command line asks of the engine.
    init(_ options: ServerOptions, tracesFromAccept: Bool) {
        self.init(listen: options.listen.isEmpty ? [.any(port: 1935)] : options.listen)
        tlsListen = options.tlsListen
        if let certificate = options.tlsCert, let key = options.tlsKey {
            self.certificate = CertificateFiles(certificate: certificate, key: key)
        }
        threads = options.threads ?? Machine.processors
        chunkSize = UInt32(options.chunkSize)
        acknowledgementWindow = UInt32(options.ackWindow)
        // A message length has 24 bits.
        maximumMessageBytes = min(options.maxMessageSize.bytes, 0xFF_FFFF)
        handshakeTimeoutNanoseconds = options.handshakeTimeout.nanoseconds
        connectTimeoutNanoseconds = options.connectTimeout.nanoseconds
        idleTimeoutNanoseconds = options.idleTimeout.nanoseconds
        pingIntervalNanoseconds = options.pingInterval.nanoseconds
        maximumConnections = options.maxConnections
        maximumConnectionsPerAddress = options.maxConnectionsPerIP
        maximumSlowHandshakes = options.maxHandshakes
        usesGOPCache = options.gopCache
        window = WindowLimits(
            bytes: UInt64(options.window.bytes), milliseconds: options.windowTime.milliseconds,
            keepsGOP: options.gopCache)
        slowLimits = SlowLimits(
            bytes: UInt64(options.slowLimit.bytes),
            milliseconds: options.slowLimitTime.milliseconds)
        slowPolicy =
            switch options.slowPolicy {
            case .skip: .skip
            case .disconnect: .disconnect
            }
        flushInterval =
            options.flushInterval.map { .every(nanoseconds: $0.nanoseconds) } ?? .byAudience
        publishConflict =
            switch options.publishConflict {
            case .reject: .reject
            case .replace: .replace
            case .replaceSilent: .replaceSilent(afterNanoseconds: options.silentAfter.nanoseconds)
            }
        playWaitNanoseconds = options.playWait.nanoseconds
        self.tracesFromAccept = tracesFromAccept
        version = rtmpTopVersion
    }
}
