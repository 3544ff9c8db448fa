import Posix
import RTMP
import Security

/// The handshake of TLS on a fresh connection, within a time of its own (URL-4).
struct TLSGreeting {
    private static let authoritiesBytesMaximum = 16 << 20

    private let url: RTMPURL
    private let timeoutNanoseconds: UInt64
    private let stop: StopSignal?
    private let context: TLSContext

    /// Before a server is dialled: files that cannot be used are no business of its.
    init(
        _ url: RTMPURL, _ options: ClientOptions, stop: StopSignal?
    ) throws(ClientError) {
        self.url = url
        self.stop = stop
        timeoutNanoseconds = options.timeout.nanoseconds
        context = try Self.context(options)
    }

    /// Done, or an error that says what the server is instead.
    func greet(on descriptor: Int32) throws(ClientError) -> TLSChannel {
        let channel = TLSChannel.connecting(
            context, on: descriptor, to: url.serverName ?? Self.withoutZone(url.host),
            isAddress: url.serverName == nil)
        guard let channel else {
            throw .malformedURL("\(url.host) is no name that TLS could ask for")
        }
        let end = Clock.monotonicNanoseconds().addingClamped(timeoutNanoseconds)
        while true {
            do throws(TLSError) {
                if try channel.handshake() { return channel }
            } catch {
                throw ClientError(error)
            }
            try wait(on: descriptor, for: channel, until: end)
        }
    }

    private func wait(
        on descriptor: Int32, for channel: TLSChannel, until end: UInt64
    ) throws(ClientError) {
        let now = Clock.monotonicNanoseconds()
        guard now < end else { throw .timedOut(.tls) }
        var awaited = [Readiness(descriptor, .readable)]
        if channel.unsentBytes > 0 { awaited[0].interest.insert(.writable) }
        if let stop { awaited.append(Readiness(stop.descriptor, .readable)) }
        do throws(PosixError) {
            try Readiness.wait(for: &awaited, timeoutNanoseconds: end - now)
        } catch {
            throw .system(error.description)
        }
        if stop?.wasGiven == true { throw .stopped }
    }

    private static func context(_ options: ClientOptions) throws(ClientError) -> TLSContext {
        var authorities: [UInt8]?
        if let path = options.authoritiesFile {
            do throws(PosixError) {
                authorities = try File.readAll(path, limit: authoritiesBytesMaximum)
            } catch {
                throw .file(path, reason: error.reason)
            }
        }
        do throws(TLSSetupError) {
            return try .client(trusting: authorities, verifies: options.verifiesServer)
        } catch {
            guard let path = options.authoritiesFile else { throw .system(error.description) }
            throw .file(path, reason: error.description)
        }
    }

    /// A certificate knows nothing of interfaces: `fe80::1%eth0`.
    private static func withoutZone(_ host: String) -> String {
        String(host.prefix { $0 != "%" })
    }
}

extension ClientError {
    init(_ error: TLSError) {
        switch error {
        case .notTLS(let byte): self = .notRTMP(firstByte: byte)
        case .untrusted(let reason): self = .untrusted(reason: reason)
        case .cut: self = .lost(.tls, reason: "the server closed it; it may speak rtmp:// only")
        case .system(let errno): self = .lost(.tls, reason: PosixError("TLS", code: errno).reason)
        case .refused, .broken: self = .lost(.tls, reason: error.description)
        }
    }
}
