extension Surface {
    /// Plain lines, blanks at their ends removed: for snapshots and golden files.
    package func text() -> String {
        var text = ""
        for y in 0..<height {
            var line = String.UnicodeScalarView()
            var kept = 0
            for x in 0..<width {
                let cell = self[x, y]
                guard cell.width != .continuation else { continue }
                line.append(contentsOf: cell.glyph.scalars)
                if cell.glyph != .blank { kept = line.count }
            }
            text.unicodeScalars.append(contentsOf: line.prefix(kept))
            text += "\n"
        }
        return text
    }

    /// The same with the colours of a theme; every line ends in the terminal's own style.
    package func ansi(theme: Theme) -> String {
        var text = ""
        let plain = CellStyle()
        for y in 0..<height {
            var style = plain
            for x in 0..<width {
                let cell = self[x, y]
                guard cell.width != .continuation else { continue }
                let wanted = theme.style(for: cell.role)
                if wanted != style {
                    text += wanted.selectGraphicRendition
                    style = wanted
                }
                text.unicodeScalars.append(contentsOf: cell.glyph.scalars)
            }
            if style != plain { text += plain.selectGraphicRendition }
            text += "\n"
        }
        return text
    }
}

extension Glyph {
    package var scalars: [Unicode.Scalar] {
        [base, firstMark, secondMark].compactMap { $0 }
    }
}

extension CellStyle {
    /// The escape sequence that sets exactly this style (ECMA-48, 8.3.117).
    package var selectGraphicRendition: String {
        var codes = ["0"]
        let numbers: [(Attributes, String)] = [
            (.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.reverse, "7"),
        ]
        for (attribute, code) in numbers where attributes.contains(attribute) {
            codes.append(code)
        }
        if let code = foreground.code(offset: 0) { codes.append(code) }
        if let code = background.code(offset: 10) { codes.append(code) }
        return "\u{1b}[" + codes.joined(separator: ";") + "m"
    }
}

extension Colour {
    fileprivate func code(offset: Int) -> String? {
        switch self {
        case .standard: nil
        case .palette(let index) where index < 8: "\(30 + offset + Int(index))"
        case .palette(let index): "\(90 + offset + Int(index % 8))"
        case .indexed(let index): "\(38 + offset);5;\(index)"
        case .rgb(let red, let green, let blue): "\(38 + offset);2;\(red);\(green);\(blue)"
        }
    }
}
