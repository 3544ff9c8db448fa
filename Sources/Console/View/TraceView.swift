import Monitor
import Telemetry

/// View 4: the chunks of armed sessions as they pass.
enum TraceView {
    private struct Line: Sendable {
        var entry: TraceEntry
        /// The line shown above; nil: the first there is.
        var before: TraceEntry?
    }

    private enum Place: Int, Sendable {
        case time, delta, session, direction, chunkStream, form, messageStream, type, length, chunk
        case timestamp, timestampDelta, info
    }

    private static let columns: [Column<Line, Place>] = [
        column(.time, "TIME", 12, .left, 0) { line, scene in
            .init(scene.time(line.entry.wallClockMilliseconds), .textDim)
        },
        column(.delta, "Δ ms", 6, .right, 4) { line, _ in .init(delta(line), .textDim) },
        column(.session, "SESS", 5, .left, 0) { line, _ in
            .init("#\(line.entry.record.session)", .textStrong)
        },
        column(.direction, "DIR", 3, .left, 0) { line, _ in
            line.entry.record.direction == .inward ? .init("in", .dirIn) : .init("out", .dirOut)
        },
        column(.chunkStream, "CSID", 4, .right, 1) { line, _ in
            .init("\(line.entry.record.chunkStreamID)")
        },
        column(.form, "FMT", 3, .right, 1) { line, _ in .init("\(line.entry.record.form)") },
        column(.messageStream, "MSID", 4, .right, 5) { line, _ in
            .init("\(line.entry.record.messageStreamID)")
        },
        column(.type, "TYPE", 8, .left, 0) { line, _ in
            .init(typeWord(line.entry.record.messageType), typeRole(line.entry.record))
        },
        column(.length, "LEN", 8, .right, 2) { line, _ in
            .init("\(line.entry.record.messageLength)")
        },
        column(.chunk, "CHUNK", 7, .right, 3) { line, _ in
            .init("\(line.entry.record.chunkIndex)/\(line.entry.record.chunkCount)", .textDim)
        },
        column(.timestamp, "TS", 10, .right, 2) { line, _ in
            .init(
                line.entry.record.chunkIndex > 1
                    ? Format.unknown : "\(line.entry.record.timestamp)")
        },
        column(.timestampDelta, "ΔTS", 6, .right, 6) { line, _ in
            .init(timestampDelta(line.entry.record))
        },
        column(.info, "INFO", 12, ideal: 200, .left, 1) { line, _ in
            let info = TraceDecoder.info(for: line.entry.record)
            let isContinued = line.entry.record.chunkIndex > 1
            return .init(
                info.description,
                info.isEscaped ? .textEscaped : isContinued ? .textDim : .text)
        },
    ]

    private static func column(
        _ id: Place, _ title: String, _ minimum: Int, ideal: Int? = nil,
        _ align: Surface.Alignment, _ dropOrder: Int,
        _ content: @escaping @Sendable (Line, Scene) -> Column<Line, Place>.Content
    ) -> Column<Line, Place> {
        Column(
            id, title, minimum, ideal: ideal, align: align, drop: dropOrder, help: "",
            sort: { _ in .none }, content: content)
    }

    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        let area = layout.body.indented
        guard area.height > 0 else { return }
        let log = scene.state.traceLog
        let places = ColumnLayout(columns, x: area.x + 2, width: area.width - 2)
        surface.fill(Rect(x: area.x, y: area.y, width: area.width, height: 1), role: .tableHeader)
        for place in places.places {
            surface.put(
                title(place.column, scene), x: place.x, y: area.y, field: place.width,
                align: place.column.align, cut: scene.glyphs.cut, role: .tableHeader)
        }
        let rows = area.height - 1
        let first = log.firstVisible(rows: rows)
        var before = log.number(at: first - 1).flatMap { scene.snapshot.trace[$0] }
        for line in 0..<min(rows, max(log.count - first, 0)) {
            guard let number = log.number(at: first + line),
                let entry = scene.snapshot.trace[number]
            else { continue }
            let y = area.y + 1 + line
            for place in places.places {
                let content = place.column.content(Line(entry: entry, before: before), scene)
                surface.put(
                    content.text, x: place.x, y: y, field: place.width,
                    align: place.column.align, cut: scene.glyphs.cut, role: content.role)
            }
            LogCursor.draw(number == log.cursor, area, y: y, scene: scene, on: &surface)
            before = entry
        }
        if log.count == 0, rows > 0 {
            surface.put(
                scene.state.traceFilter.active != nil
                    ? "no chunk matches the filter"
                    : "nothing recorded: t on a session records its chunks from then on",
                x: area.x + 2, y: area.y + 1, role: .textDim, limit: area.maxX)
        }
    }

    /// Greek letters are not in ASCII.
    private static func title(_ column: Column<Line, Place>, _ scene: Scene) -> String {
        guard scene.glyphs == .ascii else { return column.title }
        return column.id == .delta ? "d ms" : column.id == .timestampDelta ? "dTS" : column.title
    }

    private static func delta(_ line: Line) -> String {
        guard let before = line.before else { return Format.unknown }
        let now = line.entry.record.atNanoseconds
        let then = before.record.atNanoseconds
        return Format.milliseconds(now >= then ? now - then : 0)
    }

    private static func timestampDelta(_ record: TraceRecord) -> String {
        guard record.chunkIndex <= 1, record.form != 0 else { return Format.unknown }
        return "+\(record.timestampDelta)"
    }

    /// As the specification numbers them, in capitals.
    private static func typeWord(_ type: UInt8) -> String {
        switch type {
        case 1: "CHUNKSZ"
        case 2: "ABORT"
        case 3: "ACK"
        case 4: "USER"
        case 5: "ACKWIN"
        case 6: "PEERBW"
        case 8: "AUDIO"
        case 9: "VIDEO"
        case 15: "DATA3"
        case 16: "SHARED3"
        case 17: "COMMAND3"
        case 18: "DATA"
        case 19: "SHARED"
        case 20: "COMMAND"
        case 22: "AGGREG"
        default: "type \(type)"
        }
    }

    private static func typeRole(_ record: TraceRecord) -> Role {
        switch TraceDecoder.kind(of: record.messageType) {
        case "audio": .kindAudio
        case "video": TraceDecoder.isKeyframe(record) ? .kindKey : .kindVideo
        case "data": .kindData
        case "cmd": .kindCmd
        default: .kindCtrl
        }
    }
}
