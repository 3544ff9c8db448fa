import Monitor
package import Telemetry

/// One open inspector: which session, and where one looks.
package struct InspectorState: Sendable {
    package enum Focus: Hashable, Sendable {
        case commands
        case chunkStreams
    }

    package internal(set) var id: SessionID
    /// Page where the panels do not fit together.
    package internal(set) var page = 0
    package internal(set) var focus = Focus.commands
    /// Entry of the black box under the cursor.
    package internal(set) var entry = 0
    var top = 0
    var chunkTop = 0
    /// The AMF tree of the entry is shown over the panel.
    package internal(set) var isTreeOpen = false
    package internal(set) var treeTop = 0
    /// As last seen, for a session that is gone.
    var keptDetail: SessionDetail?

    package static let pageCount = 4

    init(_ id: SessionID) {
        self.id = id
    }
}
