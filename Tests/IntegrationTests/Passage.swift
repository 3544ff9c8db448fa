import Posix

/// A way to a server that can be blocked or cut while a connection goes through it.
final class Passage {
    private enum Mode {
        case open
        /// Nobody reads what either side says.
        case blocked
        case cut
    }

    let port: UInt16
    private let way: Way
    private let thread: Thread

    init(to port: UInt16) throws {
        let listener = try Socket.listening(on: .loopback(port: 0))
        self.port = listener.localAddress?.port ?? 0
        let way = Way(listener, try Wakeup())
        self.way = way
        thread = try Thread.start(name: "passage") {
            // Where an end is lost the other one is let go with it.
            try? way.lead(to: port)
        }
    }

    deinit {
        way.change(to: .cut)
        thread.join()
    }

    func url(_ stream: String) -> String { "rtmp://127.0.0.1:\(port)/\(stream)" }

    func block() { way.change(to: .blocked) }

    /// The client's side is reset.
    func cut() { way.change(to: .cut) }

    private final class Way: Sendable {
        private let listener: Socket
        private let mode = Lock(Mode.open)
        private let changed: Wakeup

        init(_ listener: consuming Socket, _ changed: Wakeup) {
            self.listener = listener
            self.changed = changed
        }

        func change(to new: Mode) {
            mode.withLock { $0 = new }
            changed.signal()
        }

        /// One connection.
        func lead(to port: UInt16) throws(PosixError) {
            var awaited = [
                Readiness(changed.descriptor, .readable), Readiness(listener.descriptor, .readable),
            ]
            try Readiness.wait(for: &awaited)
            guard let accepted = try listener.accept() else { return }
            let client = accepted.take()
            let server = try Socket.connected(to: .loopback(port: port))
            while true {
                let mode = mode.withLock { $0 }
                if case .cut = mode { return client.closeWithReset() }
                var awaited = [Readiness(changed.descriptor, .readable)]
                if case .open = mode {
                    awaited.append(Readiness(client.descriptor, .readable))
                    awaited.append(Readiness(server.descriptor, .readable))
                }
                try Readiness.wait(for: &awaited)
                changed.drain()
                guard awaited.count == 3 else { continue }
                if awaited[1].isReady { try carry(from: client, to: server) }
                if awaited[2].isReady { try carry(from: server, to: client) }
            }
        }

        private func carry(
            from source: borrowing Socket, to target: borrowing Socket
        ) throws(PosixError) {
            let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 65536, alignment: 1)
            defer { piece.deallocate() }
            switch try source.receive(into: piece) {
            case .wouldBlock: return
            case .endOfFile: try target.shutdownWrite()
            case .bytes(let count):
                var rest = UnsafeRawBufferPointer(piece)[..<count]
                while !rest.isEmpty {
                    var room = [Readiness(target.descriptor, .writable)]
                    try Readiness.wait(for: &room)
                    guard
                        case .bytes(let sent) = try target.send(
                            UnsafeRawBufferPointer(rebasing: rest))
                    else { continue }
                    rest = rest.dropFirst(sent)
                }
            }
        }
    }
}
