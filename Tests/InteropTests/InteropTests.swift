import Testing

/// Real programs against the built `rtmp-top`.
@Suite(
    .seats, .timeLimit(.minutes(10)),
    .enabled(if: Tool.rtmpTop != nil, "rtmp-top was not built: swift build --product rtmp-top"))
struct InteropTests {
    static let needsFFmpeg: any SuiteTrait & TestTrait = ConditionTrait.enabled(
        if: Tool.ffmpeg.isInstalled && Tool.ffprobe.isInstalled, "ffmpeg is not installed")
}
