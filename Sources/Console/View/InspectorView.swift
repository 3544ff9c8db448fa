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
        case .identity: IdentityView.draw(row, in: area, box, scene: scene, on: &surface)
        case .tcp: drawTCP(detail?.detail?.tcp, in: area, box, scene: scene, on: &surface)
        case .handshake: HandshakeView.draw(row, in: area, box, scene: scene, on: &surface)
        case .control: drawControl(row, in: area, box, scene: scene, on: &surface)
        case .windows: drawWindows(row, in: area, box, scene: scene, on: &surface)
        case .media: MediaView.draw(row, detail, in: area, box, scene: scene, on: &surface)
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

    // MARK: TCP

    private static func drawTCP(
        _ tcp: ConnectionDetail.TCPFigures?, in area: Rect, _ box: Box, scene: Scene,
        on surface: inout Surface
    ) {
        var box = box
        box.note = "1 s"
        let inner = box.draw(on: &surface, area, glyphs: scene.glyphs)
        guard let tcp else {
            surface.put(
                lines: [[Span("not sampled yet", .textDim)]], in: inner, cut: scene.glyphs.cut)
            return
        }
        var words = InspectorWords.tcp(tcp)
        // What finds no row of its own stands behind the others.
        while words.count > max(inner.height, 1) {
            let last = words.removeLast()
            words[words.count - 1] += "  " + last
        }
        surface.put(lines: words.map { [Span($0)] }, in: inner, cut: scene.glyphs.cut)
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

    // MARK: Rates

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
