import ArgumentParser
import Console
import Recording

/// What is recorded, and where to.
struct RecordingOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo, help: "Record every publish into FLV files. (default: no)")
    var recordAll: Bool?

    @Option(
        help: ArgumentHelp(
            "Record this stream, live/camera, or with * for anything: 'studio/*'. Repeatable.",
            valueName: "stream"))
    var record: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where recordings go; made when the first one begins. What a killed server left there "
                + "unfinished is repaired at the start. (default: recordings)",
            valueName: "folder"))
    var recordDir: String?

    @Option(
        help: ArgumentHelp(
            "Begin a new file at the first keyframe so long after the last one's beginning. "
                + "(default: one file a publish)",
            valueName: "time"),
        transform: DurationArgument.parsePositive)
    var recordSegment: DurationArgument?

    /// Takes from the configuration what nothing else said.
    mutating func adopt(_ settings: RecordSettings) {
        recordAll = recordAll ?? settings.all
        if record.isEmpty { record = settings.streams }
        recordDir = recordDir ?? settings.folder
        recordSegment =
            recordSegment ?? settings.segmentMilliseconds.map(DurationArgument.init(milliseconds:))
    }

    var recordings: Recordings.Options {
        Recordings.Options(
            folder: recordDir ?? RecordSettings().folder, recordsAll: recordAll ?? false,
            streams: record.map { StreamPattern($0) },
            writer: RecordingWriter.Options(
                segmentMilliseconds: recordSegment.map { UInt32(clamping: $0.milliseconds) }))
    }
}
