import Monitor
import Telemetry

/// View 2: every session, and a preview of the one under the cursor.
enum ConnectionsView {
    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        let places = layout.connections
        let table = scene.state.connections
        SessionTableView.draw(table, in: places.table.indented, scene: scene, on: &surface)
        guard let preview = places.preview else { return }
        PreviewView.draw(table.rows.cursor, in: preview, scene: scene, on: &surface)
    }

    /// `+2 cols` when some have no room.
    static func dropped(_ scene: Scene, _ layout: ScreenLayout) -> String {
        let view = TableView(
            SessionTableView.columns(scene.state.connections, scene),
            in: layout.connections.table.indented,
            offset: scene.state.connections.columnOffset, sort: scene.state.connections.sort,
            scene: scene)
        return view.layout.droppedCount == 0
            ? "" : "+\(Format.count(view.layout.droppedCount, "col"))"
    }
}
