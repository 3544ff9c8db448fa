import Telemetry

/// A filter made ready for one kind of lines: its fields are known, its numbers read.
///
/// A comparison with an unknown value is false, also with `!=`; `field:-` finds the unknown.
package struct FilterPredicate<Subject: FilterSubject>: Sendable {
    private typealias Test = @Sendable (Subject, Snapshot) -> Bool

    /// The filter as it was written.
    package let text: String
    private let test: Test

    /// - Parameter utcOffsetSeconds: the time zone in which `at>14:02` is meant.
    package init(_ text: String, utcOffsetSeconds: Int = 0) throws(FilterError) {
        self.text = text
        guard let expression = try FilterParser.parse(text) else {
            test = { _, _ in true }
            return
        }
        test = try Self.compile(expression, utcOffsetSeconds)
    }

    /// A part of an expectation.
    init(_ expression: FilterExpression) throws(FilterError) {
        text = expression.description
        test = try Self.compile(expression, 0)
    }

    package func matches(_ subject: Subject, in snapshot: Snapshot) -> Bool {
        test(subject, snapshot)
    }

    private static func compile(
        _ expression: FilterExpression, _ offset: Int
    ) throws(FilterError) -> Test {
        switch expression {
        case .or(let terms):
            let tests = try terms.map { term throws(FilterError) in try compile(term, offset) }
            return { subject, snapshot in tests.contains { $0(subject, snapshot) } }
        case .and(let terms):
            let tests = try terms.map { term throws(FilterError) in try compile(term, offset) }
            return { subject, snapshot in tests.allSatisfy { $0(subject, snapshot) } }
        case .not(let term):
            let test = try compile(term, offset)
            return { subject, snapshot in !test(subject, snapshot) }
        case .flag(let name):
            return try flag(name)
        case .sessions(let range):
            return { subject, _ in subject.concerns(range) }
        case .text(let word):
            let needle = TextNeedle(word.text)
            return { subject, snapshot in
                subject.filterTexts(in: snapshot).contains { needle.isIn($0.description) }
            }
        case .expression(let pattern):
            let pattern = try TextPattern(pattern)
            return { subject, snapshot in
                subject.filterTexts(in: snapshot).contains { pattern.isIn($0.description) }
            }
        case .comparison(let name, let op, let operand):
            guard let field = Subject.filterFields.first(where: { $0.name == name.text }) else {
                let known = Subject.filterFields.map(\.name).joined(separator: " ")
                throw FilterError(at: name.position, expected: "a field: \(known)")
            }
            return try compare(field, op, operand, offset)
        case .count(_, _, let number):
            throw FilterError(at: number.position, expected: "no count() within a filter")
        }
    }

    private static func flag(_ name: FilterWord) throws(FilterError) -> Test {
        guard let flag = Subject.filterFlags.first(where: { $0.name == name.text.lowercased() })
        else {
            let known = Subject.filterFlags.map { "~" + $0.name }.joined(separator: " ")
            throw FilterError(at: name.position, expected: "a flag: \(known)")
        }
        return flag.read
    }

    private static func compare(
        _ field: FilterField<Subject>, _ op: FilterOperator, _ operand: FilterOperand, _ offset: Int
    ) throws(FilterError) -> Test {
        let tests = try operand.values.map { value throws(FilterError) in
            try compare(field, op, value, offset)
        }
        // `!={a,b}` is neither, any other list is one of them.
        if op == .notEqual {
            return { subject, snapshot in tests.allSatisfy { $0(subject, snapshot) } }
        }
        return { subject, snapshot in tests.contains { $0(subject, snapshot) } }
    }

    private static func compare(
        _ field: FilterField<Subject>, _ op: FilterOperator, _ value: FilterWord, _ offset: Int
    ) throws(FilterError) -> Test {
        if value.isUnknown { return try unknown(field, op, value) }
        switch field.kind {
        case .text(let read):
            let test = try TextTest(op, value)
            return { subject, snapshot in
                read(subject, snapshot).map { test.accepts($0.description) } ?? false
            }
        case .words(let read):
            // A word of a set is equal or it is not: `level:err` is a word still being typed.
            let test = try TextTest(op == .contains ? .equal : op, value)
            return { subject, snapshot in
                let words = read(subject, snapshot)
                return op == .notEqual || op == .matchesNot
                    ? !words.isEmpty && words.allSatisfy(test.accepts)
                    : words.contains(where: test.accepts)
            }
        case .address(let read):
            if op == .contains, let network = Network(value.text) {
                return { subject, snapshot in
                    read(subject, snapshot).map(network.contains) ?? false
                }
            }
            let test = try TextTest(op, value)
            return { subject, snapshot in
                read(subject, snapshot).map(test.accepts) ?? false
            }
        case .number(let unit, let read):
            let bound = try number(value, unit)
            let accepts = try ordering(op, value)
            return { subject, snapshot in
                read(subject, snapshot).map { accepts($0, bound) } ?? false
            }
        case .time(let read):
            guard let bound = WallClock.millisecondOfDay(value.text) else {
                throw FilterError(at: value.position, expected: "a time such as 14:02 or 14:02:24")
            }
            let accepts = try ordering(op, value)
            let shift = Int64(offset) * 1000
            return { subject, snapshot in
                read(subject, snapshot).map {
                    let time = WallClock(milliseconds: $0 + shift).millisecondOfDay
                    return accepts(Double(time), Double(bound))
                } ?? false
            }
        case .bytes(let read):
            let wanted = try bytes(value)
            guard op == .contains else {
                throw FilterError(at: value.position, expected: ": before bytes")
            }
            return { subject, snapshot in
                guard let kept = read(subject, snapshot) else { return false }
                return kept.indices.contains { kept[$0...].starts(with: wanted) }
            }
        }
    }

    /// `field:-` and `field=-`: unknown; `field!=-`: known.
    private static func unknown(
        _ field: FilterField<Subject>, _ op: FilterOperator, _ value: FilterWord
    ) throws(FilterError) -> Test {
        let isKnown: Test
        switch field.kind {
        case .text(let read): isKnown = { read($0, $1) != nil }
        case .words(let read): isKnown = { !read($0, $1).isEmpty }
        case .address(let read): isKnown = { read($0, $1) != nil }
        case .number(_, let read): isKnown = { read($0, $1) != nil }
        case .time(let read): isKnown = { read($0, $1) != nil }
        case .bytes(let read): isKnown = { read($0, $1) != nil }
        }
        switch op {
        case .contains, .equal: return { !isKnown($0, $1) }
        case .notEqual: return isKnown
        case .less, .atMost, .greater, .atLeast, .matches, .matchesNot:
            throw FilterError(at: value.position, expected: "a value: - goes with : = !=")
        }
    }

    private static func ordering(
        _ op: FilterOperator, _ value: FilterWord
    ) throws(FilterError) -> @Sendable (Double, Double) -> Bool {
        switch op {
        case .contains, .equal: return { $0 == $1 }
        case .notEqual: return { $0 != $1 }
        case .less: return { $0 < $1 }
        case .atMost: return { $0 <= $1 }
        case .greater: return { $0 > $1 }
        case .atLeast: return { $0 >= $1 }
        case .matches, .matchesNot:
            throw FilterError(at: value.position, expected: "= != < <= > or >= before a number")
        }
    }

    private static func number(
        _ value: FilterWord, _ unit: FilterUnit
    ) throws(FilterError) -> Double {
        let isSession = value.text.hasPrefix("#")
        let text = isSession ? value.text.dropFirst() : value.text[...]
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
        guard let number = Double(digits) else {
            throw FilterError(at: value.position, expected: unit.words)
        }
        guard let scale = unit.scale(of: String(text.dropFirst(digits.count))) else {
            throw FilterError(at: value.position + digits.count, expected: unit.words)
        }
        return number * scale
    }

    private static func bytes(_ value: FilterWord) throws(FilterError) -> [UInt8] {
        let digits = value.text.filter { !$0.isWhitespace }
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { start in
            UInt8(digits.dropFirst(start).prefix(2), radix: 16)
        }
        guard !bytes.isEmpty, digits.count == bytes.count * 2 else {
            throw FilterError(at: value.position, expected: "bytes such as \"17 01\"")
        }
        return bytes
    }
}
