import Posix
import Telemetry

/// Tells what one thread of the executable has to tell, as the engine's threads do.
struct Narrator {
    private let lanes = Lanes(events: 1024, messages: 1, trace: 1)

    init(_ registry: ProbeRegistry) {
        registry.add(lanes)
    }

    func tell(_ kind: Event.Kind) {
        lanes.events.put(Event(atNanoseconds: Clock.monotonicNanoseconds(), kind: kind))
    }
}
