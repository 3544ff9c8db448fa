import Console
import Monitor
import Posix

/// Prints views of a snapshot on standard output.
struct SnapshotPrinter {
    private let views: [String]
    private let filter: String
    private let size: ScreenSizeArgument
    private let format: OutputOptions.SnapshotFormat
    private let theme: Theme
    private let options: ConsoleState.Options

    /// Views that do not exist and filters that say nothing are refused here, before anything runs.
    init(_ arguments: Arguments, views: String, theme: Theme, glyphs: GlyphSet) throws(Failure) {
        self.views = views.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        filter = arguments.console.filter ?? ""
        size = arguments.output.size
        format = arguments.output.format
        self.theme = theme
        var options = ConsoleState.Options()
        options.glyphs = glyphs
        options.themeName = theme.name
        self.options = options
        let nothing = Snapshot(
            takenAtNanoseconds: 0, wallClockMilliseconds: 0, server: ServerFigures())
        for view in self.views {
            do {
                _ = try SnapshotText.state(
                    nothing, view: view, filter: filter, width: size.width, height: size.height)
            } catch .unknownSession {
                // It may be there by the time of the snapshot.
            } catch {
                throw .usage("--snapshot \(views): \(error)")
            }
        }
    }

    func print(_ snapshot: Snapshot) throws(Failure) {
        for view in views { try write(text(of: snapshot, view)) }
    }

    private func text(of snapshot: Snapshot, _ view: String) throws(Failure) -> String {
        let state: ConsoleState
        do {
            state = try SnapshotText.state(
                snapshot, view: view, options: options, filter: filter, width: size.width,
                height: size.height)
        } catch {
            throw .usage("--snapshot \(view): \(error)")
        }
        let surface = ConsoleView.draw(snapshot, state, width: size.width, height: size.height)
        switch format {
        case .text: return surface.text()
        case .ansi: return surface.ansi(theme: theme)
        case .json, .jsonl, .csv, .md: break
        }
        guard let table = ViewExport(snapshot, state) else {
            throw .usage("--snapshot \(view) has no rows: --format text or ansi shows it")
        }
        switch format {
        case .json: return table.json
        case .jsonl: return table.jsonLines
        case .csv: return table.csv
        case .md, .text, .ansi: return table.markdown
        }
    }

    private func write(_ text: String) throws(Failure) {
        do {
            let isWhole = text.isEmpty || text.hasSuffix("\n")
            try File(duplicating: 1).writeAll(isWhole ? text : text + "\n")
        } catch {
            throw .internal("standard output: \(error)")
        }
    }
}
