import Posix

/// A TCP connection to a host by name: every address is tried, a quarter of a second apart, and the
/// first that answers is taken (URL-5).
struct Dialer {
    /// What an address has for itself before the next one is tried beside it.
    private static let staggerNanoseconds: UInt64 = 250_000_000

    let host: String
    let port: UInt16
    let timeoutNanoseconds: UInt64
    let stop: StopSignal?
    /// What the system knows of a name; it may take for ever.
    var resolve: @Sendable (String, UInt16) throws(AddressError) -> [SocketAddress] = {
        (host, port) throws(AddressError) in try SocketAddress.all(of: host, port: port)
    }

    /// A non-blocking socket, connected.
    func dial() throws(ClientError) -> Socket {
        var race = Race(addresses: Self.alternating(try lookUp()))
        let start = Clock.monotonicNanoseconds()
        let end = start &+ timeoutNanoseconds
        var next = start
        while true {
            let now = Clock.monotonicNanoseconds()
            guard now < end else { throw .timedOut(.dial) }
            if race.hasMore, now >= next || race.isIdle {
                race.startNext()
                next = now &+ Self.staggerNanoseconds
                continue
            }
            guard !race.isIdle else {
                throw .unreachable(place, reason: race.lastError?.reason ?? "no address")
            }
            if let socket = try race.wait(until: race.hasMore ? min(next, end) : end, stop: stop) {
                return socket
            }
        }
    }

    private var place: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Both families in turn, beginning with the one the system prefers.
    static func alternating(_ addresses: [SocketAddress]) -> [SocketAddress] {
        guard let first = addresses.first else { return [] }
        var one = addresses.filter { $0.isIPv6 == first.isIPv6 }[...]
        var other = addresses.filter { $0.isIPv6 != first.isIPv6 }[...]
        var result: [SocketAddress] = []
        while let address = one.popFirst() ?? other.popFirst() {
            result.append(address)
            if let address = other.popFirst() { result.append(address) }
        }
        return result
    }

    // MARK: Looking up

    private final class Answer: Sendable {
        let addresses = Lock<Result<[SocketAddress], AddressError>?>(nil)
    }

    /// Nothing interrupts the system's look-up, so it has a thread of its own, which is left behind if
    /// it takes too long.
    private func lookUp() throws(ClientError) -> [SocketAddress] {
        // What is no address is a name, so this error is none.
        if let addresses = try? SocketAddress.all(of: host, port: port, numericOnly: true) {
            return addresses
        }
        let answer = Answer()
        do throws(PosixError) {
            let done = try Wakeup()
            let (host, port, resolve) = (host, port, resolve)
            let thread = try Thread.start(name: "look-up") {
                let result = Result { () throws(AddressError) in
                    try resolve(host, port)
                }
                answer.addresses.withLock { $0 = result }
                done.signal()
            }
            var awaited = [Readiness(done.descriptor, .readable)]
            if let stop { awaited.append(Readiness(stop.descriptor, .readable)) }
            let end = Clock.monotonicNanoseconds() &+ timeoutNanoseconds
            while !awaited.contains(where: \.isReady) {
                let now = Clock.monotonicNanoseconds()
                guard now < end else { break }
                try Readiness.wait(for: &awaited, timeoutNanoseconds: end - now)
            }
            if awaited[0].isReady { thread.join() } else { thread.detach() }
        } catch {
            throw .system(error.description)
        }
        switch answer.addresses.withLock({ $0 }) {
        case .success(let addresses): return addresses
        case .failure(let error): throw .hostUnknown(host, reason: error.reason)
        case nil: throw stop?.wasGiven == true ? .stopped : .timedOut(.lookUp)
        }
    }

    // MARK: Dialling

    /// Connections under way. Those that are not taken are closed.
    private struct Race: ~Copyable {
        private var waiting: ArraySlice<SocketAddress>
        private var running: [Int32] = []
        private(set) var lastError: PosixError?

        init(addresses: [SocketAddress]) {
            waiting = addresses[...]
        }

        deinit {
            for descriptor in running { _ = Socket(adopting: descriptor) }
        }

        var hasMore: Bool { !waiting.isEmpty }
        var isIdle: Bool { running.isEmpty }

        mutating func startNext() {
            guard let address = waiting.popFirst() else { return }
            do throws(PosixError) {
                running.append(try Socket.connecting(to: address).release())
            } catch {
                lastError = error
            }
        }

        /// nil: the time is over, or one of them failed.
        mutating func wait(
            until end: UInt64, stop: StopSignal?
        ) throws(ClientError) -> Socket? {
            var awaited = running.map { Readiness($0, .writable) }
            if let stop { awaited.append(Readiness(stop.descriptor, .readable)) }
            let now = Clock.monotonicNanoseconds()
            do throws(PosixError) {
                try Readiness.wait(
                    for: &awaited, timeoutNanoseconds: end > now ? end - now : 0)
            } catch {
                throw .system(error.description)
            }
            if stop?.wasGiven == true { throw .stopped }
            guard let index = awaited.prefix(running.count).firstIndex(where: \.isReady) else {
                return nil
            }
            let socket = Socket(adopting: running.remove(at: index))
            if let error = socket.pendingError {
                lastError = error
                return nil
            }
            return socket
        }
    }
}
