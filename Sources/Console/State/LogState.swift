import Monitor

/// Cursor, filter and following of a log: the trace or the events.
///
/// Lines are known by their number, so the cursor stays on its line whatever arrives or goes. A long
/// log is gone through in steps, so that no key waits for a filter: what is found grows on the screen.
package struct LogState: Sendable {
    /// The cursor stays on the newest line.
    package internal(set) var isFollowing = true
    /// Number of the cursor's line.
    package internal(set) var cursor = 0
    /// Number of the first line drawn.
    var top = 0
    /// Numbers of the lines that match, from `matchStart` on; nil: all do.
    private var matches: [Int]?
    /// Matches before it have left the log.
    private var matchStart = 0
    private var scannedTo = 0
    private(set) var firstNumber = 0
    private(set) var endNumber = 0
    /// How many lines there were when following stopped.
    private(set) var seenTo = 0

    package var count: Int {
        matches.map { $0.count - matchStart } ?? (endNumber - firstNumber)
    }
    /// Lines that arrived while the cursor stood still.
    package var newerCount: Int { isFollowing ? 0 : max(endNumber - seenTo, 0) }
    /// Lines are still to be looked at.
    package var isScanning: Bool { matches != nil && scannedTo < endNumber }

    func number(at index: Int) -> Int? {
        guard index >= 0, index < count else { return nil }
        return matches.map { $0[matchStart + index] } ?? firstNumber + index
    }

    /// Index of the first line not before this number.
    func index(of number: Int) -> Int {
        guard let matches else { return min(max(number - firstNumber, 0), count) }
        return Self.place(of: number, in: matches[matchStart...]) - matchStart
    }

    private static func place(of number: Int, in numbers: ArraySlice<Int>) -> Int {
        var low = numbers.startIndex
        var high = numbers.endIndex
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Takes the lines that came since the last call, and looks at `budget` of them at most;
    /// `matching` nil: there is no filter.
    mutating func absorb<Line>(
        _ log: LogTail<Line>, budget: Int = .max, matching: ((Line) -> Bool)?
    ) {
        firstNumber = log.firstNumber
        endNumber = log.endNumber
        if let matching {
            var found = matches ?? []
            let start = max(scannedTo, firstNumber)
            let end = budget < endNumber - start ? start + budget : endNumber
            scannedTo = max(
                scannedTo,
                log.scan(start..<max(end, start)) { number, line in
                    if matching(line) { found.append(number) }
                    return true
                })
            matchStart = Self.place(of: firstNumber, in: found[min(matchStart, found.count)...])
            if matchStart > found.count / 2, matchStart > 1024 {
                found.removeFirst(matchStart)
                matchStart = 0
            }
            matches = found
        } else {
            matches = nil
            matchStart = 0
            scannedTo = endNumber
        }
        settle()
    }

    /// The filter changed: all lines are looked at again.
    mutating func forgetMatches() {
        matches = nil
        matchStart = 0
        scannedTo = 0
    }

    /// Shows lines that the filter hid, all of them between two that it shows.
    mutating func reveal(_ numbers: [Int]) {
        guard var found = matches else { return }
        for number in numbers {
            let place = Self.place(of: number, in: found[matchStart...])
            if place < found.count, found[place] == number { continue }
            found.insert(number, at: place)
        }
        matches = found
    }

    mutating func hide(_ numbers: [Int]) {
        guard let found = matches else { return }
        let gone = Set(numbers)
        matches = Array(found[matchStart...]).filter { !gone.contains($0) }
        matchStart = 0
    }

    private mutating func settle() {
        guard count > 0 else { return }
        if isFollowing {
            cursor = number(at: count - 1) ?? cursor
            seenTo = endNumber
        } else if !isScanning {
            // While the scan has not come to the cursor, its line is not gone.
            let here = min(index(of: cursor), count - 1)
            cursor = number(at: here) ?? cursor
        }
    }

    mutating func move(by lines: Int) {
        guard count > 0 else { return }
        let target = index(of: cursor) + lines
        let follows = target >= count - 1 && lines > 0
        if isFollowing, !follows { seenTo = endNumber }
        isFollowing = follows
        cursor = number(at: min(max(target, 0), count - 1)) ?? cursor
        if isFollowing { seenTo = endNumber }
    }

    /// The cursor goes to a line, and following ends.
    mutating func go(to number: Int) {
        if isFollowing { seenTo = endNumber }
        isFollowing = false
        cursor = number
        settle()
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
