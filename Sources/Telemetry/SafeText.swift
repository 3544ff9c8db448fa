/// Text from outside, made harmless once, where it enters the process.
///
/// Views, logs, files and JSON Lines take only this type for anything a peer could have written
/// (console design, §15; SEC-12). Interpolation keeps what is already safe and cleans the rest, so
/// `"app \"\(app)\""` is safe whatever `app` holds.
package struct SafeText: Hashable, Sendable, CustomStringConvertible {
    /// Printable, escaped where the original was not (`\x1b`, `\u{202e}`, `\xff`), at most 256 cells.
    package let description: String
    /// The part shown holds something that had to be escaped.
    package let isEscaped: Bool

    package static let cellLimit = 256

    package init(_ text: String) {
        if Sanitiser.isPlain(text.utf8) {
            self.init(plain: text)
        } else {
            self.init(bytes: text.utf8)
        }
    }

    /// Bytes as they came from the wire, valid UTF-8 or not.
    package init(bytes: some Collection<UInt8>) {
        if Sanitiser.isPlain(bytes) {
            description = String(decoding: bytes, as: UTF8.self)
            isEscaped = false
        } else {
            (description, isEscaped) = Sanitiser.clean(Array(bytes.prefix(Sanitiser.inputLimit)))
        }
    }

    /// Text of our own, known when this was compiled.
    package init(literal: StaticString) {
        self.init(plain: literal.description)
    }

    private init(plain text: String) {
        description = text
        isEscaped = false
    }

    /// A query without its `?`; the values of secrets are masked (SEC-13).
    package init(query: String) {
        self.init(bytes: SecretMask.query(Array(query.utf8.prefix(Sanitiser.inputLimit))))
    }

    /// A URL, or a stream name with a query; secrets and user information are masked (SEC-13).
    package init(url: String) {
        // Nearly all are short and have nothing to hide.
        if Sanitiser.isPlain(url.utf8), SecretMask.isHarmless(url: url.utf8) {
            self.init(plain: url)
        } else {
            self.init(url: url.utf8)
        }
    }

    /// The same of bytes from the wire.
    package init(url: some Collection<UInt8>) {
        let start = Array(url.prefix(Sanitiser.inputLimit))
        self.init(bytes: SecretMask.url(start, isCut: start.count < url.count))
    }

    /// A value that came under a name: masked when the name is a secret's, else as `init(url:)`.
    package init(value: some Collection<UInt8>, named name: some Collection<UInt8>) {
        if Self.isSecret(name) {
            self.init(literal: "***")
        } else {
            self.init(url: value)
        }
    }

    /// What comes under this name is for nobody's eyes (SEC-13).
    package static func isSecret(_ name: some Collection<UInt8>) -> Bool {
        SecretMask.isSecret(Array(name.prefix(Sanitiser.inputLimit))[...])
    }

    private init(composed text: String, isEscaped: Bool) {
        description = Sanitiser.cut(text)
        self.isEscaped = isEscaped
    }
}

extension SafeText: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        self.init(text)
    }

    package init(stringInterpolation parts: StringInterpolation) {
        self.init(composed: parts.text, isEscaped: parts.isEscaped)
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""
        fileprivate var isEscaped = false

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 8)
        }

        package mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        package mutating func appendInterpolation(_ safe: SafeText) {
            text += safe.description
            isEscaped = isEscaped || safe.isEscaped
        }

        package mutating func appendInterpolation(_ foreign: String) {
            appendInterpolation(SafeText(foreign))
        }

        package mutating func appendInterpolation(_ number: some BinaryInteger) {
            text += number.description
        }

        package mutating func appendInterpolation(_ number: Double) {
            text += number.description
        }
    }
}

/// The rules of the table in the console design, §15.
private enum Sanitiser {
    /// Enough for 256 cells: no cell takes more than a four-byte base and two four-byte marks.
    static let inputLimit = 4096
    private static let marksPerBase = 2

    /// Printable ASCII that fits, as nearly all text is: nothing to be done.
    static func isPlain(_ bytes: some Collection<UInt8>) -> Bool {
        var count = 0
        for byte in bytes {
            count += 1
            guard count <= SafeText.cellLimit, byte >= 0x20, byte < 0x7F else { return false }
        }
        return true
    }

    static func clean(_ bytes: [UInt8]) -> (text: String, isEscaped: Bool) {
        let plain = pass(bytes, doublesBackslash: false)
        return plain.isEscaped ? (pass(bytes, doublesBackslash: true).text, true) : plain
    }

    /// One reading. A backslash is doubled only beside an escape, which is known after the first.
    private static func pass(
        _ bytes: [UInt8], doublesBackslash: Bool
    ) -> (text: String, isEscaped: Bool) {
        var text = ""
        var isEscaped = false
        var cells = 0
        /// Bytes of the longest beginning that leaves a cell for `…`.
        var cut = 0
        /// Marks on the character before; nil where a mark would have nothing of its own to stand on.
        var marks: Int?
        var offset = 0
        while offset < bytes.count {
            let piece: String
            var width = 0
            if let (scalar, length) = UTF8Reader.scalar(in: bytes, at: offset) {
                offset += length
                if CellWidth.isMark(scalar), let count = marks, count < marksPerBase,
                    escape(for: scalar) == nil
                {
                    marks = count + 1
                    piece = String(scalar)
                } else if let escape = escape(for: scalar) ?? strayMark(scalar) {
                    marks = nil
                    isEscaped = true
                    piece = escape
                    width = escape.utf8.count
                } else if scalar == "\\", doublesBackslash {
                    marks = nil
                    piece = #"\\"#
                    width = 2
                } else {
                    marks = 0
                    piece = String(scalar)
                    width = CellWidth.of(scalar)
                }
            } else {
                marks = nil
                isEscaped = true
                piece = hexadecimal(bytes[offset])
                width = piece.utf8.count
                offset += 1
            }
            if cells + width > SafeText.cellLimit {
                return (String(Substring(text.utf8.prefix(cut))) + "…", isEscaped)
            }
            text.unicodeScalars.append(contentsOf: piece.unicodeScalars)
            cells += width
            if cells < SafeText.cellLimit { cut = text.utf8.count }
        }
        return (text, isEscaped)
    }

    /// The limit again, for texts put together of safe pieces.
    static func cut(_ text: String) -> String {
        guard text.utf8.count > SafeText.cellLimit else { return text }
        var cells = 0
        var cut = text.startIndex
        for index in text.unicodeScalars.indices {
            if cells < SafeText.cellLimit { cut = index }
            cells += CellWidth.of(text.unicodeScalars[index])
            if cells > SafeText.cellLimit { return text[..<cut] + "…" }
        }
        return text
    }

    private static func escape(for scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x20..<0x7F: return nil
        case 0x09: return #"\t"#
        case 0x0A: return #"\n"#
        case 0x0D: return #"\r"#
        case 0..<0x20, 0x7F..<0xA0: return hexadecimal(UInt8(scalar.value))
        default: break
        }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
            .unassigned:
            return braced(scalar)
        case .spaceSeparator:
            // Blanks that look like one but are none; the wide one is seen to be different.
            return scalar.value == 0x3000 ? nil : braced(scalar)
        default:
            // Variation selectors and fillers: there, and not to be seen.
            return properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint
                ? braced(scalar) : nil
        }
    }

    /// A mark with no base, or one too many on it.
    private static func strayMark(_ scalar: Unicode.Scalar) -> String? {
        CellWidth.isMark(scalar) ? braced(scalar) : nil
    }

    private static func braced(_ scalar: Unicode.Scalar) -> String {
        #"\u{"# + String(scalar.value, radix: 16) + "}"
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        #"\x"# + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}

/// UTF-8 by the letter of the standard: no overlong form, no surrogate, nothing above U+10FFFF.
private enum UTF8Reader {
    static func scalar(in bytes: [UInt8], at offset: Int) -> (Unicode.Scalar, length: Int)? {
        let first = bytes[offset]
        let length: Int
        var value: UInt32
        switch first {
        case 0..<0x80: return (Unicode.Scalar(first), 1)
        case 0xC2...0xDF: (length, value) = (2, UInt32(first & 0x1F))
        case 0xE0...0xEF: (length, value) = (3, UInt32(first & 0x0F))
        case 0xF0...0xF4: (length, value) = (4, UInt32(first & 0x07))
        default: return nil
        }
        guard offset + length <= bytes.count else { return nil }
        for next in bytes[(offset + 1)..<(offset + length)] {
            guard next & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(next & 0x3F)
        }
        let isShortest = length == 2 || (length == 3 ? value >= 0x800 : value >= 0x1_0000)
        guard isShortest, let scalar = Unicode.Scalar(value) else { return nil }
        return (scalar, length)
    }
}
