import Testing

@testable import Console

@Suite struct ThemeTests {
    static let shipped = [
        "dark", "light", "high-contrast", "high-contrast-light", "colour-blind",
        "colour-blind-light", "mono", "sixteen", "solarized-dark", "solarized-light", "nord",
        "dracula", "gruvbox", "production",
    ]

    private func theme(_ name: String) throws -> Theme {
        try ThemeFile.parse(RepositoryFile.text("themes/\(name).toml"), file: "\(name).toml").theme
    }

    private func space(_ colour: Colour, else ground: ColourSpace) -> ColourSpace {
        Quantiser.rgb(of: colour).map { ColourSpace(red: $0.red, green: $0.green, blue: $0.blue) }
            ?? ground
    }

    private static let graphics: Set<Role> = [
        .border, .borderActive, .graphIn, .graphOut, .graphAlt, .graphAxis, .gaugeFill, .gaugeHigh,
        .gaugeOver,
    ]

    @Test(arguments: shipped)
    func `a shipped theme has no warnings and its own name`(name: String) throws {
        let parsed = try ThemeFile.parse(
            RepositoryFile.text("themes/\(name).toml"), file: "\(name).toml")
        #expect(parsed.warnings == [])
        #expect(parsed.theme.name == name)
        #expect(!parsed.theme.description.isEmpty)
    }

    @Test(arguments: BuiltInThemes.names)
    func `a built-in theme is its file`(name: String) throws {
        #expect(try BuiltInThemes.text(named: name) == RepositoryFile.text("themes/\(name).toml"))
    }

    @Test func `the dark theme names every role`() throws {
        let text = try RepositoryFile.text("themes/dark.toml")
        let named = text.split(separator: "\n").compactMap { $0.split(separator: " ").first }
        for role in Role.allCases { #expect(named.contains(Substring(role.name))) }
    }

    @Test(arguments: shipped.filter { $0 != "mono" && $0 != "sixteen" })
    func `text can be read on its background`(name: String) throws {
        let theme = try theme(name)
        let least = name.hasPrefix("high-contrast") ? 7 : 4.5
        let ground =
            theme.ground == .dark
            ? ColourSpace(red: 0, green: 0, blue: 0) : ColourSpace(red: 255, green: 255, blue: 255)
        let ink =
            theme.ground == .dark
            ? ColourSpace(red: 255, green: 255, blue: 255) : ColourSpace(red: 0, green: 0, blue: 0)
        for role in Role.allCases {
            let style = theme.style(for: role)
            let contrast = space(style.foreground, else: ink).contrast(
                to: space(style.background, else: ground))
            let wanted = Self.graphics.contains(role) ? 3 : least
            #expect(contrast >= wanted, "\(name): \(role.name) has \(contrast)")
        }
    }

    @Test(arguments: ColourSpace.Deficiency.allCases, ["colour-blind", "colour-blind-light"])
    func `severities and directions stay apart for the colour-blind`(
        deficiency: ColourSpace.Deficiency, name: String
    ) throws {
        let theme = try theme(name)
        let black = ColourSpace(red: 0, green: 0, blue: 0)
        let severities: [Role] = [.sevOk, .sevNote, .sevWarn, .sevError]
        for pair in [[.dirIn, .dirOut], [.graphIn, .graphOut], severities] {
            for (index, one) in pair.enumerated() {
                for other in pair[(index + 1)...] {
                    let difference = space(theme.style(for: one).foreground, else: black)
                        .seen(with: deficiency)
                        .difference(
                            to: space(theme.style(for: other).foreground, else: black)
                                .seen(with: deficiency))
                    #expect(difference >= 20, "\(one.name) and \(other.name): \(difference)")
                }
            }
        }
    }

    @Test(arguments: shipped)
    func `a quantised theme uses only colours the terminal has`(name: String) throws {
        let theme = try theme(name)
        for depth in [ColourDepth.indexed, .sixteen, .mono] {
            let poorer = theme.quantised(to: depth)
            for role in Role.allCases {
                let style = poorer.style(for: role)
                for colour in [style.foreground, style.background] {
                    switch (depth, colour) {
                    case (.indexed, .rgb), (.sixteen, .rgb), (.sixteen, .indexed), (.mono, .rgb),
                        (.mono, .indexed), (.mono, .palette):
                        Issue.record("\(name): \(role.name) keeps \(colour)")
                    default: break
                    }
                }
            }
        }
    }

    @Test func `the cursor row and a dialog button stand out without colour`() throws {
        for name in Self.shipped {
            let theme = try theme(name).quantised(to: .mono)
            for role in [Role.rowCursor, .dialogFocus, .titlePaused] {
                #expect(
                    theme.style(for: role).attributes.contains(.reverse), "\(name) \(role.name)")
            }
        }
    }

    @Test func `exact colours of the 256 are found`() {
        #expect(
            Quantiser.quantise(.rgb(red: 95, green: 135, blue: 175), to: .indexed) == .indexed(67))
        #expect(Quantiser.quantise(.rgb(red: 8, green: 8, blue: 8), to: .indexed) == .indexed(232))
        #expect(Quantiser.quantise(.rgb(red: 255, green: 0, blue: 0), to: .sixteen) == .palette(9))
        #expect(Quantiser.quantise(.standard, to: .sixteen) == .standard)
    }

    @Test(arguments: [
        // Sharma, Wu and Dalal, table 1.
        (50.0, 2.6772, -79.7751, 50.0, 0.0, -82.7485, 2.0425),
        (50, -1, 2, 50, 0, 0, 2.3669),
        (50, 2.49, -0.001, 50, -2.49, 0.0011, 7.2195),
        (50, 2.5, 0, 61, -5, 29, 22.8977),
        (60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644),
        (22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373),
        (90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441),
    ])
    func `CIEDE2000 agrees with its paper`(
        l1: Double, a1: Double, b1: Double, l2: Double, a2: Double, b2: Double, expected: Double
    ) {
        let one = ColourSpace.Lab(lightness: l1, a: a1, b: b1)
        let other = ColourSpace.Lab(lightness: l2, a: a2, b: b2)
        #expect(abs(one.difference(to: other) - expected) < 0.0001)
    }
}
