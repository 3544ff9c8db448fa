import Posix
import RTMP

/// What a wire gave and the session has not looked at yet.
struct InputBuffer: ~Copyable {
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 65536, alignment: 8)
    private var unread = 0..<0

    deinit {
        memory.deallocate()
    }

    /// Only once all has been read.
    mutating func fill(from wire: borrowing Wire) throws(Wire.Fault) -> IOResult {
        precondition(unread.isEmpty, "nothing unread is written over")
        let result = try wire.receive(into: memory)
        if case .bytes(let count) = result { unread = 0..<count }
        return result
    }

    /// The same for a file or pipe.
    mutating func fill(from file: borrowing File) throws(PosixError) -> IOResult {
        precondition(unread.isEmpty, "nothing unread is written over")
        let result = try file.read(into: memory)
        if case .bytes(let count) = result { unread = 0..<count }
        return result
    }

    /// Lets a reader take what it can use.
    mutating func read<Result, Failure: Error>(
        _ body: (inout ByteCursor) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var cursor = ByteCursor(UnsafeRawBufferPointer(rebasing: memory[unread]))
        defer { unread = (unread.lowerBound + cursor.offset)..<unread.upperBound }
        return try body(&cursor)
    }

    mutating func clear() {
        unread = 0..<0
    }
}
