/// A run of text in one role.
struct Span: Sendable {
    var text: String
    var role: Role

    init(_ text: String, _ role: Role = .text) {
        self.text = text
        self.role = role
    }
}

extension Surface {
    /// Writes spans one after another; what passes `limit` is cut with a mark. Returns the column
    /// after the last.
    @discardableResult
    mutating func put(
        _ spans: [Span], x: Int, y: Int, limit: Int, cut: Unicode.Scalar
    ) -> Int {
        var column = x
        for span in spans {
            let cells = TextWidth.cells(span.text)
            if column + cells > limit {
                put(
                    span.text, x: column, y: y, field: limit - column, cut: cut, role: span.role)
                return limit
            }
            column = put(span.text, x: column, y: y, role: span.role, limit: limit)
        }
        return column
    }
}
