import Posix

/// A port that was free a moment ago, for a server that cannot tell which one it took.
func freePort() throws -> UInt16 {
    let socket = try Socket.listening(on: .loopback(port: 0))
    guard let address = socket.localAddress else {
        throw Impatience(description: "a listening socket has no address")
    }
    return address.port
}
