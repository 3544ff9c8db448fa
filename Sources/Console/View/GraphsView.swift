import Monitor
import Telemetry

/// View 6: up to an hour of the server, or five minutes of a session; the cursor reads all curves at
/// one instant.
enum GraphsView {
    /// Cells of the axis at the left of a curve.
    static let axisWidth = 8

    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        let state = scene.state
        let scale = state.graphScale(scene.snapshot, layout)
        let curves = state.curves(scene.snapshot)
        let rows = layout.graphRows(of: curves.count)
        let shown = state.graphs.shown(count: curves.count, rows: rows)
        var rest = layout.body
        for (place, index) in shown.enumerated() {
            let (area, below) = rest.split(top: rest.height / (shown.count - place))
            rest = below
            draw(
                curves[index], in: area, scale, isFocused: index == state.graphs.focus,
                scene: scene, on: &surface)
        }
    }

    /// For the title: `05:30  1 col = 3 s  at 13:59:40`.
    static func status(_ scene: Scene, _ layout: ScreenLayout) -> [Span] {
        let state = scene.state.graphs
        let scale = scene.state.graphScale(scene.snapshot, layout)
        return [
            Span(Format.duration(UInt64(scale.seconds) * 1_000_000_000)),
            Span("1 col = \(scale.secondsPerColumn) s"),
            Span(state.isLogarithmic ? "log" : ""), Span(subject(scene)),
            Span(state.cursor.map { "at \(time($0, scene))" } ?? ""),
        ]
    }

    private static func subject(_ scene: Scene) -> String {
        guard case .session(let id) = scene.state.graphs.subject else { return "server" }
        let row = scene.session(id)
        return "#\(id) \(row?.roleWord ?? "") \(row?.streamWord ?? "")"
    }

    private static func time(_ second: Int, _ scene: Scene) -> String {
        let ago = Int64(max(scene.snapshot.server.historyEnd - second, 0))
        return scene.time(scene.snapshot.wallClockMilliseconds - ago * 1000, milliseconds: false)
    }

    private static func draw(
        _ curve: GraphCurve, in area: Rect, _ scale: GraphScale, isFocused: Bool, scene: Scene,
        on surface: inout Surface
    ) {
        let means = curve.means(scene, scale)
        let known = means.compactMap { $0 }
        let inner = Box(
            title: "\(curve.title)  \(curve.note)",
            note: note(curve, means, known, scale, scene), isActive: isFocused
        ).draw(on: &surface, area, glyphs: scene.glyphs)
        guard inner.height > 1, inner.width > axisWidth else { return }
        let (upper, axis) = inner.split(top: inner.height - 1)
        let plot = upper.split(left: axisWidth).1
        let isLogarithmic = scene.state.graphs.isLogarithmic
        let top =
            curve.isSigned || isLogarithmic
            ? Self.top(known, isSigned: curve.isSigned)
            : Self.step(known, rows: plot.height, least: curve.least) * Double(plot.height)
        drawAxis(
            curve, top: top, upper, isLogarithmic: isLogarithmic, scene: scene, on: &surface)
        drawTimes(axis.split(left: axisWidth).1, scale, scene: scene, on: &surface)
        if known.isEmpty {
            surface.put("nothing known yet", x: plot.x + 1, y: plot.y, role: .textDim)
        } else if curve.isSigned {
            drawLine(means, top: top, in: plot, curve.role, scene: scene, on: &surface)
        } else if isLogarithmic {
            Bars.graph(
                means.map { $0.map { logarithm($0) } }, maximum: logarithm(top), on: &surface,
                in: plot, role: curve.role, glyphs: scene.glyphs)
        } else {
            Bars.graph(
                means, maximum: top, on: &surface, in: plot, role: curve.role,
                glyphs: scene.glyphs)
        }
        guard let cursor = scene.state.graphs.cursor, let column = scale.column(of: cursor)
        else { return }
        let x = plot.maxX - scale.columns + column
        surface.paint(Rect(x: x, y: plot.y, width: 1, height: plot.height), role: .graphCursor)
        if isFocused { surface.cursor = .init(x: x, y: plot.maxY - 1) }
    }

    private static func note(
        _ curve: GraphCurve, _ means: [Double?], _ known: [Double], _ scale: GraphScale,
        _ scene: Scene
    ) -> String {
        guard !known.isEmpty else { return "" }
        let cursor = scene.state.graphs.cursor
        let column = cursor.flatMap { scale.column(of: $0) }
        let here =
            cursor == nil
            ? curve.newest(scene)
            : column.flatMap { means.indices.contains($0) ? means[$0] : nil }
        let word = cursor == nil ? "now" : "cursor"
        let average = known.reduce(0, +) / Double(known.count)
        return "\(word) \(here.map(curve.text) ?? Format.unknown)   avg \(curve.text(average))   "
            + "max \(curve.text(known.max() ?? 0))"
    }

    // MARK: Scales

    /// The first of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 … that all values are below.
    static func top(_ values: [Double], isSigned: Bool) -> Double {
        let highest = values.map(abs).max() ?? 0
        var power = 1.0
        guard highest.isFinite, highest > 0 else { return 1 }
        while power * 10 < highest { power *= 10 }
        if isSigned { power = max(power, 10) }
        return [1, 1.5, 2, 3, 4, 5, 6, 8].map { $0 * power }.first { $0 >= highest } ?? power * 10
    }

    /// What a row stands for, so that each begins at a number that is easy to read.
    static func step(_ values: [Double], rows: Int, least: Double) -> Double {
        let wanted = (values.max() ?? 0) / Double(max(rows, 1))
        guard wanted.isFinite, wanted > least else { return least }
        var power = least
        while power * 10 < wanted { power *= 10 }
        let halves = power == least ? [] : [1.5, 2.5]
        return ([1, 2, 3, 4, 5, 6, 8] + halves).sorted().map { $0 * power }
            .first { $0 >= wanted } ?? power * 10
    }

    /// 0 at 0, and a step for each power of ten.
    private static func logarithm(_ value: Double) -> Double {
        var rest = max(value, 0) + 1
        var whole = 0.0
        while rest >= 10, rest.isFinite {
            rest /= 10
            whole += 1
        }
        // Between two powers a straight line is near enough for an eighth of a cell.
        return whole + (rest - 1) / 9
    }

    private static func drawAxis(
        _ curve: GraphCurve, top: Double, _ area: Rect, isLogarithmic: Bool, scene: Scene,
        on surface: inout Surface
    ) {
        surface.fill(
            Rect(x: area.x + axisWidth - 1, y: area.y, width: 1, height: area.height),
            scene.glyphs.vertical, role: .graphAxis)
        var labels = [(0, top), (area.height - 1, curve.isSigned ? -top : 0)]
        if curve.isSigned {
            if area.height >= 5 { labels.append(((area.height - 1) / 2, 0)) }
        } else if !isLogarithmic {
            for row in stride(from: 2, to: area.height - 1, by: 2) {
                labels.append((row, top * Double(area.height - row) / Double(area.height)))
            }
        }
        for (row, value) in labels where row >= 0 {
            surface.put(
                curve.text(value), x: area.x, y: area.y + row, field: axisWidth - 2, align: .right,
                cut: scene.glyphs.cut, role: .textDim)
        }
    }

    private static let cellsBetweenTimes = 20

    private static func drawTimes(
        _ area: Rect, _ scale: GraphScale, scene: Scene, on surface: inout Surface
    ) {
        surface.fill(area, scene.glyphs.horizontal, role: .graphAxis)
        for column in 0..<scale.columns {
            let second = scale.second(ofColumn: column)
            guard second >= 0, second / scale.secondsPerColumn % cellsBetweenTimes == 0 else {
                continue
            }
            let x = area.maxX - scale.columns + column
            guard x + 10 <= area.maxX else { continue }
            surface.put("|\(time(second, scene))", x: x, y: area.y, role: .textDim)
        }
    }

    private static func drawLine(
        _ values: [Double?], top: Double, in area: Rect, _ role: Role, scene: Scene,
        on surface: inout Surface
    ) {
        let shown = values.suffix(area.width)
        var x = area.maxX - shown.count
        for value in shown {
            if let value {
                let share = (top - value) / (2 * top)
                let row = Int(exactly: (share * Double(area.height - 1)).rounded()) ?? 0
                surface.fill(
                    Rect(
                        x: x, y: area.y + min(max(row, 0), area.height - 1), width: 1, height: 1),
                    scene.glyphs.horizontal, role: role)
            }
            x += 1
        }
    }
}
