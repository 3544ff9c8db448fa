/// The same bytes in other pieces: what a peer sends never depends on how the network cuts it.
package struct Cut: CustomStringConvertible, Sendable {
    package let description: String
    package let pieces: [[UInt8]]

    /// Whole, byte by byte, and `count` random cuts that `seed` decides.
    package static func all(of bytes: [UInt8], seed: UInt64 = 1, count: Int = 8) -> [Cut] {
        var cuts = [
            Cut(description: "whole", pieces: [bytes]),
            Cut(description: "byte by byte", pieces: bytes.map { [$0] }),
        ]
        for number in 0..<UInt64(count) {
            var generator = SeededGenerator(seed: seed &+ number)
            var pieces: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let length = Int.random(in: 1...max(1, min(rest.count, 200)), using: &generator)
                pieces.append(Array(rest.prefix(length)))
                rest = rest.dropFirst(length)
            }
            cuts.append(Cut(description: "cut by seed \(seed &+ number)", pieces: pieces))
        }
        return cuts
    }
}

/// Two cuts of the same bytes came out differently.
package struct CutMismatch: Error, CustomStringConvertible {
    package let description: String
}

/// Feeds the bytes in every cut and gives the one outcome they must all have.
package func anyCut<Outcome: Equatable>(
    _ bytes: [UInt8], seed: UInt64 = 1, feed: (Cut) throws -> Outcome
) throws -> Outcome {
    let cuts = Cut.all(of: bytes, seed: seed)
    let expected = try feed(cuts[0])
    for cut in cuts.dropFirst() {
        let outcome = try feed(cut)
        guard outcome == expected else {
            throw CutMismatch(
                description: "\(cut): \(outcome)\nwhole: \(expected)")
        }
    }
    return expected
}
