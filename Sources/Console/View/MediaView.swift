import Monitor
import Telemetry

/// What a session publishes, as measured, or what waits for a player.
enum MediaView {
    static func draw(
        _ row: SessionRow, _ detail: SessionDetail?, in area: Rect, _ box: Box, scene: Scene,
        on surface: inout Surface
    ) {
        let inner = box.draw(on: &surface, area, glyphs: scene.glyphs)
        let firstKey = row.firstFrameNanoseconds.map { Format.briefly($0) } ?? Format.unknown
        let fps = Format.fixed(row.framesPerSecond, 1)
        let frames = "video \(Format.size(row.videoFrames))  audio \(Format.size(row.audioFrames))"
        if row.isPlayer {
            surface.put(
                lines: [
                    [
                        Span(
                            "queue \(Format.bytes(row.queueBytes)) = \(row.queueMilliseconds) ms  "
                                + "\(fps) fps")
                    ],
                    [
                        Span(
                            "dropped \(row.skippedVideo) video, \(row.skippedAudio) audio in "
                                + Format.count(Int(clamping: row.skips), "skip"),
                            row.skippedVideo > 0 ? .sevWarn : .text)
                    ],
                    [Span("\(frames)  first key \(firstKey)")],
                ], in: inner, cut: scene.glyphs.cut)
            return
        }
        guard row.isPublisher || row.videoFrames > 0 || row.audioFrames > 0 else {
            surface.put(
                lines: [[Span("neither publishes nor plays", .textDim)]], in: inner,
                cut: scene.glyphs.cut)
            return
        }
        let video = row.configuration(.video)?.shortWords ?? "video -"
        let audio = row.configuration(.audio)?.shortWords ?? "audio -"
        let gop = Format.fixed(row.gopMilliseconds.map { Double($0) / 1000 }, 2)
        let age = Format.fixed(row.keyframeAgeNanoseconds.map { Double($0) / 1_000_000_000 }, 1)
        let late = Format.milliseconds(row.lateNanoseconds)
        let start = detail?.audioVideoAtStart.map { "  A-V at start \(Format.signed($0)) ms" } ?? ""
        let alignment = Format.signed(row.audioVideoMilliseconds)
        let drift = Format.drift(row.clock)
        let hasJumped = row.timestampJumps + row.timestampBacks > 0
        let jumps = Span(
            "ts jumps \(row.timestampJumps) back \(row.timestampBacks)  ",
            hasJumped ? .sevWarn : .text)
        let first = "first key \(firstKey)  key \(age) s ago  late \(late) ms"
        surface.put(
            lines: [
                [Span(video, .textStrong), Span(" \(fps) fps GOP \(gop) s")],
                [Span(audio, .textStrong), Span(" A-V \(alignment) ms clock \(drift) ppm")],
                (hasJumped || inner.width > 66 ? [jumps] : []) + [Span(first)],
                [Span(frames + start)],
            ]
                + row.facts.configurations.map { track in
                    [
                        Span("track \(track.track)  ", .textDim),
                        Span(track.configuration.longWords, .textStrong),
                        Span("   config \(track.bytes) B, changed \(track.changes)x"),
                    ]
                }, in: inner, cut: scene.glyphs.cut)
    }
}

extension Surface {
    /// One below the other, as far as there is room, a cell from the sides.
    mutating func put(lines: [[Span]], in inner: Rect, cut: Unicode.Scalar) {
        for (index, spans) in lines.enumerated() where index < inner.height {
            put(spans, x: inner.x + 1, y: inner.y + index, limit: inner.maxX - 1, cut: cut)
        }
    }
}
