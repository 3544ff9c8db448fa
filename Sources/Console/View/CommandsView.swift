import Monitor
import Telemetry

/// The black box: commands and control messages in order, and the AMF tree of one.
enum CommandsView {
    static func draw(
        _ detail: SessionDetail?, _ row: SessionRow, _ inspector: InspectorState, in area: Rect,
        _ box: Box, scene: Scene, on surface: inout Surface
    ) {
        guard !area.isEmpty else { return }
        let commands = detail?.commands ?? []
        let omitted = detail?.omitted ?? 0
        var box = box
        let lines =
            (omitted > 0 ? "\(Format.grouped(omitted)) between let go, " : "")
            + Format.count(commands.count, "line")
        box.note =
            box.title.utf8.count + lines.utf8.count + 36 < area.width
            ? "\(lines), Enter shows the AMF tree" : lines
        let inner = box.draw(on: &surface, area, glyphs: scene.glyphs)
        if commands.isEmpty, inner.height > 0 {
            surface.put(
                detail == nil ? "not sampled yet" : "none yet", x: inner.x + 1, y: inner.y,
                role: .textDim)
        }
        let first = Scroll.first(
            top: inspector.top, cursor: inspector.entry, count: commands.count, rows: inner.height)
        for (line, entry) in commands.dropFirst(first).prefix(inner.height).enumerated() {
            let y = inner.y + line
            surface.put(
                when(entry, row), x: inner.x + 2, y: y, field: 9, align: .right,
                cut: scene.glyphs.cut, role: .textDim)
            surface.put(
                [
                    Span(entry.direction == .inward ? "<  " : " > ", direction(entry)),
                    Span(entry.name.description + "  ", .kindCmd),
                    Span(
                        entry.summary.description, entry.summary.isEscaped ? .textEscaped : .text),
                ], x: inner.x + 12, y: y, limit: inner.maxX - 1, cut: scene.glyphs.cut)
            guard first + line == inspector.entry else { continue }
            surface.put(String(Character(scene.glyphs.cursor)), x: inner.x, y: y)
            guard box.isActive else { continue }
            surface.paint(Rect(x: inner.x, y: y, width: inner.width, height: 1), role: .rowCursor)
            surface.cursor = .init(x: inner.x, y: y)
        }
    }

    static func drawTree(
        _ entry: BlackBoxEntry, _ row: SessionRow, _ inspector: InspectorState, in area: Rect,
        isPanel: Bool = false, scene: Scene, on surface: inout Surface
    ) {
        let arrow = entry.direction == .inward ? "<" : ">"
        let inner = Box(
            title: "\(arrow) \(entry.name.description)   \(when(entry, row)) s",
            note: Format.count(entry.tree.count, "value") + (isPanel ? "" : ", Esc closes"),
            isActive: !isPanel, hasSides: isPanel
        ).draw(on: &surface, area, glyphs: scene.glyphs)
        let first = Scroll.first(
            top: isPanel ? 0 : inspector.treeTop, cursor: nil, count: entry.tree.count,
            rows: inner.height)
        for (line, value) in entry.tree.dropFirst(first).prefix(inner.height).enumerated() {
            let indent = String(repeating: "  ", count: min(value.depth, 20))
            surface.put(
                [
                    Span(indent),
                    Span(value.text.description, value.text.isEscaped ? .textEscaped : .text),
                ], x: inner.x + 1, y: inner.y + line, limit: inner.maxX - 1, cut: scene.glyphs.cut)
        }
        if entry.tree.isEmpty {
            surface.put(
                [Span(entry.summary.description)], x: inner.x + 1, y: inner.y,
                limit: inner.maxX - 1, cut: scene.glyphs.cut)
        }
        if !isPanel { surface.cursor = .init(x: inner.x, y: inner.y) }
    }

    /// Seconds since accept: `+0.121`.
    private static func when(_ entry: BlackBoxEntry, _ row: SessionRow) -> String {
        let since =
            entry.atNanoseconds >= row.acceptedAtNanoseconds
            ? entry.atNanoseconds - row.acceptedAtNanoseconds : 0
        return "+" + Format.fixed(Double(since) / 1_000_000_000, 3)
    }

    private static func direction(_ entry: BlackBoxEntry) -> Role {
        entry.direction == .inward ? .dirIn : .dirOut
    }
}
