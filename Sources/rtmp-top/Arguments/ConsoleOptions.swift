import ArgumentParser

/// How the console looks and starts.
struct ConsoleOptions: ParsableArguments {
    enum Glyphs: String, CaseIterable, ExpressibleByArgument {
        case auto
        case unicode
        case ascii
    }

    @Option(help: ArgumentHelp("A theme's name or file.", valueName: "name|file"))
    var theme: String?

    @Option(
        help: ArgumentHelp(
            "First view: overview, connections, streams, trace or events.", valueName: "view"))
    var view: String?

    @Option(
        help: ArgumentHelp(
            "Show only matching rows, like 'role:pub & in>1M'.", valueName: "expression"))
    var filter: String?

    @Option(help: ArgumentHelp("Box, bar and sign characters.", valueName: "set"))
    var glyphs = Glyphs.auto

    @Flag(help: "The same as --glyphs ascii.")
    var ascii = false

    @Flag(help: "Refuse every act that changes a session.")
    var readonly = false

    @Option(
        help: ArgumentHelp(
            "Draw on this terminal; standard input and output stay free.", valueName: "file"))
    var tty: String?

    @Option(
        help: ArgumentHelp(
            "Show this many made-up sessions; no network.", valueName: "sessions"),
        transform: whole(1...100_000))
    var demo: Int?

    @Option(help: ArgumentHelp("Print a theme as a file to start from.", valueName: "name"))
    var printTheme: String?
}
