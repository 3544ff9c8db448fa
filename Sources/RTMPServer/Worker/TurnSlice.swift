import Posix

/// The part of a worker's turn in which those are served who wait for one: some of them, and then the
/// others are heard.
enum TurnSlice {
    static let nanoseconds: UInt64 = 500_000

    /// Serves those who wait one after the other, as many as there is time for; one in any case.
    ///
    /// - Returns: how many were served; the others are the first of the next turn.
    static func serve<Waiting: Collection>(
        _ waiting: Waiting, clock: () -> UInt64 = Clock.monotonicNanoseconds,
        _ serve: (Waiting.Element) -> Void
    ) -> Int {
        guard !waiting.isEmpty else { return 0 }
        let end = clock() + nanoseconds
        var served = 0
        for one in waiting {
            serve(one)
            served += 1
            guard clock() < end else { break }
        }
        return served
    }
}
