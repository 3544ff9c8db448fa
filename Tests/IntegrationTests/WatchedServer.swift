import Monitor
import Posix
import RTMPServer
import Telemetry

/// A server watched through the sampler, as both readers watch it.
final class WatchedServer {
    let server: Server
    let port: UInt16
    let sampler: Sampler
    private(set) var snapshot: Snapshot

    init(_ change: (inout ServerConfiguration) -> Void = { _ in }) throws {
        let registry = ProbeRegistry()
        var configuration = Patience.configuration
        change(&configuration)
        server = try Server.start(configuration, registry: registry)
        port = UInt16(server.listening[0].split(separator: ":").last ?? "0") ?? 0
        let now = Clock.monotonicNanoseconds()
        let lanes = Lanes()
        registry.add(lanes)
        lanes.events.put(
            Event(
                atNanoseconds: now,
                kind: .serverStart(
                    listen: server.listening, tlsListen: server.tlsListening, version: "0", pid: 1))
        )
        sampler = Sampler(
            registry: registry, startedAtNanoseconds: now,
            processFigures: { ProcessFigures() })
        snapshot = sampler.tick(
            nowNanoseconds: now, wallClockMilliseconds: Clock.wallClockMilliseconds())
    }

    deinit {
        server.stop()
    }

    @discardableResult
    func tick() -> Snapshot {
        snapshot = sampler.tick(
            nowNanoseconds: Clock.monotonicNanoseconds(),
            wallClockMilliseconds: Clock.wallClockMilliseconds())
        return snapshot
    }

    /// Ticks until the snapshot is as wanted, for as long as `Patience` has.
    @discardableResult
    func wait(_ isWanted: (Snapshot) -> Bool) throws -> Snapshot {
        let pause = try Poller()
        var none = [PollEvent()]
        let deadline = Clock.monotonicNanoseconds() + Patience.nanoseconds
        while Clock.monotonicNanoseconds() < deadline {
            if isWanted(tick()) { return snapshot }
            _ = try pause.wait(into: &none, timeoutNanoseconds: 5_000_000)
        }
        throw TestServer.NeverHappened(description: "sessions: \(snapshot.sessions)")
    }
}
