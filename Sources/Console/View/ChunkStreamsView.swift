import Monitor
import Telemetry

/// The chunk streams of one session, both ways.
enum ChunkStreamsView {
    static func draw(
        _ streams: [ConnectionDetail.ChunkStreamFigures]?, _ inspector: InspectorState,
        in area: Rect, _ box: Box, scene: Scene, on surface: inout Surface
    ) {
        guard !area.isEmpty else { return }
        let rows = area.height - 3
        let count = streams?.count ?? 0
        let first = Scroll.first(top: inspector.chunkTop, cursor: nil, count: count, rows: rows)
        var box = box
        if count > rows, rows > 0 { box.note = "\(first + 1)-\(first + rows) of \(count)" }
        let inner = box.draw(on: &surface, area, glyphs: scene.glyphs)
        guard inner.height > 0 else { return }
        surface.fill(
            Rect(x: inner.x, y: inner.y, width: inner.width, height: 1), role: .tableHeader)
        draw(
            ["DIR", "CSID", "USE", "MESSAGES", "CHUNKS", "BYTES", "LAST", "FMT 0/1/2/3 %"],
            roles: .tableHeader, y: inner.y, inner, scene: scene, on: &surface)
        guard let streams else {
            surface.put("not sampled yet", x: inner.x + 1, y: inner.y + 1, role: .textDim)
            return
        }
        let sorted = streams.sorted {
            ($0.direction.rawValue, $0.id) < ($1.direction.rawValue, $1.id)
        }
        for (line, stream) in sorted.dropFirst(first).prefix(max(rows, 0)).enumerated() {
            draw(
                [
                    stream.direction == .inward ? "in" : "out", "\(stream.id)", stream.use,
                    Format.grouped(stream.messages), Format.size(stream.chunks),
                    Format.size(stream.bytes),
                    stream.lastAtNanoseconds == 0
                        ? "-" : last(scene.age(of: stream.lastAtNanoseconds)),
                    forms(stream),
                ], roles: nil, y: inner.y + 1 + line, inner, scene: scene, on: &surface)
        }
    }

    private static let widths: [(cells: Int, align: Surface.Alignment)] = [
        (3, .left), (5, .right), (13, .left), (9, .right), (6, .right), (6, .right), (6, .right),
        (13, .left),
    ]

    private static func draw(
        _ texts: [String], roles: Role?, y: Int, _ inner: Rect, scene: Scene,
        on surface: inout Surface
    ) {
        var x = inner.x + 1
        for (index, (text, width)) in zip(texts, widths).enumerated() {
            let direction: Role = texts[0] == "in" ? .dirIn : .dirOut
            surface.put(
                text, x: x, y: y, field: min(width.cells, inner.maxX - x), align: width.align,
                cut: scene.glyphs.cut, role: roles ?? (index == 0 ? direction : .text))
            x += width.cells + 1
        }
    }

    private static func last(_ age: UInt64) -> String {
        age < 60_000_000_000 ? "\(age / 1_000_000_000) s" : Format.duration(age)
    }

    private static func forms(_ stream: ConnectionDetail.ChunkStreamFigures) -> String {
        let sum = stream.forms.wrappedSum()
        guard sum > 0 else { return Format.unknown }
        return stream.forms.indices
            .map { Format.fixed(Double(stream.forms[$0]) * 100 / Double(sum), 0) }
            .joined(separator: "/")
    }
}
