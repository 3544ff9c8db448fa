/// What one cell of the grid shows: a base character and at most two marks on it.
///
/// Plain numbers instead of `Character`, so that a grid is filled, copied and compared without
/// touching reference counts. `SafeText` lets no more than two marks through.
package struct Glyph: Hashable, Sendable {
    package var base: Unicode.Scalar
    package var firstMark: Unicode.Scalar?
    package var secondMark: Unicode.Scalar?

    package init(_ base: Unicode.Scalar) {
        self.base = base
    }

    package static let blank = Glyph(" ")
}

/// One cell of a surface.
package struct Cell: Hashable, Sendable {
    package enum Width: UInt8, Sendable {
        case single
        /// The left half of a character two cells wide.
        case wide
        /// The right half; its glyph is blank and nothing is written for it.
        case continuation
    }

    package var glyph: Glyph
    package var role: Role
    package var width: Width

    package static let blank = Cell(glyph: .blank, role: .text, width: .single)
}
