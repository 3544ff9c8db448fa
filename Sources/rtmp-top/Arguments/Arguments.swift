import ArgumentParser
import Console

/// The whole command line.
struct Arguments: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rtmp-top",
        abstract: "An RTMP server you can watch.",
        discussion: """
            Starts the server and shows its console. Publish to rtmp://HOST/APP/NAME and play \
            the same URL.
            Every option can stand in the environment, as RTMP_TOP_ and its name in capitals \
            (RTMP_TOP_LOG_LEVEL=debug); the command line wins.
            """,
        version: "rtmp-top \(rtmpTopVersion)")

    @OptionGroup(title: "Server")
    var server: ServerOptions

    @OptionGroup(title: "Recording")
    var recording: RecordingOptions

    @OptionGroup(title: "Console")
    var console: ConsoleOptions

    @OptionGroup(title: "Without a terminal")
    var output: OutputOptions

    func validate() throws {
        if console.ascii, console.glyphs == .unicode {
            throw ValidationError("--ascii and --glyphs unicode exclude each other")
        }
        if console.config != nil, console.noConfig {
            throw ValidationError("--config and --no-config exclude each other")
        }
        if output.snapshot == nil, output.after != nil || output.every != nil {
            throw ValidationError("--after and --every belong to --snapshot")
        }
        if output.after != nil, output.every != nil {
            throw ValidationError("--after takes one snapshot and --every many: give one of them")
        }
        if console.tty != nil, output.headless || output.snapshot != nil {
            throw ValidationError("--tty draws the console: give it without --headless, --snapshot")
        }
        if !output.headless || output.snapshot != nil, output.trace != nil {
            throw ValidationError("--trace belongs to --headless")
        }
        if output.events == nil, !output.headless || output.snapshot != nil, output.stats != nil {
            throw ValidationError("--stats belongs to --headless or --events")
        }
        if output.maxSessions != nil, output.stats == nil {
            throw ValidationError("--max-sessions belongs to --stats")
        }
        if output.clock != nil, console.demo == nil {
            throw ValidationError("--clock belongs to --demo")
        }
        if output.events != nil, output.snapshot != nil || console.demo != nil {
            throw ValidationError("--events needs a server: give it without --snapshot, --demo")
        }
        if output.events == "-", !output.headless, console.tty == nil {
            throw ValidationError("--events - needs --headless or --tty: the console is there")
        }
        if !output.headless || output.snapshot != nil,
            !output.expect.isEmpty || output.exitWhen != nil
        {
            throw ValidationError("--expect and --exit-when belong to --headless")
        }
        if output.within != nil, output.expect.isEmpty {
            throw ValidationError("--within belongs to --expect")
        }
        if output.script != nil, output.keys != nil {
            throw ValidationError("--script and --keys exclude each other")
        }
        if output.snapshot != nil, output.script != nil || output.keys != nil {
            throw ValidationError("--script has its own snap: give it without --snapshot")
        }
        if console.demo != nil, output.headless, output.snapshot == nil,
            output.script == nil && output.keys == nil || !output.expect.isEmpty
                || output.exitWhen != nil || output.stats != nil || output.trace != nil
        {
            throw ValidationError(
                "--demo shows the console, a --snapshot or, --headless, what a --script does")
        }
    }
}

/// What `--version`, `server.start` and the title say.
let rtmpTopVersion = "0.1.0"
