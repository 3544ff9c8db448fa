import Monitor
import Telemetry

/// The last minute of one session, its curves one below the other: in the inspector and in the
/// preview of large screens.
enum MinuteGraphs {
    private static let labelCells = 6
    private static let valueCells = 10

    /// Higher curves say no more.
    private static let rowsMaximum = 6

    static func draw(_ row: SessionRow, in area: Rect, scene: Scene, on surface: inout Surface) {
        let curves = GraphCurve.of(row)
        let bars = min(area.width - labelCells - valueCells - 1, SessionRow.historyCapacity)
        guard area.height > 0, bars > 4 else { return }
        let shown = curves.prefix(area.height)
        let height = min(area.height / shown.count, rowsMaximum)
        let history = scene.history(of: row.id).suffix(bars)
        for (index, curve) in shown.enumerated() {
            guard case .session(let value) = curve.source else { continue }
            let place = Rect(
                x: area.x, y: area.y + index * height, width: labelCells + bars, height: height)
            let values = history.map(value)
            draw(curve, values, in: place, scene: scene, on: &surface)
            surface.put(
                values.last.map { $0.isFinite ? curve.worded($0) : Format.unknown }
                    ?? Format.unknown,
                x: place.maxX, y: place.maxY - 1, field: valueCells, align: .right,
                cut: scene.glyphs.cut)
        }
    }

    private static func draw(
        _ curve: GraphCurve, _ values: [Double], in area: Rect, scene: Scene,
        on surface: inout Surface
    ) {
        surface.put(
            curve.label, x: area.x, y: area.maxY - 1, field: labelCells - 1,
            cut: scene.glyphs.cut, role: .textDim)
        let (_, room) = area.split(left: labelCells)
        // A free row above keeps neighbours apart.
        let plot = room.height > 2 ? room.split(top: 1).1 : room
        let known = values.filter(\.isFinite)
        let top = GraphsView.top(known, isSigned: curve.isSigned)
        // What goes below zero stands around the middle.
        let heights = values.map { value -> Double? in
            guard value.isFinite else { return nil }
            return curve.isSigned ? value + top : value
        }
        guard scene.state.settings.showsGraphs else { return }
        Bars.graph(
            heights, maximum: curve.isSigned ? 2 * top : top, on: &surface, in: plot,
            role: curve.role, glyphs: scene.glyphs)
    }
}
