import Console

/// What the console looks like when nobody said so (specs/002-console, "Themes").
enum ThemeChoice {
    static func name(hasNoColour: Bool, depth: ColourDepth, ground: Theme.Ground?) -> String {
        if hasNoColour { return "mono" }
        switch depth {
        case .mono: return "mono"
        case .sixteen: return "sixteen"
        case .indexed, .direct: return ground == .light ? "light" : "dark"
        }
    }

    /// `NO_COLOR` with any value but none (no-color.org).
    static func hasNoColour(environment: (String) -> String?) -> Bool {
        environment("NO_COLOR").map { !$0.isEmpty } ?? false
    }

    /// Unicode where the characters are UTF-8 and the terminal draws more than its 256.
    static func glyphs(
        _ options: ConsoleOptions, _ setting: Settings.Glyphs = .auto, isUTF8: Bool,
        term: String?
    ) -> GlyphSet {
        if options.ascii { return .ascii }
        switch options.glyphs ?? setting {
        case .unicode: return .unicode
        case .ascii: return .ascii
        case .auto:
            let isPoor = term == "linux" || term?.hasPrefix("vt") == true
            return isUTF8 && !isPoor ? .unicode : .ascii
        }
    }

    /// What the locale of the environment says of its characters, without a terminal to ask.
    static func isUTF8(environment: (String) -> String?) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environment)
            .first { !$0.isEmpty }
        let charset = locale?.split(separator: ".").last?.lowercased() ?? ""
        return charset.hasPrefix("utf-8") || charset.hasPrefix("utf8")
    }
}
