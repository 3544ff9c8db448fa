package import Telemetry

extension Snapshot {
    /// The row of a session. Open ones stand in front, by id; one that ended is as it
    /// stood then.
    package func session(_ id: SessionID) -> SessionRow? {
        let openCount = sessions.partitioningIndex { $0.closedAtNanoseconds != nil }
        let open = sessions[..<openCount]
        let position = open.partitioningIndex { $0.id >= id }
        if position < open.endIndex, open[position].id == id { return open[position] }
        return ended.last { $0.id == id } ?? sessions[openCount...].first { $0.id == id }
    }
}

extension RandomAccessCollection {
    /// The first index from which on `belongs` holds, for a collection parted by it.
    fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Index {
        var low = startIndex
        var count = self.count
        while count > 0 {
            let half = count / 2
            let middle = index(low, offsetBy: half)
            if belongs(self[middle]) {
                count = half
            } else {
                low = index(after: middle)
                count -= half + 1
            }
        }
        return low
    }
}
