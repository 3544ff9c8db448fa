import Monitor
import Telemetry

/// Everything about one session; it stays readable after the session has ended.
enum InspectorView {
    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        guard let index = scene.state.inspectorIndex else { return }
        let inspector = scene.state.inspectors[index]
        guard let row = scene.session(inspector.id) else {
            surface.put(
                "#\(inspector.id) is no longer kept", x: 2, y: layout.body.y, role: .textDim)
            return
        }
        let detail = scene.snapshot.inspected[inspector.id] ?? inspector.keptDetail
        let places = layout.inspector(inspector)
        let focus = inspector.focus(isPaged: layout.isInspectorPaged)
        for panel in InspectorState.Panel.allCases where !places[panel].isEmpty {
            let box = Box(
                title: title(of: panel, row), isActive: panel == focus,
                hasSides: !inspector.isZoomed)
            draw(
                panel, row, detail, inspector, in: places[panel], box, scene: scene, on: &surface)
        }
        if let detail, detail.commands.indices.contains(inspector.entry), !places.tree.isEmpty {
            CommandsView.drawTree(
                detail.commands[inspector.entry], row, inspector, in: places.tree, isPanel: true,
                scene: scene, on: &surface)
        }
        if inspector.isTreeOpen, let detail, detail.commands.indices.contains(inspector.entry) {
            CommandsView.drawTree(
                detail.commands[inspector.entry], row, inspector, in: layout.body, scene: scene,
                on: &surface)
        }
    }

    private static func title(of panel: InspectorState.Panel, _ row: SessionRow) -> String {
        switch panel {
        case .identity: "#\(row.id) \(row.roleWord) \(row.streamWord)"
        case .tcp: "TCP"
        case .handshake: "Handshake"
        case .control: "Control state"
        case .windows: "Acknowledgement windows"
        case .media: row.isPlayer ? "Media sent" : "Media"
        case .chunkStreams: "Chunk streams"
        case .rates: "Rates, 60 s"
        case .commands: "Commands and control, first and newest kept"
        }
    }

    private static func draw(
        _ panel: InspectorState.Panel, _ row: SessionRow, _ detail: SessionDetail?,
        _ inspector: InspectorState, in area: Rect, _ box: Box, scene: Scene,
        on surface: inout Surface
    ) {
        switch panel {
        case .identity: drawIdentity(row, in: area, box, scene: scene, on: &surface)
        case .tcp: drawTCP(detail?.detail?.tcp, in: area, box, scene: scene, on: &surface)
        case .handshake: HandshakeView.draw(row, in: area, box, scene: scene, on: &surface)
        case .control: drawControl(row, in: area, box, scene: scene, on: &surface)
        case .windows: drawWindows(row, in: area, box, scene: scene, on: &surface)
        case .media: drawMedia(row, in: area, box, scene: scene, on: &surface)
        case .chunkStreams:
            ChunkStreamsView.draw(
                detail?.detail?.chunkStreams, inspector, in: area, box, scene: scene, on: &surface)
        case .rates: drawRates(row, in: area, box, scene: scene, on: &surface)
        case .commands:
            CommandsView.draw(detail, row, inspector, in: area, box, scene: scene, on: &surface)
        }
        // Where nothing inside has the hardware cursor, the panel has.
        if box.isActive, surface.cursor == nil { surface.cursor = .init(x: area.x, y: area.y) }
    }

    private static func lines(
        _ lines: [[Span]], in inner: Rect, scene: Scene, on surface: inout Surface
    ) {
        for (index, spans) in lines.enumerated() where index < inner.height {
            surface.put(
                spans, x: inner.x + 1, y: inner.y + index, limit: inner.maxX - 1,
                cut: scene.glyphs.cut)
        }
    }

    // MARK: Identity and TCP

    private static func drawIdentity(
        _ row: SessionRow, in area: Rect, _ box: Box, scene: Scene, on surface: inout Surface
    ) {
        let inner = box.draw(on: &surface, area, glyphs: scene.glyphs)
        let facts = row.facts
        var first = [Span("peer     ", .textDim), Span(row.peer, .textStrong)]
        first.append(Span("   \(row.client?.description ?? "?")"))
        if let close = facts.close {
            first.append(Span("   closed by \(close.who.rawValue): \(close.why)", .sevWarn))
        } else if !row.isOpen {
            first.append(Span("   closed", .sevWarn))
        } else {
            first.append(Span("   \(facts.state)   up \(Format.duration(row.upNanoseconds))"))
        }
        lines(
            [
                first,
                [Span("flashVer ", .textDim)] + quoted(facts.flashVersion) + [
                    Span("   objectEncoding ", .textDim),
                    Span(facts.objectEncoding.map { "\($0)" } ?? Format.unknown),
                ],
                [Span("tcUrl    ", .textDim)] + quoted(facts.tcURL) + [
                    Span(facts.announcesEnhanced ? "   enhanced RTMP" : "")
                ],
                [Span("stream   ", .textDim)] + quoted(facts.stream) + [
                    Span("   query ", .textDim)
                ] + quoted(facts.query) + recording(of: row, scene),
            ] + more(row, width: inner.width - 2), in: inner, scene: scene, on: &surface)
    }

    /// What only a zoomed panel has room for.
    private static func more(_ row: SessionRow, width: Int) -> [[Span]] {
        let facts = row.facts
        var lines: [[Span]] = [
            [Span("swfUrl   ", .textDim)] + quoted(facts.swfURL),
            [Span("pageUrl  ", .textDim)] + quoted(facts.pageURL),
            [Span("listener ", .textDim), Span(row.listener)],
        ]
        if let tls = facts.tls {
            lines.append([Span("tls      ", .textDim), Span("\(tls.version) \(tls.cipher)")])
        }
        if let note = row.note { lines.append([Span("note     ", .textDim)] + quoted(note)) }
        guard let metadata = facts.metadata else { return lines }
        let words = InspectorWords.wrapped(metadata.description, cells: width - 9)
        for (index, text) in words.enumerated() {
            lines.append([
                Span(index == 0 ? "metadata " : "         ", .textDim),
                Span(text, metadata.isEscaped ? .textEscaped : .text),
            ])
        }
        return lines
    }

    /// Of what the session publishes.
    private static func recording(of row: SessionRow, _ scene: Scene) -> [Span] {
        guard let key = row.facts.stream,
            let stream = scene.stream(key.description), stream.publisher == row.id
        else { return [] }
        return stream.recording.map {
            [Span("   rec ", .textDim)] + RecordingWords.spans($0)
        } ?? []
    }

    private static func quoted(_ text: SafeText?) -> [Span] {
        guard let text else { return [Span(Format.unknown, .textDim)] }
        return [Span("\"\(text.description)\"", text.isEscaped ? .textEscaped : .text)]
    }

    private static func drawTCP(
        _ tcp: ConnectionDetail.TCPFigures?, in area: Rect, _ box: Box, scene: Scene,
        on surface: inout Surface
    ) {
        var box = box
        box.note = "1 s"
        let inner = box.draw(on: &surface, area, glyphs: scene.glyphs)
        guard let tcp else {
            lines([[Span("not sampled yet", .textDim)]], in: inner, scene: scene, on: &surface)
            return
        }
        var words = InspectorWords.tcp(tcp)
        // What finds no row of its own stands behind the others.
        while words.count > max(inner.height, 1) {
            let last = words.removeLast()
            words[words.count - 1] += "  " + last
        }
        lines(words.map { [Span($0)] }, in: inner, scene: scene, on: &surface)
    }

    // MARK: Control and windows

    private static func drawControl(
        _ row: SessionRow, in area: Rect, _ box: Box, scene: Scene, on surface: inout Surface
    ) {
        let inner = box.draw(on: &surface, area, glyphs: scene.glyphs)
        func bandwidth(_ facts: ConnectionFacts.BandwidthFacts?) -> String {
            facts.map { "\($0.bytes) \($0.limit)" } ?? Format.unknown
        }
        func window(_ bytes: UInt64) -> String { bytes == 0 ? Format.unknown : "\(bytes) B" }
        let table = [
            ("", "peer -> us", "us -> peer"),
            ("chunk size", "\(row.chunkSizeIn)", "\(row.chunkSizeOut)"),
            ("ack window", window(row.windowIn), window(row.windowOut)),
            (
                "bandwidth", bandwidth(row.facts.peerBandwidthIn),
                bandwidth(row.facts.peerBandwidthOut)
            ),
            ("messages", Format.grouped(row.messagesIn), Format.grouped(row.messagesOut)),
        ]
        for (index, (name, inward, outward)) in table.enumerated() where index < inner.height {
            let y = inner.y + index
            let role: Role = index == 0 ? .textDim : .text
            surface.put(name, x: inner.x + 1, y: y, role: .textDim, limit: inner.maxX)
            surface.put(inward, x: inner.x + 13, y: y, role: role, limit: inner.x + 29)
            surface.put(outward, x: inner.x + 30, y: y, role: role, limit: inner.maxX)
        }
    }

    private static func drawWindows(
        _ row: SessionRow, in area: Rect, _ box: Box, scene: Scene, on surface: inout Surface
    ) {
        var box = box
        box.note = "| is 100 %"
        let inner = box.draw(on: &surface, area, glyphs: scene.glyphs)
        let gauges = [
            ("in", "got", row.bytesIn, row.unacknowledgedIn, row.windowIn),
            ("out", "sent", row.bytesOut, row.unacknowledgedOut, row.windowOut),
        ]
        for (index, (name, verb, bytes, unacknowledged, window)) in gauges.enumerated()
        where index < inner.height {
            let y = inner.y + index
            surface.put(name, x: inner.x + 1, y: y, role: index == 0 ? .dirIn : .dirOut)
            guard window > 0 else {
                surface.put(
                    "\(verb) \(Format.bytes(bytes)), no window announced", x: inner.x + 6, y: y,
                    role: .textDim, limit: inner.maxX - 1)
                continue
            }
            let share = Double(unacknowledged) / Double(window)
            surface.put(
                [
                    Span(
                        "\(verb) \(Format.bytes(bytes)), \(Format.size(unacknowledged)) of "
                            + "\(Format.size(window)) unacked")
                ], x: inner.x + 6, y: y, limit: inner.maxX - 28, cut: scene.glyphs.cut)
            Bars.gauge(
                share, on: &surface, x: inner.maxX - 27, y: y, width: 20, glyphs: scene.glyphs)
            surface.put(
                Format.fixed(share * 100, 0) + " %", x: inner.maxX - 7, y: y, field: 6,
                align: .right, cut: scene.glyphs.cut)
        }
        guard inner.height > 2 else { return }
        let remark =
            row.windowOut > 0 && row.unacknowledgedOut > row.windowOut
            ? "the peer owes an acknowledgement: harmless with most clients" : ""
        surface.put(remark, x: inner.x + 1, y: inner.y + 2, role: .sevNote, limit: inner.maxX - 1)
    }

    // MARK: Media and rates

    private static func drawMedia(
        _ row: SessionRow, in area: Rect, _ box: Box, scene: Scene, on surface: inout Surface
    ) {
        let inner = box.draw(on: &surface, area, glyphs: scene.glyphs)
        let firstKey = row.firstFrameNanoseconds.map { Format.briefly($0) } ?? Format.unknown
        let fps = Format.fixed(row.framesPerSecond, 1)
        let frames = "video \(Format.size(row.videoFrames))  audio \(Format.size(row.audioFrames))"
        if row.isPlayer {
            lines(
                [
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
                ], in: inner, scene: scene, on: &surface)
            return
        }
        guard row.isPublisher || row.videoFrames > 0 || row.audioFrames > 0 else {
            lines(
                [[Span("neither publishes nor plays", .textDim)]], in: inner, scene: scene,
                on: &surface)
            return
        }
        let video = row.configuration(.video)?.shortWords ?? "video -"
        let audio = row.configuration(.audio)?.shortWords ?? "audio -"
        let gop = Format.fixed(row.gopMilliseconds.map { Double($0) / 1000 }, 2)
        let age = Format.fixed(row.keyframeAgeNanoseconds.map { Double($0) / 1_000_000_000 }, 1)
        let late = Format.milliseconds(row.lateNanoseconds)
        let alignment = Format.signed(row.audioVideoMilliseconds)
        let drift = Format.drift(row.clock)
        let hasJumped = row.timestampJumps + row.timestampBacks > 0
        let jumps = Span(
            "ts jumps \(row.timestampJumps) back \(row.timestampBacks)  ",
            hasJumped ? .sevWarn : .text)
        let first = "first key \(firstKey)  key \(age) s ago  late \(late) ms"
        lines(
            [
                [Span(video, .textStrong), Span(" \(fps) fps GOP \(gop) s")],
                [Span(audio, .textStrong), Span(" A-V \(alignment) ms clock \(drift) ppm")],
                (hasJumped || inner.width > 66 ? [jumps] : []) + [Span(first)],
                [Span(frames)],
            ]
                + row.facts.configurations.map { track in
                    [
                        Span("track \(track.track)  ", .textDim),
                        Span(track.configuration.longWords, .textStrong),
                        Span("   config \(track.bytes) B, changed \(track.changes)x"),
                    ]
                }, in: inner, scene: scene, on: &surface)
    }

    private static func drawRates(
        _ row: SessionRow, in area: Rect, _ box: Box, scene: Scene, on surface: inout Surface
    ) {
        let inner = box.draw(on: &surface, area, glyphs: scene.glyphs)
        guard inner.height > 1 else { return }
        let (graphs, words) = inner.split(top: inner.height - 1)
        MinuteGraphs.draw(
            row,
            in: Rect(x: graphs.x + 1, y: graphs.y, width: graphs.width - 2, height: graphs.height),
            scene: scene, on: &surface)
        surface.put(
            [
                Span("video \(Format.bitRate(row.videoBitsPerSecond))"),
                Span("   audio \(Format.bitRate(row.audioBitsPerSecond))"),
            ], x: words.x + 1, y: words.y, limit: words.maxX - 1, cut: scene.glyphs.cut)
    }
}
