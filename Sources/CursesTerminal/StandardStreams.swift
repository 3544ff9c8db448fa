import CNcurses
package import Posix

/// Leads what is written to standard output and standard error into a closure, line by line, so
/// that a library which prints does not paint over the screen.
///
/// Begun before the terminal is taken over and ended after it was given back.
package final class StandardStreams: Sendable {
    private let saved: [Saved]
    private let stopping: Wakeup
    private let thread: Thread

    /// What a descriptor stood for before.
    private final class Saved: Sendable {
        private let descriptor: Int32
        private let file: File

        init(_ descriptor: Int32) throws(PosixError) {
            file = try File(duplicating: descriptor)
            self.descriptor = descriptor
        }

        func putBack() {
            // dup2 fails only for a descriptor that is closed, and ours is open as long as we are.
            try? file.takePlace(of: descriptor)
        }
    }

    /// Each line comes without its newline, with bytes that are no UTF-8 replaced, and cut at
    /// 4096 bytes.
    ///
    /// The closure runs on a thread of its own; whoever prints waits once the pipe is full.
    package static func capture(
        _ descriptors: [Int32] = [1, 2], _ deliver: @escaping @Sendable (String) -> Void
    ) throws(PosixError) -> StandardStreams {
        try StandardStreams(descriptors, deliver)
    }

    private init(
        _ descriptors: [Int32], _ deliver: @escaping @Sendable (String) -> Void
    ) throws(PosixError) {
        let pipe = try File.pipe()
        let stopping = try Wakeup()
        let reader = try LineReader(duplicating: pipe.reading.descriptor)
        var saved: [Saved] = []
        for descriptor in descriptors { saved.append(try Saved(descriptor)) }
        self.saved = saved
        self.stopping = stopping
        thread = try Thread.start(name: "streams") { reader.run(until: stopping, deliver) }
        do {
            for descriptor in descriptors { try pipe.writing.takePlace(of: descriptor) }
        } catch {
            end()
            throw error
        }
    }

    /// Puts the streams back and delivers what was written before. Once only.
    package func end() {
        for stream in saved { stream.putBack() }
        stopping.signal()
        thread.join()
    }
}

/// Reads a pipe on a thread of its own and cuts it into lines.
private final class LineReader: Sendable {
    private static let lineMaximum = 4096

    private let pipe: File

    init(duplicating descriptor: Int32) throws(PosixError) {
        let pipe = try File(duplicating: descriptor)
        try pipe.setBlocking(false)
        self.pipe = pipe
    }

    func run(until stopping: Wakeup, _ deliver: (String) -> Void) {
        var line: [UInt8] = []
        do {
            let poller = try Poller()
            try poller.add(pipe.descriptor, token: 0, .readable)
            try poller.add(stopping.descriptor, token: 1, .readable)
            cncurses_guard_watch(pipe.descriptor)
            defer { cncurses_guard_watch(-1) }
            var events = [PollEvent](repeating: PollEvent(), count: 2)
            var isStopping = false
            while !isStopping {
                _ = try poller.wait(into: &events)
                // Asked before reading: what was written before the stop is then read below.
                isStopping = stopping.drain()
                try readAll(&line, deliver)
            }
        } catch {
            deliver("standard output and error are lost: \(error)")
        }
        if !line.isEmpty { Self.deliver(&line, to: deliver) }
    }

    private func readAll(_ line: inout [UInt8], _ deliver: (String) -> Void) throws(PosixError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
        defer { buffer.deallocate() }
        while case .bytes(let count) = try pipe.read(into: buffer) {
            cncurses_guard_remember(buffer.baseAddress, count)
            for byte in buffer[..<count] {
                if byte == UInt8(ascii: "\n") {
                    Self.deliver(&line, to: deliver)
                } else {
                    if line.count == Self.lineMaximum { Self.deliver(&line, to: deliver) }
                    line.append(byte)
                }
            }
        }
    }

    private static func deliver(_ line: inout [UInt8], to deliver: (String) -> Void) {
        deliver(String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
    }
}
