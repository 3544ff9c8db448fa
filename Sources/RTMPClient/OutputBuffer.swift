import Posix
import RTMP

/// Bytes on their way to a server: chunks in order, and how far they went.
struct OutputBuffer {
    /// With this much waiting, one call carries enough to be worth it.
    static let batchBytes = 64 << 10

    private var writer = ByteWriter()
    private var sent = 0
    /// Bytes ever put in, the handshake included: offsets in this direction.
    private(set) var totalBytes: UInt64 = 0

    var count: Int { writer.count - sent }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ write: (inout ByteWriter) -> Void) {
        if isEmpty {
            writer = ByteWriter(reserving: Self.batchBytes)
            sent = 0
        }
        let before = writer.count
        write(&writer)
        totalBytes &+= UInt64(writer.count - before)
    }

    /// Sends what the wire takes; the number of bytes.
    mutating func send(to wire: borrowing Wire) throws(Wire.Fault) -> Int {
        let before = sent
        while !isEmpty {
            let result = try writer.bytes.withUnsafeBufferPointer { bytes throws(Wire.Fault) in
                try wire.send(
                    UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[sent...])))
            }
            guard case .bytes(let count) = result else { break }
            sent += count
        }
        return sent - before
    }
}
