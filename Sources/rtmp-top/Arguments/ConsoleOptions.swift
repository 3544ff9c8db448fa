import ArgumentParser
import Console

/// How the console looks and starts.
struct ConsoleOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A theme's name or file.", valueName: "name|file"))
    var theme: String?

    @Option(
        help: ArgumentHelp(
            "First view: overview, connections, streams, trace, events, graphs or history.",
            valueName: "view"))
    var view: String?

    @Option(
        help: ArgumentHelp(
            "Show only matching rows, like 'role:pub & in>1M'.", valueName: "expression"))
    var filter: String?

    @Option(help: ArgumentHelp("Box, bar and sign characters. (default: auto)", valueName: "set"))
    var glyphs: Settings.Glyphs?

    @Flag(help: "The same as --glyphs ascii.")
    var ascii = false

    @Flag(help: "Leave the mouse to the terminal.")
    var noMouse = false

    @Option(
        help: ArgumentHelp(
            "Settings of the console and of recording. "
                + "(default: rtmp-top/config.toml in ~/.config or /etc)",
            valueName: "file"))
    var config: String?

    @Flag(help: "Read no configuration.")
    var noConfig = false

    @Flag(help: "Print the configuration in force, as a file to start from.")
    var printConfig = false

    @Flag(help: "Refuse every act that changes a session.")
    var readonly = false

    @Flag(help: "1 Hz, no graphs, 16 colours: for slow lines.")
    var lean = false

    @Flag(help: "1 Hz, and no row moves by itself: for screen readers.")
    var calm = false

    @Flag(help: "No lines of events while the console is detached (^Z).")
    var quiet = false

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

extension Settings.Glyphs: ExpressibleByArgument {}
