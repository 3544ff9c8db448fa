import Monitor
import Posix
import Telemetry

/// The sampler's thread: four times a second what was told is taken and handed to whoever shows it,
/// with a look at everything, or, where nobody draws, with one every second.
final class SamplerLoop: Sendable {
    static let periodNanoseconds: UInt64 = 250_000_000

    private let wishes: Wishes
    private let thread: Thread

    /// `show` runs on the sampler's thread after each tick, the last one at the end included.
    ///
    /// - Parameter readPeriodNanoseconds: the probes are read about as often.
    init(
        _ registry: ProbeRegistry, startedAtNanoseconds: UInt64, readPeriodNanoseconds: UInt64,
        show: @escaping @Sendable (Snapshot) -> Void
    ) throws(PosixError) {
        let wishes = try Wishes()
        self.wishes = wishes
        let ticksPerLook = max(Int(clamping: readPeriodNanoseconds / Self.periodNanoseconds), 1)
        thread = try Thread.start(name: "sampler") {
            let sampler = Sampler(
                registry: registry, startedAtNanoseconds: startedAtNanoseconds,
                processFigures: Self.processFigures)
            var isEnding = false
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
                show(
                    sampler.tick(
                        nowNanoseconds: now,
                        wallClockMilliseconds: Clock.wallClockMilliseconds(),
                        readsProbes: isEnding || inspected != nil || !notes.isEmpty
                            || ticks % ticksPerLook == 0))
                ticks += 1
                guard !isEnding else { return }
                let took = Clock.monotonicNanoseconds() - now
                let rest = Self.periodNanoseconds - min(took, Self.periodNanoseconds)
                wishes.wakeup.wait(timeoutMilliseconds: Int32(rest / 1_000_000))
            }
        }
    }

    /// Exactly these sessions are looked at closely, from the next look on, which comes at once.
    func inspect(_ sessions: Set<SessionID>) {
        wishes.inspected.withLock { $0 = sessions }
        wishes.wakeup.signal()
    }

    /// What somebody says of a session, from the next look on, which comes at once.
    func write(note: SafeText?, of session: SessionID) {
        wishes.notes.withLock { $0.append((session, note)) }
        wishes.wakeup.signal()
    }

    /// Looks a last time and ends the thread.
    func finish() {
        wishes.isEnding.withLock { $0 = true }
        wishes.wakeup.signal()
        thread.join()
    }

    private final class Wishes: Sendable {
        let wakeup: Wakeup
        let inspected = Lock<Set<SessionID>?>(nil)
        let notes = Lock<[(SessionID, SafeText?)]>([])
        let isEnding = Lock(false)

        init() throws(PosixError) {
            wakeup = try Wakeup()
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
