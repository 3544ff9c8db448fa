import Foundation
import Posix

/// A program the test started; ended when it is let go.
final class RunningProgram {
    let name: String
    private let process = Process()
    private let folder: URL
    private var pipe: Pipe?
    private let piped = Lock("")

    var output: URL { folder.appendingPathComponent("stdout") }
    var errors: URL { folder.appendingPathComponent("stderr") }

    enum Output {
        case file
        /// A pipe that nobody reads before `readPipe`.
        case unreadPipe
    }

    init(
        _ path: String, _ arguments: [String], output kind: Output = .file,
        environment: [String: String] = [:]
    ) throws {
        name = URL(fileURLWithPath: path).lastPathComponent
        folder = try temporaryFolder()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        // Where lines are counted, a program that is killed would leave half a file of them, and one
        // such file spoils the count of all.
        let uncounted = ["LLVM_PROFILE_FILE": "/dev/null"]
        process.environment = ProcessInfo.processInfo.environment
            .merging(uncounted) { $1 }.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        for file in [output, errors] {
            try Data().write(to: file)
        }
        let errorHandle = try FileHandle(forWritingTo: errors)
        // Foundation would keep it open, and reads beyond its memory with a thousand open files.
        defer { errorHandle.closeFile() }
        let outputHandle = try FileHandle(forWritingTo: output)
        defer { outputHandle.closeFile() }
        switch kind {
        case .file:
            process.standardOutput = outputHandle
        case .unreadPipe:
            let pipe = Pipe()
            process.standardOutput = pipe
            self.pipe = pipe
        }
        process.standardError = errorHandle
        try Self.starting.withLock { try Self.withSignals { try process.run() } }
    }

    /// Foundation starts one program at a time: it changes the folder of this process meanwhile.
    private static let starting = NSLock()

    /// A program inherits what its thread blocks, and the threads of Swift block nearly all signals.
    private static func withSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    convenience init(
        _ tool: Tool, _ arguments: [String], environment: [String: String] = [:]
    ) throws {
        guard let path = tool.path else {
            throw Impatience(description: "\(tool.rawValue) is not installed")
        }
        try self.init(path, arguments, environment: environment)
    }

    deinit {
        pipe?.fileHandleForReading.readabilityHandler = nil
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        // What stays behind goes with the folder of all tests.
        try? FileManager.default.removeItem(at: folder)
    }

    var isRunning: Bool { process.isRunning }
    var identifier: Int32 { process.processIdentifier }

    func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// The exit code; a signal that ended the program counts as 128 and its number.
    func exit(within seconds: Double = 30) async throws -> Int32 {
        try await eventually("the end of \(name): \(errorText.suffix(2000))", within: seconds) {
            !process.isRunning
        }
        let status = process.terminationStatus
        return process.terminationReason == .uncaughtSignal ? 128 + status : status
    }

    var outputText: String { pipe == nil ? text(of: output) : piped.withLock { $0 } }
    var errorText: String { text(of: errors) }

    /// From now on somebody reads the pipe.
    func readPipe() {
        let piped = piped
        pipe?.fileHandleForReading.readabilityHandler = { handle in
            let text = String(decoding: handle.availableData, as: UTF8.self)
            piped.withLock { $0 += text }
        }
    }

    private func text(of file: URL) -> String {
        // A file that is not there yet reads as empty: the caller asks again.
        String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
    }
}

/// A new empty folder, removed with all others when the tests end.
func temporaryFolder() throws -> URL {
    let folder = testFolder.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}

private let testFolder: URL = {
    atexit { try? FileManager.default.removeItem(at: testFolder) }
    return FileManager.default.temporaryDirectory
        .appendingPathComponent("rtmp-top-interop-\(getpid())")
}()
