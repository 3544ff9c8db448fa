import Monitor
import Telemetry

/// Who a session is: as it says itself, secrets masked, and with room for it all that it said.
enum IdentityView {
    static func draw(
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
        surface.put(
            lines: [
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
            ] + more(row, width: inner.width - 2), in: inner, cut: scene.glyphs.cut)
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
}
