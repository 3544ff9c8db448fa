package import Monitor
package import Telemetry

/// Any view as text, through the same renderer as the terminal: `--snapshot` and golden screens.
package enum SnapshotText {
    package enum Format: Sendable {
        case text
        case ansi(Theme)
    }

    package enum Failure: Error, Hashable, CustomStringConvertible, Sendable {
        case unknownView(String)
        case unknownSession(SessionID)
        case filter(FilterError)

        package var description: String {
            switch self {
            case .unknownView(let name):
                "there is no view \"\(name)\": one of "
                    + (ViewKind.allCases.map(\.name) + ["help", "#12 for an inspector"])
                    .joined(separator: ", ")
            case .unknownSession(let id): "there is no session #\(id)"
            case .filter(let fault):
                "filter: \(fault)"
            }
        }
    }

    /// `view` is a view's name, `help`, or `#12` for the inspector of a session.
    package static func render(
        _ snapshot: Snapshot, view: String, options: ConsoleState.Options = .init(),
        filter: String = "", width: Int, height: Int, format: Format = .text
    ) throws(Failure) -> String {
        let state = try state(
            snapshot, view: view, options: options, filter: filter, width: width, height: height)
        let surface = ConsoleView.draw(snapshot, state, width: width, height: height)
        return switch format {
        case .text: surface.text()
        case .ansi(let theme): surface.ansi(theme: theme)
        }
    }

    /// Every view, dressed as this console is now.
    package static func views(
        _ live: Snapshot, as state: ConsoleState, width: Int, height: Int
    ) -> String {
        var options = state.options
        options.settings = state.currentSettings
        return ViewKind.allCases.map { view in
            // Views have names, and no filter is given.
            (try? render(live, view: view.name, options: options, width: width, height: height))
                ?? ""
        }.joined(separator: "\n")
    }

    /// The state a console has that was just opened on this view; the executable starts with it too.
    package static func state(
        _ snapshot: Snapshot, view: String, options: ConsoleState.Options = .init(),
        filter: String = "", width: Int, height: Int
    ) throws(Failure) -> ConsoleState {
        var state = ConsoleState(options: options)
        let now = snapshot.takenAtNanoseconds
        _ = state.reduce(.resize(width: width, height: height), snapshot, at: now)
        if view == "help" {
            state.go(to: .help)
        } else if view.hasPrefix("#"), let id = SessionID(view.dropFirst()) {
            guard snapshot.session(id) != nil else { throw .unknownSession(id) }
            state.inspect(id, snapshot, at: now)
        } else if let kind = ViewKind(name: view) {
            state.go(to: .view(kind))
        } else {
            throw .unknownView(view)
        }
        if !filter.isEmpty {
            do {
                try state.applyFilter(filter)
            } catch {
                throw .filter(error)
            }
        }
        _ = state.absorb(snapshot, at: now)
        while state.hasWork { state.work(snapshot, at: now) }
        // Nobody was asked for details yet: who goes on with this state will be.
        state.inspected = []
        return state
    }
}
