import Posix
import Synchronization
import Telemetry

/// Who may come in: the bounds on connections, and the worker each goes to. Shared by listeners and
/// workers.
final class Admission: Sendable {
    private struct Counts {
        var total = 0
        var byWorker: [Int]
        var byHost: [String: Int] = [:]
    }

    private let counts: Lock<Counts>
    private let nextID = Atomic<SessionID>(1)
    private let maximum: Int
    private let maximumPerAddress: Int

    init(workers: Int, configuration: ServerConfiguration) {
        counts = Lock(Counts(byWorker: Array(repeating: 0, count: workers)))
        maximum = configuration.maximumConnections
        maximumPerAddress = configuration.maximumConnectionsPerAddress
    }

    enum Answer {
        /// The worker with the fewest connections takes it.
        case admitted(worker: Int)
        case refused(why: String)
    }

    func enter(host: String) -> Answer {
        counts.withLock { counts in
            guard counts.total < maximum else { return .refused(why: "connections") }
            if maximumPerAddress > 0 {
                let here = counts.byHost[host] ?? 0
                guard here < maximumPerAddress else { return .refused(why: "per-address") }
                counts.byHost[host] = here + 1
            }
            counts.total += 1
            var worker = 0
            for index in counts.byWorker.indices
            where counts.byWorker[index] < counts.byWorker[worker] {
                worker = index
            }
            counts.byWorker[worker] += 1
            return .admitted(worker: worker)
        }
    }

    func leave(worker: Int, host: String) {
        counts.withLock { counts in
            counts.total -= 1
            counts.byWorker[worker] -= 1
            guard maximumPerAddress > 0, let here = counts.byHost[host] else { return }
            counts.byHost[host] = here > 1 ? here - 1 : nil
        }
    }

    func makeID() -> SessionID {
        nextID.wrappingAdd(1, ordering: .relaxed).oldValue
    }
}

/// A connection between listener and worker.
struct AcceptedConnection: Sendable {
    /// Owned by whoever holds this value last: the worker adopts it.
    let descriptor: Int32
    let address: SocketAddress
    let probe: ConnectionProbe
}
