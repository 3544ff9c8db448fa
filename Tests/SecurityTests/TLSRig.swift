import Glibc
import Security
import TestSupport

/// A client and a server of TLS, and between them a wire whose every byte we carry.
final class TLSRig {
    let client: TLSChannel
    let server: TLSChannel
    private let descriptors: [Int32]
    private let clientEnd: Int32
    private let serverEnd: Int32
    private var serverDescriptor: Int32 { descriptors[2] }
    /// At most so many bytes are carried at a time.
    var pieceBytes = 65536
    /// Bytes carried to the server and to the client.
    private(set) var carried = (toServer: 0, toClient: 0)

    init(_ serverContext: TLSContext, _ clientContext: TLSContext, name: String = "localhost") {
        let one = Self.pair()
        let other = Self.pair()
        descriptors = [one.0, one.1, other.0, other.1]
        clientEnd = one.1
        serverEnd = other.1
        let isAddress = name.contains(":") || name.allSatisfy { $0 == "." || $0.isNumber }
        let connecting = TLSChannel.connecting(
            clientContext, on: one.0, to: name, isAddress: isAddress)
        guard let connecting else { preconditionFailure("a name") }
        client = connecting
        server = .accepting(serverContext, on: other.0)
    }

    convenience init(
        _ certificate: TestCertificate = TestCertificate(), trusting: TestCertificate? = nil,
        verifies: Bool = true, name: String = "localhost"
    ) throws {
        self.init(
            try .server(certificate), try .client(trusting ?? certificate, verifies: verifies),
            name: name)
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }

    private static func pair() -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
        precondition(socketpair(AF_UNIX, type, 0, &ends) == 0, "a pair of sockets")
        return (ends[0], ends[1])
    }

    // MARK: The wire

    /// Carries one piece each way; false: there was none.
    @discardableResult
    func carry() -> Bool {
        let forth = carry(from: clientEnd, to: serverEnd)
        let back = carry(from: serverEnd, to: clientEnd)
        carried.toServer += forth
        carried.toClient += back
        return forth + back > 0
    }

    private func carry(from source: Int32, to target: Int32) -> Int {
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        let count = recv(source, &piece, piece.count, Int32(MSG_PEEK))
        guard count > 0 else { return 0 }
        let sent = Glibc.send(target, piece, count, Int32(MSG_NOSIGNAL))
        guard sent > 0 else { return 0 }
        return recv(source, &piece, sent, 0)
    }

    /// What the client has sent, instead of carrying it.
    func takeFromClient() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = recv(clientEnd, &bytes, bytes.count, 0)
        return count > 0 ? Array(bytes[..<count]) : []
    }

    func giveToServer(_ bytes: [UInt8]) {
        _ = Glibc.send(serverEnd, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func giveToClient(_ bytes: [UInt8]) {
        _ = Glibc.send(clientEnd, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func endTowardsServer() {
        shutdown(serverEnd, Int32(SHUT_WR))
    }

    func endTowardsClient() {
        shutdown(clientEnd, Int32(SHUT_WR))
    }

    /// Bytes that the server has not taken from its socket.
    var waitingForServer: Int {
        var count: Int32 = 0
        precondition(ioctl(serverDescriptor, UInt(FIONREAD), &count) == 0, "a socket")
        return Int(count)
    }

    // MARK: The peers

    func shakeHands() throws(TLSError) {
        while !(client.isReady && server.isReady) {
            _ = try client.handshake()
            _ = try server.handshake()
            carry()
        }
    }

    /// Bytes from one side to the other, each write as long as it may be.
    func transfer(
        _ bytes: [UInt8], from sender: TLSChannel, to receiver: TLSChannel, room: Int = 100_000
    ) throws -> [UInt8] {
        var received: [UInt8] = []
        var rest = bytes[...]
        while received.count < bytes.count {
            // A new array each time: nothing may hang on where the bytes stood before.
            let offer = Array(rest)
            if !offer.isEmpty, case .bytes(let count) = try sender.send(offer) {
                rest = rest.dropFirst(count)
            }
            _ = try sender.flush()
            carry()
            received += try receiver.receiveAll(room: room).bytes
        }
        return received
    }
}

extension TLSContext {
    static func server(_ certificate: TestCertificate) throws(TLSSetupError) -> TLSContext {
        try server(
            certificate: Array(certificate.certificate.utf8), key: Array(certificate.key.utf8))
    }

    static func client(
        _ authority: TestCertificate, verifies: Bool = true
    ) throws(TLSSetupError) -> TLSContext {
        try client(trusting: Array(authority.certificate.utf8), verifies: verifies)
    }
}

extension TLSChannel {
    func send(_ bytes: [UInt8]) throws -> Result {
        try bytes.withUnsafeBytes { try send($0) }
    }

    func receive(room: Int) throws -> (bytes: [UInt8], result: Result) {
        var buffer = [UInt8](repeating: 0, count: room)
        let result = try buffer.withUnsafeMutableBytes { try receive(into: $0) }
        guard case .bytes(let count) = result else { return ([], result) }
        return (Array(buffer[..<count]), result)
    }

    /// What is there, up to where more bytes are needed or none will come.
    func receiveAll(room: Int = 100_000) throws -> (bytes: [UInt8], last: Result) {
        var all: [UInt8] = []
        while true {
            let (bytes, result) = try receive(room: room)
            guard case .bytes = result else { return (all, result) }
            all += bytes
        }
    }
}
