/// Which theme is taken when nobody names one (specs/002-console, "Themes").
enum ThemeChoice {
    /// `colours` is what the terminal can show; `background` what `COLORFGBG` says.
    static func name(environment: (String) -> String?, colours: Int) -> String {
        if let value = environment("NO_COLOR"), !value.isEmpty { return "mono" }
        switch colours {
        case ..<8: return "mono"
        case ..<256: return "sixteen"
        default: return isLight(environment("COLORFGBG")) ? "light" : "dark"
        }
    }

    /// `COLORFGBG` is `FOREGROUND;BACKGROUND` in the terminal's own 16 colours.
    private static func isLight(_ value: String?) -> Bool {
        guard let last = value?.split(separator: ";").last, let background = Int(last) else {
            return false
        }
        return background == 7 || (9...15).contains(background)
    }
}
