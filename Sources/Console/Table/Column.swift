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
    private let sortKey: @Sendable (Row, RateWindow) -> SortKey

    init(
        _ id: ID, _ title: String, _ minimum: Int, ideal: Int? = nil,
        align: Surface.Alignment = .right, drop dropOrder: Int, help: String,
        sort sortKey: @escaping @Sendable (Row) -> SortKey,
        content: @escaping @Sendable (Row, Scene) -> Content
    ) {
        self.init(
            id, title, minimum, ideal: ideal, align: align, drop: dropOrder, help: help,
            sortWithin: { row, _ in sortKey(row) }, content: content)
    }

    /// A column whose numbers are about the time that `w` chooses.
    init(
        _ id: ID, _ title: String, _ minimum: Int, ideal: Int? = nil,
        align: Surface.Alignment = .right, drop dropOrder: Int, help: String,
        sortWithin sortKey: @escaping @Sendable (Row, RateWindow) -> SortKey,
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

    func key(of row: Row, _ window: RateWindow = .second) -> SortKey { sortKey(row, window) }
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
        let given = shares(of: max(width - needed(), 0), columns.map { $0.ideal - $0.minimum })
        var next = x
        for (column, extra) in zip(columns, given) {
            places.append(Place(column: column, x: next, width: column.minimum + extra))
            next += column.minimum + extra + 1
        }
    }

    /// Parts of the spare cells for each wish, in proportion; what rounding leaves goes to the
    /// greatest wish.
    private func shares(of spare: Int, _ wishes: [Int]) -> [Int] {
        let sum = wishes.reduce(0, +)
        guard sum > spare, sum > 0 else { return wishes }
        var shares = wishes.map { spare * $0 / sum }
        let rest = spare - shares.reduce(0, +)
        if let greatest = wishes.indices.max(by: { wishes[$0] < wishes[$1] }) {
            shares[greatest] = min(shares[greatest] + rest, wishes[greatest])
        }
        return shares
    }
}
