/// Reads the pieces of a filter from left to right.
///
/// What a piece is depends on where it stands: behind an operator a value takes `:` and `/` along,
/// so that `192.0.2.0/24` and `14:02` need no quotes.
struct FilterScanner {
    private let characters: [Character]
    private(set) var position = 0

    init(_ text: String) {
        // Scalar by scalar, as the prompt counts: what combines with a sign of the grammar (U+064B
        // behind `"`, U+0603 before it) must not hide it.
        characters = text.unicodeScalars.map(Character.init)
    }

    var isAtEnd: Bool { position == characters.count }
    var next: Character? { isAtEnd ? nil : characters[position] }

    func peek(_ distance: Int) -> Character? {
        position + distance < characters.count ? characters[position + distance] : nil
    }

    /// True if there were any.
    @discardableResult
    mutating func skipBlanks() -> Bool {
        let start = position
        while let next, next.isWhitespace { position += 1 }
        return position > start
    }

    mutating func take(_ wanted: Character) -> Bool {
        guard next == wanted else { return false }
        position += 1
        return true
    }

    /// An operator here, the longest that fits.
    mutating func takeOperator() -> FilterOperator? {
        guard let first = next else { return nil }
        if let second = peek(1), let both = FilterOperator(rawValue: String([first, second])) {
            position += 2
            return both
        }
        guard let one = FilterOperator(rawValue: String(first)) else { return nil }
        position += 1
        return one
    }

    /// A run without blanks and without what the grammar itself uses; may be empty.
    mutating func takeWord() -> FilterWord {
        take { !Self.endsBare($0) && !"=!<>~:".contains($0) }
    }

    mutating func takeBare() -> FilterWord {
        take { !Self.endsBare($0) }
    }

    mutating func takeLetters() -> FilterWord {
        take { $0.isLetter && $0.isASCII }
    }

    mutating func takeNumber() throws(FilterError) -> UInt64 {
        let digits = take { $0.isASCII && $0.isNumber }
        guard let number = UInt64(digits.text) else {
            throw error("a session number", at: digits.position)
        }
        return number
    }

    /// `"…"` with `\"` and `\\`.
    mutating func takeString() throws(FilterError) -> FilterWord {
        try takeDelimited(by: "\"") { escaped in String(escaped) }
    }

    /// `/…/` with `\/`; any other escape belongs to the pattern.
    mutating func takePattern() throws(FilterError) -> FilterWord {
        try takeDelimited(by: "/") { escaped in escaped == "/" ? "/" : "\\\(escaped)" }
    }

    func error(_ expected: String, at position: Int? = nil) -> FilterError {
        let position = position ?? self.position
        return FilterError(
            at: position, expected: expected, isUnfinished: position == characters.count)
    }

    private mutating func takeDelimited(
        by delimiter: Character, _ unescape: (Character) -> String
    ) throws(FilterError) -> FilterWord {
        let start = position
        position += 1
        var text = ""
        while let character = next {
            position += 1
            if character == delimiter { return FilterWord(text, at: start, isQuoted: true) }
            if character == "\\", let escaped = next {
                position += 1
                text += unescape(escaped)
            } else {
                text.append(character)
            }
        }
        throw error("a closing \(delimiter)")
    }

    private mutating func take(while accepts: (Character) -> Bool) -> FilterWord {
        let start = position
        while let next, accepts(next) { position += 1 }
        return FilterWord(String(characters[start..<position]), at: start)
    }

    private static func endsBare(_ character: Character) -> Bool {
        character.isWhitespace || "(){},&|\"".contains(character)
    }
}
