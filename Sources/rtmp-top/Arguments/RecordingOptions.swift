import ArgumentParser
import Recording

/// What is recorded, and where to.
struct RecordingOptions: ParsableArguments {
    @Flag(help: "Record every publish into FLV files.")
    var recordAll = false

    @Option(
        help: ArgumentHelp(
            "Where recordings go; made when the first one begins. What a killed server left there "
                + "unfinished is repaired at the start. (default: recordings)",
            valueName: "folder"))
    var recordDir = "recordings"

    @Option(
        help: ArgumentHelp(
            "Begin a new file at the first keyframe so long after the last one's beginning. "
                + "(default: one file a publish)",
            valueName: "time"),
        transform: DurationArgument.parsePositive)
    var recordSegment: DurationArgument?

    var recordings: Recordings.Options {
        Recordings.Options(
            folder: recordDir, recordsAll: recordAll,
            writer: RecordingWriter.Options(
                segmentMilliseconds: recordSegment.map { UInt32(clamping: $0.milliseconds) }))
    }
}
