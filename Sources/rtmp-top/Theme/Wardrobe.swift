import Console

/// The themes that one terminal can wear; `auto` is what becomes it.
struct Wardrobe {
    let library: ThemeLibrary
    /// The name of what `auto` is here.
    let automatic: String

    /// By name, by file, or `auto`.
    func theme(_ source: String) throws(Failure) -> Theme { try library.theme(name(source)) }

    /// The file itself as it is now.
    func text(_ source: String) throws(Failure) -> String { try library.text(name(source)).text }

    private func name(_ source: String) -> String { source == "auto" ? automatic : source }
}
