import Foundation
import Testing

/// A real program as the matrix knows it, in one of its roles.
protocol Program: CustomTestStringConvertible, Sendable {
    var name: String { get }
    /// What must be installed for it.
    var tools: [Tool] { get }
}

extension Program {
    var testDescription: String { name }

    /// Ends the test as cancelled where something is missing, and says so: the runner does not.
    func orSkip(_ clip: Clip.Kind) throws {
        let missing = (tools + [clip.encoder]).filter { !$0.isInstalled }.map(\.rawValue)
        guard let first = missing.first else { return }
        print("\(name), \(clip.rawValue): \(first) is not installed")
        try Test.cancel("\(first) is not installed")
    }
}

extension Array where Element: Program {
    /// Those whose name has the words of `RTMP_TOP_MATRIX_ONLY`, all without it.
    var chosen: [Element] {
        let words = ProcessInfo.processInfo.environment["RTMP_TOP_MATRIX_ONLY"] ?? ""
        return words.isEmpty ? self : filter { $0.name.contains(words) }
    }
}

/// A program at work, and those it needs beside it.
final class Run {
    let main: RunningProgram
    /// What a player wrote.
    let file: URL
    private let beside: [RunningProgram]

    init(
        _ main: RunningProgram, file: URL = URL(fileURLWithPath: "/dev/null"),
        beside: [RunningProgram] = []
    ) {
        self.main = main
        self.file = file
        self.beside = beside
    }
}

/// What a row of the matrix found, said once at its end.
struct Findings {
    private(set) var faults: [String] = []
    private(set) var facts: [String] = []

    mutating func check(_ holds: Bool, _ fault: @autoclosure () -> String) {
        if !holds { faults.append(fault()) }
    }

    mutating func note(_ fact: String) {
        facts.append(fact)
    }

    /// Fails the test if there are faults; a line into the file that `RTMP_TOP_MATRIX` names, if it
    /// names one: `scripts/matrix` makes a table of them.
    func report(
        _ role: String, _ program: some Program, _ clip: Clip.Kind,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))", sourceLocation: sourceLocation)
        guard let path = ProcessInfo.processInfo.environment["RTMP_TOP_MATRIX"] else { return }
        let result =
            faults.isEmpty
            ? facts.joined(separator: "; ") : "FAILS: " + faults.joined(separator: "; ")
        let tools = program.tools.map(\.rawValue).joined(separator: ",")
        let line = [role, program.name, tools, clip.rawValue, result.replacing("\n", with: " ")]
        // Rows end side by side: each line is one write to the end.
        let file = FileHandle(
            fileDescriptor: open(path, O_WRONLY | O_APPEND), closeOnDealloc: true)
        try file.write(contentsOf: Data((line.joined(separator: "\t") + "\n").utf8))
    }
}
