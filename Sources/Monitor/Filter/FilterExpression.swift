/// A filter as it was understood, before anybody asks what its fields are (console design, §10).
///
/// Its description is the same filter in the grammar's plainest form: parsing it again gives an
/// equal expression.
package indirect enum FilterExpression: Hashable, Sendable, CustomStringConvertible {
    case or([FilterExpression])
    case and([FilterExpression])
    case not(FilterExpression)
    case comparison(FilterWord, FilterOperator, FilterOperand)
    case flag(FilterWord)
    case sessions(ClosedRange<UInt64>)
    case text(FilterWord)
    case expression(FilterWord)
    /// How many lines match: of an expectation only, never of a filter.
    case count(FilterExpression?, FilterOperator, FilterWord)

    package var description: String {
        switch self {
        case .or(let terms):
            // `&` binds tighter: brackets would be a level that nobody typed.
            terms.map { if case .or = $0 { "(\($0))" } else { $0.description } }
                .joined(separator: " | ")
        case .and(let terms): terms.map(\.grouped).joined(separator: " & ")
        case .not(let term): "!" + term.grouped
        case .comparison(let field, let op, let operand):
            "\(field.text)\(op.rawValue)\(operand)"
        case .flag(let name): "~" + name.text
        case .sessions(let range):
            range.lowerBound == range.upperBound
                ? "#\(range.lowerBound)" : "#\(range.lowerBound)..#\(range.upperBound)"
        case .text(let word): FilterWord.quoted(word.text)
        case .expression(let pattern):
            "/"
                + pattern.text.unicodeScalars.map { $0 == "/" ? "\\/" : String($0) }.joined() + "/"
        case .count(let counted, let op, let number):
            "count(\(counted?.description ?? ""))\(op.rawValue)\(number.text)"
        }
    }

    private var grouped: String {
        switch self {
        case .or, .and: "(\(self))"
        case .not, .comparison, .flag, .sessions, .text, .expression, .count: description
        }
    }
}

/// A piece of a filter and where it stood; two are equal wherever they stood.
package struct FilterWord: Hashable, Sendable {
    package let text: String
    /// In Unicode scalars from the start of the filter.
    package let position: Int
    /// A bare `-` asks for the unknown, a quoted one for a dash.
    package let isQuoted: Bool

    package init(_ text: String, at position: Int = 0, isQuoted: Bool = false) {
        self.text = text
        self.position = position
        self.isQuoted = isQuoted
    }

    package static func == (a: FilterWord, b: FilterWord) -> Bool {
        a.text == b.text && a.isUnknown == b.isUnknown
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }

    package var isUnknown: Bool { text == "-" && !isQuoted }

    static func quoted(_ text: String) -> String {
        // By scalar, as the scanner reads: a quote is one even if a mark combines with it.
        "\""
            + text.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }
            .joined() + "\""
    }
}

package enum FilterOperator: String, Hashable, Sendable, CaseIterable {
    case contains = ":"
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="
    case matches = "~"
    case matchesNot = "!~"
}

/// What stands behind an operator: one value, or a list of which any may fit.
package struct FilterOperand: Hashable, Sendable, CustomStringConvertible {
    package let values: [FilterWord]

    package init(_ values: [FilterWord]) {
        self.values = values
    }

    package var description: String {
        let words = values.map { $0.isUnknown ? "-" : FilterWord.quoted($0.text) }
        return words.count == 1 ? words[0] : "{" + words.joined(separator: ",") + "}"
    }
}

/// Why a filter cannot be used: where, and what would have been right there.
package struct FilterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// In Unicode scalars from the start of the filter.
    package let position: Int
    package let expected: String
    /// The filter ends here: whoever is typing is not done yet.
    package let isUnfinished: Bool

    package init(at position: Int, expected: String, isUnfinished: Bool = false) {
        self.position = position
        self.expected = expected
        self.isUnfinished = isUnfinished
    }

    package var description: String { "column \(position + 1): expected \(expected)" }
}
