/// What `:set` can change of the console (DESIGN §24), and what else the configuration holds: values
/// only, checked.
package struct Settings: Hashable, Sendable {
    package struct Sort: Hashable, Sendable {
        package var column: SessionColumn
        package var isDescending: Bool
    }

    package enum Glyphs: String, CaseIterable, Sendable {
        case auto
        case unicode
        case ascii
    }

    /// A name, a file, or `auto`: by what the terminal is.
    package var theme = "auto"
    package var glyphs = Glyphs.auto
    package var view = ViewKind.overview
    package var usesMouse = true
    package var rateWindow = RateWindow.second
    /// Frames for new data a second.
    package var refresh = 4.0
    package var showsHints = true
    package var showsGraphs = true
    /// The hardware cursor stands on what is chosen.
    package var showsCursor = true
    /// Everything is drawn anew so often; 0: never.
    package var redrawSeconds = 0.0
    package var confirmsQuit = true
    package var isReadOnly = false
    package enum Hangup: String, CaseIterable, Sendable {
        case serve
        case quit
    }
    /// What becomes of the server when the terminal is gone.
    package var onHangup = Hangup.serve
    /// Names of streams are hidden after their fourth character.
    package var masksKeys = false
    package var columns = ColumnChoice.standard
    package var sort = Sort(column: .rateOut, isDescending: true)
    package var filter = ""
    package var showsPreview = true
    package var killHoldSeconds = 60
    package var preset = KeyMap.Preset.vim
    package var keys: [KeyMap.Change] = []
    package var record = RecordSettings()

    package init() {}
}
