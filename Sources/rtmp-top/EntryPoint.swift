import ArgumentParser
import Console
import Monitor
import Posix

/// The way in: reads the command line, runs what it asks for, ends with its exit code.
@main
enum EntryPoint {
    static func main() {
        SignalPlan.block()
        let reading = CommandLineReading(
            arguments: Array(CommandLine.arguments.dropFirst()), environment: { Environment[$0] })
        switch reading {
        case .answer(let text):
            print(text)
        case .wrong(let sentence):
            StandardError.say(sentence)
            Arguments.exit(withError: ExitCode(2))
        case .run(let arguments):
            do {
                try run(arguments)
            } catch {
                StandardError.say(error.sentence)
                Arguments.exit(withError: ExitCode(error.code))
            }
        }
    }

    private static func run(_ arguments: Arguments) throws(Failure) {
        let themes = ThemeLibrary.ofThisProgram()
        if let name = arguments.console.printTheme {
            print(try themes.text(name).text, terminator: "")
            return
        }
        if arguments.output.schema {
            print(EventSchema.text, terminator: "")
            return
        }
        let configuration = try ConfigurationFile(
            arguments.console, isHeadless: arguments.output.headless)
        if arguments.console.printConfig {
            configuration.faults.forEach(StandardError.say)
            print(SettingsFile.text(configuration.settings), terminator: "")
            return
        }
        if let fault = configuration.serverFault { throw .usage(fault) }
        var arguments = arguments
        arguments.recording.adopt(configuration.settings.record)
        let filters = try Filters(arguments)
        let ending = try Failure.unlessStarted(Ending.init)
        if let names = arguments.output.snapshot {
            let printer = try SnapshotPrinter(
                arguments, views: names,
                theme: try themes.theme(
                    arguments.console.theme
                        ?? ThemeChoice.name(
                            hasNoColour: ThemeChoice.hasNoColour { Environment[$0] },
                            depth: .direct, ground: nil)),
                glyphs: ThemeChoice.glyphs(
                    arguments.console,
                    isUTF8: ThemeChoice.isUTF8 { Environment[$0] }, term: nil))
            if let sessions = arguments.console.demo {
                try DemoRun.print(sessions, printer, arguments.output)
            } else {
                try SnapshotRun.run(arguments, printer, ending)
            }
        } else if let sessions = arguments.console.demo, arguments.output.headless {
            try DemoRun.play(sessions, arguments, ending)
        } else if arguments.output.headless {
            try HeadlessRun.run(arguments, filters, ending)
        } else {
            let setup = try ConsoleSetup(arguments, configuration, themes, ending)
            if let sessions = arguments.console.demo {
                try DemoRun.show(sessions, setup, arguments.output)
            } else {
                try setup.runLive()
            }
        }
    }
}
