import Monitor
import Posix
import Telemetry

/// The sampler's thread: four times a second what was told is taken and handed to whoever shows it,
/// with a look at everything, or, where nobody draws, with one every second.
///
/// While nobody is connected and no stream is known, it does so as the second of the clock begins, and
/// when somebody comes.
final class SamplerLoop: Sendable {
    static let periodNanoseconds: UInt64 = 250_000_000

    private let wishes: Wishes
    private let thread: Thread

    /// `show` runs on the sampler's thread after each tick, the last one at the end included.
    ///
    /// - Parameters:
    ///   - keepsHistory: false: nobody asks for graphs of sessions.
    ///   - readPeriodNanoseconds: the probes are read about as often.
    init(
        _ registry: ProbeRegistry, _ doorbell: Doorbell, startedAtNanoseconds: UInt64,
        keepsHistory: Bool, readPeriodNanoseconds: UInt64,
        show: @escaping @Sendable (Snapshot) -> Void
    ) throws(PosixError) {
        let wishes = Wishes(doorbell)
        self.wishes = wishes
        let ticksPerLook = max(Int(clamping: readPeriodNanoseconds / Self.periodNanoseconds), 1)
        thread = try Thread.start(name: "sampler") {
            let sampler = Sampler(
                registry: registry, startedAtNanoseconds: startedAtNanoseconds,
                keepsHistory: keepsHistory, processFigures: Self.processFigures)
            var isEnding = false
            var isResting = false
            var ticks = 0
            while !isEnding {
                // Asked before the look, so that the last one sees all that came before the end.
                isEnding = wishes.isEnding.withLock { $0 }
                let inspected = wishes.inspected.withLock({ $0.take() })
                if let inspected { sampler.setInspected(inspected) }
                let notes = wishes.notes.withLock { notes in
                    defer { notes = [] }
                    return notes
                }
                for (session, text) in notes { sampler.write(note: text, of: session) }
                let now = Clock.monotonicNanoseconds()
                let snapshot = sampler.tick(
                    nowNanoseconds: now, wallClockMilliseconds: Clock.wallClockMilliseconds(),
                    readsProbes: isEnding || isResting || inspected != nil || !notes.isEmpty
                        || ticks % ticksPerLook == 0)
                show(snapshot)
                ticks += 1
                guard !isEnding else { return }
                isResting = sampler.isResting
                if isResting {
                    let passed = Clock.wallClockMilliseconds() % 1000
                    doorbell.rest(timeoutMilliseconds: Int32(1001 - passed)) {
                        registry.hasNewConnections
                    }
                } else {
                    let took = Clock.monotonicNanoseconds() - now
                    let rest = Self.periodNanoseconds - min(took, Self.periodNanoseconds)
                    doorbell.wait(timeoutMilliseconds: Int32(rest / 1_000_000))
                }
            }
        }
    }

    /// Exactly these sessions are looked at closely, from the next look on, which comes at once.
    func inspect(_ sessions: Set<SessionID>) {
        wishes.inspected.withLock { $0 = sessions }
        wishes.doorbell.knock()
    }

    /// What somebody says of a session, from the next look on, which comes at once.
    func write(note: SafeText?, of session: SessionID) {
        wishes.notes.withLock { $0.append((session, note)) }
        wishes.doorbell.knock()
    }

    /// Looks a last time and ends the thread.
    func finish() {
        wishes.isEnding.withLock { $0 = true }
        wishes.doorbell.knock()
        thread.join()
    }

    private final class Wishes: Sendable {
        let doorbell: Doorbell
        let inspected = Lock<Set<SessionID>?>(nil)
        let notes = Lock<[(SessionID, SafeText?)]>([])
        let isEnding = Lock(false)

        init(_ doorbell: Doorbell) {
            self.doorbell = doorbell
        }
    }

    private static func processFigures() -> ProcessFigures {
        ProcessFigures(
            cpuNanoseconds: ProcessUsage.cpuNanoseconds(),
            residentBytes: ProcessUsage.residentBytes(),
            openDescriptors: ProcessUsage.openDescriptors(),
            descriptorLimit: Int(clamping: ProcessUsage.descriptorLimit()))
    }
}
