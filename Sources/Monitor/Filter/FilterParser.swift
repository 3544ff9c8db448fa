/// A filter's text to its expression, by the grammar of the console design, §10.
package struct FilterParser {
    /// Nobody types more; it bounds the recursion.
    private static let depthLimit = 64
    private static let lengthLimit = 4096

    private var scanner: FilterScanner
    private var depth = 0
    /// `count(…)` has its meaning: the text is an expectation.
    private let takesCounts: Bool

    /// nil: nothing but blanks, which every line fits.
    ///
    /// - Parameter takesCounts: `count(EXPR) op N` is a term, as in expectations.
    package static func parse(
        _ text: String, takesCounts: Bool = false
    ) throws(FilterError) -> FilterExpression? {
        guard text.utf8.count <= lengthLimit else {
            throw FilterError(at: 0, expected: "a filter of at most \(lengthLimit) bytes")
        }
        var parser = FilterParser(scanner: FilterScanner(text), takesCounts: takesCounts)
        parser.scanner.skipBlanks()
        guard !parser.scanner.isAtEnd else { return nil }
        let expression = try parser.parseOr()
        guard parser.scanner.isAtEnd else {
            throw parser.scanner.error("a term, &, | or the end")
        }
        return expression
    }

    private init(scanner: FilterScanner, takesCounts: Bool) {
        self.scanner = scanner
        self.takesCounts = takesCounts
    }

    private mutating func parseOr() throws(FilterError) -> FilterExpression {
        var terms = [try parseAnd()]
        while takeKeyword("or", or: "|") { terms.append(try parseAnd()) }
        return terms.count == 1 ? terms[0] : .or(terms)
    }

    private mutating func parseAnd() throws(FilterError) -> FilterExpression {
        var terms = [try parseNot()]
        while true {
            if takeKeyword("and", or: "&") {
                terms.append(try parseNot())
            } else if startsTerm {
                terms.append(try parseNot())
            } else {
                return terms.count == 1 ? terms[0] : .and(terms)
            }
        }
    }

    private mutating func parseNot() throws(FilterError) -> FilterExpression {
        guard depth < Self.depthLimit else { throw scanner.error("fewer levels") }
        depth += 1
        defer { depth -= 1 }
        if takeKeyword("not", or: "!") { return .not(try parseNot()) }
        let term = try parsePrimary()
        scanner.skipBlanks()
        return term
    }

    private mutating func parsePrimary() throws(FilterError) -> FilterExpression {
        scanner.skipBlanks()
        switch scanner.next {
        case "(":
            _ = scanner.take("(")
            let inner = try parseOr()
            guard scanner.take(")") else { throw scanner.error(")") }
            return inner
        case "~":
            _ = scanner.take("~")
            let name = scanner.takeLetters()
            guard !name.text.isEmpty else { throw scanner.error("the name of a flag") }
            return .flag(name)
        case "#": return try parseSessions()
        case "/": return .expression(try scanner.takePattern())
        case "\"": return .text(try scanner.takeString())
        default: return try parseWord()
        }
    }

    private mutating func parseSessions() throws(FilterError) -> FilterExpression {
        _ = scanner.take("#")
        let first = try scanner.takeNumber()
        guard scanner.next == ".", scanner.peek(1) == ".", scanner.peek(2) == "#" else {
            return .sessions(first...first)
        }
        for _ in 0..<3 { _ = scanner.take(scanner.next ?? "#") }
        let position = scanner.position
        let last = try scanner.takeNumber()
        guard first <= last else { throw scanner.error("a number from \(first)", at: position) }
        return .sessions(first...last)
    }

    /// A word alone is text, a word before an operator is a field.
    private mutating func parseWord() throws(FilterError) -> FilterExpression {
        let word = scanner.takeWord()
        guard !word.text.isEmpty else { throw scanner.error("a term") }
        if takesCounts, scanner.next == "(", Self.isKeyword(word.text, "count") {
            return try parseCount()
        }
        let hadBlanks = scanner.skipBlanks()
        // Behind a blank `~` begins a flag, and `!` a term, unless it is `!=`.
        let isTerm = scanner.next == "~" || scanner.next == "!" && scanner.peek(1) != "="
        guard !(hadBlanks && isTerm), let op = scanner.takeOperator() else {
            return .text(FilterWord(word.text, at: word.position, isQuoted: true))
        }
        guard word.text.first?.isLetter ?? false else {
            throw scanner.error("the name of a field", at: word.position)
        }
        scanner.skipBlanks()
        let field = FilterWord(word.text.lowercased(), at: word.position)
        return .comparison(field, op, try parseOperand(op))
    }

    private mutating func parseCount() throws(FilterError) -> FilterExpression {
        _ = scanner.take("(")
        scanner.skipBlanks()
        let counted = scanner.next == ")" ? nil : try parseOr()
        guard scanner.take(")") else { throw scanner.error(")") }
        scanner.skipBlanks()
        let position = scanner.position
        guard let op = scanner.takeOperator(), op != .matches, op != .matchesNot else {
            throw scanner.error("= != < <= > or >= before a number", at: position)
        }
        scanner.skipBlanks()
        let number = scanner.takeBare()
        guard UInt32(number.text) != nil else {
            throw scanner.error("a whole number", at: number.position)
        }
        return .count(counted, op, number)
    }

    private mutating func parseOperand(
        _ op: FilterOperator
    ) throws(FilterError) -> FilterOperand {
        guard scanner.next == "{" else { return FilterOperand([try parseValue()]) }
        guard op == .contains || op == .equal || op == .notEqual else {
            throw scanner.error("one value: a list goes with : = !=")
        }
        _ = scanner.take("{")
        var values: [FilterWord] = []
        repeat {
            scanner.skipBlanks()
            values.append(try parseValue())
            scanner.skipBlanks()
        } while scanner.take(",")
        guard scanner.take("}") else { throw scanner.error(", or }") }
        return FilterOperand(values)
    }

    private mutating func parseValue() throws(FilterError) -> FilterWord {
        if scanner.next == "\"" { return try scanner.takeString() }
        let bare = scanner.takeBare()
        guard !bare.text.isEmpty else { throw scanner.error("a value") }
        return bare
    }

    private var startsTerm: Bool {
        guard let next = scanner.next else { return false }
        return !")|&},".contains(next) && !nextIsWord("or")
    }

    private func nextIsWord(_ keyword: String) -> Bool {
        var ahead = scanner
        ahead.skipBlanks()
        return Self.isKeyword(ahead.takeBare().text, keyword)
    }

    private mutating func takeKeyword(_ keyword: String, or sign: Character) -> Bool {
        scanner.skipBlanks()
        if scanner.take(sign) { return true }
        guard nextIsWord(keyword) else { return false }
        _ = scanner.takeBare()
        return true
    }

    private static func isKeyword(_ word: String, _ keyword: String) -> Bool {
        word.lowercased() == keyword
    }
}
