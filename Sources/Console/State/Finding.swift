import Monitor
import Telemetry

/// `f`, `n`, `N`: the next line that matches, and the others stay.
extension ConsoleState {
    /// A search under way; it goes on in steps.
    struct Search: Sendable {
        var isForward: Bool
        /// Number of the next line to look at.
        var next: Int
        /// Lines still to be looked at; then the search has been everywhere.
        var left: Int
    }

    /// The expression of the log that is shown.
    package var findLine: FilterLine? {
        switch page {
        case .view(.trace): traceFind.line
        case .view(.events): eventFind.line
        default: nil
        }
    }

    mutating func setFind(_ line: FilterLine) throws(FilterError) {
        let offset = options.utcOffsetSeconds
        switch page {
        case .view(.trace): try traceFind.set(line, utcOffsetSeconds: offset)
        case .view(.events): try eventFind.set(line, utcOffsetSeconds: offset)
        default: break
        }
    }

    mutating func find(forward: Bool, _ drawn: Snapshot, at now: UInt64) {
        guard let line = findLine else { return }
        guard !line.isBlank else {
            say("nothing to find yet: f asks for it", at: now)
            return
        }
        let log = page == .view(.trace) ? traceLog : eventLog
        search = Search(
            isForward: forward, next: log.cursor + (forward ? 1 : -1),
            left: log.endNumber - log.firstNumber)
        continueSearch(drawn, at: now)
    }

    mutating func continueSearch(_ drawn: Snapshot, at now: UInt64) {
        guard var search else { return }
        let found: Int?
        if page == .view(.trace), let filter = traceFind.active {
            found = Self.step(&search, traceLog, drawn.trace) { filter.matches($0, in: drawn) }
        } else if page == .view(.events), let filter = eventFind.active {
            found = Self.step(&search, eventLog, drawn.journal) { filter.matches($0, in: drawn) }
        } else {
            found = nil
            search.left = 0
        }
        self.search = found == nil && search.left > 0 ? search : nil
        if let found {
            if page == .view(.trace) { traceLog.go(to: found) } else { eventLog.go(to: found) }
        } else if search.left <= 0 {
            say("nothing found", .sevWarn, at: now)
        }
    }

    /// Looks at some lines, of those that are shown; gives the first that matches.
    private static func step<Line>(
        _ search: inout Search, _ state: LogState, _ log: LogTail<Line>,
        _ matches: (Line) -> Bool
    ) -> Int? {
        guard state.count > 0 else {
            search.left = 0
            return nil
        }
        var index = state.index(of: search.next)
        if !search.isForward, state.number(at: index) != search.next { index -= 1 }
        var budget = scanBudget
        search.left = min(search.left, state.count)
        while search.left > 0, budget > 0 {
            if index >= state.count { index = 0 }
            if index < 0 { index = state.count - 1 }
            guard let number = state.number(at: index), let line = log[number] else {
                search.left = 0
                return nil
            }
            budget -= 1
            search.left -= 1
            if matches(line) { return number }
            index += search.isForward ? 1 : -1
        }
        search.next =
            state.number(at: min(max(index, 0), state.count - 1)) ?? search.next
        return nil
    }
}
