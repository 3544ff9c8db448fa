/// What a key means where it was pressed; the reducer knows actions, never keys.
package enum Action: Hashable, Sendable {
    case up, down, left, right
    case first, last
    case pageUp, pageDown, halfPageUp, halfPageDown
    case nextPanel, previousPanel
    case open, back
    case view(ViewKind)
    case historyBack, historyForward
    case previousSession, nextSession

    case filter, toggleFilter, errorsOnly
    case find, findNext, findPrevious
    case sortMenu, reverseSort, sortLeft, sortRight, holdOrder
    case pause, follow, faster, slower
    /// In the trace: marks by letter, what the hex pane shows, what Δ counts from, every chunk or
    /// every message a line, the session of the line.
    case mark, goToMark, hexMode, deltaMode, treeOrList, inspect
    /// In the inspector: a panel over the whole body.
    case zoomPanel
    /// In graphs.
    case zoomIn, zoomOut, logScale, subject
    case hints, help, redraw

    case trace, kill
    /// Kicks all players of a stream: asks.
    case killPlayers
    /// Marks the row under the cursor, for what is done with several.
    case markRow, unmark
    /// What the user says of a session.
    case note
    /// To the clipboard, to a file of ours, into a file of the user's.
    case copy, copyToFile, write
    /// Names of streams hidden, shown.
    case mask
    /// Leaves the terminal to the shell; the server serves on.
    case detach
    case columns
    /// 1, 10, 60 s for IN and OUT.
    case rateWindow
    case themes
    case command, repeatCommand
    /// Back from a view, in a top view the quit dialog.
    case quit
    /// `^C`: the quit dialog from anywhere.
    case leave

    // In dialogs.
    case yes, no, toggle

    // In prompts.
    case lineStart, lineEnd, eraseBefore, eraseAfter, eraseWord
    case backspace, deleteForward
    case older, newer
    case complete, completeBack, yank

    /// As the configuration, `:map` and `:` call it: `reverse-sort`.
    package var name: String {
        if case .view(let view) = self { return view.name }
        var name = ""
        for scalar in "\(self)".unicodeScalars {
            if scalar.properties.isUppercase { name += "-" }
            name += scalar.properties.lowercaseMapping
        }
        return name
    }

    /// What a screen too small for any view still takes.
    var isForTinyScreens: Bool {
        switch self {
        case .quit, .leave, .pause, .redraw: true
        default: false
        }
    }
}

/// The views with a number.
package enum ViewKind: Int, CaseIterable, Hashable, Sendable {
    case overview = 1
    case connections
    case streams
    case trace
    case events
    case graphs
    case history

    package var title: String {
        switch self {
        case .overview: "Overview"
        case .connections: "Connections"
        case .streams: "Streams"
        case .trace: "Trace"
        case .events: "Events"
        case .graphs: "Graphs"
        case .history: "History"
        }
    }

    package var shortTitle: String {
        switch self {
        case .overview: "Over"
        case .connections: "Conns"
        case .history: "Hist"
        case .streams, .trace, .events, .graphs: title
        }
    }

    /// As `--view` and `--snapshot` name it.
    package var name: String { title.lowercased() }

    package init?(name: String) {
        guard let view = ViewKind.allCases.first(where: { $0.name == name }) else { return nil }
        self = view
    }
}
