package import Telemetry

/// Traced sessions as a capture file of TCP connections, for Wireshark and what else reads pcapng
/// (DESIGN §13, §14).
///
/// Chunks are as they were on the wire: their headers, order, times and lengths. Of a payload stands
/// what was kept, zeros for the rest, `*` for what is secret. The frames of TCP and what was not kept
/// of the handshake are made up.
package struct TraceCapture {
    /// The file is no longer than about this: the oldest chunks are left out.
    package static let byteLimit = 64 << 20
    /// Framing and the block around it.
    private static let packetOverhead = 80

    private struct Connection {
        var peer: CapturedEndpoint
        var server: CapturedEndpoint
        var inward: CapturedWay
        var outward: CapturedWay
    }

    private let snapshot: Snapshot
    private var file: CaptureFile
    private var connections: [SessionID: Connection] = [:]
    private var handshakes: [SessionID: [TraceRecord.HandshakePart: TraceRecord]] = [:]
    /// Nanoseconds from the clock of the trace to the time of day.
    private let clockOffset: UInt64
    /// Chunks of the file.
    package private(set) var chunkCount = 0
    /// Chunks that found no room.
    package private(set) var omitted = 0

    /// - Parameters:
    ///   - lines: numbers of the lines it spans; all chunks of `sessions` between them are in it, as
    ///     a message of which chunks are missing cannot be read.
    ///   - hides: of a payload, what else is not to be seen.
    package init(
        _ snapshot: Snapshot, sessions: Set<SessionID>, lines: Range<Int>,
        byteLimit: Int = TraceCapture.byteLimit, hides: ([UInt8]) -> [Range<Int>] = { _ in [] }
    ) {
        self.snapshot = snapshot
        let trace = snapshot.trace
        let newest = trace[trace.endNumber - 1]
        clockOffset =
            UInt64(clamping: newest?.wallClockMilliseconds ?? 0) &* 1_000_000
            &- (newest?.record.atNanoseconds ?? 0)
        file = CaptureFile(
            program: "rtmp-top \(snapshot.server.version)",
            comment: "RTMP traced inside the server. TCP, the server's port and the random "
                + "bytes of the handshakes are made up. Of media the first \(TraceRecord.headCapacity) bytes of each "
                + "chunk are as they were, zeros stand for the rest; * stands for secrets.")
        let start = Self.start(of: lines, in: trace, sessions, byteLimit: byteLimit)
        // What a session began with may stand before the first line.
        for number in trace.firstNumber..<max(lines.upperBound, trace.firstNumber) {
            guard let record = trace[number]?.record, sessions.contains(record.session) else {
                continue
            }
            if let part = record.handshakePart {
                handshakes[record.session, default: [:]][part] = record
            } else if number >= start {
                add(record, number, hides)
            } else if lines.contains(number) {
                omitted += 1
            }
        }
        for id in sessions.sorted() { end(id) }
    }

    package var bytes: [UInt8] { file.bytes }

    /// The line from which on the rest finds room.
    private static func start(
        of lines: Range<Int>, in trace: LogTail<TraceEntry>, _ sessions: Set<SessionID>,
        byteLimit: Int
    ) -> Int {
        var room = byteLimit
        for number in lines.reversed() {
            guard let record = trace[number]?.record, sessions.contains(record.session) else {
                continue
            }
            room -= Int(record.payloadBytes) + Int(record.headerBytes) + packetOverhead
            if room < 0 { return number + 1 }
        }
        return lines.lowerBound
    }

    // MARK: Steps

    private mutating func add(
        _ record: TraceRecord, _ number: Int, _ hides: ([UInt8]) -> [Range<Int>]
    ) {
        if connections[record.session] == nil { begin(record) }
        chunkCount += 1
        let payload = record.openPayload(line: number, of: snapshot.trace, hides: hides)
        let isInward = record.direction == .inward
        let pieces =
            isInward
            ? connections[record.session]?.inward.pieces(for: record, payload: payload)
            : connections[record.session]?.outward.pieces(for: record, payload: payload)
        for piece in pieces ?? [] {
            send(
                piece.bytes, of: record.session, isInward: isInward, at: record.atNanoseconds,
                comment: piece.comment)
        }
    }

    /// The handshake of TCP, then that of RTMP.
    private mutating func begin(_ first: TraceRecord) {
        let row = snapshot.session(first.session)
        let peer = CapturedEndpoint(row?.peer ?? "0.0.0.0:\(first.session)")
        connections[first.session] = Connection(
            peer: peer, server: CapturedEndpoint(row?.listener ?? ":0").besides(peer),
            inward: CapturedWay(likelySize: UInt32(clamping: row?.chunkSizeIn ?? 0)),
            outward: CapturedWay(likelySize: UInt32(clamping: row?.chunkSizeOut ?? 0)))
        let known = handshakes[first.session] ?? [:]
        let at = known[.c0c1]?.atNanoseconds ?? first.atNanoseconds
        let (synchronise, acknowledge) = (
            CapturedEndpoint.synchronise, CapturedEndpoint.acknowledge
        )
        frame(of: first.session, true, 0, 0, synchronise, at)
        frame(of: first.session, false, 0, 1, synchronise | acknowledge, at)
        frame(of: first.session, true, 1, 1, acknowledge, at)
        for (part, count) in [
            (TraceRecord.HandshakePart.c0c1, 1537), (.s0s1s2, 3073), (.c2, 1536),
        ] {
            var bytes = known[part]?.kept ?? []
            let keptCount = bytes.count
            if bytes.isEmpty, part != .c2 { bytes = [3] }
            bytes += repeatElement(0, count: max(count - bytes.count, 0))
            var comment = "\(part.word): \(keptCount) bytes as they were, zeros for the rest"
            if part == .c2, first.offset > 3073 {
                comment += "; what came between it and the beginning of the trace is not here"
            }
            send(
                bytes, of: first.session, isInward: part != .s0s1s2,
                at: known[part]?.atNanoseconds ?? at, comment: comment)
        }
    }

    private mutating func end(_ id: SessionID) {
        guard let connection = connections[id], let row = snapshot.session(id),
            let closed = row.closedAtNanoseconds
        else { return }
        let isInward = row.facts.close?.who == .peer
        let (from, to) =
            isInward
            ? (connection.inward, connection.outward) : (connection.outward, connection.inward)
        frame(
            of: id, isInward, from.sequence, to.sequence,
            CapturedEndpoint.finish | CapturedEndpoint.acknowledge, closed)
    }

    private mutating func send(
        _ bytes: [UInt8], of id: SessionID, isInward: Bool, at: UInt64, comment: String?
    ) {
        var comment = comment
        var rest = bytes[...]
        while !rest.isEmpty, let connection = connections[id] {
            let part = rest.prefix(CapturedEndpoint.segmentLimit)
            rest = rest.dropFirst(part.count)
            let (from, to) =
                isInward
                ? (connection.inward, connection.outward)
                : (connection.outward, connection.inward)
            frame(
                of: id, isInward, from.sequence, to.sequence,
                CapturedEndpoint.push | CapturedEndpoint.acknowledge, at, part, comment: comment)
            comment = nil
            if isInward {
                connections[id]?.inward.advance(by: part.count)
            } else {
                connections[id]?.outward.advance(by: part.count)
            }
        }
    }

    private mutating func frame(
        of id: SessionID, _ isInward: Bool, _ sequence: UInt32, _ acknowledged: UInt32,
        _ flags: UInt8, _ at: UInt64, _ payload: ArraySlice<UInt8> = [], comment: String? = nil
    ) {
        guard let connection = connections[id] else { return }
        let (from, to) =
            isInward
            ? (connection.peer, connection.server) : (connection.server, connection.peer)
        file.append(
            from.packet(
                to: to, sequence: sequence, acknowledged: acknowledged, flags: flags, payload),
            at: clockOffset &+ at, isInward: isInward, comment: comment)
    }
}
