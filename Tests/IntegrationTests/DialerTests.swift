import Posix
import Testing

@testable import RTMPClient

/// How a name becomes a connection (URL-5, CLI-1, CLI-2); the system's look-up is played here.
@Suite(.timeLimit(.minutes(10))) struct DialerTests {
    private func dialer(
        timeout: Duration = .seconds(10), stop: StopSignal? = nil,
        resolve: @escaping @Sendable (String, UInt16) throws(AddressError) -> [SocketAddress]
    ) -> Dialer {
        var dialer = Dialer(
            host: "example.invalid", port: 1935, timeoutNanoseconds: timeout.nanoseconds, stop: stop
        )
        dialer.resolve = resolve
        return dialer
    }

    private struct Server: ~Copyable {
        let socket: Socket
        let address: SocketAddress

        init() throws {
            let socket = try Socket.listening(on: .loopback(port: 0))
            let bound = socket.localAddress
            address = try #require(bound)
            self.socket = socket
        }
    }

    @Test func `a name server that never answers is left behind when the time is over`() throws {
        let gate = try Wakeup()
        let left = try Wakeup()
        let dialer = dialer(timeout: .milliseconds(50)) { (_, _) throws(AddressError) in
            gate.wait()
            left.signal()
            return []
        }
        #expect(throws: ClientError.timedOut(.lookUp)) { _ = try dialer.dial() }
        gate.signal()
        left.wait()
    }

    @Test func `the stop signal ends a look-up that hangs`() throws {
        let gate = try Wakeup()
        let stop = try StopSignal()
        let dialer = dialer(stop: stop) { (_, _) throws(AddressError) in
            stop.give()
            gate.wait()
            return []
        }
        #expect(throws: ClientError.stopped) { _ = try dialer.dial() }
        gate.signal()
    }

    @Test func `a name without an address is no host, and says why`() throws {
        let fault = try #require(throws: AddressError.self) {
            try SocketAddress.all(of: "no host", port: 1)
        }
        let dialer = dialer { (_, _) throws(AddressError) in throw fault }
        #expect(throws: ClientError.hostUnknown("example.invalid", reason: fault.reason)) {
            _ = try dialer.dial()
        }
        #expect(throws: ClientError.unreachable("example.invalid:1935", reason: "no address")) {
            _ = try self.dialer { (_, _) throws(AddressError) in [] }.dial()
        }
    }

    @Test func `addresses that refuse are passed over at once`() throws {
        let server = try Server()
        let (address, refusing) = (server.address, try Server().address)
        let dialer = dialer { (_, _) throws(AddressError) in [refusing, refusing, address] }
        #expect(try dialer.dial().peerAddress == address)
        let nobody = self.dialer { (_, _) throws(AddressError) in [refusing, refusing] }
        #expect(
            throws: ClientError.unreachable(
                "example.invalid:1935", reason: "Connection refused")
        ) { _ = try nobody.dial() }
    }

    @Test func `both families take turns, the preferred one first`() throws {
        func addresses(_ hosts: String...) throws -> [SocketAddress] {
            try hosts.flatMap { try SocketAddress.all(of: $0, port: 1, numericOnly: true) }
        }
        #expect(
            try Dialer.alternating(addresses("::1", "::2", "::3", "127.0.0.1"))
                == addresses("::1", "127.0.0.1", "::2", "::3"))
        #expect(
            try Dialer.alternating(addresses("127.0.0.1", "::1", "127.0.0.2"))
                == addresses("127.0.0.1", "::1", "127.0.0.2"))
        #expect(Dialer.alternating([]).isEmpty)
    }
}
