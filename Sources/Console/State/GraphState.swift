import Monitor
package import Telemetry

/// View 6: whose figures, how much time, and where the cursor stands.
package struct GraphState: Sendable {
    package enum Subject: Hashable, Sendable {
        case server
        case session(SessionID)
    }

    package internal(set) var subject = Subject.server
    package internal(set) var isLogarithmic = false
    /// Index of the curve with the focus.
    package internal(set) var focus = 0
    /// Second since the start that all graphs are read at; nil: the newest.
    package internal(set) var cursor: Int?
    private var zoom = 1
    private var top = 0

    private static let windows = [2, 5, 10, 30, 60]

    package var minutes: Int { Self.windows[zoom] }

    mutating func changeZoom(by step: Int) {
        zoom = min(max(zoom + step, 0), Self.windows.count - 1)
    }

    mutating func moveCursor(by columns: Int, _ scale: GraphScale) {
        let second = (cursor ?? scale.endSecond - 1) + columns * scale.secondsPerColumn
        cursor = second >= scale.endSecond - 1 ? nil : max(second, scale.firstSecond)
    }

    /// Curves from the first that is drawn on.
    func shown(count: Int, rows: Int) -> Range<Int> {
        let first = Scroll.first(top: top, cursor: min(focus, count - 1), count: count, rows: rows)
        return first..<min(first + rows, count)
    }

    mutating func scroll(count: Int, rows: Int) {
        focus = min(max(focus, 0), max(count - 1, 0))
        top = shown(count: count, rows: rows).lowerBound
    }
}

/// Which seconds a column of a graph stands for.
///
/// Columns begin at whole multiples since the start, so that one does not change while it moves.
struct GraphScale: Hashable {
    let secondsPerColumn: Int
    let columns: Int
    /// The number after the newest second's.
    let endSecond: Int

    /// At least as many seconds as asked for, in all columns there are.
    init(seconds: Int, width: Int, endSecond: Int) {
        columns = max(width, 1)
        secondsPerColumn = max((seconds + columns - 1) / columns, 1)
        self.endSecond = endSecond
    }

    var seconds: Int { columns * secondsPerColumn }

    private var newestBlock: Int { max(endSecond - 1, 0) / secondsPerColumn }

    /// Where the oldest column begins.
    var firstSecond: Int { max((newestBlock - columns + 1) * secondsPerColumn, 0) }

    func second(ofColumn column: Int) -> Int {
        (newestBlock - columns + 1 + column) * secondsPerColumn
    }

    /// The column of a second, if it is shown.
    func column(of second: Int) -> Int? {
        let column = second / secondsPerColumn - newestBlock + columns - 1
        return (0..<columns).contains(column) ? column : nil
    }

    /// A mean for each column; nil: nothing is known of it.
    func means<Second>(
        of history: [Second], _ value: (Second) -> Double
    ) -> [Double?] {
        let first = endSecond - history.count
        return (0..<columns).map { column in
            let start = second(ofColumn: column)
            let range = (start - first..<start - first + secondsPerColumn).clamped(
                to: 0..<history.count)
            var sum = 0.0
            var count = 0
            for index in range {
                let value = value(history[index])
                guard value.isFinite else { continue }
                sum += value
                count += 1
            }
            return count > 0 ? sum / Double(count) : nil
        }
    }
}

extension ConsoleState {
    func graphScale(_ drawn: Snapshot, _ layout: ScreenLayout) -> GraphScale {
        GraphScale(
            seconds: graphs.minutes * 60, width: layout.graphWidth,
            endSecond: drawn.server.historyEnd)
    }

    func curves(_ drawn: Snapshot) -> [GraphCurve] {
        switch graphs.subject {
        case .server: GraphCurve.ofServer
        case .session(let id): GraphCurve.of(drawn.session(id) ?? kept[id])
        }
    }

    /// `a`: the server, or the session or the publisher of the stream that one looked at last.
    mutating func changeGraphSubject(_ drawn: Snapshot, at now: UInt64) {
        guard graphs.subject == .server else {
            graphs.subject = .server
            return
        }
        guard let id = graphCandidate(drawn) else {
            say("no session to show: choose one in 2 or 3", at: now)
            return
        }
        graphs.subject = .session(id)
    }

    private func graphCandidate(_ drawn: Snapshot) -> SessionID? {
        for page in trail[..<trailIndex].reversed() {
            switch page {
            case .inspector(let id): return id
            case .view(.connections): return connections.rows.cursor
            case .view(.overview) where !isStreamPanelActive: return overviewSessions.rows.cursor
            case .view(.overview):
                return publisher(of: overviewStreams.streams.cursor, drawn)
            case .view(.streams):
                switch streams.cursor {
                case .session(let id, _): return id
                case .stream(let key): return publisher(of: key, drawn)
                case nil: return nil
                }
            case .view(.history): return ended.rows.cursor
            case .view(.trace), .view(.events), .view(.graphs), .help: continue
            }
        }
        return connections.rows.cursor ?? drawn.sessions.first?.id
    }

    private func publisher(of key: String?, _ drawn: Snapshot) -> SessionID? {
        drawn.streams.first { $0.key.description == key }?.publisher
    }

    /// True: the key was for this view.
    mutating func actInGraphs(_ action: Action, _ drawn: Snapshot, at now: UInt64) -> Bool {
        let layout = ScreenLayout(self)
        let count = curves(drawn).count
        switch action {
        case .left, .right:
            graphs.moveCursor(by: action == .left ? -1 : 1, graphScale(drawn, layout))
        case .first, .last:
            graphs.cursor = action == .last ? nil : graphScale(drawn, layout).firstSecond
        case .pageUp, .pageDown, .halfPageUp, .halfPageDown:
            let isBack = action == .pageUp || action == .halfPageUp
            graphs.moveCursor(by: isBack ? -10 : 10, graphScale(drawn, layout))
        case .nextPanel, .down: graphs.focus = (graphs.focus + 1) % count
        case .previousPanel, .up: graphs.focus = (graphs.focus + count - 1) % count
        case .zoomIn: graphs.changeZoom(by: -1)
        case .zoomOut: graphs.changeZoom(by: 1)
        case .logScale: graphs.isLogarithmic.toggle()
        case .subject: changeGraphSubject(drawn, at: now)
        case .open:
            guard case .session(let id) = graphs.subject else { return true }
            inspect(id, drawn, at: now)
        default: return false
        }
        return true
    }
}
