/// The newest lines of a log, shared between snapshots without copying them.
///
/// Lines stand in segments; a full segment is never written again, so a snapshot shares all but the
/// newest. Lines are numbered from 0 since the start; the oldest segments go when the bound is passed.
package struct LogTail<Line: Sendable>: Sendable {
    private var segments: [[Line]] = []
    private let segmentCapacity: Int
    private let segmentLimit: Int
    /// Number of the oldest line still here.
    package private(set) var firstNumber = 0
    /// Number the next line will get: how many there ever were.
    package private(set) var endNumber = 0

    package init(capacity: Int = 20_000, segmentCapacity: Int = 256) {
        self.segmentCapacity = segmentCapacity
        segmentLimit = max(capacity / segmentCapacity, 1)
    }

    package var count: Int { endNumber - firstNumber }
    var segmentCount: Int { segments.count }
    /// The newest line is the first of its segment.
    var isAtSegmentStart: Bool { segments.last?.count == 1 }
    package var isEmpty: Bool { count == 0 }

    package mutating func append(_ line: Line) {
        if segments.last.map({ $0.count == segmentCapacity }) ?? true {
            if segments.count == segmentLimit {
                firstNumber += segments.removeFirst().count
            }
            segments.append([])
            segments[segments.count - 1].reserveCapacity(segmentCapacity)
        }
        segments[segments.count - 1].append(line)
        endNumber += 1
    }

    mutating func removeOldestSegment() {
        guard !segments.isEmpty else { return }
        firstNumber += segments.removeFirst().count
    }

    /// Looks at lines from one number on, in place, until `body` says that it has seen enough; gives
    /// the number after the last one seen. Copying a line costs more than most filters.
    package func scan(_ range: Range<Int>, _ body: (Int, Line) -> Bool) -> Int {
        let range = range.clamped(to: firstNumber..<max(endNumber, firstNumber))
        var number = range.lowerBound
        while number < range.upperBound {
            let index = number - firstNumber
            let start = index % segmentCapacity
            let isDone = segments[index / segmentCapacity].withUnsafeBufferPointer { lines in
                for line in start..<min(lines.count, start + range.upperBound - number) {
                    number += 1
                    if !body(number - 1, lines[line]) { return true }
                }
                return false
            }
            if isDone { return number }
        }
        return number
    }

    /// The line with this number, if it is still here.
    package subscript(number: Int) -> Line? {
        guard number >= firstNumber, number < endNumber else { return nil }
        let index = number - firstNumber
        return segments[index / segmentCapacity][index % segmentCapacity]
    }

    /// At most so many of the newest lines, oldest first.
    package func newest(_ limit: Int) -> [Line] {
        (max(firstNumber, endNumber - limit)..<endNumber).compactMap { self[$0] }
    }
}
