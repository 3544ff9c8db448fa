import Monitor
import Telemetry

/// View 3: a tree of streams, publishers with what is measured of their media, and players.
enum StreamsView {
    /// What a line's columns show, of a stream or of a session.
    private struct Figures {
        var who = ""
        var state = ""
        var stateRole = Role.text
        var rateIn = 0.0
        var rateOut = 0.0
        var fps: Double?
        var gop: Double?
        var keyframeAge: UInt64?
        var audioVideo: Double?
        var clock: ClockDrift?
        var queueBytes: UInt64 = 0
        var up: UInt64 = 0
    }

    private enum Place: Int, CaseIterable, Sendable {
        case who, state, rateIn, rateOut, fps, gop, keyframeAge, audioVideo, clock, queue, up
    }

    private static let columns: [Column<Figures, Place>] = [
        column(.who, "WHO", 10, ideal: 16, .left, 6) { .init($0.who, .text) },
        column(.state, "STATE", 7, .left, 5) { .init($0.state, $0.stateRole) },
        column(.rateIn, "IN b/s", 6, .right, 1) { .number($0.rateIn, Format.scaled($0.rateIn)) },
        column(.rateOut, "OUT b/s", 7, .right, 1) {
            .number($0.rateOut, Format.scaled($0.rateOut))
        },
        column(.fps, "FPS", 5, .right, 2) { .init(Format.fixed($0.fps, 1)) },
        column(.gop, "GOP s", 5, .right, 4) { .init(Format.fixed($0.gop, 2)) },
        column(.keyframeAge, "KEY AGE", 7, .right, 7) {
            .init(Format.fixed($0.keyframeAge.map { Double($0) / 1_000_000_000 }, 2))
        },
        column(.audioVideo, "A-V ms", 6, .right, 8) { .init(Format.signed($0.audioVideo)) },
        column(.clock, "CLOCK", 5, .right, 9) { .init(Format.drift($0.clock)) },
        column(.queue, "QUEUE", 5, .right, 3) {
            .number(Double($0.queueBytes), Format.size($0.queueBytes))
        },
        column(.up, "UP", 5, .right, 2) { .init(Format.duration($0.up)) },
    ]

    private static func column(
        _ id: Place, _ title: String, _ minimum: Int, ideal: Int? = nil,
        _ align: Surface.Alignment, _ dropOrder: Int,
        _ content: @escaping @Sendable (Figures) -> Column<Figures, Place>.Content
    ) -> Column<Figures, Place> {
        Column(
            id, title, minimum, ideal: ideal, align: align, drop: dropOrder, help: "",
            sort: { _ in .none }, content: { figures, _ in content(figures) })
    }

    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        let area = layout.body.indented
        guard area.height > 0 else { return }
        let treeWidth = min(max(area.width * 3 / 10, 24), 48)
        let (tree, figures) = area.split(left: treeWidth)
        let places = ColumnLayout(columns, x: figures.x + 1, width: figures.width - 1)
        surface.fill(Rect(x: area.x, y: area.y, width: area.width, height: 1), role: .tableHeader)
        surface.put(
            "STREAM / SESSION", x: tree.x + 3, y: area.y, role: .tableHeader, limit: tree.maxX)
        for place in places.places {
            surface.put(
                place.column.title, x: place.x, y: area.y, field: place.width,
                align: place.column.align, cut: scene.glyphs.cut, role: .tableHeader)
        }
        let lines = scene.state.streams.lines(scene.snapshot)
        let rows = area.height - 1
        let first = scene.state.streams.firstVisible(lines, rows: rows)
        for (offset, line) in lines.dropFirst(first).prefix(rows).enumerated() {
            draw(
                line, y: area.y + 1 + offset, area, tree: tree, places: places, scene: scene,
                on: &surface)
        }
        if lines.isEmpty, rows > 0 {
            surface.put("no streams", x: area.x + 3, y: area.y + 1, role: .textDim)
        }
    }

    private static func draw(
        _ line: StreamTree.Line, y: Int, _ area: Rect, tree: Rect,
        places: ColumnLayout<Figures, Place>, scene: Scene, on surface: inout Surface
    ) {
        switch line {
        case .stream(let key):
            guard let row = scene.stream(key) else { return }
            let folded = scene.state.streams.folded.contains(key)
            let isBare = row.publisher == nil && row.players.isEmpty
            let sign = folded || isBare ? scene.glyphs.folded : scene.glyphs.unfolded
            let figures = StreamFigures(row, scene.snapshot)
            surface.put(
                "\(Character(sign)) \(key)", x: tree.x + 3, y: y, field: tree.width - 3,
                cut: scene.glyphs.cut, role: row.key.isEscaped ? .textEscaped : .textStrong)
            surface.put(figures.mark.text, x: tree.x, y: y, role: figures.mark.role)
            if case .ended(let why, let ago) = row.state {
                surface.put(
                    [Span("ended \(Format.duration(ago)) ago: \(why)", .rowClosed)],
                    x: tree.maxX + 1, y: y, limit: area.maxX, cut: scene.glyphs.cut)
            } else {
                draw(stream(figures), places, y: y, scene: scene, on: &surface)
            }
        case .publisher(let id, _, let isLast), .player(let id, _, let isLast):
            guard let row = scene.session(id) else { return }
            let branch = isLast ? scene.glyphs.lastBranch : scene.glyphs.branch
            var isPlayer = false
            if case .player = line { isPlayer = true }
            surface.put(row.mark.text, x: tree.x, y: y, role: row.mark.role)
            var x = surface.put(branch + " ", x: tree.x + 3, y: y, role: .border)
            x = surface.put(
                isPlayer ? "PLAY " : "PUB  ", x: x, y: y, role: isPlayer ? .rolePlay : .rolePub)
            // Where there is no room for WHO, who it is stands here.
            let hasWho = places.places.contains { $0.column.id == .who }
            let who = hasWho ? row.peer : row.client?.description ?? row.peer
            surface.put(
                "#\(id) \(who)", x: x, y: y, field: tree.maxX - x, cut: scene.glyphs.cut)
            draw(
                session(row, isPlayer: isPlayer, scene), places, y: y, scene: scene, on: &surface)
        case .media(let media, let id, let key, let isLast):
            if !isLast {
                surface.put(
                    String(Character(scene.glyphs.vertical)), x: tree.x + 3, y: y, role: .border)
            }
            guard let row = scene.session(id), let stream = scene.stream(key) else { return }
            surface.put(
                words(media, row, stream, scene), x: tree.x + 11, y: y, limit: area.maxX,
                cut: scene.glyphs.cut)
        }
        guard let item = line.item, item == scene.state.streams.cursor else { return }
        surface.put(String(Character(scene.glyphs.cursor)), x: area.x + 1, y: y)
        surface.paint(Rect(x: area.x, y: y, width: area.width, height: 1), role: .rowCursor)
        surface.cursor = .init(x: area.x + 1, y: y)
    }

    private static func draw(
        _ figures: Figures, _ places: ColumnLayout<Figures, Place>, y: Int, scene: Scene,
        on surface: inout Surface
    ) {
        for place in places.places {
            let content = place.column.content(figures, scene)
            surface.put(
                content.text, x: place.x, y: y, field: place.width, align: place.column.align,
                cut: scene.glyphs.cut, role: content.role)
        }
    }

    private static func stream(_ stream: StreamFigures) -> Figures {
        Figures(
            who: "\(stream.row.publisher == nil ? 0 : 1) pub, \(stream.row.players.count) play",
            state: stream.row.state.word, stateRole: stream.row.state.role,
            rateIn: stream.row.bitsPerSecondIn, rateOut: stream.row.bitsPerSecondOut,
            fps: stream.publisher?.framesPerSecond, gop: stream.gopSeconds,
            keyframeAge: stream.publisher?.keyframeAgeNanoseconds,
            audioVideo: stream.publisher?.audioVideoMilliseconds, clock: stream.publisher?.clock,
            queueBytes: stream.backlog().queueBytes, up: stream.row.upNanoseconds)
    }

    private static func session(_ row: SessionRow, isPlayer: Bool, _ scene: Scene) -> Figures {
        var figures = Figures(
            who: row.client?.description ?? "?", state: row.facts.state,
            rateIn: row.bitsPerSecondIn, rateOut: row.bitsPerSecondOut, fps: row.framesPerSecond,
            queueBytes: row.queueBytes, up: row.upNanoseconds)
        if !isPlayer {
            figures.gop = row.gopMilliseconds.map { Double($0) / 1000 }
            figures.keyframeAge = row.keyframeAgeNanoseconds
            figures.audioVideo = row.audioVideoMilliseconds
            figures.clock = row.clock
        }
        return figures
    }

    // MARK: Media

    /// There is room for what matters less.
    private static func isWide(_ scene: Scene) -> Bool { scene.state.width >= 100 }

    private static func words(
        _ media: StreamTree.MediaLine, _ row: SessionRow, _ stream: StreamRow, _ scene: Scene
    ) -> [Span] {
        switch media {
        case .video:
            return [Span("video ", .textDim)]
                + track(row, .video, row.videoBitsPerSecond, row.framesPerSecond, scene)
        case .audio:
            return [Span("audio ", .textDim)]
                + track(row, .audio, row.audioBitsPerSecond, row.audioFramesPerSecond, scene)
        case .gop:
            let gops = stream.recentGOPs.map { Format.fixed(Double($0) / 1000, 2) }
            let list = gops.isEmpty ? Format.unknown : gops.joined(separator: " ") + " s"
            return [
                Span("GOP   ", .textDim), Span(list),
                Span(
                    isWide(scene)
                        ? "   key frames \(Format.grouped(row.keyframes))   window "
                            + Format.bytes(stream.windowBytes) : ""),
            ]
        case .rate:
            return [Span("rate  ", .textDim)] + rate(row, scene)
        case .recording:
            return [Span("rec   ", .textDim)]
                + (stream.recording.map { RecordingWords.spans($0) } ?? [])
        }
    }

    private static func rate(_ row: SessionRow, _ scene: Scene) -> [Span] {
        let known = row.historyIn.map { Double($0) }.filter(\.isFinite)
        guard let minimum = known.min(), let maximum = known.max() else {
            return [Span(Format.unknown)]
        }
        let mean = known.reduce(0, +) / Double(known.count)
        let bars =
            !scene.state.settings.showsGraphs
            ? ""
            : Bars.sparkline(
                row.historyIn, width: scene.state.width < 120 ? 16 : 36, maximum: maximum,
                glyphs: scene.glyphs)
        return [
            Span(bars, .graphIn),
            Span(
                "   \(Format.scaled(minimum)) to \(Format.scaled(maximum)), "
                    + "avg \(Format.scaled(mean)) b/s, \(known.count) s"),
        ]
    }

    private static func track(
        _ row: SessionRow, _ kind: MediaConfiguration.Kind, _ bits: Double, _ frames: Double?,
        _ scene: Scene
    ) -> [Span] {
        guard let track = row.track(kind) else { return [Span("not described yet", .textDim)] }
        let changes = track.changes == 0 ? "" : ", changed \(track.changes)x"
        let unit = kind == .video ? "fps" : "frames/s"
        return [
            Span(track.configuration.longWords, .textStrong),
            Span("   \(Format.bitRate(bits))   \(Format.fixed(frames, 1)) \(unit)"),
            Span(isWide(scene) ? "   config \(track.bytes) B\(changes)" : changes),
        ]
    }
}
