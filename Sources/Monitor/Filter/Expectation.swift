package import Telemetry

/// What `--expect` and `--exit-when` wait for: the filter language and `count(EXPR) op N`
/// (console design, §23).
///
/// A part without `count` holds when one open session fits it, or one stream where its fields are
/// those of streams. Sessions that have ended are looked at where `~closed` is asked for.
package struct Expectation: Sendable, CustomStringConvertible {
    /// As it was written.
    package let description: String
    private let condition: Condition

    package init(_ text: String) throws(FilterError) {
        description = text
        guard let expression = try FilterParser.parse(text, takesCounts: true) else {
            throw FilterError(at: 0, expected: "a condition", isUnfinished: true)
        }
        condition = try Condition(expression)
    }

    package func holds(in snapshot: Snapshot) -> Bool {
        condition.holds(in: snapshot)
    }

    /// What each part came to, a line each: for whoever asks why it did not hold.
    package func findings(in snapshot: Snapshot) -> [SafeText] {
        condition.findings(in: snapshot)
    }
}

private indirect enum Condition: Sendable {
    case or([Condition])
    case and([Condition])
    case not(Condition)
    case count(Tally, @Sendable (Int) -> Bool, words: String)

    init(_ expression: FilterExpression) throws(FilterError) {
        guard expression.hasCount else {
            self = .count(try Tally(expression), { $0 > 0 }, words: expression.description)
            return
        }
        switch expression {
        case .or(let terms): self = .or(try Self.parts(of: terms) { .or($0) })
        case .and(let terms): self = .and(try Self.parts(of: terms) { .and($0) })
        case .not(let term): self = .not(try Condition(term))
        case .count(let counted, let op, let number):
            guard let bound = Int(number.text) else {
                throw FilterError(at: number.position, expected: "a whole number")
            }
            if counted?.hasCount == true {
                throw FilterError(at: number.position, expected: "no count() within count()")
            }
            self = .count(
                try Tally(counted), { op.orders($0, bound) }, words: expression.description)
        case .comparison, .flag, .sessions, .text, .expression:
            preconditionFailure("what has no count was taken above")
        }
    }

    /// Neighbours without a count are about one and the same line.
    private static func parts(
        of terms: [FilterExpression], joined: ([FilterExpression]) -> FilterExpression
    ) throws(FilterError) -> [Condition] {
        let plain = terms.filter { !$0.hasCount }
        var parts = try terms.filter(\.hasCount).map { term throws(FilterError) in
            try Condition(term)
        }
        if !plain.isEmpty {
            parts.append(try Condition(plain.count == 1 ? plain[0] : joined(plain)))
        }
        return parts
    }

    func holds(in snapshot: Snapshot) -> Bool {
        switch self {
        case .or(let parts): parts.contains { $0.holds(in: snapshot) }
        case .and(let parts): parts.allSatisfy { $0.holds(in: snapshot) }
        case .not(let part): !part.holds(in: snapshot)
        case .count(let tally, let accepts, _): accepts(tally.count(in: snapshot))
        }
    }

    func findings(in snapshot: Snapshot) -> [SafeText] {
        switch self {
        case .or(let parts), .and(let parts): parts.flatMap { $0.findings(in: snapshot) }
        case .not(let part): part.findings(in: snapshot)
        case .count(let tally, let accepts, let words):
            [
                """
                \(words): \(accepts(tally.count(in: snapshot)) ? "holds" : "does not hold"), \
                \(tally.words(in: snapshot))
                """
            ] + tally.values(in: snapshot)
        }
    }
}

/// How many sessions, or streams, fit an expression.
private struct Tally: Sendable {
    private enum Lines: Sendable {
        case sessions(FilterPredicate<SessionRow>, areEndedToo: Bool)
        case streams(FilterPredicate<StreamRow>)
    }

    private let lines: Lines
    private let expression: FilterExpression?

    /// nil: every open session.
    init(_ expression: FilterExpression?) throws(FilterError) {
        self.expression = expression
        guard let expression else {
            lines = .sessions(try FilterPredicate(""), areEndedToo: false)
            return
        }
        do {
            lines = .sessions(
                try FilterPredicate(expression), areEndedToo: expression.asksForEnded)
        } catch {
            // Not of sessions: of streams, or else what was wrong at first is said.
            guard let streams = try? FilterPredicate<StreamRow>(expression) else { throw error }
            lines = .streams(streams)
        }
    }

    func count(in snapshot: Snapshot) -> Int {
        switch lines {
        case .sessions(let predicate, let areEndedToo):
            snapshot.sessions.count { row in
                (areEndedToo || row.closedAtNanoseconds == nil)
                    && predicate.matches(row, in: snapshot)
            }
        case .streams(let predicate):
            snapshot.streams.count { predicate.matches($0, in: snapshot) }
        }
    }

    func words(in snapshot: Snapshot) -> SafeText {
        switch lines {
        case .sessions:
            let open = snapshot.sessions.count { $0.closedAtNanoseconds == nil }
            return "\(count(in: snapshot)) of \(open) sessions"
        case .streams: return "\(count(in: snapshot)) of \(snapshot.streams.count) streams"
        }
    }

    /// The last values of every field that is compared: `  fps: #3 59.9, #4 30`.
    func values(in snapshot: Snapshot) -> [SafeText] {
        var fields: [String] = []
        for field in expression?.comparedFields ?? [] where !fields.contains(field) {
            fields.append(field)
        }
        return fields.map { field in
            let words: [SafeText] =
                switch lines {
                case .sessions(_, let areEndedToo):
                    snapshot.sessions.lazy.filter { areEndedToo || $0.closedAtNanoseconds == nil }
                        .prefix(8).map { "#\($0.id) \($0.filterValue(field, in: snapshot))" }
                case .streams:
                    snapshot.streams.prefix(8).map {
                        "\($0.key) \($0.filterValue(field, in: snapshot))"
                    }
                }
            let all = words.map(\.description).joined(separator: ", ")
            return "  \(field): \(all.isEmpty ? "nobody there" : all)"
        }
    }
}

extension FilterSubject {
    /// A field as text: what is compared, `-` where it is not known.
    package func filterValue(_ name: String, in snapshot: Snapshot) -> SafeText {
        guard let field = Self.filterFields.first(where: { $0.name == name }) else { return "-" }
        return field.value(of: self, in: snapshot) ?? "-"
    }
}

extension FilterField {
    /// nil: not known. Numbers are in the field's bare unit.
    package func value(of subject: Subject, in snapshot: Snapshot) -> SafeText? {
        switch kind {
        case .text(let read): return read(subject, snapshot)
        case .words(let read):
            let words = read(subject, snapshot)
            return words.last.map { SafeText($0) }
        case .address(let read): return read(subject, snapshot).map { SafeText($0) }
        case .number(_, let read): return read(subject, snapshot).map { SafeText(Self.digits($0)) }
        case .time(let read):
            return read(subject, snapshot).map { SafeText(WallClock(milliseconds: $0).iso8601) }
        case .bytes(let read):
            return read(subject, snapshot).map { bytes in
                SafeText(
                    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
                        .joined(separator: " "))
            }
        }
    }

    /// It is a number, so that a table of values needs no quotes around it.
    package var isNumber: Bool {
        switch kind {
        case .number: true
        case .text, .words, .address, .time, .bytes: false
        }
    }

    var isWords: Bool {
        switch kind {
        case .words: true
        case .text, .number, .address, .time, .bytes: false
        }
    }

    /// At most three digits behind the point.
    private static func digits(_ number: Double) -> String {
        guard let thousandths = Int64(exactly: (number * 1000).rounded()) else { return "-" }
        let magnitude = thousandths.magnitude
        var text = String(magnitude / 1000)
        if magnitude % 1000 > 0 {
            text += "." + String(String(1000 + magnitude % 1000).dropFirst())
            while text.hasSuffix("0") { text.removeLast() }
        }
        return thousandths < 0 ? "-" + text : text
    }
}

extension FilterExpression {
    fileprivate var hasCount: Bool {
        switch self {
        case .count: true
        case .or(let terms), .and(let terms): terms.contains(where: \.hasCount)
        case .not(let term): term.hasCount
        case .comparison, .flag, .sessions, .text, .expression: false
        }
    }

    fileprivate var asksForEnded: Bool {
        switch self {
        case .flag(let name): ["closed", "err", "warn"].contains(name.text.lowercased())
        case .or(let terms), .and(let terms): terms.contains(where: \.asksForEnded)
        case .not(let term): term.asksForEnded
        case .comparison, .sessions, .text, .expression, .count: false
        }
    }

    fileprivate var comparedFields: [String] {
        switch self {
        case .comparison(let field, _, _): [field.text]
        case .or(let terms), .and(let terms): terms.flatMap(\.comparedFields)
        case .not(let term): term.comparedFields
        case .flag, .sessions, .text, .expression, .count: []
        }
    }
}

extension FilterOperator {
    /// What the operator says of two numbers; a regular expression says nothing of them.
    func orders<Number: Comparable>(_ a: Number, _ b: Number) -> Bool {
        switch self {
        case .contains, .equal: a == b
        case .notEqual: a != b
        case .less: a < b
        case .atMost: a <= b
        case .greater: a > b
        case .atLeast: a >= b
        case .matches, .matchesNot: false
        }
    }
}
