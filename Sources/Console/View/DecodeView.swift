import Monitor
import Telemetry

/// The message under the cursor of the trace, field by field.
enum DecodeView {
    /// Of a name, with its indent.
    private static let nameCells = 22

    static func draw(in area: Rect, scene: Scene, on surface: inout Surface) {
        let view = scene.state.traceView
        let isActive = view.focus == .fields
        guard let decode = view.decode, scene.state.traceLog.count > 0 else {
            Box(title: "Decode").draw(on: &surface, area, glyphs: scene.glyphs)
            return
        }
        let session = scene.snapshot.trace[scene.state.traceLog.cursor]?.record.session ?? 0
        let inner = Box(
            title: "Decode  \(decode.title.description)", note: "#\(session)",
            isActive: isActive
        ).draw(on: &surface, area, glyphs: scene.glyphs)
        let visible = view.visibleFields()
        let first = Scroll.first(
            top: view.fieldTop, cursor: visible.lastIndex { $0 <= view.field },
            count: visible.count, rows: inner.height)
        for (line, index) in visible.dropFirst(first).prefix(inner.height).enumerated() {
            let y = inner.y + line
            draw(index, of: decode, view, in: inner, y: y, scene: scene, on: &surface)
            guard index == view.field else { continue }
            let row = Rect(x: inner.x, y: y, width: inner.width, height: 1)
            switch view.focus {
            case .fields:
                surface.paint(row, role: .rowCursor)
                surface.cursor = .init(x: inner.x, y: y)
            case .bytes: surface.paint(row, role: .hexSelect)
            case .lines: break
            }
        }
    }

    private static func draw(
        _ index: Int, of decode: TraceDecode, _ view: TraceViewState, in inner: Rect, y: Int,
        scene: Scene, on surface: inout Surface
    ) {
        let field = decode.fields[index]
        let indent = inner.x + 1 + min(field.depth * 2, inner.width / 3)
        let isGroup = !decode.children(of: index).isEmpty
        let limit = inner.maxX - 1
        if isGroup {
            let mark = view.isClosed(index) ? scene.glyphs.folded : scene.glyphs.unfolded
            surface.put(String(Character(mark)), x: indent, y: y, role: .textDim, limit: limit)
        }
        let end = surface.put(
            [
                Span(
                    field.name.description,
                    field.range == nil ? .textDim : isGroup ? .textStrong : .text)
            ], x: indent + 2, y: y, limit: limit, cut: scene.glyphs.cut)
        surface.put(
            [
                Span(
                    field.value.description,
                    field.isSecret
                        ? .textSecret : field.value.isEscaped ? .textEscaped : .text)
            ], x: max(end + 1, min(inner.x + nameCells, limit)), y: y, limit: limit,
            cut: scene.glyphs.cut)
    }
}
