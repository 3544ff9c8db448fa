/// A frame with a title at its left and a note at its right.
package struct Box {
    package var title = ""
    package var titleRole = Role.boxTitle
    package var note = ""
    package var isActive = false
    /// Without them, what is inside can be selected line by line and nothing else with it.
    package var hasSides = true

    package init(
        title: String = "", note: String = "", isActive: Bool = false, hasSides: Bool = true
    ) {
        self.title = title
        self.note = note
        self.isActive = isActive
        self.hasSides = hasSides
    }

    /// Draws the frame and returns what is inside it.
    @discardableResult
    package func draw(
        on surface: inout Surface, _ area: Rect, glyphs: GlyphSet, filled: Role = .text
    ) -> Rect {
        guard area.width >= 2, area.height >= 2 else {
            return Rect(x: 0, y: 0, width: 0, height: 0)
        }
        let role: Role = isActive ? .borderActive : (filled == .text ? .border : filled)
        surface.fill(area, role: filled)
        let inner = area.inset(1)
        let right = area.maxX - 1
        let bottom = area.maxY - 1
        for y in [area.y, bottom] {
            surface.fill(
                Rect(x: area.x, y: y, width: area.width, height: 1), glyphs.horizontal, role: role)
        }
        guard hasSides else {
            drawTitles(on: &surface, area, glyphs: glyphs, filled: filled)
            return inner
        }
        for x in [area.x, right] {
            surface.fill(
                Rect(x: x, y: inner.y, width: 1, height: inner.height), glyphs.vertical, role: role)
        }
        let corners = [
            (area.x, area.y, glyphs.topLeft), (right, area.y, glyphs.topRight),
            (area.x, bottom, glyphs.bottomLeft), (right, bottom, glyphs.bottomRight),
        ]
        for (x, y, corner) in corners {
            surface.fill(Rect(x: x, y: y, width: 1, height: 1), corner, role: role)
        }
        drawTitles(on: &surface, area, glyphs: glyphs, filled: filled)
        return inner
    }

    private func drawTitles(
        on surface: inout Surface, _ area: Rect, glyphs: GlyphSet, filled: Role
    ) {
        // Corner, rule, blank before a title; blank, rule, corner after it.
        let room = area.width - 6
        guard room > 0 else { return }
        let titleCells = min(TextWidth.cells(title), room)
        if titleCells > 0 {
            surface.put(" ", x: area.x + 2, y: area.y, role: filled)
            surface.put(
                title, x: area.x + 3, y: area.y, field: titleCells, cut: glyphs.cut,
                role: filled == .text ? titleRole : filled)
            surface.put(" ", x: area.x + 3 + titleCells, y: area.y, role: filled)
        }
        let noteCells = TextWidth.cells(note)
        guard noteCells > 0, titleCells + noteCells + 3 <= room else { return }
        let x = area.maxX - 3 - noteCells
        surface.put(" ", x: x - 1, y: area.y, role: filled)
        surface.put(note, x: x, y: area.y, role: filled == .text ? .textDim : filled)
        surface.put(" ", x: x + noteCells, y: area.y, role: filled)
    }
}
