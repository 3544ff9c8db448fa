/// A grid of styled cells: what a view draws, and what a terminal, a text snapshot and a golden
/// file are made from.
///
/// Every write is clipped to the grid, so no view can draw outside whatever size it is given.
package struct Surface: Hashable, Sendable {
    package let width: Int
    package let height: Int
    /// Row after row.
    package private(set) var cells: [Cell]
    /// Where the hardware cursor stands, for screen readers and prompts; nil: hidden.
    package var cursor: Position?

    /// Places of a dialog that clicks are for; who lies over another comes later.
    private(set) var spots: [Spot] = []

    /// A place, and the number that whoever drew it gave it.
    struct Spot: Hashable, Sendable {
        var area: Rect
        var number: Int
    }

    package struct Position: Hashable, Sendable {
        package var x: Int
        package var y: Int

        package init(x: Int, y: Int) {
            self.x = x
            self.y = y
        }
    }

    package enum Alignment: Sendable {
        case left
        case right
    }

    package init(width: Int, height: Int) {
        self.width = max(width, 0)
        self.height = max(height, 0)
        cells = Array(repeating: .blank, count: self.width * self.height)
    }

    package var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

    package subscript(x: Int, y: Int) -> Cell {
        precondition(x >= 0 && x < width && y >= 0 && y < height, "a cell lies inside its surface")
        return cells[y * width + x]
    }

    /// Writes text and returns the column after it; text that passes `limit` is cut at a whole
    /// character.
    @discardableResult
    package mutating func put(
        _ text: String, x: Int, y: Int, role: Role = .text, limit: Int = .max
    ) -> Int {
        var column = x
        let end = min(limit, width)
        guard y >= 0, y < height else { return x + TextWidth.cells(text) }
        for scalar in text.unicodeScalars {
            let cellsTaken = TextWidth.cells(scalar)
            if cellsTaken == 0 {
                addMark(scalar, before: column, y: y)
                continue
            }
            guard column + cellsTaken <= end else { break }
            if column >= 0 {
                set(Glyph(scalar), isWide: cellsTaken == 2, x: column, y: y, role: role)
            }
            column += cellsTaken
        }
        return column
    }

    /// Writes text into a field of a fixed width, cut with `cut` when it is too long.
    package mutating func put(
        _ text: String, x: Int, y: Int, field: Int, align: Alignment = .left, cut: Unicode.Scalar,
        role: Role = .text
    ) {
        guard field > 0 else { return }
        let needed = TextWidth.cells(text)
        if needed > field {
            let end = put(text, x: x, y: y, role: role, limit: x + field - 1)
            put(String(Character(cut)), x: end, y: y, role: role, limit: x + field)
        } else {
            put(text, x: align == .left ? x : x + field - needed, y: y, role: role)
        }
    }

    package mutating func fill(_ area: Rect, _ scalar: Unicode.Scalar = " ", role: Role) {
        let clipped = area.intersection(bounds)
        guard !clipped.isEmpty else { return }
        let cell = Cell(glyph: Glyph(scalar), role: role, width: .single)
        for y in clipped.y..<clipped.maxY {
            let row = y * width
            // Only at its ends can the area cut a wide character in two.
            breakWide(at: row + clipped.x, x: clipped.x)
            breakWide(at: row + clipped.maxX - 1, x: clipped.maxX - 1)
            for index in row + clipped.x..<row + clipped.maxX { cells[index] = cell }
        }
    }

    /// A click there is for this number.
    mutating func takeClicks(_ area: Rect, for number: Int) {
        spots.append(Spot(area: area.intersection(bounds), number: number))
    }

    /// Changes the role of cells that are drawn already.
    package mutating func paint(_ area: Rect, role: Role) {
        let clipped = area.intersection(bounds)
        guard !clipped.isEmpty else { return }
        for y in clipped.y..<clipped.maxY {
            for x in clipped.x..<clipped.maxX { cells[y * width + x].role = role }
        }
    }

    private mutating func addMark(_ mark: Unicode.Scalar, before column: Int, y: Int) {
        guard column > 0, column <= width else { return }
        var index = y * width + column - 1
        if cells[index].width == .continuation, column > 1 { index -= 1 }
        if cells[index].glyph.firstMark == nil {
            cells[index].glyph.firstMark = mark
        } else if cells[index].glyph.secondMark == nil {
            cells[index].glyph.secondMark = mark
        }
    }

    /// The one place that writes a cell; keeps the halves of wide characters consistent.
    private mutating func set(_ glyph: Glyph, isWide: Bool, x: Int, y: Int, role: Role) {
        let index = y * width + x
        breakWide(at: index, x: x)
        cells[index] = Cell(glyph: glyph, role: role, width: isWide ? .wide : .single)
        if isWide {
            breakWide(at: index + 1, x: x + 1)
            cells[index + 1] = Cell(glyph: .blank, role: role, width: .continuation)
        }
    }

    /// Overwriting half of a wide character blanks its other half.
    private mutating func breakWide(at index: Int, x: Int) {
        switch cells[index].width {
        case .single: return
        case .wide where x + 1 < width:
            cells[index + 1].width = .single
        case .continuation where x > 0:
            cells[index - 1].glyph = .blank
            cells[index - 1].width = .single
        case .wide, .continuation: return
        }
    }
}
