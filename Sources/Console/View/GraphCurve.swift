import Monitor
import Telemetry

/// One curve of view 6: what it is of, and how its numbers are written.
struct GraphCurve: Sendable {
    enum Source: Sendable {
        case server(@Sendable (ServerSecond) -> Double)
        case session(@Sendable (SessionSecond) -> Double)
    }

    let title: String
    /// The same where there is little room.
    var label = ""
    let note: String
    let role: Role
    /// What stands behind a number.
    var unit = ""
    /// No finer numbers than these are written.
    var least = 1.0
    /// Goes below zero: drawn as a line.
    var isSigned = false
    let source: Source
    let text: @Sendable (Double) -> String

    /// A number where nothing else says what it is.
    func worded(_ value: Double) -> String {
        switch unit {
        case "b/s": Format.bitRate(value)
        case "": text(value)
        default: "\(text(value)) \(unit)"
        }
    }

    private static let scaled: @Sendable (Double) -> String = { Format.scaled($0) }
    private static let tenths: @Sendable (Double) -> String = {
        $0 >= 100 ? Format.scaled($0) : Format.fixed($0, 1)
    }

    static let ofServer: [GraphCurve] = [
        GraphCurve(
            title: "In b/s", note: "all peers", role: .graphIn,
            source: .server { Double($0.bitsIn) }, text: scaled),
        GraphCurve(
            title: "Out b/s", note: "all peers", role: .graphOut,
            source: .server { Double($0.bitsOut) }, text: scaled),
        GraphCurve(
            title: "Send queue, ms of media", note: "the player furthest behind", role: .graphAlt,
            source: .server { Double($0.queueMilliseconds) }, text: scaled),
        GraphCurve(
            title: "CPU %", note: "of one core", role: .graphAlt, least: 0.1,
            source: .server { Double($0.cpuPercent) }, text: tenths),
        GraphCurve(
            title: "Dropped frames/s", note: "video, of slow players", role: .graphAlt, least: 0.1,
            source: .server { Double($0.dropped) }, text: tenths),
        GraphCurve(
            title: "Connections", note: "open", role: .graphAlt,
            source: .server { Double($0.connections) }, text: scaled),
    ]

    static func of(_ row: SessionRow?) -> [GraphCurve] {
        let inward = GraphCurve(
            title: "In b/s", label: "in", note: "from the peer", role: .graphIn, unit: "b/s",
            source: .session { Double($0.bitsIn) }, text: scaled)
        let outward = GraphCurve(
            title: "Out b/s", label: "out", note: "to the peer", role: .graphOut, unit: "b/s",
            source: .session { Double($0.bitsOut) }, text: scaled)
        let frames = GraphCurve(
            title: "FPS", label: "fps", note: "video, over 2 s", role: .graphAlt, least: 0.1,
            source: .session { Double($0.framesPerSecond) }, text: tenths)
        let queue = GraphCurve(
            title: "Send queue, ms of media", label: "queue", note: "held for it", role: .graphAlt,
            unit: "ms", source: .session { Double($0.queueMilliseconds) }, text: scaled)
        let roundTrip = GraphCurve(
            title: "RTT ms", label: "rtt", note: "of the kernel", role: .graphAlt, unit: "ms",
            least: 0.1, source: .session { Double($0.rttMilliseconds) }, text: tenths)
        let alignment = GraphCurve(
            title: "A-V ms", label: "A-V", note: "+ audio ahead, against its start",
            role: .graphAlt, unit: "ms", isSigned: true,
            source: .session { Double($0.audioVideoMilliseconds) },
            text: { Format.signed($0) })
        guard let row, row.isPublisher else {
            return [outward, queue, frames, roundTrip, inward]
        }
        return [inward, frames, alignment, roundTrip, outward]
    }

    /// Of the last second.
    func newest(_ scene: Scene) -> Double? {
        let value: Double? =
            switch source {
            case .server(let value): scene.snapshot.server.history.last.map(value)
            case .session(let value):
                if case .session(let id) = scene.state.graphs.subject {
                    scene.history(of: id).last.map(value)
                } else {
                    nil
                }
            }
        return value.flatMap { $0.isFinite ? $0 : nil }
    }

    func means(_ scene: Scene, _ scale: GraphScale) -> [Double?] {
        switch source {
        case .server(let value): return scale.means(of: scene.snapshot.server.history, value)
        case .session(let value):
            guard case .session(let id) = scene.state.graphs.subject else { return [] }
            return scale.means(of: scene.history(of: id), value)
        }
    }
}

extension Scene {
    /// Of an inspected session, also after it ended.
    func history(of id: SessionID) -> [SessionSecond] {
        var history =
            snapshot.inspected[id]?.history
            ?? state.inspectors.first { $0.id == id }?.keptDetail?.history ?? []
        // A session that ended has no seconds since.
        if let closedAt = session(id)?.closedAtNanoseconds {
            let since = Int(age(of: closedAt) / 1_000_000_000)
            history += Array(
                repeating: SessionSecond(), count: min(since, ServerFigures.historyCapacity))
        }
        return history
    }
}
