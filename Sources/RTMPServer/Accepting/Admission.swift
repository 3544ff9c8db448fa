import Posix
import Security
import Synchronization
import Telemetry

/// Who may come in, and who makes room: the bounds on connections, and the worker each goes to.
/// Shared by all workers.
///
/// A newcomer has published or played nothing yet, so it holds a place that others want at no cost
/// of its own (SEC-7). Where room is short, the newcomer that waits longest gives way: a client that
/// does its handshake at once keeps its place, and those that sit on theirs lose it. Whoever has
/// published or played is never closed for room.
final class Admission: Sendable {
    private struct Counts {
        var total = 0
        var byWorker: [Int]
        var bySite: [UInt64: Site] = [:]
        /// Not through the handshake yet.
        var handshakes = WaitingLine()
        /// Through it, and neither publisher nor player so far.
        var idle = WaitingLine()
        /// Told to make room, and not gone yet.
        var leaving: Set<SessionID> = []
    }

    /// What comes from one address.
    ///
    /// A class, so that it is changed where it stands; guarded by the same lock.
    private final class Site {
        var connections = 0
        var handshakes = WaitingLine()
    }

    private let counts: Lock<Counts>
    private let nextID = Atomic<SessionID>(1)
    private let maximum: Int
    private let maximumPerAddress: Int
    private let maximumSlowHandshakes: Int

    /// So many may be on their way out at once, which is how far `maximum` can be exceeded: a worker
    /// that does not get to close them must not let more in.
    static let leavingMaximum = 256

    init(workers: Int, configuration: ServerConfiguration) {
        counts = Lock(Counts(byWorker: Array(repeating: 0, count: workers)))
        maximum = configuration.maximumConnections
        maximumPerAddress = configuration.maximumConnectionsPerAddress
        maximumSlowHandshakes = configuration.maximumSlowHandshakes
    }

    enum Answer {
        /// The worker with the fewest connections takes it; somebody else may have to make room.
        case admitted(SessionID, worker: Int, inPlaceOf: WaitingLine.Place?)
        case refused(why: String)
    }

    /// - Parameters:
    ///   - site: `SocketAddress.site` of the newcomer.
    ///   - door: the worker that accepted it, and has it unless another one has fewer.
    func enter(site: UInt64, through door: Int, nowNanoseconds: UInt64) -> Answer {
        counts.withLock { counts in
            let here = counts.bySite[site] ?? Site()
            if maximumPerAddress > 0, here.connections >= maximumPerAddress {
                return .refused(why: "per-address")
            }
            var loser: WaitingLine.Place?
            if counts.total - counts.leaving.count >= maximum {
                guard counts.leaving.count < Self.leavingMaximum,
                    let place = longestWaiting(&counts, site, nowNanoseconds)
                else { return .refused(why: "connections") }
                loser = place
            } else if maximumSlowHandshakes > 0,
                counts.handshakes.count >= maximumSlowHandshakes,
                let place = slowestHandshake(&counts, site),
                Self.isOver(place, nowNanoseconds)
            {
                loser = place
            }
            if let loser { Self.makeLeave(loser, &counts) }

            var worker = door
            for index in counts.byWorker.indices
            where counts.byWorker[index] < counts.byWorker[worker] {
                worker = index
            }
            let place = WaitingLine.Place(
                session: nextID.wrappingAdd(1, ordering: .relaxed).oldValue, worker: worker,
                site: site, sinceNanoseconds: nowNanoseconds)
            counts.total += 1
            counts.byWorker[worker] += 1
            counts.handshakes.append(place)
            if here.connections == 0 { counts.bySite[site] = here }
            here.connections += 1
            here.handshakes.append(place)
            return .admitted(place.session, worker: worker, inPlaceOf: loser)
        }
    }

    /// The handshake is done.
    func greeted(_ session: SessionID, worker: Int, site: UInt64, nowNanoseconds: UInt64) {
        counts.withLock { counts in
            guard counts.handshakes.remove(session) else { return }
            counts.bySite[site]?.handshakes.remove(session)
            counts.idle.append(
                WaitingLine.Place(
                    session: session, worker: worker, site: site,
                    sinceNanoseconds: nowNanoseconds))
        }
    }

    /// It publishes or plays: no newcomer any more.
    func settled(_ session: SessionID) {
        _ = counts.withLock { $0.idle.remove(session) }
    }

    func leave(_ session: SessionID, worker: Int, site: UInt64) {
        counts.withLock { counts in
            counts.total -= 1
            counts.byWorker[worker] -= 1
            counts.handshakes.remove(session)
            counts.idle.remove(session)
            counts.leaving.remove(session)
            guard let here = counts.bySite[site] else { return }
            here.handshakes.remove(session)
            here.connections -= 1
            if here.connections == 0 { counts.bySite[site] = nil }
        }
    }

    /// Whether there is or was such a session: an operator may name one that is yet to come.
    func hasNumbered(_ session: SessionID) -> Bool {
        session < nextID.load(ordering: .relaxed)
    }

    // MARK: Making room

    private func longestWaiting(
        _ counts: inout Counts, _ site: UInt64, _ nowNanoseconds: UInt64
    ) -> WaitingLine.Place? {
        if let place = slowestHandshake(&counts, site) { return place }
        guard let place = counts.idle.first(), Self.isOver(place, nowNanoseconds) else {
            return nil
        }
        return place
    }

    /// One of the newcomer's own address, if that has more than its share: who floods from one
    /// address takes the place of his own.
    private func slowestHandshake(_ counts: inout Counts, _ site: UInt64) -> WaitingLine.Place? {
        if let own = counts.bySite[site]?.handshakes.count, own * 4 > counts.handshakes.count,
            let place = counts.bySite[site]?.handshakes.first()
        {
            return place
        }
        return counts.handshakes.first()
    }

    private static func isOver(_ place: WaitingLine.Place, _ nowNanoseconds: UInt64) -> Bool {
        nowNanoseconds >= place.sinceNanoseconds &+ ServerConfiguration.handshakeGraceNanoseconds
    }

    private static func makeLeave(_ place: WaitingLine.Place, _ counts: inout Counts) {
        counts.handshakes.remove(place.session)
        counts.bySite[place.site]?.handshakes.remove(place.session)
        counts.idle.remove(place.session)
        counts.leaving.insert(place.session)
    }
}

/// A connection that was accepted, before it is adopted.
struct AcceptedConnection: Sendable {
    /// Owned by whoever holds this value last: the worker adopts it.
    let descriptor: Int32
    let address: SocketAddress
    let probe: ConnectionProbe
    /// On a TLS port.
    let tls: TLSContext?

    /// Instead of its adoption.
    func close() {
        _ = Socket(adopting: descriptor)
    }
}
