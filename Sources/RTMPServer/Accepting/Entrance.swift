import Posix
import Synchronization
import Telemetry

/// A worker's way in: accepts what waits at the listeners and gives it to the worker with the fewest
/// connections, mostly itself.
///
/// Each worker has one, and whichever is free accepts: a thread between them would cost each connection
/// two switches of threads, which is more than all else that is done to let it in.
struct Entrance: ~Copyable {
    /// A storm of newcomers keeps nobody waiting who is there already (SEC-7).
    static let newcomersPerTurn = 32

    private let worker: Int
    private let mailboxes: [Mailbox]
    private let admission: Admission
    private let registry: ProbeRegistry
    private let lanes: Lanes
    private var listeners: [Listener]
    /// How many are accepted at a time: one, unless more came with each turn. To find nobody waiting costs
    /// as much as to let somebody in.
    private var atOnce = 1
    /// Held back for the moment when no descriptor is left: given up, it lets us accept and close the
    /// newcomer instead of spinning on a backlog nobody can take from.
    private var spare: Wakeup?
    private let makeSpare: () throws(PosixError) -> Wakeup
    /// Not even the spare one is left, as others were faster to take it: the door is shut until then, or it
    /// would not let the worker sleep. nil: it is open.
    private(set) var shutUntilNanoseconds: UInt64?
    private static let shutNanoseconds: UInt64 = 250_000_000
    /// Told once, until somebody is let in again.
    private var hasToldShortage = false

    init(
        to worker: Int, listeners: [Listener], mailboxes: [Mailbox], admission: Admission,
        registry: ProbeRegistry, lanes: Lanes,
        makeSpare: @escaping () throws(PosixError) -> Wakeup = { () throws(PosixError) in
            try Wakeup()
        }
    ) {
        self.worker = worker
        self.listeners = listeners
        self.mailboxes = mailboxes
        self.admission = admission
        self.registry = registry
        self.lanes = lanes
        self.makeSpare = makeSpare
        _ = hasSpare()
    }

    // MARK: Waiting

    /// Tokens from the highest down, where no session comes.
    private static func token(of index: Int) -> UInt64 { .max - UInt64(index) }

    func open(_ poller: borrowing Poller) throws(PosixError) {
        for (index, listener) in listeners.enumerated() {
            try poller.add(
                listener.socket.descriptor, token: Self.token(of: index), [.readable, .exclusive])
        }
    }

    /// Nobody comes in this way any more.
    mutating func close(_ poller: borrowing Poller) {
        if shutUntilNanoseconds == nil { unwatch(poller) }
        shutUntilNanoseconds = nil
        listeners = []
    }

    private func unwatch(_ poller: borrowing Poller) {
        for listener in listeners {
            do throws(PosixError) {
                try poller.remove(listener.socket.descriptor)
            } catch {
                preconditionFailure("a listener that was added can be removed: \(error)")
            }
        }
    }

    private mutating func shut(_ poller: borrowing Poller, _ now: UInt64) {
        unwatch(poller)
        shutUntilNanoseconds = now + Self.shutNanoseconds
        guard !hasToldShortage else { return }
        hasToldShortage = true
        tell(.note(.error, source: "net", "no descriptor left: newcomers wait"), now)
    }

    /// Opens a door again that was shut long enough.
    mutating func reopen(_ poller: borrowing Poller, nowNanoseconds now: UInt64) {
        guard let until = shutUntilNanoseconds, now >= until else { return }
        shutUntilNanoseconds = nil
        do throws(PosixError) {
            try open(poller)
        } catch {
            preconditionFailure("a listener that was removed can be added: \(error)")
        }
    }

    /// The listener of a token; nil: it belongs to something else.
    func listener(of token: UInt64) -> Listener? {
        let index = UInt64.max - token
        return index < UInt64(listeners.count) ? listeners[Int(index)] : nil
    }

    // MARK: Accepting

    /// A turn without anybody at the door.
    mutating func rest() {
        atOnce = 1
    }

    /// - Parameter arrivals: whom this worker is to adopt.
    mutating func accept(
        at listener: Listener, _ poller: borrowing Poller, nowNanoseconds now: UInt64,
        into arrivals: inout Arrivals
    ) {
        guard shutUntilNanoseconds == nil else { return }
        for _ in 0..<atOnce {
            do throws(PosixError) {
                guard let accepted = try listener.socket.accept() else {
                    atOnce = 1
                    return
                }
                let address = accepted.address
                if hasSpare() {
                    hasToldShortage = false
                    admit(accepted.take(), address, at: listener, now, &arrivals)
                } else {
                    _ = accepted.take()
                    refuse(address, "descriptors", now)
                }
            } catch {
                guard error.isOutOfDescriptors else {
                    tell(.note(.warn, source: "net", "accept failed: \(error.description)"), now)
                    return
                }
                spare = nil
                refuseOne(at: listener, now)
            }
            guard hasSpare() else { return shut(poller, now) }
        }
        atOnce = min(2 * atOnce, Self.newcomersPerTurn)
    }

    /// Whether there is a spare one, taken anew if there was none.
    private mutating func hasSpare() -> Bool {
        guard spare == nil else { return true }
        do throws(PosixError) {
            spare = try makeSpare()
            return true
        } catch {
            return false
        }
    }

    private func admit(
        _ accepted: consuming Socket, _ address: SocketAddress, at listener: Listener,
        _ now: UInt64, _ arrivals: inout Arrivals
    ) {
        switch admission.enter(site: address.site, through: worker, nowNanoseconds: now) {
        case .refused(let why):
            refuse(address, why, now)
        case .admitted(let id, let adopter, let loser):
            if let loser {
                mailboxes[loser.worker].post(.close(loser.session, .crowdedOut), from: worker)
            }
            let peer = address.description
            let probe = ConnectionProbe(
                id: id, peer: peer, listener: listener.address, acceptedAtNanoseconds: now)
            registry.add(probe)
            registry.process.accepted.add(1, ordering: .relaxed)
            tell(
                .accept(
                    id, peer: peer, listener: listener.address,
                    isTLS: listener.certificates != nil),
                now)
            let arrival = AcceptedConnection(
                descriptor: accepted.release(), address: address, probe: probe,
                tls: listener.certificates?.current)
            if adopter == worker {
                arrivals.append(arrival)
            } else {
                mailboxes[adopter].post(.adopt(arrival), from: worker)
            }
        }
    }

    private func refuseOne(at listener: Listener, _ now: UInt64) {
        do throws(PosixError) {
            guard let accepted = try listener.socket.accept() else { return }
            refuse(accepted.address, "descriptors", now)
        } catch {
            // Another thread has taken what was given up.
            guard !error.isOutOfDescriptors else { return }
            tell(.note(.warn, source: "net", "accept failed: \(error.description)"), now)
        }
    }

    private func refuse(_ address: SocketAddress, _ why: String, _ now: UInt64) {
        registry.process.refused.add(1, ordering: .relaxed)
        tell(.refused(peer: address.description, why: why), now)
    }

    private func tell(_ kind: Event.Kind, _ now: UInt64) {
        lanes.events.put(Event(atNanoseconds: now, kind: kind))
    }
}
