/// A colour as a theme may name it and a terminal may be told it.
package enum Colour: Hashable, Sendable {
    /// The terminal's own.
    case standard
    /// One of the terminal's 16, which its user has chosen: 0 … 15.
    case palette(UInt8)
    /// One of the 256 of xterm.
    case indexed(UInt8)
    case rgb(red: UInt8, green: UInt8, blue: UInt8)

    package static let names = [
        "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    ]
}

/// How many colours a terminal takes.
package enum ColourDepth: Sendable {
    case mono
    case sixteen
    case indexed
    case direct
}

package struct Attributes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let bold = Attributes(rawValue: 1)
    package static let dim = Attributes(rawValue: 2)
    package static let underline = Attributes(rawValue: 4)
    package static let reverse = Attributes(rawValue: 8)
    package static let italic = Attributes(rawValue: 16)

    /// As theme files write them after a `+`.
    package static let names: [(name: String, attribute: Attributes)] = [
        ("bold", .bold), ("dim", .dim), ("underline", .underline), ("reverse", .reverse),
        ("italic", .italic),
    ]
}

/// How a role looks.
package struct CellStyle: Hashable, Sendable {
    package var foreground: Colour
    package var background: Colour
    package var attributes: Attributes

    package init(
        foreground: Colour = .standard, background: Colour = .standard,
        attributes: Attributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}
