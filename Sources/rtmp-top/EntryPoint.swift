import ArgumentParser
import Posix

/// The way in: reads the command line, starts what it asks for, ends with its exit code.
@main
enum EntryPoint {
    static func main() {
        let reading = CommandLineReading(
            arguments: Array(CommandLine.arguments.dropFirst()), environment: { Environment[$0] })
        switch reading {
        case .answer(let text):
            print(text)
        case .wrong(let sentence):
            StandardError.say(sentence)
            Arguments.exit(withError: ExitCode(2))
        case .run(let arguments):
            print(arguments)
        }
    }
}
