import Telemetry

/// What the sampler remembers of the newest recording of a stream.
struct RecordingTracker {
    private let probe: RecordingProbe
    private var facts = RecordingFacts(state: .waiting)

    init(_ probe: RecordingProbe) {
        self.probe = probe
    }

    mutating func row() -> RecordingRow {
        if let newer = probe.facts.take() { facts = newer }
        var row = RecordingRow(facts: facts)
        row.bytes = probe.bytes.read()
        row.milliseconds = probe.milliseconds.read()
        row.skippedFrames = probe.skippedFrames.read()
        return row
    }
}
