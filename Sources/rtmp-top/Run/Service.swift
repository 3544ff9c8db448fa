import FoundationEssentials
import Monitor
import Posix
import Recording
import RTMPServer
import Telemetry

/// The engine, the sampler that watches it, and the order in which both begin and end.
struct Service {
    private static let drainNanoseconds: UInt64 = 2_000_000_000

    /// How long disks may take at the end.
    private static let recordingNanoseconds: UInt64 = 10_000_000_000

    let control: ServerControl
    let recordings: Recordings
    let sampler: SamplerLoop
    private let server: Server
    private let registry: ProbeRegistry
    private let narrator: Narrator

    /// `show` gets each snapshot on the sampler's thread.
    ///
    /// - Parameters:
    ///   - wantsFigures: false: of a snapshot, only the journal and the trace are looked at.
    ///   - keepsHistory: false: nobody asks for graphs of sessions.
    ///   - readPeriodNanoseconds: how old the figures of a snapshot may be.
    static func start(
        _ configuration: ServerConfiguration, _ recording: Recordings.Options,
        wantsFigures: Bool = true, keepsHistory: Bool = true, readPeriodNanoseconds: UInt64,
        show: @escaping @Sendable (Snapshot) -> Void
    ) throws(Failure) -> Service {
        ProcessUsage.raiseDescriptorLimit()
        let doorbell = try Failure.unlessStarted(Doorbell.init)
        let registry = ProbeRegistry(
            wantsFigures: wantsFigures, whenConnected: doorbell.ring)
        let recordings = try Failure.unlessStarted { () throws(PosixError) in
            try Recordings(recording, registry: registry)
        }
        var configuration = configuration
        configuration.sinks = { recordings.sinks(for: $0) }
        let server: Server
        do {
            server = try Server.start(configuration, registry: registry)
        } catch {
            switch error {
            case .cannotListen: throw .cannotListen("\(error)")
            case .certificate(let sentence): throw .usage(sentence)
            case .cannotStart: throw .internal("\(error)")
            }
        }
        let narrator = Narrator(registry)
        narrator.tell(
            .serverStart(
                listen: server.listening, tlsListen: server.tlsListening, version: rtmpTopVersion,
                pid: ProcessInfo.processInfo.processIdentifier))
        do {
            try recordings.repairLeftovers()
            let sampler = try SamplerLoop(
                registry, doorbell, startedAtNanoseconds: Clock.monotonicNanoseconds(),
                keepsHistory: keepsHistory, readPeriodNanoseconds: readPeriodNanoseconds,
                show: show)
            return Service(
                control: server.control, recordings: recordings, sampler: sampler, server: server,
                registry: registry, narrator: narrator)
        } catch {
            server.stop(within: 0)
            recordings.finish(withinNanoseconds: 0)
            throw .internal("cannot start: \(error)")
        }
    }

    /// Start in reverse: peers are told and flushed until a deadline, threads joined, recordings finished, then the last
    /// look, which sees the end of every session.
    func stop(_ reason: Ending.Reason) {
        server.stop(within: Self.drainNanoseconds)
        recordings.finish(withinNanoseconds: Self.recordingNanoseconds)
        narrator.tell(.serverStop(why: reason.rawValue))
        sampler.finish()
    }

    func tell(_ kind: Event.Kind) {
        narrator.tell(kind)
    }

    /// For another thread that has something to tell.
    func newNarrator() -> Narrator {
        Narrator(registry)
    }
}
