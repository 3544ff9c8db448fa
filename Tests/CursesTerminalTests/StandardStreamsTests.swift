import Posix
import Testing

@testable import CursesTerminal

/// Two pipes stand for standard output and standard error, which the test run needs itself.
@Suite struct StandardStreamsTests {
    struct Streams: ~Copyable {
        let output: File.Pipe
        let error: File.Pipe
        var descriptors: [Int32] { [output.writing.descriptor, error.writing.descriptor] }

        static func make() throws -> Streams {
            let output = try File.pipe()
            return Streams(output: output, error: try File.pipe())
        }
    }

    private func captured(_ texts: [[UInt8]]) throws -> [String] {
        let streams = try Streams.make()
        let lines = Lock([String]())
        let capture = try StandardStreams.capture(streams.descriptors) { line in
            lines.withLock { $0.append(line) }
        }
        for text in texts { try streams.output.writing.writeAll(text) }
        capture.end()
        return lines.withLock { $0 }
    }

    @Test(
        arguments: [
            ([], []),
            (["one\ntwo\n"], ["one", "two"]),
            (["on", "e\nrest"], ["one", "rest"]),
            (["\n\n"], ["", ""]),
        ] as [([String], [String])])
    func `what is printed arrives as lines`(texts: [String], lines: [String]) throws {
        #expect(try captured(texts.map { Array($0.utf8) }) == lines)
    }

    @Test func `a line is cut where it grows too long, and foreign bytes are replaced`() throws {
        let long = [UInt8](repeating: 97, count: 5000)
        #expect(try captured([long]).map(\.utf8.count) == [4096, 904])
        #expect(try captured([[0xFF, 98, 10]]) == ["\u{FFFD}b"])
    }

    @Test func `both streams are captured, and stand where they stood afterwards`() throws {
        let streams = try Streams.make()
        let lines = Lock([String]())
        let capture = try StandardStreams.capture(streams.descriptors) { line in
            lines.withLock { $0.append(line) }
        }
        try streams.output.writing.writeAll("out\n")
        try streams.error.writing.writeAll("err\n")
        capture.end()
        #expect(lines.withLock { $0 } == ["out", "err"])

        try streams.output.writing.writeAll("after")
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)
        defer { buffer.deallocate() }
        #expect(try streams.output.reading.read(into: buffer) == .bytes(5))
        #expect(String(decoding: buffer[..<5], as: UTF8.self) == "after")
    }
}
