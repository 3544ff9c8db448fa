import Monitor

/// What a table is sorted by: numbers as numbers, text as text.
package enum SortKey: Comparable, Sendable {
    /// Unknown comes before everything known.
    case none
    case number(Double)
    case text(String)
}

/// A column is a row of data: what it shows, how wide, how it sorts, what help says of it.
struct Column<Row, ID: Hashable & Sendable>: Sendable {
    /// The text of one cell and what it means.
    struct Content {
        var text: String
        var role: Role

        init(_ text: String, _ role: Role = .num) {
            self.text = text
            self.role = role
        }
    }

    var id: ID
    var title: String
    var minimum: Int
    /// Wider than the minimum while there is room.
    var ideal: Int
    var align: Surface.Alignment
    /// Columns with the highest number are left out first; 0 is never left out.
    var dropOrder: Int
    var help: String
    var content: @Sendable (Row, Scene) -> Content
    var sortKey: @Sendable (Row) -> SortKey

    init(
        _ id: ID, _ title: String, _ minimum: Int, ideal: Int? = nil,
        align: Surface.Alignment = .right, drop dropOrder: Int, help: String,
        sort sortKey: @escaping @Sendable (Row) -> SortKey,
        content: @escaping @Sendable (Row, Scene) -> Content
    ) {
        self.id = id
        self.title = title
        self.minimum = minimum
        self.ideal = ideal ?? minimum
        self.align = align
        self.dropOrder = dropOrder
        self.help = help
        self.content = content
        self.sortKey = sortKey
    }
}

/// Columns that fit a width, and those that do not.
struct ColumnLayout<Row, ID: Hashable & Sendable> {
    struct Place {
        var column: Column<Row, ID>
        var x: Int
        var width: Int
    }

    private(set) var places: [Place] = []
    /// Left out for want of room.
    private(set) var droppedCount = 0

    /// Lays columns out from `x`, one blank between them.
    ///
    /// While they do not fit at their minimum, the one with the highest drop order goes. `offset`
    /// scrolls sideways: that many columns after the first stand back, so that those at the right
    /// get their room. Spare width goes to columns below their ideal, in proportion.
    init(_ all: [Column<Row, ID>], x: Int, width: Int, offset: Int = 0) {
        var columns = all
        let scrolled = min(max(offset, 0), max(all.count - 2, 0))
        columns.removeSubrange(min(1, columns.count)..<min(1 + scrolled, columns.count))
        func needed() -> Int { columns.reduce(-1) { $0 + $1.minimum + 1 } }
        while needed() > width, columns.count > 1 {
            let victim =
                scrolled > 0
                ? columns.count - 1
                : columns.indices.max { columns[$0].dropOrder < columns[$1].dropOrder } ?? 0
            columns.remove(at: victim)
        }
        droppedCount = all.count - columns.count
        var spare = max(width - needed(), 0)
        let wish = columns.reduce(0) { $0 + $1.ideal - $1.minimum }
        var column = x
        for (index, item) in columns.enumerated() {
            var cells = item.minimum
            let wanted = item.ideal - item.minimum
            if wanted > 0, spare > 0 {
                let share =
                    max(width - needed(), 0) >= wish
                    ? wanted : min(max(width - needed(), 0) * wanted / max(wish, 1) + 1, wanted)
                let given = min(share, spare)
                cells += given
                spare -= given
            }
            places.append(Place(column: columns[index], x: column, width: cells))
            column += cells + 1
        }
    }
}
