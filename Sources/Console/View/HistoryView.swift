import Monitor
import Telemetry

/// View 7: the sessions that ended, who ended them and why, and what the last moments were like.
enum HistoryView {
    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        let places = layout.history
        let table = scene.state.ended
        let area = places.table.indented
        guard area.height > 0 else { return }
        let view = TableView(
            EndedColumn.table, in: area, offset: table.columnOffset, sort: table.sort,
            scene: scene)
        view.drawHeader(
            sort: table.sort, isDescending: table.rows.isDescending, y: area.y, on: &surface)
        let rows = area.height - 1
        let first = table.rows.firstVisible(rows: rows)
        for (line, id) in table.rows.order.dropFirst(first).prefix(rows).enumerated() {
            guard let row = scene.session(id) else { continue }
            view.draw(
                row, y: area.y + 1 + line, hasCursor: id == table.rows.cursor, on: &surface)
        }
        if table.rows.order.isEmpty, rows > 0 {
            surface.put(
                table.total == 0 ? "no session has ended yet" : "no ended session matches",
                x: area.x + 3, y: area.y + 1, role: .textDim, limit: area.maxX)
        }
        guard let place = places.postMortem else { return }
        drawPostMortem(
            table.rows.cursor.flatMap { scene.session($0) }, in: place, scene: scene, on: &surface)
    }

    private static func drawPostMortem(
        _ row: SessionRow?, in area: Rect, scene: Scene, on surface: inout Surface
    ) {
        let who =
            row.map {
                "#\($0.id) \($0.roleWord) \($0.streamWord)   \($0.client?.description ?? "?")"
                    + "   \($0.peer)"
            } ?? "Post-mortem"
        let inner = Box(title: who, note: "Enter: all of it, Tab hides").draw(
            on: &surface, area, glyphs: scene.glyphs)
        guard let row else { return }
        let words = PostMortem(row, scene)
        for (index, (name, spans)) in words.lines.enumerated() where index < inner.height {
            surface.put(name, x: inner.x + 1, y: inner.y + index, role: .textDim)
            surface.put(
                spans, x: inner.x + 14, y: inner.y + index, limit: inner.maxX - 1,
                cut: scene.glyphs.cut)
        }
    }
}

/// What is known of the end of a session, a line a subject.
private struct PostMortem {
    let row: SessionRow
    let scene: Scene

    init(_ row: SessionRow, _ scene: Scene) {
        self.row = row
        self.scene = scene
    }

    var lines: [(String, [Span])] {
        [
            ("ended", ended), ("last 60 s in", rate(row.historyIn, .graphIn)),
            ("         out", rate(row.historyOut, .graphOut)), ("media", media),
            ("queue", queue), ("tcp", tcp), ("last got", last(.inward)),
            ("last sent", last(.outward)),
        ]
    }

    private var ended: [Span] {
        guard let close = row.facts.close else { return [Span(Format.unknown, .textDim)] }
        return [
            Span("\(scene.time(ofEnding: row))  by \(close.who.rawValue): "),
            Span(EndedWords.why(row), EndedWords.role(close)),
            Span("   after \(EndedWords.lasted(row))", .textDim),
        ]
    }

    private func rate(_ history: [Float], _ role: Role) -> [Span] {
        let known = history.filter(\.isFinite)
        guard let maximum = known.max() else { return [Span("no second of it was seen", .textDim)] }
        let bars = Bars.sparkline(
            history, width: 60, maximum: Double(maximum), glyphs: scene.glyphs)
        return [
            Span(bars, role),
            Span("  last \(Format.scaled(Double(known.last ?? 0)))  max "),
            Span("\(Format.bitRate(Double(maximum)))"),
        ]
    }

    private var media: [Span] {
        guard row.videoFrames > 0 || row.audioFrames > 0 else {
            return [Span("none", .textDim)]
        }
        func time(_ timestamp: UInt32?) -> String { timestamp.map { "\($0)" } ?? Format.unknown }
        let keyframe = row.keyframeAgeNanoseconds.map { ", key frame \(Format.briefly($0)) before" }
        return [
            Span(
                "video \(Format.grouped(row.videoFrames)) frames to ts \(time(row.videoTimestamp))"
                    + (keyframe ?? "")),
            Span(
                "   audio \(Format.grouped(row.audioFrames)) to ts \(time(row.audioTimestamp))"),
        ]
    }

    private var queue: [Span] {
        let isHigh = row.queueMilliseconds > 1000
        return [
            Span(
                "\(Format.bytes(row.queueBytes)) = \(row.queueMilliseconds) ms of media not sent",
                isHigh ? .numHigh : .text),
            Span(
                row.skippedVideo > 0
                    ? "   \(Format.grouped(row.skippedVideo)) video frames dropped" : "", .sevWarn),
        ]
    }

    private var tcp: [Span] {
        let rtt = row.rttMicroseconds.map { Format.fixed(Double($0) / 1000, 1) + " ms" }
        let again = row.retransmits.map { "\($0) in 10 s" }
        return [
            Span(
                "rtt \(rtt ?? Format.unknown)   rtx \(again ?? Format.unknown)   last byte "
                    + "\(Format.fixed(Double(row.idleNanoseconds) / 1e9, 1)) s before the end")
        ]
    }

    private func last(_ direction: Direction) -> [Span] {
        guard let detail = scene.snapshot.inspected[row.id],
            let entry = detail.commands.last(where: { $0.direction == direction })
        else { return [Span(Format.unknown, .textDim)] }
        let before = (row.closedAtNanoseconds ?? entry.atNanoseconds) &- entry.atNanoseconds
        let time = before < 1 << 62 ? Format.fixed(Double(before) / 1e9, 1) : Format.unknown
        return [
            Span(entry.name.description, .kindCmd),
            Span(" \(entry.summary.description)", entry.summary.isEscaped ? .textEscaped : .text),
            Span("   \(time) s before the end", .textDim),
        ]
    }
}
