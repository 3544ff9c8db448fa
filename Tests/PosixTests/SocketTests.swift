import Glibc
import Testing

@testable import Posix

@Suite struct SocketTests {
    /// A connection over loopback: the side that connected blocks, the accepted one does not.
    struct Connection: ~Copyable {
        let client: Socket
        let server: Socket
        let peer: SocketAddress

        static func open() throws -> Connection {
            let listener = try Socket.listening(on: .loopback(port: 0))
            let client = try Socket.connected(to: localAddress(of: listener))
            try awaitReadable(listener.descriptor)
            guard let accepted = try listener.accept() else { throw PosixError("accept", code: 0) }
            let peer = accepted.address
            return Connection(client: client, server: accepted.take(), peer: peer)
        }
    }

    @Test func `bytes cross a connection both ways and end with end of file`() throws {
        let connection = try Connection.open()
        #expect(try receive(connection.server) == .wouldBlock)

        #expect(try send("ping", over: connection.client) == .bytes(4))
        try awaitReadable(connection.server.descriptor)
        #expect(try receive(connection.server) == .text("ping"))

        #expect(try send("pong", over: connection.server) == .bytes(4))
        #expect(try receive(connection.client) == .text("pong"))

        try connection.client.shutdownWrite()
        try awaitReadable(connection.server.descriptor)
        #expect(try receive(connection.server) == .endOfFile)
    }

    @Test func `a gathered write arrives as one`() throws {
        let connection = try Connection.open()
        let parts: [StaticString] = ["one ", "two ", "three"]
        let vectors = parts.map {
            IOVector(UnsafeRawBufferPointer(start: $0.utf8Start, count: $0.utf8CodeUnitCount))
        }
        let sent = try connection.server.send(vectors: vectors, count: vectors.count)
        #expect(sent == .bytes(13))
        #expect(try receive(connection.client) == .text("one two three"))
    }

    @Test func `a full socket would block and takes more once it was read`() throws {
        let connection = try Connection.open()
        let block = [UInt8](repeating: 7, count: 1 << 16)
        var queued = 0
        while case .bytes(let count) = try send(block, over: connection.server) { queued += count }
        #expect(queued > 0)
        #expect(connection.server.queuedBytes().send > 0)

        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
        defer { buffer.deallocate() }
        while queued > 0 {
            guard case .bytes(let count) = try connection.client.receive(into: buffer) else {
                break
            }
            queued -= count
        }
        #expect(queued == 0)
        #expect(try send("x", over: connection.server) == .bytes(1))
    }

    @Test func `what has arrived can be let go of without a buffer`() throws {
        let connection = try Connection.open()
        #expect(try send("abcdef", over: connection.client) == .bytes(6))
        try awaitReadable(connection.server.descriptor)
        #expect(try connection.server.discard(4) == .bytes(4))
        #expect(try connection.server.discard(4) == .bytes(2))
        #expect(try connection.server.discard(4) == .wouldBlock)
        try connection.client.shutdownWrite()
        try awaitReadable(connection.server.descriptor)
        #expect(try connection.server.discard(4) == .endOfFile)
    }

    @Test func `nobody waiting is nil, not an error`() throws {
        let listener = try Socket.listening(on: .loopback(port: 0))
        let isNobodyThere = try listener.accept() == nil
        #expect(isNobodyThere)
    }

    @Test func `both sides agree on their addresses`() throws {
        let connection = try Connection.open()
        #expect(connection.client.localAddress == connection.peer)
        #expect(connection.client.peerAddress == connection.server.localAddress)
        #expect(connection.peer.host == "127.0.0.1")
    }

    @Test func `a port in use is named by the call and its reason`() throws {
        let listener = try Socket.listening(on: .loopback(port: 0))
        let taken = try localAddress(of: listener)
        let error = try #require(throws: PosixError.self) { _ = try Socket.listening(on: taken) }
        #expect(error == PosixError("bind", code: EADDRINUSE))
        #expect(error.description == "bind: Address already in use")
    }

    @Test func `any address takes IPv4, and shows the peer as IPv4 (URL-5)`() throws {
        let listener = try Socket.listening(on: .any(port: 0))
        let port = try localAddress(of: listener).port
        let client = try Socket.connected(to: .loopback(port: port))
        try awaitReadable(listener.descriptor)
        let peer = try listener.accept()?.address
        #expect(peer?.host == "127.0.0.1")
        #expect(peer == client.localAddress)
    }

    @Test func `nobody listening refuses the connection`() throws {
        let address = try localAddress(of: Socket.listening(on: .loopback(port: 0)))
        let error = try #require(throws: PosixError.self) { _ = try Socket.connected(to: address) }
        #expect(error == PosixError("connect", code: ECONNREFUSED))
    }

    @Test func `a close with reset is an error to the peer, a plain one is not`() throws {
        let connection = try Connection.open()
        let client = Socket(adopting: dup(connection.client.descriptor))
        try reset(connection)
        #expect(throws: PosixError("recv", code: ECONNRESET)) { try receive(client) }
    }

    private func reset(_ connection: consuming Connection) throws {
        connection.server.resetOnClose()
    }

    @Test func `writing to a closed connection is an error and no signal`() throws {
        let connection = try Connection.open()
        try connection.client.shutdownWrite()
        #expect(throws: PosixError("send", code: EPIPE)) {
            try send("x", over: connection.client)
        }
    }

    @Test func `options take effect`() throws {
        let connection = try Connection.open()
        try connection.server.setNoDelay()
        try connection.server.setKeepAlive()
        try connection.server.setNotSentLowWater(bytes: 16384)
        let before = connection.server.sendBufferBytes
        try connection.server.setSendBuffer(bytes: before / 4)
        #expect(connection.server.sendBufferBytes < before)
        try connection.server.setReceiveBuffer(bytes: 8192)
        #expect(connection.server.receiveBufferBytes >= 8192)
    }

    @Test func `what is accepted inherits the options of the listener`() throws {
        let listener = try Socket.listening(on: .loopback(port: 0))
        try listener.setNoDelay()
        try listener.setKeepAlive()
        try listener.setNotSentLowWater(bytes: 12_345)
        let client = try Socket.connected(to: localAddress(of: listener))
        defer { withExtendedLifetime(client) {} }
        try awaitReadable(listener.descriptor)
        guard let accepted = try listener.accept() else { throw PosixError("accept", code: 0) }
        let socket = accepted.take()
        #expect(option(TCP_NODELAY, at: Int32(IPPROTO_TCP), of: socket) != 0)
        #expect(option(SO_KEEPALIVE, at: SOL_SOCKET, of: socket) != 0)
        #expect(option(TCP_NOTSENT_LOWAT, at: Int32(IPPROTO_TCP), of: socket) == 12_345)
    }

    private func option(_ name: Int32, at level: Int32, of socket: borrowing Socket) -> Int32 {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        _ = getsockopt(socket.descriptor, level, name, &value, &size)
        return value
    }

    @Test func `the kernel's figures are there for a connection and not for a listener`() throws {
        let connection = try Connection.open()
        let figures = connection.server.tcpInfo()
        let info = try #require(figures)
        #expect(info.segmentSize > 0)
        #expect(info.congestionWindowSegments > 0)
        #expect(info.retransmits == 0)

        let pipe = try File.pipe()
        let noSocket = Socket(adopting: dup(pipe.reading.descriptor))
        #expect(noSocket.tcpInfo() == nil)
    }

    @Test func `what lies unread is counted`() throws {
        let connection = try Connection.open()
        #expect(try send("12345", over: connection.client) == .bytes(5))
        try awaitReadable(connection.server.descriptor)
        #expect(connection.server.queuedBytes().receive == 5)
    }

    @Test func `a released descriptor stays open`() throws {
        let descriptor = try Socket.listening(on: .loopback(port: 0)).release()
        #expect(fcntl(descriptor, F_GETFD) == FD_CLOEXEC)
        let adopted = Socket(adopting: descriptor)
        #expect(adopted.localAddress != nil)
    }
}

func localAddress(of socket: borrowing Socket) throws -> SocketAddress {
    let address = socket.localAddress
    return try #require(address)
}

enum Received: Equatable {
    case text(String)
    case wouldBlock
    case endOfFile
}

func receive(_ socket: borrowing Socket) throws(PosixError) -> Received {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 1)
    defer { buffer.deallocate() }
    switch try socket.receive(into: buffer) {
    case .bytes(let count): return .text(String(decoding: buffer[..<count], as: UTF8.self))
    case .wouldBlock: return .wouldBlock
    case .endOfFile: return .endOfFile
    }
}

@discardableResult
func send(_ text: String, over socket: borrowing Socket) throws(PosixError) -> IOResult {
    try send(Array(text.utf8), over: socket)
}

@discardableResult
func send(_ bytes: [UInt8], over socket: borrowing Socket) throws(PosixError) -> IOResult {
    try bytes.withUnsafeBufferPointer { (bytes) throws(PosixError) in
        try socket.send(UnsafeRawBufferPointer(bytes))
    }
}

/// Waits for the event itself, not for a time; the bound only ends a broken test.
func awaitReadable(_ descriptor: Int32) throws {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    try #require(poll(&waiting, 1, 10_000) == 1)
}
