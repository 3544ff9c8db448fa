import Monitor
import RTMP
import Synchronization
import Telemetry

/// A sampler with probes driven by hand and a clock that goes when it is told to.
final class ObservedServer {
    static let second: UInt64 = 1_000_000_000
    static let startedAt = 100 * second
    private static let startedAtMilliseconds: Int64 = 1_795_269_600_000

    let registry: ProbeRegistry
    let lanes: Lanes
    let sampler: Sampler
    private(set) var now = ObservedServer.startedAt
    private(set) var figures = ProcessFigures()

    init(
        lanes: Lanes = Lanes(events: 64, messages: 64, trace: 64), wantsFigures: Bool = true,
        keepsHistory: Bool = true
    ) {
        self.lanes = lanes
        registry = ProbeRegistry(wantsFigures: wantsFigures)
        let source = FiguresSource()
        sampler = Sampler(
            registry: registry, startedAtNanoseconds: Self.startedAt, keepsHistory: keepsHistory
        ) {
            source.figures
        }
        figuresSource = source
        registry.add(lanes)
    }

    private let figuresSource: FiguresSource

    private final class FiguresSource {
        var figures = ProcessFigures()
    }

    func setProcess(_ figures: ProcessFigures) {
        figuresSource.figures = figures
    }

    func wallClock(at nanoseconds: UInt64) -> Int64 {
        Self.startedAtMilliseconds + Int64((nanoseconds - Self.startedAt) / 1_000_000)
    }

    /// Lets time pass without a look.
    func pass(milliseconds: UInt64) {
        now += milliseconds * 1_000_000
    }

    @discardableResult
    func tick() -> Snapshot {
        sampler.tick(nowNanoseconds: now, wallClockMilliseconds: wallClock(at: now))
    }

    /// Looks every quarter of a second; before each look `change` says what happened since.
    @discardableResult
    func run(seconds: Double, _ change: () -> Void = {}) -> Snapshot {
        var snapshot: Snapshot?
        for _ in 0..<Int(seconds * 4) {
            pass(milliseconds: 250)
            change()
            snapshot = tick()
        }
        return snapshot ?? tick()
    }

    func tell(_ kind: Event.Kind) {
        lanes.events.put(Event(atNanoseconds: now, kind: kind))
    }

    func accept(
        _ id: SessionID, role: ConnectionFacts.Role = .idle, stream: SafeText? = nil
    ) -> ConnectionProbe {
        let probe = ConnectionProbe(
            id: id, peer: "192.0.2.\(id):5000", listener: ":1935", acceptedAtNanoseconds: now)
        registry.add(probe)
        registry.process.accepted.add(1, ordering: .relaxed)
        probe.facts.post(Shared(facts(role, stream)))
        return probe
    }

    func facts(_ role: ConnectionFacts.Role, _ stream: SafeText? = nil) -> ConnectionFacts {
        var facts = ConnectionFacts()
        facts.role = role
        facts.state = role == .publisher ? "publish" : role == .player ? "play" : "ready"
        facts.app = "live"
        facts.stream = stream
        if stream != nil { facts.startedAtNanoseconds = now }
        return facts
    }

    func close(_ probe: ConnectionProbe, _ facts: ConnectionFacts, why: String = "fin") {
        var facts = facts
        let report = CloseReport(
            who: .peer, why: why, detail: "closed by the peer", state: facts.state,
            lastedNanoseconds: now - probe.acceptedAtNanoseconds, bytesIn: probe.bytesIn.read(),
            bytesOut: probe.bytesOut.read())
        facts.close = report
        probe.facts.post(Shared(facts))
        registry.process.closed.add(1, ordering: .relaxed)
        tell(.close(probe.id, report))
    }
}

extension LogTail {
    var all: [Line] { (firstNumber..<endNumber).compactMap { self[$0] } }
}
