/// Cursor, order and scroll of one table, bound to what the rows are and not to where they stand.
///
/// The order changes at most once a second, and not within two seconds of a movement, so that a row
/// does not run away under the cursor (DESIGN §11).
package struct TableState<ID: Hashable & Comparable & Sendable>: Sendable {
    package internal(set) var cursor: ID?
    /// Rows in the order they are shown, after the filter.
    package internal(set) var order: [ID] = []
    var top = 0
    /// The user holds the order as it is.
    package internal(set) var isHeld = false
    package internal(set) var isDescending: Bool
    /// Filter or sort have changed: the next arrangement starts anew.
    var isStale = true
    /// Where the cursor was put last; a filter may hide that row for a while.
    private var wanted: ID?
    private var orderedAtNanoseconds: UInt64?
    private var movedAtNanoseconds: UInt64?

    static var movementPause: UInt64 { 2_000_000_000 }
    static var orderPause: UInt64 { 1_000_000_000 }

    init(isDescending: Bool) {
        self.isDescending = isDescending
    }

    var cursorIndex: Int? { cursor.flatMap { id in order.firstIndex(of: id) } }

    /// Takes the rows there are now. `keepsCursor`: the cursor's row has ended, and stays where it is
    /// until the cursor leaves it.
    mutating func arrange(
        _ found: [(id: ID, key: SortKey)], now: UInt64, keepsCursor: Bool, mayReorder: Bool
    ) {
        let oldIndex = cursorIndex
        let wasStale = isStale
        if isStale || (mayReorder && !isHeld && isRested(now)) {
            let descending = isDescending
            order = found.sorted { a, b in
                if a.key != b.key { return descending ? a.key > b.key : a.key < b.key }
                return a.id < b.id
            }.map(\.id)
            if keepsCursor, let cursor, let oldIndex, !order.contains(cursor) {
                order.insert(cursor, at: min(oldIndex, order.count))
            }
            isStale = false
            orderedAtNanoseconds = now
        } else {
            let present = Set(found.map(\.id))
            order.removeAll { !present.contains($0) && !(keepsCursor && $0 == cursor) }
            if order.count < present.count + (keepsCursor ? 1 : 0) {
                let known = Set(order)
                order += found.map(\.id).filter { !known.contains($0) }
            }
        }
        if wasStale, let wanted, order.contains(wanted) {
            cursor = wanted
        } else if cursorIndex == nil {
            cursor = order.isEmpty ? nil : order[min(oldIndex ?? 0, order.count - 1)]
        }
    }

    private func isRested(_ now: UInt64) -> Bool {
        if let moved = movedAtNanoseconds, now < moved &+ Self.movementPause { return false }
        if let ordered = orderedAtNanoseconds, now < ordered &+ Self.orderPause { return false }
        return true
    }

    /// Moves the cursor by rows; the rows it passes are those on the screen.
    mutating func move(by rows: Int, now: UInt64) {
        movedAtNanoseconds = now
        guard !order.isEmpty else { return }
        let index = (cursorIndex ?? 0) + rows
        cursor = order[min(max(index, 0), order.count - 1)]
        wanted = cursor
    }

    mutating func moveToEnd(_ last: Bool, now: UInt64) {
        movedAtNanoseconds = now
        cursor = last ? order.last : order.first
        wanted = cursor
    }

    /// Takes rows away that were kept for the cursor alone.
    mutating func drop(_ isGone: (ID) -> Bool) {
        order.removeAll { $0 != cursor && isGone($0) }
    }

    /// First row to draw so that the cursor is among `rows`.
    func firstVisible(rows: Int) -> Int {
        Scroll.first(top: top, cursor: cursorIndex, count: order.count, rows: rows)
    }

    mutating func scroll(rows: Int) {
        top = firstVisible(rows: rows)
    }
}

/// Where a window onto a longer list stands.
enum Scroll {
    /// The first row nearest to `top` that keeps the cursor among `rows` and leaves no empty rows.
    static func first(top: Int, cursor: Int?, count: Int, rows: Int) -> Int {
        guard rows > 0, count > rows else { return 0 }
        var first = min(max(top, 0), count - rows)
        if let cursor {
            if cursor < first { first = cursor }
            if cursor >= first + rows { first = cursor - rows + 1 }
        }
        return first
    }
}
