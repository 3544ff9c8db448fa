import ArgumentParser
import Foundation

/// The way in: reads the command line, starts what it asks for, ends with its exit code.
@main
enum EntryPoint {
    static func main() {
        let reading = CommandLineReading(
            arguments: Array(CommandLine.arguments.dropFirst()),
            environment: ProcessInfo.processInfo.environment)
        switch reading {
        case .answer(let text):
            print(text)
        case .wrong(let sentence):
            FileHandle.standardError.write(Data("rtmp-top: \(sentence)\n".utf8))
            exit(2)
        case .run(let arguments):
            print(arguments)
        }
    }
}
