import Monitor
import Telemetry

/// View 4: the chunks of armed sessions as they pass, and one message taken apart.
enum TraceView {
    private struct Line: Sendable {
        var entry: TraceEntry
        /// Nanoseconds of the moment that Δ counts from; nil: there is none.
        var since: UInt64?
        /// Its chunks have lines of their own.
        var isUnfolded: Bool
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
            .init(ofChunk(line) { "\($0.chunkStreamID)" })
        },
        column(.form, "FMT", 3, .right, 1) { line, _ in .init(ofChunk(line) { "\($0.form)" }) },
        column(.messageStream, "MSID", 4, .right, 5) { line, _ in
            .init(ofChunk(line) { "\($0.messageStreamID)" })
        },
        column(.type, "TYPE", 8, .left, 0) { line, _ in
            .init(typeWord(line.entry.record), typeRole(line.entry.record))
        },
        column(.length, "LEN", 8, .right, 2) { line, _ in
            .init("\(line.entry.record.messageLength)")
        },
        column(.chunk, "CHUNK", 7, .right, 3) { line, scene in .init(chunk(line, scene), .textDim)
        },
        column(.timestamp, "TS", 10, .right, 2) { line, _ in
            .init(
                line.entry.record.chunkIndex > 1
                    ? Format.unknown : ofChunk(line) { "\($0.timestamp)" })
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

    // MARK: Drawing

    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        let places = layout.trace
        drawLines(in: places.lines.indented, scene: scene, on: &surface)
        guard !places.fields.isEmpty else { return }
        DecodeView.draw(in: places.fields, scene: scene, on: &surface)
        HexView.draw(in: places.bytes, scene: scene, on: &surface)
    }

    private static func drawLines(in area: Rect, scene: Scene, on surface: inout Surface) {
        guard area.height > 0 else { return }
        let log = scene.state.traceLog
        let view = scene.state.traceView
        let places = ColumnLayout(columns, x: area.x + 2, width: area.width - 2)
        surface.fill(Rect(x: area.x, y: area.y, width: area.width, height: 1), role: .tableHeader)
        for place in places.places {
            surface.put(
                title(place.column, scene), x: place.x, y: area.y, field: place.width,
                align: place.column.align, cut: scene.glyphs.cut, role: .tableHeader)
        }
        let rows = area.height - 1
        let first = log.firstVisible(rows: rows)
        var before = log.number(at: first - 1).flatMap {
            scene.snapshot.trace[$0]?.record.atNanoseconds
        }
        let marked = view.markedLine.flatMap { scene.snapshot.trace[$0]?.record.atNanoseconds }
        let isActive = view.focus == .lines
        for line in 0..<min(rows, max(log.count - first, 0)) {
            guard let number = log.number(at: first + line),
                let entry = scene.snapshot.trace[number]
            else { continue }
            let y = area.y + 1 + line
            let shown = Line(
                entry: entry,
                since: since(entry.record, before: before, marked: marked, scene: scene),
                isUnfolded: view.isFlat || view.unfolded.contains(.init(entry.record)))
            for place in places.places {
                let content = place.column.content(shown, scene)
                surface.put(
                    content.text, x: place.x, y: y, field: place.width,
                    align: place.column.align, cut: scene.glyphs.cut, role: content.role)
            }
            if let mark = view.marks.first(where: { $0.value == number })?.key {
                surface.put(
                    String(Character(mark)), x: area.x + 1, y: y, role: .rowMarked,
                    limit: area.x + 2)
            }
            LogCursor.draw(
                number == log.cursor, area, y: y, isActive: isActive, scene: scene, on: &surface)
            before = entry.record.atNanoseconds
        }
        if log.count == 0, rows > 0 {
            surface.put(
                emptiness(scene), x: area.x + 2, y: area.y + 1, role: .textDim, limit: area.maxX)
        }
    }

    private static func emptiness(_ scene: Scene) -> String {
        if scene.state.traceLog.isScanning { return "filtering ..." }
        return scene.state.traceFilter.active != nil
            ? "no chunk matches the filter"
            : "nothing recorded: t on a session records its chunks from then on"
    }

    private static func since(
        _ record: TraceRecord, before: UInt64?, marked: UInt64?, scene: Scene
    ) -> UInt64? {
        switch scene.state.traceView.delta {
        // The handshake is told when the recording of its session begins.
        case .lineBefore: before.flatMap { $0 <= record.atNanoseconds ? $0 : nil }
        case .accept: scene.session(record.session)?.acceptedAtNanoseconds
        case .mark: marked
        }
    }

    /// Greek letters are not in ASCII.
    private static func title(_ column: Column<Line, Place>, _ scene: Scene) -> String {
        let letter = scene.glyphs == .ascii ? "d" : "Δ"
        switch column.id {
        case .delta:
            switch scene.state.traceView.delta {
            case .lineBefore: return scene.glyphs == .ascii ? "d ms" : "Δ ms"
            case .accept: return "+conn"
            case .mark: return "+mark"
            }
        case .timestampDelta: return letter + "TS"
        default: return column.title
        }
    }

    // MARK: Words

    private static func delta(_ line: Line) -> String {
        guard let then = line.since else { return Format.unknown }
        let now = line.entry.record.atNanoseconds
        guard now >= then else { return "-" + brief(then - now) }
        return brief(now - then)
    }

    /// Milliseconds as far as they fit, then seconds: `9999.9`, `53.93s`, `812.4s`, `04:11`.
    private static func brief(_ nanoseconds: UInt64) -> String {
        let seconds = Double(nanoseconds) / 1e9
        switch nanoseconds {
        case ..<9_999_950_000: return Format.milliseconds(nanoseconds)
        case ..<99_995_000_000: return Format.fixed(seconds, 2) + "s"
        case ..<999_950_000_000: return Format.fixed(seconds, 1) + "s"
        default: return Format.duration(nanoseconds)
        }
    }

    private static func ofChunk(_ line: Line, _ word: (TraceRecord) -> String) -> String {
        line.entry.record.isHandshake ? Format.unknown : word(line.entry.record)
    }

    private static func chunk(_ line: Line, _ scene: Scene) -> String {
        let record = line.entry.record
        guard record.chunkCount > 1 else { return "1" }
        if line.isUnfolded || record.chunkIndex > 1 {
            return "\(record.chunkIndex)/\(record.chunkCount)"
        }
        return "\(Character(scene.glyphs.folded)) \(record.chunkCount)"
    }

    private static func timestampDelta(_ record: TraceRecord) -> String {
        guard record.chunkIndex <= 1, record.form != 0, !record.isHandshake else {
            return Format.unknown
        }
        return "+\(record.timestampDelta)"
    }

    /// As the specification numbers them, in capitals.
    private static func typeWord(_ record: TraceRecord) -> String {
        guard !record.isHandshake else { return "HANDSHK" }
        return switch record.messageType {
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
        default: "type \(record.messageType)"
        }
    }

    private static func typeRole(_ record: TraceRecord) -> Role {
        switch TraceDecoder.kind(of: record) {
        case "audio": .kindAudio
        case "video": TraceDecoder.isKeyframe(record) ? .kindKey : .kindVideo
        case "data": .kindData
        case "cmd": .kindCmd
        default: .kindCtrl
        }
    }
}
