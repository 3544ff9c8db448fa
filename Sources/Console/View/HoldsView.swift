import Monitor

/// The dialog of `:holds`: kicked names and how long they are still refused.
enum HoldsView {
    static func draw(_ index: Int, _ scene: Scene, on surface: inout Surface) {
        let holds = scene.state.holds
        let inner = DialogView.box(
            "Holds", width: 62, lines: max(holds.count, 1) + 2, scene: scene, on: &surface)
        let rows = inner.height - 2
        guard rows > 0 else { return }
        let now = scene.live.takenAtNanoseconds
        let first = Scroll.first(top: 0, cursor: index, count: holds.count, rows: rows)
        for (line, hold) in holds.dropFirst(first).prefix(rows).enumerated() {
            let y = inner.y + line
            let left = hold.untilNanoseconds > now ? hold.untilNanoseconds - now : 0
            surface.put(
                [Span(" \(hold.name)", .dialog)], x: inner.x, y: y, limit: inner.maxX - 12,
                cut: scene.glyphs.cut)
            surface.put(
                "\(Format.duration(left)) left", x: inner.maxX - 11, y: y, role: .dialog,
                limit: inner.maxX)
            guard first + line == index else { continue }
            surface.paint(
                Rect(x: inner.x, y: y, width: inner.width, height: 1), role: .dialogFocus)
            surface.cursor = .init(x: inner.x, y: y)
        }
        if holds.isEmpty {
            surface.put(" nobody is held", x: inner.x, y: inner.y, role: .dialog, limit: inner.maxX)
        }
        surface.put(
            [Span("Enter lets in again   Esc closes", .dialog)], x: inner.x + 1,
            y: inner.maxY - 1, limit: inner.maxX - 1, cut: scene.glyphs.cut)
    }
}
