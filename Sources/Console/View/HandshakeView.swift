import Monitor
import Telemetry

/// The handshake as two lanes over time, to scale: linear, logarithmic above a second.
enum HandshakeView {
    private struct Mark {
        var label: String
        var nanoseconds: UInt64
        var isPeer: Bool
        var x = 0

        var time: String { Format.milliseconds(nanoseconds) }
        var cells: Int { max(label.utf8.count + 1, time.utf8.count) + 1 }
    }

    static func draw(
        _ row: SessionRow, in area: Rect, _ box: Box, scene: Scene, on surface: inout Surface
    ) {
        guard !area.isEmpty else { return }
        let facts = row.facts.handshake
        var box = box
        if let kind = facts.kind { box.title += "   \(kind)" }
        if let c2 = facts.c2AtNanoseconds {
            box.title += "   \(Format.briefly(since(row, c2)))"
        }
        let tls = row.facts.tls.map { "\($0.version) \($0.cipher)" }
        let version = facts.version.map { "version \($0)" }
        box.note = [tls, version].compactMap(\.self).joined(separator: "  ")
        let inner = box.draw(on: &surface, area, glyphs: scene.glyphs)
        var lines = Array(0..<inner.height).map { inner.y + $0 }
        guard !lines.isEmpty else { return }
        let marks = place(marks(row), from: inner.x + 6, to: inner.maxX - 1)
        if lines.count >= 3 {
            drawLanes(marks, inner, scene: scene, on: &surface)
            lines.removeFirst(3)
        }
        for (y, spans) in zip(lines, [details(facts), outcome(row)]) {
            surface.put(spans, x: inner.x + 1, y: y, limit: inner.maxX - 1, cut: scene.glyphs.cut)
        }
    }

    private static func since(_ row: SessionRow, _ nanoseconds: UInt64) -> UInt64 {
        nanoseconds >= row.acceptedAtNanoseconds ? nanoseconds - row.acceptedAtNanoseconds : 0
    }

    private static func marks(_ row: SessionRow) -> [Mark] {
        let facts = row.facts.handshake
        let steps: [(String, UInt64?, Bool)] = [
            ("C0", facts.firstByteAtNanoseconds, true), ("C1", facts.c1AtNanoseconds, true),
            ("S0 S1 S2", facts.s2AtNanoseconds, false), ("C2", facts.c2AtNanoseconds, true),
            ("connect", facts.connectAtNanoseconds, true),
        ]
        return steps.compactMap { label, at, isPeer in
            at.map { Mark(label: label, nanoseconds: since(row, $0), isPeer: isPeer) }
        }
    }

    /// Where the marks stand: to scale, then moved apart as far as their words need.
    private static func place(_ unplaced: [Mark], from start: Int, to end: Int) -> [Mark] {
        var marks = unplaced
        let total = marks.map(\.nanoseconds).max() ?? 0
        let room = max(end - start - (marks.last?.cells ?? 0), 0)
        var next = start
        for index in marks.indices {
            let ideal = start + Int(scaled(marks[index].nanoseconds, of: total) * Double(room))
            marks[index].x = max(ideal, next)
            next = marks[index].x + marks[index].cells
        }
        var limit = end
        for index in marks.indices.reversed() {
            marks[index].x = max(min(marks[index].x, limit - marks[index].cells), start)
            limit = marks[index].x
        }
        return marks
    }

    private static func scaled(_ nanoseconds: UInt64, of total: UInt64) -> Double {
        guard total > 0 else { return 0 }
        guard total > 1_000_000_000 else { return Double(nanoseconds) / Double(total) }
        func height(_ value: UInt64) -> Double {
            Elementary.logarithm(1 + Double(value) / 1_000_000)
        }
        return min(height(nanoseconds) / height(total), 1)
    }

    private static func drawLanes(
        _ marks: [Mark], _ inner: Rect, scene: Scene, on surface: inout Surface
    ) {
        surface.put("ms", x: inner.x + 1, y: inner.y, role: .textDim)
        surface.put("peer", x: inner.x + 1, y: inner.y + 1, role: .dirIn)
        surface.put("us", x: inner.x + 1, y: inner.y + 2, role: .dirOut)
        if let last = marks.last {
            for lane in 1...2 {
                surface.fill(
                    Rect(x: inner.x + 6, y: inner.y + lane, width: last.x - inner.x - 6, height: 1),
                    scene.glyphs.horizontal, role: .border)
            }
        }
        for mark in marks {
            let lane = inner.y + (mark.isPeer ? 1 : 2)
            let other = inner.y + (mark.isPeer ? 2 : 1)
            surface.put(mark.time, x: mark.x, y: inner.y, role: .textDim, limit: inner.maxX)
            surface.put(
                String(Character(scene.glyphs.teeRight)), x: mark.x, y: lane, role: .border,
                limit: inner.maxX)
            surface.put(
                mark.label, x: mark.x + 1, y: lane, role: mark.isPeer ? .dirIn : .dirOut,
                limit: inner.maxX)
            if mark.x > inner.x + 6, mark.label != marks.last?.label {
                surface.put(
                    String(Character(scene.glyphs.vertical)), x: mark.x, y: other, role: .border,
                    limit: inner.maxX)
            }
        }
    }

    private static func details(_ facts: HandshakeFacts) -> [Span] {
        var words: [String] = []
        if let time = facts.c1Time { words.append("C1 time \(time)") }
        if let version = facts.c1Version {
            words.append(
                "version \(version >> 24).\(version >> 16 & 255).\(version >> 8 & 255)."
                    + "\(version & 255)")
        }
        if let base = facts.digestBase { words.append("digest at \(base)") }
        if let echoes = facts.echoesS1 {
            words.append(echoes ? "C2 repeats S1" : "C2 does not repeat S1")
        }
        return [Span(words.joined(separator: "   "))]
    }

    private static func outcome(_ row: SessionRow) -> [Span] {
        let facts = row.facts.handshake
        if facts.connectAtNanoseconds != nil { return [Span("done, connected", .sevOk)] }
        if facts.c2AtNanoseconds != nil { return [Span("done, no connect yet", .textDim)] }
        if let close = row.facts.close {
            return [Span("\(close.why): ", .sevWarn), Span(close.detail.description)]
        }
        let waiting =
            facts.firstByteAtNanoseconds == nil
            ? "C0" : facts.c1AtNanoseconds == nil ? "C1" : "C2"
        let role: Role = row.severity == .none ? .textDim : .sevWarn
        return [
            Span("waiting for \(waiting)", role),
            Span(
                ", \(Format.grouped(row.bytesIn)) B so far, \(Format.duration(row.upNanoseconds))"),
        ]
    }
}
