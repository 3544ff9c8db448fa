import Posix
import RTMP
import Security
import Testing

/// An RTMP client for tests: blocking calls, each with a bound on how long it may wait.
final class TestClient {
    struct Ended: Error {}
    struct TimedOut: Error {}

    private let socket: Socket
    private let tls: TLSChannel?
    private var decoder = ChunkDecoder(limits: Limits(), startOffset: 3073)
    private var encoder = ChunkEncoder()
    private var received: [UInt8] = []
    private var waiting: [Message] = []
    private(set) var bytesSent: UInt64 = 0
    private(set) var bytesReceived: UInt64 = 0
    /// Every message that came, in order.
    private(set) var transcript: [Message] = []

    init(port: UInt16, tls context: TLSContext? = nil) throws {
        socket = try Socket.connected(to: .loopback(port: port))
        try socket.setBlocking(false)
        try socket.setNoDelay()
        decoder.isAuthorised = true
        let descriptor = socket.descriptor
        tls = context.flatMap {
            .connecting($0, on: descriptor, to: "localhost", isAddress: false)
        }
        while let tls, try !tls.handshake() { try wait(for: .readable) }
    }

    var certificate: TLSCertificate? { tls?.peerCertificate }

    // MARK: Bytes

    func send(_ bytes: [UInt8]) throws {
        var offset = 0
        while offset < bytes.count {
            let result = try bytes.withUnsafeBytes {
                try write(UnsafeRawBufferPointer(rebasing: $0[offset...]))
            }
            switch result {
            case .bytes(let count): offset += count
            case .wouldBlock: try wait(for: .writable)
            case .endOfFile: throw Ended()
            }
        }
        while let tls, try !tls.flush() { try wait(for: .writable) }
        bytesSent += UInt64(bytes.count)
    }

    /// At least one byte, or an error; the empty array is the end of the file.
    private func receiveSome(within seconds: Int = Patience.seconds) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let result = try buffer.withUnsafeMutableBytes { try read(into: $0) }
            switch result {
            case .bytes(let count):
                bytesReceived += UInt64(count)
                return Array(buffer[..<count])
            case .endOfFile: return []
            case .wouldBlock: try wait(for: .readable, seconds: seconds)
            }
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws -> IOResult {
        guard let tls else { return try socket.send(bytes) }
        return IOResult(try tls.send(bytes))
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer) throws -> IOResult {
        guard let tls else { return try socket.receive(into: buffer) }
        return IOResult(try tls.receive(into: buffer))
    }

    private func wait(for interest: Poller.Interest, seconds: Int = Patience.seconds) throws {
        let poller = try Poller()
        try poller.add(socket.descriptor, token: 1, interest)
        var events = [PollEvent()]
        let count = try poller.wait(
            into: &events, timeoutNanoseconds: Int64(seconds) * 1_000_000_000)
        if count == 0 { throw TimedOut() }
    }

    func receive(exactly count: Int) throws -> [UInt8] {
        while received.count < count {
            let more = try receiveSome()
            if more.isEmpty { throw Ended() }
            received += more
        }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    /// Everything until the server closes.
    func receiveToEnd() throws -> [UInt8] {
        var all = received
        received = []
        while true {
            do {
                let more = try receiveSome()
                if more.isEmpty { return all }
                all += more
            } catch let error as PosixError where error.isReset {
                return all
            }
        }
    }

    func waitForEnd() throws {
        _ = try receiveToEnd()
    }

    // MARK: RTMP

    func handshake() throws {
        let c1 = [UInt8](repeating: 0, count: 8) + (0..<1528).map { UInt8($0 % 251) }
        try send([3] + c1)
        let answer = try receive(exactly: 3073)
        #expect(answer[0] == 3)
        #expect(Array(answer[1537...]) == c1)
        try send(Array(answer[1..<1537]))
    }

    func send(_ message: Message) throws {
        try send([message])
    }

    /// All in one write, which on the loopback is one read.
    func send(_ messages: [Message]) throws {
        var writer = ByteWriter()
        for message in messages {
            encoder.encode(
                message, on: message.type.chunkStreamID(on: message.messageStreamID), number: 1,
                at: bytesSent, into: &writer)
        }
        try send(writer.bytes)
    }

    func command(
        _ name: String, _ transaction: Double, object: AMFValue = .null,
        _ arguments: [AMFValue] = [], on stream: MessageStreamID = 0
    ) throws {
        try send(
            Command(
                name: name, transaction: transaction, object: object, arguments: arguments,
                messageStreamID: stream
            ).message())
    }

    /// The next message; chunk sizes the server announces are obeyed.
    func next(within seconds: Int = Patience.seconds) throws -> Message {
        while waiting.isEmpty {
            if received.isEmpty {
                received = try receiveSome(within: seconds)
                if received.isEmpty { throw Ended() }
            }
            let bytes = received
            received = []
            try bytes.withUnsafeBytes { raw in
                var cursor = ByteCursor(raw)
                while let message = try decoder.next(&cursor) {
                    if case .setChunkSize(let size) = ControlMessage.decode(message) {
                        decoder.chunkSize = size
                    }
                    waiting.append(message)
                }
            }
        }
        transcript.append(waiting[0])
        return waiting.removeFirst()
    }

    /// Skips to the first message that fits.
    @discardableResult
    func next(
        within seconds: Int = Patience.seconds, where isWanted: (Message) -> Bool
    ) throws -> Message {
        while true {
            let message = try next(within: seconds)
            if isWanted(message) { return message }
        }
    }

    /// Skips to the next command of this name.
    @discardableResult
    func expectCommand(_ name: String) throws -> Command {
        while true {
            let message = try next { $0.type == .commandAMF0 }
            if let command = try Command.decode(message, limits: Limits()),
                command.name == name
            {
                return command
            }
        }
    }

    /// Skips to the next onStatus and gives its code.
    func expectStatus() throws -> String {
        try expectCommand("onStatus").arguments.first?["code"]?.string ?? ""
    }

    /// `capabilities`: what goes into `capsEx`, if the client speaks Enhanced RTMP.
    func connect(app: String = "live", capabilities: Double? = nil) throws {
        try handshake()
        let announced = capabilities.map { [AMFProperty("capsEx", .number($0))] } ?? []
        try command(
            "connect", 1,
            object: .object(
                [
                    AMFProperty("app", .text(app)), AMFProperty("flashVer", "test"),
                    AMFProperty("tcUrl", .text("rtmp://h/" + app)),
                ] + announced))
        try expectCommand("_result")
    }

    @discardableResult
    func createStream() throws -> MessageStreamID {
        try command("createStream", 4)
        let result = try expectCommand("_result")
        return MessageStreamID(result.arguments.first?.number ?? 0)
    }

    /// Waits for the answer to a ping: what was sent before it has been dealt with.
    func ping(_ number: UInt32 = 1) throws {
        try send(UserControlEvent.pingRequest(number).message())
        try next { UserControlEvent.decode($0) == .pingResponse(number) }
    }

    /// Connects and publishes; the answer's code.
    @discardableResult
    func publish(_ name: String, app: String = "live") throws -> String {
        try connect(app: app)
        let stream = try createStream()
        try command("publish", 5, [.text(name), "live"], on: stream)
        return try expectStatus()
    }

    /// Connects and plays; the first code that is not Play.Reset.
    @discardableResult
    func play(_ name: String, app: String = "live") throws -> String {
        try connect(app: app)
        let stream = try createStream()
        try command("play", 0, [.text(name)], on: stream)
        let first = try expectStatus()
        return first == "NetStream.Play.Reset" ? try expectStatus() : first
    }

    func media(
        _ type: MessageType, _ timestamp: UInt32, _ payload: [UInt8], on stream: MessageStreamID = 1
    ) throws {
        try send(
            Message(
                type: type, messageStreamID: stream, timestamp: timestamp,
                payload: Payload(payload)))
    }

    func nextMedia(within seconds: Int = Patience.seconds) throws -> Message {
        try next(within: seconds) { $0.type == .audio || $0.type == .video }
    }
}

extension IOResult {
    init(_ result: TLSChannel.Result) {
        switch result {
        case .bytes(let count): self = .bytes(count)
        case .wouldBlock: self = .wouldBlock
        case .endOfFile: self = .endOfFile
        }
    }
}

/// Media made of recognisable bytes.
enum TestMedia {
    static let avcHeader: [UInt8] = [
        0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x1f, 0xff, 0xe1, 0, 0, 1, 0, 0,
    ]
    static let aacHeader: [UInt8] = [0xaf, 0, 0x12, 0x10]

    static func keyframe(_ number: UInt8, bytes: Int = 400) -> [UInt8] {
        [0x17, 1, 0, 0, 0, number] + (0..<bytes).map { UInt8(truncatingIfNeeded: $0) }
    }

    static func frame(_ number: UInt8, bytes: Int = 200) -> [UInt8] {
        [0x27, 1, 0, 0, 0, number] + (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &+ 7) }
    }

    static func audio(_ number: UInt8) -> [UInt8] {
        [0xaf, 1, number, 0x21, 0x10, 0x04]
    }
}
