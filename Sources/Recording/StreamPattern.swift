package import RTMP

/// Streams by name: `live/camera`, or with `*` for anything in it, nothing too: `studio/*`.
package struct StreamPattern: Hashable, Sendable {
    /// What stands between the stars.
    private let pieces: [[UInt8]]

    package init(_ text: String) {
        pieces = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
            .map { Array($0) }
    }

    package func matches(_ key: StreamKey) -> Bool {
        let name = Array(key.description.utf8)
        let (first, last) = (pieces[0], pieces[pieces.count - 1])
        guard pieces.count > 1 else { return name == first }
        guard name.count >= first.count + last.count, name.starts(with: first),
            name.suffix(last.count).elementsEqual(last)
        else { return false }
        var rest = name.dropFirst(first.count).dropLast(last.count)
        // The first place will do: what follows has the more room.
        for piece in pieces.dropFirst().dropLast() {
            guard let found = rest.firstRange(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
