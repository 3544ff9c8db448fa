import Monitor
import Telemetry

/// The columns of the sessions that ended (DESIGN §5.9), the raw value their place in it.
package enum EndedColumn: Int, CaseIterable, Hashable, Sendable {
    case ended
    case id
    case role
    case stream
    case peer
    case client
    case lasted
    case bytesIn
    case bytesOut
    case who
    case why

    var isText: Bool {
        switch self {
        case .role, .stream, .peer, .client, .who, .why: true
        case .ended, .id, .lasted, .bytesIn, .bytesOut: false
        }
    }

    static let table: [Column<SessionRow, EndedColumn>] = [
        Column(
            .ended, "ENDED", 8, align: .left, drop: 0, help: "time of day",
            sort: { .number(Double($0.closedAtNanoseconds ?? 0)) },
            content: { row, scene in .init(scene.time(ofEnding: row), .textDim) }),
        Column(
            .id, "ID", 4, ideal: 5, align: .left, drop: 0, help: "session, never used again",
            sort: { .number(Double($0.id)) },
            content: { row, _ in .init("#\(row.id)", .textStrong) }),
        Column(
            .role, "ROLE", 4, align: .left, drop: 3, help: "what it was last",
            sort: { .text($0.facts.role.rawValue) },
            content: { row, _ in .init(row.roleWord, row.roleRole) }),
        Column(
            .stream, "STREAM", 9, ideal: 24, align: .left, drop: 2, help: "app/name, the last",
            sort: { .text($0.streamWord) },
            content: { row, _ in
                .init(row.streamWord, row.facts.stream?.isEscaped == true ? .textEscaped : .text)
            }),
        Column(
            .peer, "PEER", 19, ideal: 21, align: .left, drop: 12, help: "address and port",
            sort: { .text($0.peer) }, content: { row, _ in .init(row.peer, .text) }),
        Column(
            .client, "CLIENT", 8, ideal: 14, align: .left, drop: 9, help: "as it said of itself",
            sort: { .text($0.client?.description ?? "") },
            content: { row, _ in
                .init(
                    row.client?.description ?? "?",
                    row.client?.isEscaped == true ? .textEscaped : .text)
            }),
        Column(
            .lasted, "LASTED", 6, drop: 4, help: "from accept to close",
            sort: { .number(Double($0.upNanoseconds)) },
            content: { row, _ in .init(EndedWords.lasted(row)) }),
        Column(
            .bytesIn, "IN", 5, drop: 7, help: "bytes from the peer, in all",
            sort: { .number(Double($0.bytesIn)) },
            content: { row, _ in .number(Double(row.bytesIn), Format.size(row.bytesIn)) }),
        Column(
            .bytesOut, "OUT", 5, drop: 8, help: "bytes to the peer, in all",
            sort: { .number(Double($0.bytesOut)) },
            content: { row, _ in .number(Double(row.bytesOut), Format.size(row.bytesOut)) }),
        Column(
            .who, "WHO", 5, align: .left, drop: 1, help: "who ended it: peer, us, admin",
            sort: { .text(row: $0, \.who.rawValue) },
            content: { row, _ in .init(row.facts.close?.who.rawValue ?? Format.unknown, .text) }),
        Column(
            .why, "WHY IT ENDED", 14, ideal: 60, align: .left, drop: 0,
            help: "the reason, as in the events", sort: { .text(row: $0, \.why) },
            content: { row, _ in
                .init(EndedWords.why(row), row.facts.close.map(EndedWords.role) ?? .text)
            }),
    ]
}

/// How the end of a session is told, in the table and below it.
enum EndedWords {
    /// `0.2 s` where minutes would say nothing.
    static func lasted(_ row: SessionRow) -> String {
        row.upNanoseconds < 10_000_000_000
            ? Format.fixed(Double(row.upNanoseconds) / 1e9, 1) + " s"
            : Format.duration(row.upNanoseconds)
    }

    static func why(_ row: SessionRow) -> String {
        guard let close = row.facts.close else { return Format.unknown }
        let detail = close.detail.description
        let state = close.state.hasPrefix("hs:") ? ", waiting in \(close.state)" : ""
        return (detail.isEmpty ? close.why : detail) + state
    }

    static func role(_ close: CloseReport) -> Role {
        switch close.level {
        case .error: .sevError
        case .warn: .sevWarn
        case .info, .debug, .trace: .text
        }
    }
}

extension SortKey {
    fileprivate static func text(row: SessionRow, _ value: KeyPath<CloseReport, String>) -> SortKey
    {
        row.facts.close.map { .text($0[keyPath: value]) } ?? .none
    }
}

extension Scene {
    func time(ofEnding row: SessionRow) -> String {
        guard let closedAt = row.closedAtNanoseconds else { return Format.unknown }
        return time(
            snapshot.wallClockMilliseconds - Int64(age(of: closedAt) / 1_000_000),
            milliseconds: false)
    }
}
