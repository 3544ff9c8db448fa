/// Graphs, sparklines and gauges out of characters.
package enum Bars {
    /// A filled graph, newest value at the right; nil values leave a gap, not a zero.
    ///
    /// Values are drawn against `maximum`; a value above zero is at least the lowest bar.
    package static func graph(
        _ values: [Double?], maximum: Double, on surface: inout Surface, in area: Rect, role: Role,
        glyphs: GlyphSet
    ) {
        guard !area.isEmpty else { return }
        let steps = glyphs.bars.count
        let shown = values.suffix(area.width)
        var x = area.maxX - shown.count
        for value in shown {
            if let value, let filled = level(value, maximum: maximum, steps: steps * area.height) {
                column(filled, x: x, on: &surface, in: area, role: role, glyphs: glyphs)
            }
            x += 1
        }
    }

    private static func column(
        _ filled: Int, x: Int, on surface: inout Surface, in area: Rect, role: Role,
        glyphs: GlyphSet
    ) {
        let steps = glyphs.bars.count
        for row in 0..<area.height {
            let part = min(filled - row * steps, steps)
            guard part > 0 else { return }
            surface.fill(
                Rect(x: x, y: area.maxY - 1 - row, width: 1, height: 1), glyphs.bars[part - 1],
                role: role)
        }
    }

    /// Bars of one row as text.
    package static func sparkline(
        _ values: [Float], width: Int, maximum: Double, glyphs: GlyphSet
    ) -> String {
        var line = String.UnicodeScalarView()
        for value in values.suffix(max(width, 0)) {
            let filled = level(Double(value), maximum: maximum, steps: glyphs.bars.count)
            line.append(filled.map { $0 == 0 ? " " : glyphs.bars[$0 - 1] } ?? " ")
        }
        return String(line)
    }

    /// Steps out of `steps` for a value; nil for what is no number.
    private static func level(_ value: Double, maximum: Double, steps: Int) -> Int? {
        guard value.isFinite, maximum.isFinite, maximum > 0 else { return value == 0 ? 0 : nil }
        guard value > 0 else { return 0 }
        let filled = (min(value / maximum, 1) * Double(steps)).rounded()
        return max(Int(exactly: filled) ?? steps, 1)
    }

    /// `[█████|    ]` for a share of 1; above 1 the bar passes its mark.
    package static func gauge(
        _ share: Double, on surface: inout Surface, x: Int, y: Int, width: Int, glyphs: GlyphSet
    ) {
        guard width >= 4 else { return }
        let inner = width - 2
        // An over-full gauge keeps a quarter of its room behind the mark.
        let mark = share > 1 ? inner * 3 / 4 : inner
        let exact = share.isFinite ? (max(share, 0) * Double(mark)).rounded() : 0
        let filled = min(Int(exactly: exact) ?? inner, inner)
        let role: Role = share > 1 ? .gaugeOver : share > 0.8 ? .gaugeHigh : .gaugeFill
        surface.put("[", x: x, y: y, role: .border)
        surface.fill(
            Rect(x: x + 1, y: y, width: inner, height: 1), glyphs.gaugeEmpty, role: .textDim)
        surface.fill(Rect(x: x + 1, y: y, width: filled, height: 1), glyphs.gaugeFull, role: role)
        if share > 1 { surface.put("|", x: x + 1 + mark, y: y, role: .textStrong) }
        surface.put("]", x: x + width - 1, y: y, role: .border)
    }
}
