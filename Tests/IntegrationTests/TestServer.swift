import Posix
import RTMP
import RTMPClient
import RTMPServer
import Relay
import Security
import Telemetry
import TestSupport
import Testing

/// What is under RTMP.
enum Transport: String, CaseIterable, CustomTestStringConvertible {
    case plain
    case tls

    var testDescription: String { rawValue }
}

/// A server on a free port of the loopback, with all it tells collected.
final class TestServer {
    struct NeverHappened: Error, CustomStringConvertible {
        let description: String
    }

    let registry: ProbeRegistry
    let server: Server
    let port: UInt16
    private let tlsClient: TLSContext?
    private let folder: TemporaryFolder?
    let transport: Transport
    private var lanes: [Lanes] = []
    private(set) var events: [Event] = []
    private(set) var trace: [TraceRecord] = []
    private(set) var probes: [SessionID: ConnectionProbe] = [:]
    private var facts: [SessionID: ConnectionFacts] = [:]
    private var isStopped = false

    /// Over TLS it has a certificate for `localhost` and the loopback.
    init(
        over transport: Transport = .plain, wantsFigures: Bool = true,
        _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = Patience.configuration
        configuration.threads = 2
        self.transport = transport
        registry = ProbeRegistry(wantsFigures: wantsFigures)
        switch transport {
        case .plain:
            tlsClient = nil
            folder = nil
        case .tls:
            let certificate = TestCertificate()
            let folder = try TemporaryFolder()
            configuration.listen = []
            configuration.tlsListen = [.loopback(port: 0)]
            configuration.certificate = try folder.certificate(certificate)
            tlsClient = try .client(trusting: Array(certificate.certificate.utf8))
            self.folder = folder
        }
        change(&configuration)
        server = try Server.start(configuration, registry: registry)
        let address = (server.listening + server.tlsListening)[0]
        port = UInt16(address.split(separator: ":").last ?? "0") ?? 0
    }

    deinit {
        stop()
    }

    func client() throws -> TestClient { try TestClient(port: port, tls: tlsClient) }

    /// The URL and what a client of ours has to know besides.
    func url(_ stream: String) -> String {
        "\(transport == .tls ? "rtmps" : "rtmp")://127.0.0.1:\(port)/\(stream)"
    }

    var options: ClientOptions {
        var options = ClientOptions()
        options.authoritiesFile = folder?.path("certificate.pem")
        return options
    }

    func stop() {
        guard !isStopped else { return }
        isStopped = true
        server.stop()
        collect()
    }

    func collect() {
        lanes += registry.takeNewLanes()
        for probe in registry.takeNewConnections() { probes[probe.id] = probe }
        for lane in lanes {
            while let event = lane.events.take() { events.append(event) }
            while let record = lane.trace.take() { trace.append(record) }
            while lane.messages.take() != nil {}
        }
        for (id, probe) in probes {
            if let newer = probe.facts.take() { facts[id] = newer.value }
        }
    }

    /// Waits for something told, polling for as long as `Patience` has.
    @discardableResult
    func wait<Found>(_ what: String, for find: (Event.Kind) -> Found?) throws -> Found {
        try poll(what) {
            for event in events {
                if let found = find(event.kind) { return found }
            }
            return nil
        }
    }

    /// Waits until the facts of some session are as wanted.
    @discardableResult
    func waitForFacts(
        _ what: String, where isWanted: (SessionID, ConnectionFacts) -> Bool
    ) throws -> SessionID {
        try poll(what) { facts.first { isWanted($0.key, $0.value) }?.key }
    }

    func poll<Found>(_ what: String, _ find: () -> Found?) throws -> Found {
        let deadline = Clock.monotonicNanoseconds() + Patience.nanoseconds
        let pause = try Poller()
        var none: [PollEvent] = [PollEvent()]
        while true {
            collect()
            if let found = find() { return found }
            guard Clock.monotonicNanoseconds() < deadline else {
                throw NeverHappened(description: "\(what); told: \(events.map(\.kind))")
            }
            _ = try pause.wait(into: &none, timeoutNanoseconds: 2_000_000)
        }
    }

    func closeReport(of session: SessionID) throws -> CloseReport {
        try wait("close of #\(session)") { kind in
            if case .close(session, let report) = kind { return report }
            return nil
        }
    }

    /// The session that publishes the stream.
    func publisher(of stream: String) throws -> SessionID {
        try wait("publisher of \(stream)") { kind in
            if case .streamStart(let name, let id) = kind, name.description == stream { return id }
            return nil
        }
    }

    func player(of stream: String, number: Int = 0) throws -> SessionID {
        try poll("player \(number) of \(stream)") {
            let found = events.compactMap { event -> SessionID? in
                guard case .play(let id, let name, accepted: true, _) = event.kind,
                    name.description == stream
                else { return nil }
                return id
            }
            return found.count > number ? found[number] : nil
        }
    }
}
