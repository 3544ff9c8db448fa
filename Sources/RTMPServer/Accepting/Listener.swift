import Posix
import Synchronization
import Telemetry

/// A thread that accepts on one address and gives each connection to the worker with the fewest.
///
/// Its methods run on that thread, but for `stop`.
final class Listener: Sendable {
    let address: String
    private let socket: Socket
    private let mailboxes: [Mailbox]
    private let admission: Admission
    private let registry: ProbeRegistry
    /// nil: no TLS.
    private let certificates: Certificates?
    private let lanes = Lanes(events: 4096, messages: 1, trace: 1)
    private let wakeup: Wakeup
    private let isStopping = Atomic<Bool>(false)

    init(
        on address: SocketAddress, mailboxes: [Mailbox], admission: Admission,
        registry: ProbeRegistry, certificates: Certificates? = nil
    ) throws(PosixError) {
        socket = try Socket.listening(on: address, backlog: 1024)
        // What is accepted inherits these, which spares three calls for each.
        try socket.setNoDelay()
        try socket.setKeepAlive()
        try socket.setNotSentLowWater(bytes: ServerConfiguration.notSentBytes)
        self.address = socket.localAddress?.description ?? address.description
        self.mailboxes = mailboxes
        self.admission = admission
        self.registry = registry
        self.certificates = certificates
        wakeup = try Wakeup()
        registry.add(lanes)
    }

    /// Can be called from any thread.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        wakeup.signal()
    }

    /// The thread's whole life.
    func run() {
        do throws(PosixError) {
            let poller = try Poller()
            try poller.add(socket.descriptor, token: 0, .readable)
            try poller.add(wakeup.descriptor, token: 1, .readable)
            // Held back for the moment when no descriptor is left: given up, it lets us accept and
            // close the newcomer instead of spinning on a backlog nobody can take from.
            var spare: Wakeup? = try Wakeup()
            var events = Array(repeating: PollEvent(), count: 4)
            while !isStopping.load(ordering: .acquiring) {
                _ = try poller.wait(into: &events)
                acceptWaiting(&spare)
            }
        } catch {
            tell(
                .note(.error, source: "net", "listener \(address) ended: \(error.description)"))
        }
    }

    private func acceptWaiting(_ spare: inout Wakeup?) {
        while true {
            do throws(PosixError) {
                guard let accepted = try socket.accept() else { return }
                let address = accepted.address
                admit(accepted.take(), address)
            } catch {
                guard error.isOutOfDescriptors else {
                    tell(.note(.warn, source: "net", "accept failed: \(error.description)"))
                    return
                }
                spare = nil
                refuseOne()
                do throws(PosixError) {
                    spare = try Wakeup()
                } catch {
                    tell(.note(.error, source: "net", "no descriptor left: \(error.description)"))
                    return
                }
            }
        }
    }

    private func admit(_ accepted: consuming Socket, _ address: SocketAddress) {
        let now = Clock.monotonicNanoseconds()
        switch admission.enter(site: address.site, nowNanoseconds: now) {
        case .refused(let why):
            refuse(address, why)
        case .admitted(let id, let worker, let loser):
            if let loser { mailboxes[loser.worker].post(.close(loser.session, .crowdedOut)) }
            let probe = ConnectionProbe(
                id: id, peer: address.description, listener: self.address,
                acceptedAtNanoseconds: now)
            registry.add(probe)
            registry.process.accepted.add(1, ordering: .relaxed)
            tell(
                .accept(
                    probe.id, peer: address.description, listener: self.address,
                    isTLS: certificates != nil))
            mailboxes[worker].post(
                .adopt(
                    AcceptedConnection(
                        descriptor: accepted.release(), address: address, probe: probe,
                        tls: certificates?.current)))
        }
    }

    private func refuseOne() {
        do throws(PosixError) {
            guard let accepted = try socket.accept() else { return }
            refuse(accepted.address, "descriptors")
        } catch {
            tell(.note(.warn, source: "net", "accept failed: \(error.description)"))
        }
    }

    private func refuse(_ address: SocketAddress, _ why: String) {
        registry.process.refused.add(1, ordering: .relaxed)
        tell(.refused(peer: address.description, why: why))
    }

    private func tell(_ kind: Event.Kind) {
        lanes.events.put(Event(atNanoseconds: Clock.monotonicNanoseconds(), kind: kind))
    }
}
