import Monitor
import Telemetry

/// A recording on one line, as the streams and the inspector show it.
enum RecordingWords {
    /// `1.2 MB  00:12  r/live_2Fcam1-20261121T140000Z.flv`: the name last, which may be long.
    static func spans(_ recording: RecordingRow) -> [Span] {
        let facts = recording.facts
        guard facts.state != .waiting else { return [Span("waits for a keyframe")] }
        let time = Format.duration(recording.milliseconds &* 1_000_000)
        var spans = [Span("\(Format.bytes(recording.bytes))  \(time)  ")]
        if recording.skippedFrames > 0 {
            let frames = Format.grouped(recording.skippedFrames)
            spans.append(Span("\(frames) frames skipped  ", .sevWarn))
        }
        let path = facts.path?.description ?? Format.unknown
        switch facts.state {
        case .waiting, .writing: spans.append(Span(path, .sevOk))
        case .failed: spans.append(Span(facts.why?.description ?? "failed", .sevError))
        case .ended: spans.append(Span("ended  " + path, .textDim))
        }
        return spans
    }
}
