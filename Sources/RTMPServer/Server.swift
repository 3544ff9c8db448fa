package import Posix
import Synchronization
package import Telemetry

/// The engine: workers and what they share. Started once, stopped once.
package final class Server: Sendable {
    /// Addresses with the real ports, in the order of the configuration.
    package let listening: [String]
    package let tlsListening: [String]
    package let control: ServerControl

    private let configuration: ServerConfiguration
    private let registry: ProbeRegistry
    private let mailboxes: [Mailbox]
    private let certificates: Certificates?
    private let certificateThread: Thread?
    private let workerThreads: [Thread]

    /// Listens on every address and starts all threads, or leaves nothing behind.
    package static func start(
        _ configuration: ServerConfiguration, registry: ProbeRegistry
    ) throws(ServerError) -> Server {
        try Server(configuration, registry)
    }

    private init(
        _ configuration: ServerConfiguration, _ registry: ProbeRegistry
    ) throws(ServerError) {
        self.configuration = configuration
        self.registry = registry
        let count = max(configuration.threads, 1)
        var mailboxes: [Mailbox] = []
        var listeners: [Listener] = []
        let admission = Admission(workers: count, configuration: configuration)
        do throws(PosixError) {
            for index in 0..<count { mailboxes.append(try Mailbox(worker: index)) }
        } catch {
            throw .cannotStart(error)
        }
        var certificates: Certificates?
        if let files = configuration.certificate {
            certificates = try Certificates(files, registry: registry)
        }
        precondition(
            configuration.tlsListen.isEmpty || certificates != nil, "TLS has a certificate")
        for (index, address) in (configuration.listen + configuration.tlsListen).enumerated() {
            do throws(PosixError) {
                listeners.append(
                    try Listener(
                        on: address,
                        certificates: index < configuration.listen.count ? nil : certificates))
            } catch {
                throw .cannotListen("\(address)", error)
            }
        }
        let hub = Hub(mailboxes: mailboxes, configuration: configuration, registry: registry)
        var workers: [Thread] = []
        var certificateThread: Thread?
        do throws(PosixError) {
            for index in mailboxes.indices {
                workers.append(
                    try Thread.start(name: "worker-\(index)") { [mailboxes, listeners] in
                        do throws(PosixError) {
                            try Worker(
                                index: index, mailboxes: mailboxes, listeners: listeners,
                                hub: hub, admission: admission, registry: registry,
                                configuration: configuration
                            ).run()
                        } catch {
                            preconditionFailure("a worker gets its epoll: \(error)")
                        }
                    })
            }
            if let certificates {
                certificateThread = try Thread.start(name: "certificate") { certificates.run() }
            }
        } catch {
            Server.end(mailboxes, workers, untilNanoseconds: 0)
            throw .cannotStart(error)
        }
        self.mailboxes = mailboxes
        self.certificates = certificates
        self.certificateThread = certificateThread
        workerThreads = workers
        let addresses = listeners.map(\.address)
        listening = Array(addresses[..<configuration.listen.count])
        tlsListening = Array(addresses[configuration.listen.count...])
        control = ServerControl(mailboxes: mailboxes, certificates: certificates)
    }

    /// Start in reverse: no new connections, goodbyes flushed until the deadline, threads joined.
    package func stop(within nanoseconds: UInt64 = 2 * ServerConfiguration.second) {
        certificates?.stop()
        certificateThread?.join()
        Server.end(
            mailboxes, workerThreads,
            untilNanoseconds: Clock.monotonicNanoseconds() + nanoseconds)
    }

    private static func end(
        _ mailboxes: [Mailbox], _ workerThreads: [Thread], untilNanoseconds: UInt64
    ) {
        for mailbox in mailboxes { mailbox.post(.drain(untilNanoseconds: untilNanoseconds)) }
        for thread in workerThreads { thread.join() }
        for mailbox in mailboxes { mailbox.close() }
    }
}

/// Why the engine could not start.
package enum ServerError: Error, CustomStringConvertible {
    case cannotListen(String, PosixError)
    case cannotStart(PosixError)
    /// What is wrong with its files.
    case certificate(String)

    package var description: String {
        switch self {
        case .cannotListen(let address, let error): "cannot listen on \(address): \(error.reason)"
        case .cannotStart(let error): "cannot start: \(error)"
        case .certificate(let sentence): sentence
        }
    }
}
