import ArgumentParser
import Posix

/// What the server does: where it listens, its limits and its policies.
struct ServerOptions: ParsableArguments {
    enum SlowPolicy: String, CaseIterable, ExpressibleByArgument {
        case skip
        case disconnect
    }

    enum PublishConflict: String, CaseIterable, ExpressibleByArgument {
        case reject
        case replace
        case replaceSilent = "replace-silent"
    }

    @Option(
        name: [.customLong("listen"), .customLong("addr")],
        help: ArgumentHelp(
            "Serve RTMP here: HOST:PORT, [IPv6]:PORT or :PORT; repeatable. (default: :1935)",
            valueName: "address"),
        transform: { try SocketAddress(parsing: $0) })
    var listen: [SocketAddress] = []

    @Option(
        help: ArgumentHelp(
            "Serve RTMPS here; repeatable. Needs --tls-cert and --tls-key.", valueName: "address"),
        transform: { try SocketAddress(parsing: $0) })
    var tlsListen: [SocketAddress] = []

    @Option(
        help: ArgumentHelp(
            "The certificate and those that lead from it to a root (PEM); read anew on SIGHUP and "
                + "when the file changes.",
            valueName: "file"))
    var tlsCert: String?

    @Option(help: ArgumentHelp("Its private key, without a password (PEM).", valueName: "file"))
    var tlsKey: String?

    @Option(help: "Workers. (default: one a core)", transform: whole(1...512))
    var threads: Int?

    @Option(
        help: ArgumentHelp("Chunk size towards peers. (default: 60000)", valueName: "bytes"),
        transform: whole(128...65536))
    var chunkSize = 60000

    @Option(
        help: ArgumentHelp(
            "Window Acknowledgement Size we announce. (default: 2500000)", valueName: "bytes"),
        transform: whole(1...0x7FFF_FFFF))
    var ackWindow = 2_500_000

    @Option(
        help: ArgumentHelp("Largest media message accepted. (default: 10MiB)", valueName: "size"),
        transform: SizeArgument.parse(within: 1024...(16 << 20)))
    var maxMessageSize = SizeArgument.mebibytes(10)

    @Option(
        help: ArgumentHelp(
            "From accept to the end of the handshake. (default: 10s)", valueName: "time"),
        transform: DurationArgument.parsePositive)
    var handshakeTimeout = DurationArgument.seconds(10)

    @Option(
        help: ArgumentHelp("From the handshake to connect. (default: 10s)", valueName: "time"),
        transform: DurationArgument.parsePositive)
    var connectTimeout = DurationArgument.seconds(10)

    @Option(
        help: ArgumentHelp(
            "A peer that sends nothing this long is closed. (default: 30s)", valueName: "time"),
        transform: DurationArgument.parsePositive)
    var idleTimeout = DurationArgument.seconds(30)

    @Option(
        help: ArgumentHelp("Between pings to a silent peer. (default: 20s)", valueName: "time"),
        transform: DurationArgument.parsePositive)
    var pingInterval = DurationArgument.seconds(20)

    @Option(
        help: ArgumentHelp(
            "Refuse connections above this number. (default: 10000)", valueName: "n"),
        transform: whole(1...1_000_000))
    var maxConnections = 10_000

    @Option(
        name: .customLong("max-connections-per-ip"),
        help: ArgumentHelp(
            "The same for one address, or the /64 of an IPv6 address; 0: no limit. (default: 0)",
            valueName: "n"),
        transform: whole(0...1_000_000))
    var maxConnectionsPerIP = 0

    @Option(
        help: ArgumentHelp(
            "Handshakes under way for more than 2s; beyond that the oldest gives way to a "
                + "newcomer; 0: no limit. (default: 256)",
            valueName: "n"),
        transform: whole(0...1_000_000))
    var maxHandshakes = 256

    @Option(
        help: ArgumentHelp(
            "Late players start at the newest keyframe in the window. (default: true)",
            valueName: "bool"),
        transform: truth)
    var gopCache = true

    @Option(
        help: ArgumentHelp(
            "Bound of a stream's window in bytes. (default: 16MiB)", valueName: "size"),
        transform: SizeArgument.parse(within: (64 << 10)...(4 << 30)))
    var window = SizeArgument.mebibytes(16)

    @Option(
        help: ArgumentHelp("Bound of a stream's window in time. (default: 20s)", valueName: "time"),
        transform: DurationArgument.parsePositive)
    var windowTime = DurationArgument.seconds(20)

    @Option(
        help: ArgumentHelp(
            "A player too far from live skips to a keyframe, or is disconnected.",
            valueName: "policy"))
    var slowPolicy = SlowPolicy.skip

    @Option(
        help: ArgumentHelp(
            "A player's greatest distance from live. (default: 8MiB)", valueName: "size"),
        transform: SizeArgument.parse(within: (16 << 10)...(4 << 30)))
    var slowLimit = SizeArgument.mebibytes(8)

    @Option(
        help: ArgumentHelp("The same in time. (default: 10s)", valueName: "time"),
        transform: DurationArgument.parsePositive)
    var slowLimitTime = DurationArgument.seconds(10)

    @Option(
        help: ArgumentHelp(
            "Beat on which media is sent; 0: every message at once. "
                + "(default: at once to few players, else a beat)",
            valueName: "time"),
        transform: DurationArgument.parse)
    var flushInterval: DurationArgument?

    @Option(
        help: ArgumentHelp("A second publisher of a stream.", valueName: "policy"))
    var publishConflict = PublishConflict.replaceSilent

    @Option(
        help: ArgumentHelp(
            "A publisher that sent nothing this long may be replaced. (default: 5s)",
            valueName: "time"),
        transform: DurationArgument.parsePositive)
    var silentAfter = DurationArgument.seconds(5)

    @Option(
        help: ArgumentHelp(
            "Accepted for scripts; a stream has one publisher.", valueName: "1",
            visibility: .hidden),
        transform: whole(1...1))
    var publisherPerRoom: Int?

    @Option(
        help: ArgumentHelp(
            "A player of a stream nobody publishes waits this long; 0s: refused at once. "
                + "(default: 60s)",
            valueName: "time"),
        transform: DurationArgument.parse)
    var playWait = DurationArgument.seconds(60)

    func validate() throws {
        switch (tlsListen.isEmpty, tlsCert != nil, tlsKey != nil) {
        case (true, false, false), (false, true, true): break
        case (true, _, _):
            throw ValidationError("--tls-cert and --tls-key belong to --tls-listen")
        case (false, false, false):
            throw ValidationError("--tls-listen needs --tls-cert and --tls-key")
        case (false, false, true): throw ValidationError("--tls-listen needs --tls-cert too")
        case (false, true, false): throw ValidationError("--tls-listen needs --tls-key too")
        }
    }
}
