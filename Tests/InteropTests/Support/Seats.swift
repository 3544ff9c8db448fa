import Foundation
import Posix
import Testing

/// Tests with it run side by side, but only so many at once: each is many processes, which mostly
/// wait for the time of a stream to pass.
struct Seats: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    private static let shared = Row(seats: 3 * ProcessInfo.processInfo.activeProcessorCount)

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        await Self.shared.sitDown()
        defer { Self.shared.standUp() }
        try await function()
    }

    private final class Row: Sendable {
        private let state: Lock<(free: Int, waiting: [CheckedContinuation<Void, Never>])>

        init(seats: Int) { state = Lock((seats, [])) }

        func sitDown() async {
            await withCheckedContinuation { continuation in
                let isSeated = state.withLock { state in
                    if state.free == 0 {
                        state.waiting.append(continuation)
                        return false
                    }
                    state.free -= 1
                    return true
                }
                if isSeated { continuation.resume() }
            }
        }

        func standUp() {
            let next: CheckedContinuation<Void, Never>? = state.withLock { state in
                if state.waiting.isEmpty {
                    state.free += 1
                    return nil
                }
                return state.waiting.removeFirst()
            }
            next?.resume()
        }
    }
}

extension Trait where Self == Seats {
    /// So many tests at once as the machine bears.
    static var seats: Self { Seats() }
}
