import Console
import Posix
import Testing

@testable import CursesTerminal

/// The person and the screen at the other end of a pseudo-terminal.
final class FakeTerminal {
    private var pseudo: PseudoTerminal?
    private let output = Lock<[UInt8]>([])
    private let changed: Wakeup
    private let stopping: Wakeup
    private var reader: Posix.Thread?
    let path: String

    init(columns: Int = 40, rows: Int = 10) throws {
        let pseudo = try PseudoTerminal(columns: columns, rows: rows)
        path = pseudo.path
        changed = try Wakeup()
        stopping = try Wakeup()
        let descriptor = pseudo.controller.descriptor
        self.pseudo = consume pseudo
        reader = try Thread.start(name: "screen") { [output, changed, stopping] in
            // A broken test is told by what it waits for in vain.
            try? Self.read(descriptor, into: output, changed, until: stopping)
        }
    }

    private static func read(
        _ descriptor: Int32, into output: Lock<[UInt8]>, _ changed: Wakeup, until stopping: Wakeup
    ) throws(PosixError) {
        let controller = try File(duplicating: descriptor)
        let poller = try Poller()
        try poller.add(controller.descriptor, token: 0, .readable)
        try poller.add(stopping.descriptor, token: 1, .readable)
        var events = [PollEvent](repeating: PollEvent(), count: 2)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
        defer { buffer.deallocate() }
        while true {
            let count = try poller.wait(into: &events)
            if events.prefix(count).contains(where: { $0.token == 1 }) { return }
            guard case .bytes(let count) = try controller.read(into: buffer) else { return }
            output.withLock { $0.append(contentsOf: buffer[..<count]) }
            changed.signal()
        }
    }

    deinit {
        hangUp()
    }

    var options: CursesTerminal.Options {
        var options = CursesTerminal.Options(path: path, term: "xterm-256color")
        options.locale = "C.UTF-8"
        options.asksTerminal = false
        return options
    }

    func modes() throws -> TerminalModes {
        guard let descriptor = pseudo?.terminal.descriptor else {
            throw PosixError("gone", code: 0)
        }
        return try TerminalModes(of: descriptor)
    }

    func type(_ keys: String) throws {
        try type(bytes: Array(keys.utf8))
    }

    func type(bytes: [UInt8]) throws {
        try pseudo?.controller.writeAll(bytes)
    }

    /// Something else than the console writes on the terminal.
    func scribble(_ text: String) throws {
        try pseudo?.terminal.writeAll(text)
    }

    func resize(columns: Int, rows: Int) throws {
        try pseudo?.resize(columns: columns, rows: rows)
    }

    /// What was written since the last call, up to and including the text waited for.
    ///
    /// The bound of 10 s only ends a broken test.
    func output(until text: String, _ location: SourceLocation = #_sourceLocation) throws -> String
    {
        let wanted = Array(text.utf8)
        while true {
            if let found = output.withLock({ Self.cut(&$0, after: wanted) }) { return found }
            guard changed.wait(timeoutMilliseconds: 10_000) else {
                let all = output.withLock { String(decoding: $0, as: UTF8.self) }
                Issue.record(
                    "\(text.debugDescription) not in \(all.debugDescription)",
                    sourceLocation: location)
                return all
            }
        }
    }

    private static func cut(_ bytes: inout [UInt8], after wanted: [UInt8]) -> String? {
        guard bytes.count >= wanted.count else { return nil }
        for start in 0...(bytes.count - wanted.count)
        where bytes[start..<start + wanted.count].elementsEqual(wanted) {
            let end = start + wanted.count
            defer { bytes.removeFirst(end) }
            return String(decoding: bytes[..<end], as: UTF8.self)
        }
        return nil
    }

    /// The terminal goes away, as when its window is closed.
    func hangUp() {
        stopping.signal()
        reader?.join()
        reader = nil
        pseudo = nil
    }
}
