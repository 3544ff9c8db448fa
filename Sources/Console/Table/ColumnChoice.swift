import Monitor

/// Which columns a table of sessions shows, in which order and how wide.
package struct ColumnChoice: Hashable, Sendable {
    package internal(set) var shown: [SessionColumn]
    /// Cells where the user says so; the others take what there is.
    package internal(set) var widths: [SessionColumn: Int] = [:]

    package static let standard = ColumnChoice(shown: SessionColumn.standard)
    static let widthRange = 1...200

    init(shown: [SessionColumn]) {
        self.shown = shown
    }

    /// The columns themselves, as a table lays them out.
    var columns: [Column<SessionRow, SessionColumn>] {
        shown.map { id in
            var column = SessionColumn.table[id.rawValue]
            if let width = widths[id] {
                column.minimum = width
                column.ideal = width
            }
            return column
        }
    }

    mutating func toggle(_ column: SessionColumn) {
        if let index = shown.firstIndex(of: column) {
            if shown.count > 1 { shown.remove(at: index) }
        } else {
            shown.append(column)
        }
    }

    /// Moves a shown column by one place.
    mutating func move(_ column: SessionColumn, by step: Int) {
        guard let index = shown.firstIndex(of: column), shown.indices.contains(index + step)
        else { return }
        shown.swapAt(index, index + step)
    }

    mutating func widen(_ column: SessionColumn, by step: Int) {
        let width = (widths[column] ?? SessionColumn.table[column.rawValue].minimum) + step
        widths[column] = min(max(width, Self.widthRange.lowerBound), Self.widthRange.upperBound)
    }
}

extension SessionColumn {
    /// Shown where nobody chose: all that stood here first; others are added with `c`.
    static let standard: [SessionColumn] = [
        .id, .role, .state, .stream, .peer, .client, .rateIn, .rateOut, .fps, .queue,
        .queueMilliseconds, .drop, .rtt, .retransmits, .up,
    ]

    /// As the configuration, `:sort` and `:columns` call it: the title without its unit.
    package var name: String { Self.name(ofTitle: SessionColumn.table[rawValue].title) }

    static func name(ofTitle title: String) -> String {
        var title = title.lowercased()
        for unit in [" b/s", " s"] where title.hasSuffix(unit) {
            title.removeLast(unit.count)
        }
        return title.filter { $0 != " " && $0 != "-" }
    }

    package init?(name: String) {
        let wanted = name.lowercased()
        guard let column = SessionColumn.allCases.first(where: { $0.name == wanted }) else {
            return nil
        }
        self = column
    }
}
