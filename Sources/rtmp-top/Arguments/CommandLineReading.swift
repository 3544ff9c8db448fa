import ArgumentParser

/// What a command line comes to.
enum CommandLineReading {
    case run(Arguments)
    /// `--help`, `--version`, a completion script: print this and end well.
    case answer(String)
    /// One sentence for a person, naming the option.
    case wrong(String)

    init(arguments: [String], environment: (String) -> String?) {
        do {
            let commandLine = CommandLineSource.normalised(arguments)
            let inherited = try CommandLineSource.inherited(
                environment: environment, commandLine: commandLine)
            // Each alone first, so that the sentence can name the variable.
            for option in inherited {
                if let reason = Self.refusal(of: option.arguments) {
                    self = .wrong("\(option.variable): \(reason)")
                    return
                }
            }
            // Of an option given twice the later counts: the command line stands last.
            let all = inherited.flatMap(\.arguments) + commandLine
            guard let parsed = try Arguments.parseAsRoot(all) as? Arguments else {
                self = .answer(Arguments.helpMessage())
                return
            }
            self = .run(parsed)
        } catch let wrong as WrongValue {
            self = .wrong(wrong.description)
        } catch {
            let isAnswer = Arguments.exitCode(for: error) == .success
            self =
                isAnswer
                ? .answer(Arguments.fullMessage(for: error))
                : .wrong(Arguments.message(for: error))
        }
    }

    private static func refusal(of arguments: [String]) -> String? {
        do {
            _ = try Values.parse(arguments)
            return nil
        } catch {
            return Values.message(for: error)
        }
    }

    /// Every option, without the rules on which may stand together.
    private struct Values: ParsableArguments {
        @OptionGroup var server: ServerOptions
        @OptionGroup var recording: RecordingOptions
        @OptionGroup var console: ConsoleOptions
        @OptionGroup var output: OutputOptions
    }
}
