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
        for view in views {
            switch format {
            case .text: try write(render(snapshot, view, .text))
            case .ansi: try write(render(snapshot, view, .ansi(theme)))
            case .json: try write(json(snapshot, view))
            }
        }
    }

    private func render(
        _ snapshot: Snapshot, _ view: String, _ format: SnapshotText.Format
    ) throws(Failure) -> String {
        do {
            return try SnapshotText.render(
                snapshot, view: view, options: options, filter: filter, width: size.width,
                height: size.height, format: format)
        } catch {
            throw .usage("--snapshot \(view): \(error)")
        }
    }

    /// The data behind the view, as the lines of headless output.
    private func json(_ snapshot: Snapshot, _ view: String) -> String {
        var writer = EventWriter(traceLevel: .chunk)
        let events = writer.lines(of: snapshot)
        let isStory = view == ViewKind.trace.name || view == ViewKind.events.name
        let lines = isStory ? events : writer.statistics(of: snapshot)
        return lines.map { String(decoding: $0, as: UTF8.self) }.joined()
    }

    private func write(_ text: String) throws(Failure) {
        do {
            let line = text.hasSuffix("\n") ? text : text + "\n"
            try File(duplicating: 1).writeAll(line)
        } catch {
            throw .internal("standard output: \(error)")
        }
    }
}
