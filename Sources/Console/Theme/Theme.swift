/// A colour scheme: one style for every role, and what to use on poorer terminals.
package struct Theme: Sendable {
    package enum Ground: String, Sendable {
        case dark
        case light
    }

    package var name: String
    package var description: String
    /// What contrast is checked against where the background is the terminal's own.
    package var ground: Ground
    var styles: [CellStyle]
    /// Given expressly for 16 colours, instead of the nearest match.
    var stylesFor16: [Role: CellStyle]
    /// Given expressly for terminals without colour.
    var stylesForMono: [Role: CellStyle]

    package init(name: String) {
        self.name = name
        description = ""
        ground = .dark
        styles = Array(repeating: CellStyle(), count: Role.allCases.count)
        stylesFor16 = [:]
        stylesForMono = [:]
    }

    package func style(for role: Role) -> CellStyle {
        styles[Int(role.rawValue)]
    }

    /// The same theme in colours the terminal has; done once, when the theme is chosen.
    package func quantised(to depth: ColourDepth) -> Theme {
        var theme = self
        var known: [Colour: Colour] = [:]
        for role in Role.allCases {
            theme.styles[Int(role.rawValue)] = quantised(role, to: depth) { colour in
                if let found = known[colour] { return found }
                let found = Quantiser.quantise(colour, to: depth)
                known[colour] = found
                return found
            }
        }
        return theme
    }

    private func quantised(
        _ role: Role, to depth: ColourDepth, nearest: (Colour) -> Colour
    ) -> CellStyle {
        var style = depth == .sixteen ? stylesFor16[role] ?? style(for: role) : style(for: role)
        if depth == .mono, let style = stylesForMono[role] { return style }
        if depth == .mono, style.background != .standard, !style.attributes.contains(.reverse) {
            // What stood out by its background must stand out without one.
            style.attributes.insert(.reverse)
        }
        style.foreground = nearest(style.foreground)
        style.background = nearest(style.background)
        return style
    }
}
