/// The dialog of `T`: the console wears the theme under the cursor (DESIGN §16).
package struct ThemePicker: Sendable {
    package internal(set) var index: Int
    let names: [String]
    /// Where Esc goes back to.
    let original: String
}

extension ConsoleState {
    mutating func openThemes(at now: UInt64) {
        guard !options.themeNames.isEmpty else {
            say("there are no themes to choose from here", at: now)
            return
        }
        let names = options.themeNames
        dialog = .themes(
            ThemePicker(
                index: names.firstIndex(of: options.themeName) ?? 0, names: names,
                original: settings.theme))
        isDialogDrawn = false
    }

    mutating func answer(_ picker: ThemePicker, _ action: Action?) -> [Intent] {
        var picker = picker
        switch action {
        case .up, .down:
            let count = picker.names.count
            picker.index = (picker.index + (action == .down ? 1 : count - 1)) % count
            dialog = .themes(picker)
            return [.theme(picker.names[picker.index])]
        case .open:
            dialog = nil
            return [.theme(picker.names[picker.index])]
        case .no:
            dialog = nil
            return [.theme(picker.original)]
        default: return []
        }
    }

    /// The executable tells that the console looks so now.
    ///
    /// - Parameter source: a name, a file or `auto`, as it was asked for.
    package mutating func wears(_ name: String, from source: String) {
        options.themeName = name
        settings.theme = source
    }
}
