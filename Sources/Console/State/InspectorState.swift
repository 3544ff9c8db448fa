import Monitor
package import Telemetry

/// One open inspector: which session, and where one looks.
package struct InspectorState: Sendable {
    /// In the order they stand in.
    package enum Panel: CaseIterable, Hashable, Sendable {
        case identity, tcp
        case handshake, control
        case windows, media
        case chunkStreams, rates
        case commands
    }

    /// What stands together where not all finds room.
    static let pages: [[Panel]] = [
        [.identity, .handshake, .control], [.tcp, .windows, .media, .rates], [.chunkStreams],
        [.commands],
    ]

    package internal(set) var id: SessionID
    /// Page where the panels do not fit together.
    package internal(set) var page = 0
    /// The panel that keys are for, if it is on the page.
    var chosen = Panel.commands
    /// That panel has the whole body.
    package internal(set) var isZoomed = false
    /// Entry of the black box under the cursor.
    package internal(set) var entry = 0
    var top = 0
    var chunkTop = 0
    /// The AMF tree of the entry is shown over the panel.
    package internal(set) var isTreeOpen = false
    package internal(set) var treeTop = 0
    /// As last seen, for a session that is gone.
    var keptDetail: SessionDetail?

    init(_ id: SessionID) {
        self.id = id
    }

    /// The panel that keys are for.
    package func focus(isPaged: Bool) -> Panel {
        let here = Self.pages[page]
        return !isPaged || here.contains(chosen) ? chosen : here[0]
    }

    /// Tab: the next panel, or where there are pages the next of these.
    mutating func turn(by step: Int, isPaged: Bool) {
        isTreeOpen = false
        if isPaged, !isZoomed {
            page = Self.neighbour(page, step, of: Self.pages.count)
            chosen = Self.pages[page][0]
        } else {
            choose(by: step, among: Panel.allCases, isPaged: isPaged)
        }
    }

    /// Up and down where nothing scrolls: the panels of the page.
    mutating func chooseOnPage(by step: Int) {
        choose(by: step, among: Self.pages[page], isPaged: true)
    }

    private mutating func choose(by step: Int, among panels: [Panel], isPaged: Bool) {
        let here = panels.firstIndex(of: focus(isPaged: isPaged)) ?? 0
        chosen = panels[Self.neighbour(here, step, of: panels.count)]
        page = Self.pages.firstIndex { $0.contains(chosen) } ?? page
    }

    private static func neighbour(_ index: Int, _ step: Int, of count: Int) -> Int {
        ((index + step) % count + count) % count
    }
}
