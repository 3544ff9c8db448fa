import Posix

/// A peer that says what it likes.
final class RawPeer {
    private let socket: Socket

    init(port: UInt16) throws {
        socket = try Socket.connected(to: .loopback(port: port))
        try File(duplicating: socket.descriptor).setBlocking(false)
    }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = try rest.withUnsafeBytes { try socket.send($0) }
            switch sent {
            case .bytes(let count): rest = rest.dropFirst(count)
            case .wouldBlock, .endOfFile: return  // The server has let go; the test looks at that.
            }
        }
    }

    /// What came until the server closed.
    func readToEnd() async throws -> [UInt8] {
        var received: [UInt8] = []
        try await eventually("the server closing the connection") {
            try withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
                while true {
                    do {
                        switch try socket.receive(into: buffer) {
                        case .bytes(let count): received += buffer[..<count]
                        case .wouldBlock: return false
                        case .endOfFile: return true
                        }
                    } catch let error as PosixError where error.call == "recv" {
                        return true  // A reset is an end, too.
                    }
                }
            }
        }
        return received
    }
}
