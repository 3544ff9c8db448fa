import Monitor
import Telemetry

/// The columns of a table of sessions (DESIGN §6.1), the raw value their place in it.
package enum SessionColumn: Int, CaseIterable, Hashable, Sendable {
    /// Drawn before the first column, not among the others.
    case severity
    case id
    case role
    case state
    case stream
    case peer
    case client
    case rateIn
    case rateOut
    case fps
    case queue
    case queueMilliseconds
    case drop
    case rtt
    case retransmits
    case up
    case acknowledged
    case chunk
    case gop
    case audioVideo
    case firstFrame
    case handshake
    case bytesIn
    case bytesOut
    case idle
    case flashVersion
    case tcURL
    case clock
    case late
    case receiveQueue
    case sendQueue
    case congestionWindow
    case unacknowledged
    case note

    var isText: Bool {
        switch self {
        case .id, .role, .state, .stream, .peer, .client, .chunk, .flashVersion, .tcURL, .note:
            true
        case .severity, .rateIn, .rateOut, .fps, .queue, .queueMilliseconds, .drop, .rtt,
            .retransmits, .up, .acknowledged, .gop, .audioVideo, .firstFrame, .handshake, .bytesIn,
            .bytesOut, .idle, .clock, .late, .receiveQueue, .sendQueue, .congestionWindow,
            .unacknowledged:
            false
        }
    }

    static let table: [Column<SessionRow, SessionColumn>] = shown + more

    private static let shown: [Column<SessionRow, SessionColumn>] = [
        Column(
            .severity, "!", 1, drop: 0,
            help: "! frames were dropped, or a handshake takes over 2 s",
            sort: {
                .number(Double($0.severity.rawValue) * 1e15 + min($0.bitsPerSecondOut, 1e14))
            },
            content: { row, _ in .init(row.severity == .none ? "" : "!", .sevWarn) }),
        Column(
            .id, "ID", 4, align: .left, drop: 0,
            help: "session, never used again; T: its chunks are traced",
            sort: { .number(Double($0.id)) },
            content: { row, _ in
                .init("#\(row.id)" + (row.facts.isTraced ? "T" : ""), .textStrong)
            }),
        Column(
            .role, "ROLE", 4, align: .left, drop: 2,
            help: "HS handshake, IDLE, PUB, PLAY, PUB+ does both",
            sort: { .text($0.facts.role.rawValue) },
            content: { row, _ in .init(row.roleWord, row.roleRole) }),
        Column(
            .state, "STATE", 7, align: .left, drop: 5,
            help: "how far the session is, from accept to closed",
            sort: { .text($0.facts.state) },
            content: { row, _ in .init(row.isOpen ? row.facts.state : "CLOSED", .text) }),
        Column(
            .stream, "STREAM", 9, ideal: 28, align: .left, drop: 1,
            help: "app/name; app=... while only connected",
            sort: { .text($0.streamWord) },
            content: { row, _ in
                .init(
                    row.streamWord, row.facts.stream?.isEscaped == true ? .textEscaped : .text)
            }),
        Column(
            .peer, "PEER", 19, ideal: 21, align: .left, drop: 12, help: "address and port",
            sort: { .text($0.peer) }, content: { row, _ in .init(row.peer, .text) }),
        Column(
            .client, "CLIENT", 8, ideal: 18, align: .left, drop: 6,
            help: "as it says of itself; ? unknown",
            sort: { .text($0.client?.description ?? "") },
            content: { row, _ in
                .init(
                    row.client?.description ?? "?",
                    row.client?.isEscaped == true ? .textEscaped : .text)
            }),
        Column(
            .rateIn, "IN b/s", 6, drop: 1, help: "bits a second read from the socket",
            sortWithin: { .number(RateWindow.inward($0, $1).bitsPerSecond) },
            content: { row, scene in .rate(RateWindow.inward(row, scene.state.settings.rateWindow))
            }),
        Column(
            .rateOut, "OUT b/s", 7, drop: 1, help: "bits a second the socket took",
            sortWithin: { .number(RateWindow.outward($0, $1).bitsPerSecond) },
            content: { row, scene in .rate(RateWindow.outward(row, scene.state.settings.rateWindow))
            }),
        Column(
            .fps, "FPS", 4, ideal: 5, drop: 9, help: "video frames a second, over 2 s",
            sort: { .optional($0.framesPerSecond) },
            content: { row, _ in .init(Format.fixed(row.framesPerSecond, 1)) }),
        Column(
            .queue, "QUEUE", 5, drop: 10, help: "bytes held here for the peer",
            sort: { .number(Double($0.queueBytes)) },
            content: { row, _ in .number(Double(row.queueBytes), Format.size(row.queueBytes)) }),
        Column(
            .queueMilliseconds, "Q ms", 5, drop: 3,
            help: "media time held in QUEUE, ms",
            sort: { .number(Double($0.queueMilliseconds)) },
            content: { row, _ in
                .number(
                    Double(row.queueMilliseconds), "\(row.queueMilliseconds)",
                    isHigh: row.queueMilliseconds > 1000)
            }),
        Column(
            .drop, "DROP", 4, drop: 4, help: "video frames a slow player did not get",
            sort: { .number(Double($0.skippedVideo)) },
            content: { row, _ in
                .number(
                    Double(row.skippedVideo), Format.brief(row.skippedVideo),
                    isHigh: row.skippedVideo > 0)
            }),
        Column(
            .rtt, "RTT", 3, drop: 7, help: "smoothed round trip of the kernel, ms",
            sort: { .optional($0.rttMicroseconds.map { Double($0) }) },
            content: { row, _ in
                .init(row.rttMicroseconds.map { "\(($0 + 500) / 1000)" } ?? Format.unknown)
            }),
        Column(
            .retransmits, "RTX", 3, drop: 11, help: "TCP segments sent again in the last 10 s",
            sort: { .optional($0.retransmits.map { Double($0) }) },
            content: { row, _ in
                guard let count = row.retransmits else { return .init(Format.unknown) }
                return .number(Double(count), Format.size(count), isHigh: count > 0)
            }),
        Column(
            .up, "UP", 5, drop: 4, help: "since accept",
            sort: { .number(Double($0.upNanoseconds)) },
            content: { row, _ in .init(Format.duration(row.upNanoseconds)) }),
    ]

    /// Those that nobody sees who did not choose them with `c`.
    private static let more: [Column<SessionRow, SessionColumn>] = [
        Column(
            .acknowledged, "ACK", 4, drop: 13,
            help: "the fuller of the two acknowledgement windows, %",
            sort: { .optional($0.acknowledgementPercent) },
            content: { row, _ in
                guard let percent = row.acknowledgementPercent else { return .init(Format.unknown) }
                return .number(percent, Format.fixed(percent, 0), isHigh: percent > 110)
            }),
        Column(
            .chunk, "CHUNK", 9, ideal: 11, align: .left, drop: 20,
            help: "chunk size in and out now, bytes",
            sort: { .number(Double($0.chunkSizeIn)) },
            content: { row, _ in .init("\(row.chunkSizeIn)/\(row.chunkSizeOut)") }),
        Column(
            .gop, "GOP s", 5, drop: 14, help: "between the last two key frames, by media time",
            sort: { .optional($0.gopMilliseconds.map { Double($0) }) },
            content: { row, _ in
                .init(Format.fixed(row.gopMilliseconds.map { Double($0) / 1000 }, 2))
            }),
        Column(
            .audioVideo, "A-V ms", 6, drop: 15,
            help: "audio against video, less its start; + audio ahead",
            sort: { .optional($0.audioVideoMilliseconds) },
            content: { row, _ in .init(Format.signed(row.audioVideoMilliseconds)) }),
        Column(
            .firstFrame, "TTFF", 5, drop: 16,
            help: "publish or play to the first key frame, ms",
            sort: { .optional($0.firstFrameNanoseconds.map { Double($0) }) },
            content: { row, _ in .milliseconds(row.firstFrameNanoseconds) }),
        Column(
            .handshake, "HS ms", 5, drop: 17, help: "accept to handshake done, ms",
            sort: { .optional($0.handshakeNanoseconds.map { Double($0) }) },
            content: { row, _ in .milliseconds(row.handshakeNanoseconds) }),
        Column(
            .bytesIn, "BYTES IN", 8, drop: 18, help: "from the socket since accept",
            sort: { .number(Double($0.bytesIn)) },
            content: { row, _ in .number(Double(row.bytesIn), Format.size(row.bytesIn)) }),
        Column(
            .bytesOut, "BYTES OUT", 9, drop: 19, help: "to the socket since accept",
            sort: { .number(Double($0.bytesOut)) },
            content: { row, _ in .number(Double(row.bytesOut), Format.size(row.bytesOut)) }),
        Column(
            .idle, "IDLE s", 6, drop: 21, help: "since the last byte from the peer",
            sort: { .number(Double($0.idleNanoseconds)) },
            content: { row, _ in
                let seconds = Double(row.idleNanoseconds) / 1e9
                return .number(seconds, Format.fixed(seconds, 1), isHigh: seconds > 30)
            }),
        Column(
            .flashVersion, "FLASHVER", 12, ideal: 30, align: .left, drop: 22,
            help: "as the client says it, escaped",
            sort: { .text($0.facts.flashVersion?.description ?? "") },
            content: { row, _ in .foreign(row.facts.flashVersion) }),
        Column(
            .tcURL, "TCURL", 14, ideal: 40, align: .left, drop: 23,
            help: "as the client says it, escaped, secrets masked",
            sort: { .text($0.facts.tcURL?.description ?? "") },
            content: { row, _ in .foreign(row.facts.tcURL) }),
        Column(
            .clock, "CLOCK", 5, drop: 24,
            help: "media time against ours over 60 s, ppm; + the source runs fast",
            sort: { .optional($0.clock?.partsPerMillion) },
            content: { row, _ in .init(Format.drift(row.clock)) }),
        Column(
            .late, "LATE", 5, drop: 25,
            help: "most that a message of the last 10 s was late, ms",
            sort: { .optional($0.lateNanoseconds.map { Double($0) }) },
            content: { row, _ in
                .init(
                    Format.milliseconds(row.lateNanoseconds),
                    (row.lateNanoseconds ?? 0) > 1_000_000_000 ? .numHigh : .num)
            }),
        Column(
            .receiveQueue, "RCVQ", 5, drop: 26, help: "bytes the kernel has and we have not read",
            sort: { .optional($0.receiveQueueBytes.map { Double($0) }) },
            content: { row, _ in .size(row.receiveQueueBytes) }),
        Column(
            .sendQueue, "SNDQ", 5, drop: 27,
            help: "bytes the kernel has and the peer has not acknowledged",
            sort: { .optional($0.sendQueueBytes.map { Double($0) }) },
            content: { row, _ in .size(row.sendQueueBytes) }),
        Column(
            .congestionWindow, "CWND", 4, drop: 28, help: "congestion window, segments",
            sort: { .optional($0.congestionWindow.map { Double($0) }) },
            content: { row, _ in .size(row.congestionWindow) }),
        Column(
            .unacknowledged, "UNACK", 5, drop: 29, help: "bytes in flight",
            sort: { .optional($0.unacknowledgedBytes.map { Double($0) }) },
            content: { row, _ in .size(row.unacknowledgedBytes) }),
        Column(
            .note, "NOTE", 6, ideal: 30, align: .left, drop: 30, help: "your own: a writes it",
            sort: { .text($0.note?.description ?? "") },
            content: { row, _ in .foreign(row.note) }),
    ]

    /// The columns of a table, without the mark before them.
    static let columns = Array(table.dropFirst())
}

extension Column.Content {
    static func rate(_ rate: RateWindow.Rate) -> Self {
        .number(rate.bitsPerSecond, (rate.isFull ? "" : "~") + Format.scaled(rate.bitsPerSecond))
    }

    static func milliseconds(_ nanoseconds: UInt64?) -> Self {
        Self(Format.milliseconds(nanoseconds))
    }

    static func size(_ value: UInt64?) -> Self {
        guard let value else { return Self(Format.unknown) }
        return .number(Double(value), Format.size(value))
    }

    /// What a peer said.
    static func foreign(_ text: SafeText?) -> Self {
        guard let text else { return Self(Format.unknown, .textDim) }
        return Self(text.description, text.isEscaped ? .textEscaped : .text)
    }

    /// A number: zero recedes, a high one stands out.
    static func number(_ value: Double, _ text: String, isHigh: Bool = false) -> Self {
        Self(text, isHigh ? .numHigh : value == 0 ? .numZero : .num)
    }
}

extension SortKey {
    static func optional(_ value: Double?) -> SortKey { value.map { .number($0) } ?? .none }
}

extension SessionRow {
    /// A closed session has no role any more; its row says so under STATE.
    var roleWord: String { facts.role == .closed ? Format.unknown : facts.role.rawValue }

    var roleRole: Role {
        switch facts.role {
        case .handshaking: .roleHs
        case .idle: .roleIdle
        case .publisher, .publisherAndPlayer: .rolePub
        case .player: .rolePlay
        case .closed: .rowClosed
        }
    }

    var streamWord: String {
        if let stream = facts.stream { return stream.description }
        if let app = facts.app { return "app=" + app.description }
        return Format.unknown
    }
}
