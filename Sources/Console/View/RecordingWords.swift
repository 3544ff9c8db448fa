import Monitor
import Telemetry

/// A recording on one line, as the streams and the inspector show it.
enum RecordingWords {
    /// `r/live_2Fcam1-20261121T140000Z.flv  1.2 MB  00:12`
    static func spans(_ recording: RecordingRow) -> [Span] {
        let path = recording.facts.path?.description ?? Format.unknown
        var spans: [Span] = []
        switch recording.facts.state {
        case .waiting: return [Span("waits for a keyframe")]
        case .writing: spans.append(Span(path, .sevOk))
        case .failed:
            spans.append(Span(recording.facts.why?.description ?? "failed", .sevError))
        case .ended: spans.append(Span(path + " ended", .textDim))
        }
        let time = Format.duration(recording.milliseconds &* 1_000_000)
        spans.append(Span("  \(Format.bytes(recording.bytes))  \(time)"))
        if recording.skippedFrames > 0 {
            spans.append(
                Span("  \(Format.grouped(recording.skippedFrames)) frames skipped", .sevWarn))
        }
        return spans
    }
}
