/// Lines behind one another in one place, each with its end: a thousand cost no thousand allocations.
package struct LineBatch: RandomAccessCollection, Equatable, Sendable {
    package private(set) var bytes: [UInt8] = []
    /// Where each line ends in them.
    private var ends: [Int] = []

    package init() {}

    package var startIndex: Int { 0 }
    package var endIndex: Int { ends.count }

    package subscript(index: Int) -> [UInt8] {
        Array(bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
    }

    /// One line of JSON, whose keys `write` adds.
    ///
    /// In place: a closure that is called has a copy of what it captures, and an event has a dozen references.
    @inline(__always)
    mutating func append(_ write: (inout JSONObject) -> Void) {
        var object = begin()
        write(&object)
        end(&object)
    }

    /// The same in two steps; nothing else is added until `end`.
    mutating func begin() -> JSONObject {
        JSONObject(behind: &bytes)
    }

    mutating func end(_ object: inout JSONObject) {
        object.end(&bytes)
        ends.append(bytes.count)
    }

    /// One line that `write` puts behind the others, its end included.
    @inline(__always)
    mutating func appendText(_ write: (inout [UInt8]) -> Void) {
        write(&bytes)
        ends.append(bytes.count)
    }

    package mutating func append(_ other: LineBatch) {
        guard !isEmpty else { return self = other }
        let start = bytes.count
        bytes += other.bytes
        ends += other.ends.lazy.map { start + $0 }
    }

    /// Makes room at once for that many lines of about the length of those that are there.
    mutating func reserve(lines: Int, ofBytes length: Int) {
        bytes.reserveCapacity(bytes.count + lines * length)
        ends.reserveCapacity(ends.count + lines)
    }
}
