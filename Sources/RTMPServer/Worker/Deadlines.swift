import Telemetry

/// When a worker must look at which connection: a binary heap, earliest first.
///
/// A connection has at most one live entry; an entry whose time is no longer the connection's own is
/// stale and skipped when it comes up, so that nothing is ever searched for.
struct Deadlines {
    struct Entry {
        let atNanoseconds: UInt64
        let session: SessionID
    }

    private var heap: [Entry] = []

    var nextNanoseconds: UInt64? { heap.first?.atNanoseconds }

    mutating func push(_ session: SessionID, atNanoseconds: UInt64) {
        heap.append(Entry(atNanoseconds: atNanoseconds, session: session))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].atNanoseconds < heap[parent].atNanoseconds else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// The earliest entry that is due.
    mutating func popDue(nowNanoseconds: UInt64) -> Entry? {
        guard let first = heap.first, first.atNanoseconds <= nowNanoseconds else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].atNanoseconds < heap[least].atNanoseconds { least = child }
            }
            guard least != parent else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
