/// Lines that wait for a slow reader: bounded in bytes, whole lines only, losses counted.
///
/// Owned by the thread that writes. A line that does not fit is let go; when there is room again,
/// a line that says how many went takes their place before the next one (console design, §23).
package struct LineQueue {
    private var bytes: [UInt8] = []
    /// What was handed out but not taken yet begins here.
    private var start = 0
    private let capacity: Int
    /// Since the last line that said so.
    private var lostSinceTold: UInt64 = 0
    /// Lines let go, ever.
    package private(set) var lost: UInt64 = 0

    package init(capacity: Int = 1 << 20) {
        self.capacity = capacity
    }

    package var count: Int { bytes.count - start }
    package var isEmpty: Bool { count == 0 }

    /// Adds a line, or counts it as lost.
    ///
    /// - Parameter missed: makes the line that says how many were lost before this one.
    @discardableResult
    package mutating func append(
        _ line: [UInt8], missed: (UInt64) -> [UInt8]
    ) -> Bool {
        var notice: [UInt8] = []
        if lostSinceTold > 0 { notice = missed(lostSinceTold) }
        guard count + notice.count + line.count <= capacity else {
            lost += 1
            lostSinceTold += 1
            return false
        }
        lostSinceTold = 0
        bytes += notice
        bytes += line
        return true
    }

    /// The same with many lines.
    package mutating func append(_ lines: LineBatch, missed: (UInt64) -> [UInt8]) {
        if lostSinceTold == 0, count + lines.bytes.count <= capacity {
            bytes += lines.bytes
        } else {
            for line in lines { append(line, missed: missed) }
        }
    }

    /// Says what was lost, if that was not said yet and fits: for the end of the output.
    package mutating func settle(missed: (UInt64) -> [UInt8]) {
        guard lostSinceTold > 0 else { return }
        let notice = missed(lostSinceTold)
        guard count + notice.count <= capacity else { return }
        lostSinceTold = 0
        bytes += notice
    }

    /// Hands the waiting bytes to `write`, which says how many it took; the rest stays in front.
    package mutating func drain(
        _ write: (UnsafeRawBufferPointer) throws -> Int
    ) rethrows {
        guard !isEmpty else { return }
        let taken = try bytes.withUnsafeBytes { all in
            try write(UnsafeRawBufferPointer(rebasing: all[start...]))
        }
        start += min(max(taken, 0), count)
        if isEmpty {
            bytes.removeAll(keepingCapacity: true)
            start = 0
        } else if start > capacity / 2 {
            bytes.removeFirst(start)
            start = 0
        }
    }
}
