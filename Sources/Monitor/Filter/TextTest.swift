/// One comparison of text. All lower case ignores case; one capital makes it exact.
struct TextTest: Sendable {
    private enum Way: Sendable {
        case contains(TextNeedle)
        case equal(TextNeedle)
        case notEqual(TextNeedle)
        case order(@Sendable (String, String) -> Bool, TextNeedle)
        case matches(TextPattern)
        case matchesNot(TextPattern)
    }

    private let way: Way

    init(_ op: FilterOperator, _ value: FilterWord) throws(FilterError) {
        let needle = TextNeedle(value.text)
        switch op {
        case .contains: way = .contains(needle)
        case .equal: way = .equal(needle)
        case .notEqual: way = .notEqual(needle)
        case .less: way = .order({ $0 < $1 }, needle)
        case .atMost: way = .order({ $0 <= $1 }, needle)
        case .greater: way = .order({ $0 > $1 }, needle)
        case .atLeast: way = .order({ $0 >= $1 }, needle)
        case .matches: way = .matches(try TextPattern(value))
        case .matchesNot: way = .matchesNot(try TextPattern(value))
        }
    }

    @Sendable func accepts(_ text: String) -> Bool {
        switch way {
        case .contains(let needle): needle.isIn(text)
        case .equal(let needle): needle.equals(text)
        case .notEqual(let needle): !needle.equals(text)
        case .order(let precedes, let needle): precedes(needle.folded(text), needle.text)
        case .matches(let pattern): pattern.isIn(text)
        case .matchesNot(let pattern): !pattern.isIn(text)
        }
    }
}

/// Text to be found in other text.
struct TextNeedle: Sendable {
    let text: String
    private let bytes: [UInt8]
    private let ignoresCase: Bool
    private let isASCII: Bool

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
        ignoresCase = TextNeedle.ignoresCase(text)
        isASCII = bytes.allSatisfy { $0 < 0x80 }
    }

    static func ignoresCase(_ text: String) -> Bool {
        !text.contains(where: \.isUppercase)
    }

    func folded(_ other: String) -> String {
        ignoresCase ? other.lowercased() : other
    }

    func equals(_ other: String) -> Bool {
        guard isASCII else { return folded(other) == text }
        return other.utf8.count == bytes.count && other.utf8.elementsEqual(bytes) { fold($0) == $1 }
    }

    func isIn(_ haystack: String) -> Bool {
        guard !bytes.isEmpty else { return true }
        // Lowering beyond ASCII is costly, and needed only for what is searched for.
        var haystack = ignoresCase && !isASCII ? haystack.lowercased() : haystack
        return haystack.withUTF8 { text in
            guard text.count >= bytes.count else { return false }
            for start in 0...(text.count - bytes.count) where fold(text[start]) == bytes[0] {
                if bytes.indices.allSatisfy({ fold(text[start + $0]) == bytes[$0] }) { return true }
            }
            return false
        }
    }

    private func fold(_ byte: UInt8) -> UInt8 {
        ignoresCase && byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }
}

/// A regular expression that somebody at the console typed.
///
/// The texts it meets are at most 256 cells long, because they are `SafeText`.
struct TextPattern: Sendable {
    // Unsafe in name only: a Regex is a value that is never changed after `init`, and the standard
    // library lowers its program atomically on first use.
    private nonisolated(unsafe) let regex: Regex<AnyRegexOutput>

    init(_ pattern: FilterWord) throws(FilterError) {
        do {
            let regex = try Regex(pattern.text).matchingSemantics(.unicodeScalar)
            self.regex = regex.ignoresCase(TextNeedle.ignoresCase(pattern.text))
        } catch {
            throw FilterError(at: pattern.position, expected: "a regular expression")
        }
    }

    @Sendable func isIn(_ text: String) -> Bool {
        text.firstMatch(of: regex) != nil
    }
}
