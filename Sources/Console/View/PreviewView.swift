import Monitor
import Telemetry

/// The session under the cursor of the connections: why it is as it is, in a few lines, and on large
/// screens its last minute.
struct PreviewView {
    private let row: SessionRow
    private let detail: SessionDetail?
    private let scene: Scene

    private static let nameCells = 8
    /// A fact: parts that stand side by side while there is room.
    private typealias Fact = (name: String, parts: [[Span]])

    static func draw(_ id: SessionID?, in area: Rect, scene: Scene, on surface: inout Surface) {
        guard let id, let row = scene.session(id) else {
            Box(title: "Preview", note: "Tab hides").draw(on: &surface, area, glyphs: scene.glyphs)
            return
        }
        PreviewView(row: row, detail: scene.snapshot.inspected[id], scene: scene)
            .draw(in: area, on: &surface)
    }

    private init(row: SessionRow, detail: SessionDetail?, scene: Scene) {
        self.row = row
        self.detail = detail
        self.scene = scene
    }

    private func draw(in area: Rect, on surface: inout Surface) {
        let client = row.client?.description ?? "?"
        let inner = Box(
            title: "#\(row.id) \(row.roleWord) \(row.streamWord)   \(client)   \(row.peer)",
            note: "preview, Tab hides"
        ).draw(on: &surface, area, glyphs: scene.glyphs)
        // Below the table each fact has one line; beside it as many as it needs.
        let isTall = inner.height > 12
        var y = inner.y
        for fact in facts where y < inner.maxY {
            y = draw(fact, y: y, in: inner, wraps: isTall, on: &surface)
        }
        guard isTall, y + 1 < inner.maxY else { return }
        surface.put("the last 60 s", x: inner.x + 1, y: y + 1, role: .textDim)
        let graphs = Rect(
            x: inner.x + 1, y: y + 2, width: inner.width - 2, height: inner.maxY - y - 2)
        MinuteGraphs.draw(row, in: graphs, scene: scene, on: &surface)
    }

    /// The row after its last.
    private func draw(
        _ fact: Fact, y: Int, in inner: Rect, wraps: Bool, on surface: inout Surface
    ) -> Int {
        surface.put(fact.name, x: inner.x + 1, y: y, role: .textDim)
        let start = inner.x + 1 + Self.nameCells
        let limit = inner.maxX - 1
        var x = start
        var y = y
        for part in fact.parts {
            let cells = part.reduce(0) { $0 + TextWidth.cells($1.text) }
            if x > start { x += 3 }
            if wraps, x > start, x + cells > limit {
                x = start
                y += 1
            }
            guard y < inner.maxY else { return y }
            x = surface.put(part, x: x, y: y, limit: limit, cut: scene.glyphs.cut)
        }
        return y + 1
    }

    // MARK: Facts

    private var facts: [Fact] {
        var facts: [Fact] = [("state", state)]
        if row.isPublisher {
            facts.append(("media", media))
            facts.append(("time", time))
        } else {
            facts.append(("queue", queue))
            facts.append(("drops", drops))
        }
        facts.append(("tcp", tcp))
        facts.append(("acks", InspectorWords.windows(row).map { [Span($0)] }))
        facts.append(("chunks", chunks))
        if let note = row.note { facts.append(("note", [[Span(note.description, .textStrong)]])) }
        return facts
    }

    private var state: [[Span]] {
        if let close = row.facts.close {
            return [
                [Span("closed by \(close.who.rawValue): \(close.why)", .sevWarn)],
                [Span(close.detail.description)],
            ]
        }
        let since = row.facts.startedAtNanoseconds.map {
            " since \(Format.duration(scene.age(of: $0)))"
        }
        let first = row.firstFrameNanoseconds.map {
            [Span("first key frame after \(Format.briefly($0))")]
        }
        return [[Span(row.facts.state + (since ?? ""))]] + (first.map { [$0] } ?? []) + [
            [Span("in \(Format.bytes(row.bytesIn))")], [Span("out \(Format.bytes(row.bytesOut))")],
        ]
    }

    private var media: [[Span]] {
        [MediaConfiguration.Kind.video, .audio].compactMap { kind in
            row.configuration(kind).map { [Span($0.shortWords, .textStrong)] }
        } + [
            [Span("\(Format.fixed(row.framesPerSecond, 1)) fps")],
            [Span("GOP \(Format.fixed(row.gopMilliseconds.map { Double($0) / 1000 }, 2)) s")],
        ]
    }

    private var time: [[Span]] {
        let jumps = row.timestampJumps + row.timestampBacks
        return [
            [Span("A-V \(Format.signed(row.audioVideoMilliseconds)) ms")],
            [Span("clock \(Format.drift(row.clock)) ppm")],
            [Span("late \(Format.milliseconds(row.lateNanoseconds)) ms")],
            [
                Span(
                    "ts jumps \(row.timestampJumps) back \(row.timestampBacks)",
                    jumps > 0 ? .sevWarn : .text)
            ],
        ]
    }

    private var queue: [[Span]] {
        let isHigh = row.queueMilliseconds > 1000
        var parts = [
            [
                Span(
                    "\(Format.bytes(row.queueBytes)) = \(row.queueMilliseconds) ms of media",
                    isHigh ? .numHigh : .text)
            ]
        ]
        let milliseconds = scene.history(of: row.id).map(\.queueMilliseconds)
        // Below a second nobody waits: a short queue looks short.
        guard let highest = milliseconds.suffix(16).filter(\.isFinite).max(), highest > 0 else {
            return parts
        }
        let bars = Bars.sparkline(
            milliseconds, width: 16, maximum: Double(max(highest, 1000)), glyphs: scene.glyphs)
        parts.append([Span(bars, .graphAlt)])
        if let growth = growth(of: milliseconds) { parts.append(growth) }
        return parts
    }

    /// Over the last ten seconds; nil: it stays as it is.
    private func growth(of milliseconds: [Float]) -> [Span]? {
        let known = milliseconds.suffix(11).filter(\.isFinite)
        guard known.count == 11, let first = known.first, let last = known.last else { return nil }
        let slope = (last - first) / 10
        guard abs(slope) >= 10 else { return nil }
        let text = Format.fixed(Double(abs(slope)), 0)
        return slope > 0
            ? [Span("growing \(text) ms/s", .numHigh)] : [Span("shrinking \(text) ms/s")]
    }

    private var drops: [[Span]] {
        guard row.isPlayer else { return [[Span("only players lose frames", .textDim)]] }
        return [
            [
                Span(
                    "\(row.skippedVideo) video frames, \(row.skippedAudio) audio",
                    row.skippedVideo > 0 ? .sevWarn : .text)
            ], [Span("in \(Format.count(Int(clamping: row.skips), "skip"))")],
        ]
    }

    private var tcp: [[Span]] {
        guard let tcp = detail?.detail?.tcp else {
            let rtt = row.rttMicroseconds.map { Format.fixed(Double($0) / 1000, 1) + " ms" }
            return [
                [Span("rtt \(rtt ?? Format.unknown)")], [retransmits],
                [Span("cwnd \(Format.count(row.congestionWindow))")],
                [Span("rcv-q \(Format.count(row.receiveQueueBytes))")],
                [Span("snd-q \(Format.count(row.sendQueueBytes))")],
            ]
        }
        func ms(_ microseconds: UInt32) -> String { Format.fixed(Double(microseconds) / 1000, 1) }
        return [
            [
                Span(
                    "rtt \(ms(tcp.rttMicroseconds)) ms (min \(ms(tcp.minimumRTTMicroseconds)), "
                        + "var \(ms(tcp.rttVarianceMicroseconds)))")
            ], [Span("cwnd \(tcp.congestionWindow)")],
            [Span("unacked \(Format.size(UInt64(tcp.unacknowledgedBytes)))")],
            [Span("notsent \(Format.size(UInt64(tcp.notSentBytes)))")], [retransmits],
            [Span("rcv-q \(Format.count(UInt64(max(tcp.receiveQueueBytes, 0))))")],
        ]
    }

    private var retransmits: Span {
        guard let count = row.retransmits else { return Span("rtx \(Format.unknown)") }
        return Span("rtx \(count) in 10 s", count > 0 ? .numHigh : .text)
    }

    private var chunks: [[Span]] {
        func ids(_ direction: Direction) -> String {
            let ids = (detail?.detail?.chunkStreams ?? []).filter { $0.direction == direction }
                .map(\.id).sorted()
            return ids.isEmpty ? "" : " csid " + ids.map { "\($0)" }.joined(separator: ",")
        }
        return [
            [Span("in \(row.chunkSizeIn)\(ids(.inward))")],
            [Span("out \(row.chunkSizeOut)\(ids(.outward))")],
            [
                Span(
                    "messages in \(Format.size(row.messagesIn)) out \(Format.size(row.messagesOut))"
                )
            ],
        ]
    }
}
