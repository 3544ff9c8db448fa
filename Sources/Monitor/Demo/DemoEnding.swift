import Telemetry

/// A session of the demo that is over.
struct DemoEnding: Sendable {
    let id: SessionID
    let role: ConnectionFacts.Role
    var stream: SafeText?
    let peer: String
    var client: SafeText?
    /// Before the moment of the mock-ups.
    let agoMilliseconds: UInt64
    let lastedMilliseconds: UInt64
    let bytesIn: UInt64
    let bytesOut: UInt64
    let who: CloseReport.Who
    let why: String
    let detail: SafeText
    let state: String
    var queueBytes: UInt64 = 0
    var queueMilliseconds: UInt64 = 0

    var row: SessionRow {
        let closedAt = DemoTime.before(milliseconds: agoMilliseconds)
        let lasted = lastedMilliseconds * 1_000_000
        var facts = ConnectionFacts()
        facts.role = role
        facts.state = "closed"
        facts.app = role == .handshaking ? nil : "live"
        facts.stream = stream
        facts.close = CloseReport(
            who: who, why: why, detail: detail, state: state, lastedNanoseconds: lasted,
            bytesIn: bytesIn, bytesOut: bytesOut)
        var row = SessionRow(
            id: id, facts: facts, peer: peer, listener: "0.0.0.0:1935",
            acceptedAtNanoseconds: closedAt - lasted, upNanoseconds: lasted, bytesIn: bytesIn,
            bytesOut: bytesOut)
        row.client = client
        row.closedAtNanoseconds = closedAt
        row.queueBytes = queueBytes
        row.queueMilliseconds = queueMilliseconds
        let seconds = min(lastedMilliseconds / 1000, 60)
        let rates = [bytesIn, bytesOut].map { Float($0) * 8000 / Float(lastedMilliseconds) }
        row.historyIn = Array(repeating: rates[0], count: Int(seconds))
        row.historyOut = Array(repeating: rates[1], count: Int(seconds))
        return row
    }
}

extension DemoEnding {
    /// Those of the mock-ups, the oldest first.
    static let known: [DemoEnding] = [
        DemoEnding(
            id: 7, role: .player, stream: "live/cam1", peer: "192.0.2.44:50112", client: "ffplay",
            agoMilliseconds: 3_480_000, lastedMilliseconds: 581_000, bytesIn: 9900,
            bytesOut: 433_000_000, who: .admin, why: "kicked",
            detail: "kicked at the console, name held 60 s",
            state: "play"),
        DemoEnding(
            id: 8, role: .handshaking, peer: "198.51.100.61:55120", agoMilliseconds: 2_549_000,
            lastedMilliseconds: 100, bytesIn: 1500, bytesOut: 3100, who: .us, why: "not-rtmp",
            detail: "C0 0x16: a TLS client on the plain RTMP port", state: "hs:C0"),
        DemoEnding(
            id: 10, role: .idle, stream: "live/cam1", peer: "203.0.113.7:51801",
            client: "Lavf60.3", agoMilliseconds: 2_421_000, lastedMilliseconds: 240,
            bytesIn: 3200, bytesOut: 1100, who: .peer, why: "fin",
            detail: "closed by the peer", state: "ready"),
        DemoEnding(
            id: 11, role: .publisher, stream: "live/cam1", peer: "203.0.113.7:51802",
            client: "OBS 30.1.2", agoMilliseconds: 647_000, lastedMilliseconds: 2_642_000,
            bytesIn: 1_980_000_000, bytesOut: 402_000, who: .us, why: "publisher-silent",
            detail: "nothing received for 30 s", state: "publish"),
        DemoEnding(
            id: 14, role: .player, stream: "live/cam1", peer: "198.51.100.23:60011",
            client: "VLC 3.0", agoMilliseconds: 328_000, lastedMilliseconds: 190_000,
            bytesIn: 4100, bytesOut: 143_000_000, who: .us, why: "slow-player",
            detail: "too far behind live (slow player)", state: "play", queueBytes: 8_000_000,
            queueMilliseconds: 10_640),
        DemoEnding(
            id: 2, role: .publisher, stream: "live/studio", peer: "203.0.113.7:51020",
            client: "OBS 30.1.2", agoMilliseconds: 41_000, lastedMilliseconds: 4_329_000,
            bytesIn: 2_310_000_000, bytesOut: 31_000, who: .peer, why: "fin",
            detail: "closed by the peer", state: "publish"),
        DemoEnding(
            id: 16, role: .handshaking, peer: "198.51.100.99:41802", agoMilliseconds: 40_994,
            lastedMilliseconds: 6012, bytesIn: 812, bytesOut: 0, who: .peer, why: "tcp-reset",
            detail: "reset by the peer", state: "hs:C1"),
    ]
}
