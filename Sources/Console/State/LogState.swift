import Monitor

/// Cursor, filter and following of a log: the trace or the events.
///
/// Lines are known by their number, so the cursor stays on its line whatever arrives or goes.
package struct LogState: Sendable {
    /// The cursor stays on the newest line.
    package internal(set) var isFollowing = true
    /// Number of the cursor's line.
    package internal(set) var cursor = 0
    /// Number of the first line drawn.
    var top = 0
    /// Numbers of the lines that match; nil: all do.
    private(set) var matches: [Int]?
    private var scannedTo = 0
    private(set) var firstNumber = 0
    private(set) var endNumber = 0
    /// How many lines there were when following stopped.
    private(set) var seenTo = 0

    package var count: Int { matches?.count ?? (endNumber - firstNumber) }
    /// Lines that arrived while the cursor stood still.
    package var newerCount: Int { isFollowing ? 0 : max(endNumber - seenTo, 0) }

    func number(at index: Int) -> Int? {
        guard index >= 0, index < count else { return nil }
        return matches?[index] ?? firstNumber + index
    }

    /// Index of the first line not before this number.
    func index(of number: Int) -> Int {
        guard let matches else { return min(max(number - firstNumber, 0), count) }
        var low = 0
        var high = matches.count
        while low < high {
            let middle = (low + high) / 2
            if matches[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Takes the lines that came since the last call; `matching` nil: there is no filter.
    mutating func absorb<Line>(_ log: LogTail<Line>, matching: ((Line) -> Bool)?) {
        firstNumber = log.firstNumber
        endNumber = log.endNumber
        if let matching {
            var found = matches ?? []
            if let old = found.first, old < firstNumber {
                found.removeAll { $0 < firstNumber }
            }
            for number in max(scannedTo, firstNumber)..<max(endNumber, scannedTo, firstNumber) {
                if let line = log[number], matching(line) { found.append(number) }
            }
            matches = found
        } else {
            matches = nil
        }
        scannedTo = endNumber
        settle()
    }

    /// The filter changed: all lines are looked at again.
    mutating func forgetMatches() {
        matches = nil
        scannedTo = 0
    }

    private mutating func settle() {
        guard count > 0 else { return }
        if isFollowing {
            cursor = number(at: count - 1) ?? cursor
            seenTo = endNumber
        } else {
            let here = min(index(of: cursor), count - 1)
            cursor = number(at: here) ?? cursor
        }
    }

    mutating func move(by lines: Int) {
        guard count > 0 else { return }
        let target = index(of: cursor) + lines
        isFollowing = target >= count - 1 && lines > 0
        if !isFollowing, seenTo == 0 { seenTo = endNumber }
        cursor = number(at: min(max(target, 0), count - 1)) ?? cursor
        if isFollowing { seenTo = endNumber }
    }

    mutating func moveToEnd(_ last: Bool) {
        if last { follow() } else { move(by: -count) }
    }

    mutating func follow() {
        isFollowing = true
        settle()
    }

    /// Index of the first line to draw so that the cursor is among `rows`.
    func firstVisible(rows: Int) -> Int {
        Scroll.first(
            top: isFollowing ? count : index(of: top), cursor: count == 0 ? nil : index(of: cursor),
            count: count, rows: rows)
    }

    mutating func scroll(rows: Int) {
        top = number(at: firstVisible(rows: rows)) ?? 0
    }
}
