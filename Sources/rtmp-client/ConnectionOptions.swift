import ArgumentParser
import Monitor
import RTMPClient

/// What every command that talks to a server takes.
struct ConnectionOptions: ParsableArguments {
    enum LogLevel: String, CaseIterable, ExpressibleByArgument {
        case error, warn, info, debug, trace
    }

    @Argument(help: ArgumentHelp("Where to: rtmp[s]://HOST[:PORT]/APP/STREAM.", valueName: "url"))
    var place: String?

    @Option(help: ArgumentHelp("The same as an option.", valueName: "url"))
    var url: String?

    @Option(help: "The app, instead of what the URL says.")
    var app: String?

    @Option(help: "The stream, instead of what the URL says.")
    var stream: String?

    @Option(
        help: ArgumentHelp(
            "For each of: the connection, the handshake, every answer. (default: 10s)",
            valueName: "time"),
        transform: duration)
    var timeout = Duration.seconds(10)

    @Flag(help: "rtmps://: take whatever certificate the server shows.")
    var insecure = false

    @Option(
        help: ArgumentHelp(
            "rtmps://: trust the authorities of this file (PEM) instead of the system's.",
            valueName: "file"))
    var caFile: String?

    @Flag(help: "Sign the handshake, as Flash Media Server wants it.")
    var digest = false

    @Flag(help: "Follow a server's wish to reconnect to another host too.")
    var redirect = false

    @Option(
        help: ArgumentHelp("How much to say: debug is what the server says.", valueName: "level"))
    var logLevel = LogLevel.info

    @Flag(name: .shortAndLong, help: "The same as --log-level debug.")
    var verbose = false

    func validate() throws {
        guard (place == nil) != (url == nil) else {
            throw ValidationError("give one URL, as the argument or by --url")
        }
    }

    /// Validated: one of them is there.
    var target: String { place ?? url ?? "" }

    var options: ClientOptions {
        var options = ClientOptions()
        options.timeout = timeout
        options.app = app
        options.stream = stream
        options.signsHandshake = digest
        options.verifiesServer = !insecure
        options.authoritiesFile = caFile
        options.allowsOtherHosts = redirect
        if verbose || logLevel == .debug || logLevel == .trace {
            options.narrate = { Terminal.say($0) }
        }
        return options
    }
}

/// `500ms`, `10s`, `2m`, `1h`; above zero.
func duration(_ text: String) throws -> Duration {
    // The reasons are one to whoever typed it.
    guard let milliseconds = try? WrittenDuration.milliseconds(of: text), milliseconds > 0 else {
        throw WrongTime()
    }
    return .milliseconds(milliseconds)
}

private struct WrongTime: Error, CustomStringConvertible {
    let description = "give \(WrittenDuration.example), a year at most"
}
