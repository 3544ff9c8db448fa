import Monitor
import Telemetry

/// View 2: every session, and a preview of the one under the cursor.
enum ConnectionsView {
    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        let places = layout.connections
        let table = scene.state.connections
        SessionTableView.draw(table, in: places.table.indented, scene: scene, on: &surface)
        guard let preview = places.preview else { return }
        guard let id = table.rows.cursor, let row = scene.session(id) else {
            Box(title: "Preview", note: "Tab hides").draw(
                on: &surface, preview, glyphs: scene.glyphs)
            return
        }
        draw(row, in: preview, scene: scene, on: &surface)
    }

    /// `+2 cols` when some have no room.
    static func dropped(_ scene: Scene, _ layout: ScreenLayout) -> String {
        let view = TableView(
            SessionTableView.columns(scene.state.connections, scene),
            in: layout.connections.table.indented,
            offset: scene.state.connections.columnOffset, scene: scene)
        return view.layout.droppedCount == 0
            ? "" : "+\(Format.count(view.layout.droppedCount, "col"))"
    }

    private static func draw(
        _ row: SessionRow, in area: Rect, scene: Scene, on surface: inout Surface
    ) {
        let client = row.client?.description ?? "?"
        let inner = Box(
            title: "#\(row.id) \(row.roleWord) \(row.streamWord)   \(client)   \(row.peer)",
            note: "preview, Tab hides"
        ).draw(on: &surface, area, glyphs: scene.glyphs)
        let lines: [(String, [Span])] = [
            ("state", state(row, scene)),
            ("queue", [Span(queue(row))]),
            ("drops", drops(row)),
            ("tcp", [Span(tcp(row, scene))]),
            ("acks", [Span(InspectorWords.windows(row))]),
            (
                "chunks",
                [
                    Span(
                        "in \(row.chunkSizeIn)   out \(row.chunkSizeOut)   messages in "
                            + "\(Format.size(row.messagesIn))   out \(Format.size(row.messagesOut))"
                    )
                ]
            ),
        ]
        for (index, (name, spans)) in lines.enumerated() where index < inner.height {
            surface.put(name, x: inner.x + 1, y: inner.y + index, role: .textDim)
            surface.put(
                spans, x: inner.x + 9, y: inner.y + index, limit: inner.maxX - 1,
                cut: scene.glyphs.cut)
        }
    }

    private static func state(_ row: SessionRow, _ scene: Scene) -> [Span] {
        if let close = row.facts.close {
            return [
                Span("closed by \(close.who.rawValue): \(close.why)  ", .sevWarn),
                Span(close.detail.description, .text),
            ]
        }
        let since = row.facts.startedAtNanoseconds.map {
            " since \(Format.duration(scene.age(of: $0)))"
        }
        let first = row.firstFrameNanoseconds.map {
            "   first key frame after \(Format.briefly($0))"
        }
        return [
            Span(
                "\(row.facts.state)\(since ?? "")\(first ?? "")   in \(Format.bytes(row.bytesIn))"
                    + "   out \(Format.bytes(row.bytesOut))")
        ]
    }

    private static func queue(_ row: SessionRow) -> String {
        "\(Format.bytes(row.queueBytes)) = \(row.queueMilliseconds) ms of media"
    }

    private static func drops(_ row: SessionRow) -> [Span] {
        guard row.isPlayer else { return [Span("only players lose frames", .textDim)] }
        let role: Role = row.skippedVideo > 0 ? .sevWarn : .text
        return [
            Span("\(row.skippedVideo) video frames, \(row.skippedAudio) audio", role),
            Span("   in \(Format.count(Int(clamping: row.skips), "skip"))"),
        ]
    }

    private static func tcp(_ row: SessionRow, _ scene: Scene) -> String {
        if let tcp = scene.snapshot.inspected[row.id]?.detail?.tcp {
            return InspectorWords.tcp(tcp).joined(separator: "   ")
        }
        let rtt = row.rttMicroseconds.map { Format.fixed(Double($0) / 1000, 1) + " ms" }
        let retransmits = row.retransmits.map { "\($0) in 10 s" }
        return "rtt \(rtt ?? Format.unknown)   rtx \(retransmits ?? Format.unknown)"
    }
}
